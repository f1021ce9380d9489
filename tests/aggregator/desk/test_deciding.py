"""Decisions at the Desk: each once, over nothing unseen, and back to what was before."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connections

from aggregator.desk.deciding import decide
from aggregator.desk.errors import ConflictError, NotAllowedError, RefusedError
from aggregator.models import Collection, Decision, Headline, Pick
from blog.models import AuditEntry
from tests.aggregator.desk.desking import (
    NOW,
    choose,
    make_keyed,
    take_back,
    tell_together,
    wait,
    wish,
)
from tests.factories import make_collection, make_editor, make_member, make_pick, make_user

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=3)


def everything():
    """All that a decision could have changed."""
    tables = (Pick, Headline)
    return [list(table._base_manager.order_by("pk").values()) for table in tables]


def test_pick_places_the_headline_and_takes_the_story_from_the_desk():
    editor, collection = make_editor(), make_keyed()
    lead, other, decided = wait(), wait(), wait(seen_at=NOW - timedelta(days=1))
    story = tell_together(lead, other, decided)
    decision = choose(lead, editor)
    pick = Pick.objects.get()
    assert (pick.headline, pick.collection, pick.picked_by) == (lead, collection, editor)
    assert (decision.kind, decision.said) == ("pick", "picked into Selected Articles")
    assert (decision.story, decision.collection, decision.by) == (story, collection, editor)
    taken = Headline.objects.filter(decision=decision, seen_at=NOW)
    assert set(taken) == {lead, other}
    assert not Headline.objects.waiting(now=NOW).exists()


def test_pick_goes_into_the_collection_that_is_named_with_the_editors_words():
    make_collection()
    links = make_collection(title="Links")
    words = {"title": "Ours", "excerpt": "Why it matters", "translated_title": "Наше"}
    choose(wait(), make_editor(), collection=links.pk, words=words)
    pick = Pick.objects.get()
    assert pick.collection == links
    assert (pick.title, pick.excerpt, pick.translated_title) == tuple(words.values())


def test_words_written_before_go_along_and_an_empty_field_takes_them_back():
    make_collection()
    editor, headline = make_editor(), wait()
    seen = choose(headline, editor, "words", words={"title": "Ours", "note": "A note"})
    assert Headline.objects.get().seen_at is None
    choose(headline, editor, known=seen.pk, words={"title": "", "excerpt": ""})
    pick = Pick.objects.get()
    assert (pick.title, pick.note, pick.excerpt) == ("", "A note", "")


def test_words_about_a_picked_headline_stand_at_once_and_are_taken_back():
    editor, headline = make_editor(), wait()
    pick = make_pick(headline=headline, picked_by=editor, title="Before")
    choose(headline, editor, "words", words={"title": "After"})
    pick.refresh_from_db()
    assert pick.title == "After"
    take_back(editor)
    pick.refresh_from_db()
    assert pick.title == "Before"


def test_drop_deletes_nothing_and_is_undone():
    editor = make_editor()
    tell_together(wait(), wait())
    before = everything()
    choose(Headline.objects.first(), editor, "drop")
    assert not Headline.objects.waiting(now=NOW).exists()
    assert Headline.objects.count() == 2
    take_back(editor)
    assert everything() == before


def test_drop_takes_a_story_out_of_where_it_came_by_itself_and_is_undone():
    editor, shown, other = make_editor(), wait(), wait()
    tell_together(shown, other)
    own = make_pick(headline=shown, collection=make_collection(title="Own"), picked_by=editor)
    for headline, title in ((shown, "Wire"), (other, "Local"), (other, "Wire 2")):
        make_pick(headline=headline, collection=make_collection(title=title))
    before = everything()
    decision = choose(shown, editor, "drop", now=LATER)
    assert decision.said == "dropped, and taken out of Local, Wire, Wire 2"
    assert list(Pick.objects.public(now=LATER)) == [own]
    assert set(Pick.objects.exclude(pk=own.pk).values_list("withdrawn_at", flat=True)) == {LATER}
    take_back(editor)
    assert everything() == before


def test_drop_by_who_may_not_change_picks_leaves_them():
    helper = make_user(is_staff=True)
    helper.user_permissions.add(Permission.objects.get(codename="change_headline"))
    pick = make_pick(headline=wait())
    assert choose(pick.headline, helper, "drop").said == "dropped"
    assert list(Pick.objects.public(now=NOW)) == [pick]


def test_pick_that_is_undone_is_withdrawn_without_its_words():
    editor, headline = make_editor(), wait()
    make_collection()
    choose(headline, editor, words={"title": "Ours"})
    undone = take_back(editor, now=LATER)
    pick = Pick.objects.get()
    assert (pick.withdrawn_at, pick.title) == (LATER, "")
    assert (undone.undone_at, undone.undone_by) == (LATER, editor)
    headline.refresh_from_db()
    assert (headline.seen_at, headline.decision) == (None, None)


@pytest.mark.parametrize("withdrawn_at", [None, NOW - timedelta(days=1)])
def test_pick_of_what_stands_or_stood_becomes_again_exactly_what_it_was(withdrawn_at):
    editor, headline = make_editor(), wait()
    make_pick(
        headline=headline,
        collection=make_keyed(),
        picked_by=make_editor(),
        title="Theirs",
        is_pinned=True,
        position=3,
        placed_at=NOW - timedelta(days=2, microseconds=1),
        withdrawn_at=withdrawn_at,
    )
    before = everything()
    choose(headline, editor, words={"title": "Ours"})
    assert Pick.objects.get().title == "Ours"
    take_back(editor)
    assert everything() == before


def test_star_leaves_the_row_and_takes_out_again():
    starred = make_keyed("*")
    editor, headline = make_editor(), wait()
    before = everything()
    assert choose(headline, editor, "star").said == "starred"
    assert [pick.collection for pick in Pick.objects.public(now=NOW)] == [starred]
    assert Headline.objects.waiting(now=NOW).exists()
    assert choose(headline, editor, "star", now=LATER).said == "no longer starred"
    assert not Pick.objects.public(now=LATER).exists()
    take_back(editor)
    assert Pick.objects.public(now=LATER).exists()
    take_back(editor)
    assert everything()[1] == before[1]


def test_the_same_key_is_one_decision():
    make_collection()
    editor, headline = make_editor(), wait()
    asked = wish(headline, editor)
    first, again = decide(asked), decide(asked)
    assert (first.is_new, again.is_new) == (True, False)
    assert first.decision == again.decision
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("change", ["kind", "headline", "by"])
def test_a_key_that_was_used_for_something_else_is_refused(change):
    make_collection()
    editor, headline = make_editor(), wait()
    key = uuid.uuid4()
    choose(headline, editor, "drop", key=key)
    asked = {"headline": headline, "by": editor, "kind": "drop"}
    asked[change] = {"kind": "pick", "headline": wait(), "by": make_editor()}[change]
    with pytest.raises(RefusedError):
        choose(**asked, key=key)
    assert Decision.objects.count() == 1


def test_a_decision_of_somebody_else_is_not_passed_over_unseen():
    make_collection()
    ada, ben, headline = make_editor(first_name="Ada"), make_editor(), wait()
    first = choose(headline, ada, "drop")
    with pytest.raises(ConflictError, match=r"Ada was here before you, .*: dropped") as told:
        choose(headline, ben)
    assert told.value.decision == first
    assert not Pick.objects.exists()
    choose(headline, ben, known=first.pk)
    headline.refresh_from_db()
    assert headline.decision == first  # that took it from the Desk
    assert Pick.objects.get().picked_by == ben


def test_a_decision_on_another_headline_of_the_story_counts_and_an_undone_one_does_not():
    ada, ben = make_editor(), make_editor()
    one, other = wait(), wait()
    tell_together(one, other)
    choose(one, ada, "drop")
    with pytest.raises(ConflictError):
        choose(other, ben, "drop")
    take_back(ada)
    choose(other, ben, "drop")
    assert not Headline.objects.waiting(now=NOW).exists()


def test_any_number_of_decisions_is_undone_the_newest_first():
    make_collection()
    editor = make_editor()
    headlines = [wait() for _ in range(5)]
    before = everything()
    made = [choose(headline, editor, "drop") for headline in headlines]
    assert [take_back(editor) for _ in made] == made[::-1]
    assert everything() == before
    with pytest.raises(RefusedError, match="nothing to take back"):
        take_back(editor)


def test_nobody_undoes_what_others_decided():
    ada, ben = make_editor(), make_editor()
    decision = choose(wait(), ada, "drop")
    for asked in ({}, {"decision_id": decision.pk}):
        with pytest.raises(RefusedError, match="nothing to take back"):
            take_back(ben, **asked)


def test_undo_is_refused_where_others_built_upon_it():
    make_collection()
    ada, ben, headline = make_editor(), make_editor(first_name="Ben"), wait()
    dropped = choose(headline, ada, "drop")
    picked = choose(headline, ben, known=dropped.pk)
    with pytest.raises(RefusedError, match="Ben has decided further on it since: picked into"):
        take_back(ada)
    with pytest.raises(RefusedError, match="nothing"):
        take_back(ben, decision_id=dropped.pk)
    assert take_back(ben) == picked
    assert take_back(ada) == dropped


def test_undo_is_refused_where_the_pick_was_changed_elsewhere():
    make_collection()
    editor, headline = make_editor(), wait()
    choose(headline, editor)
    Pick.objects.update(note="Written in the list of picks")
    before = everything()
    with pytest.raises(RefusedError, match="changed since"):
        take_back(editor)
    assert everything() == before


def test_the_same_undo_twice_is_one():
    editor, key = make_editor(), uuid.uuid4()
    choose(wait(), editor, "drop")
    newest = choose(wait(), editor, "drop")
    assert [take_back(editor, key=key) for _ in range(2)] == [newest, newest]
    assert Decision.objects.standing().count() == 1


def test_kinds_ask_for_their_rights():
    make_collection()
    looker = make_user(is_staff=True)
    headline = wait()
    for kind in ("pick", "drop", "star", "words"):
        with pytest.raises(NotAllowedError):
            choose(headline, looker, kind)
    assert not Decision.objects.exists()
    choose(headline, make_member("editor"), "pick")


def test_what_is_made_is_kept_in_the_audit():
    make_keyed()
    editor = make_editor()
    choose(wait("A title"), editor)
    entry = AuditEntry.objects.get()
    assert (entry.user, entry.words) == (editor, "Desk: picked into Selected Articles")
    assert entry.object_name == "A title"


def test_digest_is_for_mail_only():
    make_keyed("d")
    editor, headline = make_editor(), wait()
    decision = choose(headline, editor, "digest")
    pick = Pick.objects.get()
    assert (pick.collection.desk_key, pick.collection.is_public) == ("d", False)
    assert decision.said == "put into the next digest"
    assert not Pick.objects.public(now=NOW).exists()
    assert not Headline.objects.waiting(now=NOW).exists()
    take_back(editor)
    assert not Pick.objects.standing(now=NOW).exists()


def test_breaking_stands_on_top_of_the_default_collection_for_six_hours():
    make_keyed()
    editor, headline = make_editor(), wait()
    choose(headline, editor, "breaking")
    pick = Pick.objects.get()
    assert pick.collection.desk_key == "s"
    assert (pick.is_pinned, pick.is_breaking) == (True, True)
    assert pick.pinned_until == NOW + timedelta(hours=6)
    take_back(editor)
    pick.refresh_from_db()
    assert (pick.is_pinned, pick.is_breaking, pick.pinned_until) == (False, False, None)
    assert pick.withdrawn_at == NOW


def test_pick_that_stood_before_it_was_breaking_is_as_it_was():
    editor, headline = make_editor(), wait()
    chosen = make_keyed()
    make_pick(headline=headline, collection=chosen, picked_by=editor, position=2, is_pinned=True)
    before = everything()
    choose(headline, editor, "breaking")
    take_back(editor)
    assert everything() == before


@pytest.mark.parametrize("kind", ["star", "digest"])
def test_key_that_no_collection_has_is_refused(kind):
    make_collection()
    with pytest.raises(RefusedError, match="No collection has the key"):
        choose(wait(), make_editor(), kind)


def test_without_a_default_collection_the_first_stands_in():
    make_keyed("d")
    first = make_collection(title="Links")
    choose(wait(), make_editor())
    assert Pick.objects.get().collection == first


@pytest.mark.parametrize("fields", [{"headline": 10**9}, {"collection": 10**9}])
def test_what_is_not_there_is_refused(fields):
    Collection.objects.all().delete()
    headline = wait()
    headline.pk = fields.pop("headline", headline.pk)
    with pytest.raises(RefusedError):
        choose(headline, make_editor(), **fields)
    assert not Decision.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_editors_at_once_one_wins_and_the_other_is_told():
    make_collection()
    editors = [make_editor(), make_editor()]
    headlines = [wait(minutes=at) for at in range(8)]
    for pair in zip(headlines[::2], headlines[1::2], strict=True):
        tell_together(*pair)

    def work(editor):
        told = []
        try:
            for headline in headlines[::2]:
                try:
                    told.append(choose(headline, editor).by_id)
                except ConflictError as error:
                    told.append(error.decision.by_id)
            return told
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(work, editors)
    assert first == second  # both know who has decided
    assert Decision.objects.count() == Pick.objects.count() == 4


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_request_from_two_lines_at_once_is_one_decision():
    make_collection()
    asked = wish(wait(), make_editor())

    def work(_):
        try:
            return decide(asked).decision.pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(work, range(4)))) == 1
    assert Decision.objects.count() == 1
