"""Decisions on many headlines: muting, and passing over all that is older."""

import uuid
from datetime import timedelta

import pytest
import time_machine

from aggregator.desk import bulk, listing
from aggregator.desk.errors import RefusedError
from aggregator.desk.filters import Filters
from aggregator.desk.listing import Cursor
from aggregator.desk.passing import pass_over
from aggregator.models import Decision, Headline, Rule
from tests.aggregator.desk.desking import NOW, choose, take_back, tell_together, wait
from tests.factories import make_collection, make_editor, make_feed, make_pick

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def everything():
    return list(Headline.objects.order_by("pk").values())


def waiting():
    return set(Headline.objects.waiting(now=NOW).values_list("title", flat=True))


def pass_from(headline, by, **asked):
    top = Cursor(headline.published_at, headline.pk)
    fields = {"key": uuid.uuid4(), "by": by, "now": NOW, "filters": Filters.of(asked)}
    return pass_over(**fields, top=top)


def test_muting_an_outlet_hides_what_waits_and_drops_what_comes():
    editor = make_editor()
    for outlet in ("tabloid.example", "news.tabloid.example", "paper.example"):
        wait(outlet, outlet=outlet)
    before = everything()
    decision = choose(Headline.objects.first(), editor, "mute", outlet="tabloid.example")
    rule = Rule.objects.get()
    assert (rule.action, rule.outlet, rule.is_active) == ("drop", "tabloid.example", True)
    assert waiting() == {"paper.example"}
    hidden = Headline.objects.filter(is_hidden=True, hidden_by=rule, decision=decision)
    assert (hidden.count(), decision.count) == (2, 2)
    came_since = wait(is_hidden=True, hidden_by=rule)
    take_back(editor)
    came_since.refresh_from_db()
    assert not came_since.is_hidden
    assert everything()[:3] == before
    assert not Rule.objects.exists()


@pytest.mark.parametrize(
    ("word", "left"),
    [
        ("horoscope", {"Horoscopes", "Sun"}),
        ("your horoscope", {"A horoscope", "Horoscopes", "Sun"}),
    ],
)
def test_muting_a_word_matches_as_the_rule_does(word, left):
    for title in ("Your Horoscope", "A horoscope", "Horoscopes", "Sun"):
        wait(title)
    choose(Headline.objects.first(), make_editor(), "mute", word=word)
    assert waiting() == left


def test_muting_leaves_what_an_editor_picked_and_what_an_earlier_rule_keeps():
    starred, kept = wait("starred", outlet="a.example"), wait("kept", outlet="a.example")
    make_pick(headline=starred, picked_by=make_editor())
    Rule.objects.create(name="Keep", words="kept", action="keep")
    wait("gone", outlet="a.example")
    choose(kept, make_editor(), "mute", outlet="a.example")
    assert waiting() == {"starred", "kept"}


def test_muting_nothing_is_refused_and_so_is_undoing_a_rule_that_was_changed():
    editor, headline = make_editor(), wait()
    with pytest.raises(RefusedError):
        choose(headline, editor, "mute", word="  ", outlet=" ")
    assert not Rule.objects.exists()
    choose(headline, editor, "mute", outlet="outlet.example")
    with time_machine.travel(NOW + timedelta(seconds=1)):
        rule = Rule.objects.get()
        rule.words = "more"
        rule.save()
    with pytest.raises(RefusedError, match="changed since"):
        take_back(editor)


def test_all_older_are_seen_within_the_filters_and_come_back():
    editor, feed = make_editor(), make_feed()
    wait("newer", feed=feed, minutes=1)
    top = wait("top", feed=feed, minutes=2)
    wait("older", feed=feed, minutes=3)
    wait("elsewhere", minutes=4)
    before = everything()
    decision = pass_from(top, editor, feed=str(feed.pk))
    assert waiting() == {"newer", "elsewhere"}
    assert (decision.count, decision.is_going_on) == (2, False)
    take_back(editor)
    assert everything() == before


def test_story_with_something_newer_stays_whole():
    newer, older = wait("newer", minutes=1), wait("older", minutes=9)
    tell_together(newer, older)
    top = wait("top", minutes=5)
    pass_from(top, make_editor())
    assert waiting() == {"newer", "older"}


def test_what_came_in_late_waits():
    top = wait("top", minutes=5)
    wait("came late", minutes=9, first_seen_at=NOW + timedelta(seconds=1))
    pass_from(top, make_editor())
    assert waiting() == {"came late"}


def test_nothing_older_is_refused():
    top = wait(seen_at=NOW)
    with pytest.raises(RefusedError, match="Nothing older"):
        pass_from(top, make_editor())
    assert not Decision.objects.exists()


def test_many_are_done_in_steps_by_the_worker_and_undone_so(monkeypatch):
    monkeypatch.setattr(bulk, "STEP", 2)
    editor = make_editor()
    headlines = [wait(minutes=at) for at in range(11)]
    before = everything()
    decision = pass_from(headlines[0], editor)
    assert (decision.count, decision.is_going_on) == (4, True)
    assert [one.count for one in bulk.going_on()] == [4]
    bulk.go_on.func(decision.pk)
    decision.refresh_from_db()
    assert (decision.count, decision.is_going_on, len(waiting())) == (11, False, 0)
    assert Headline.objects.filter(decision=decision).count() == 11
    take_back(editor)
    assert Headline.objects.filter(decision=decision).count() == 7
    bulk.go_on.func(decision.pk)
    assert everything() == before
    assert bulk.go_on.func(decision.pk) == 0


def test_undone_while_the_worker_is_at_it_it_goes_back(monkeypatch):
    monkeypatch.setattr(bulk, "STEP", 2)
    editor = make_editor()
    headlines = [wait(minutes=at) for at in range(20)]
    before = everything()
    decision = pass_from(headlines[0], editor)
    take_back(editor)
    bulk.go_on.func(decision.pk)
    assert everything() == before


def test_undo_passes_over_what_somebody_decided_on_since():
    make_collection()
    ada, ben = make_editor(), make_editor()
    top = wait("top", minutes=1)
    wait("other", minutes=2)
    seen = pass_from(top, ada)
    top.refresh_from_db()
    picked = choose(top, ben, known=seen.pk)
    take_back(ada)
    assert waiting() == {"other"}
    top.refresh_from_db()
    assert top.decision == picked
    take_back(ben)
    assert waiting() == {"top", "other"}


def test_the_same_request_is_one_decision_and_a_cursor_by_weight_is_refused():
    editor, top, key = make_editor(), wait(), uuid.uuid4()
    fields = {"by": editor, "now": NOW, "filters": Filters(), "key": key}
    cursor = Cursor(top.published_at, top.pk)
    assert pass_over(**fields, top=cursor) == pass_over(**fields, top=cursor)
    for bad in (None, Cursor(NOW, 1, 3)):
        with pytest.raises(RefusedError):
            pass_over(**fields | {"key": uuid.uuid4()}, top=bad)
    assert listing.left(Filters(), now=NOW) == 0
