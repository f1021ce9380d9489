"""Own words: what was written last wins, at the Desk or in a pick."""

import pytest
from django.urls import reverse

from aggregator.desk.errors import ConflictError
from aggregator.desk.filters import Filters
from aggregator.desk.rows import one
from aggregator.models import Decision, Pick
from tests.aggregator.desk.desking import NOW, choose, make_keyed, take_back, tell_together, wait
from tests.factories import make_collection, make_editor, make_feed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_now")]


@pytest.fixture
def editor(client):
    editor = make_editor(username="ada")
    client.force_login(editor)
    return editor


def on_its_page(client, pick, **words):
    """Write words on the pick's page in the newsroom, as its form does."""
    address = reverse("admin:aggregator_pick_change", args=[pick.pk])
    form = client.get(address).context["adminform"].form
    fields = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    placed = fields.pop("placed_at")
    fields |= {"placed_at_0": f"{placed:%Y-%m-%d}", "placed_at_1": f"{placed:%H:%M:%S}"}
    fields = {name: value for name, value in fields.items() if value is not False}
    assert client.post(address, fields | words).status_code == 302


def in_the_order(client, pick, **words):
    """Write words where the collection's picks are ordered."""
    address = reverse("admin:aggregator_collection_order", args=[pick.collection_id])
    fields = {"deed": "words", "pick": pick.pk, "title": pick.title, "note": pick.note} | words
    assert client.post(address, fields).status_code == 302


@pytest.mark.parametrize("write", [on_its_page, in_the_order])
def test_words_written_in_a_pick_later_stay_and_go_along(client, editor, write):
    make_keyed()
    links = make_collection(title="Links")
    lead, headline = wait(outlet="a.example"), wait(outlet="b.example")
    tell_together(lead, headline)
    at_desk = choose(lead, editor, "words", words={"title": "From the Desk", "note": "Kept"})
    choose(lead, editor, known=at_desk.pk)
    write(client, Pick.objects.get(), title="Written later")
    stale = {"known": at_desk.pk, "words": {"title": "From the Desk", "excerpt": ""}}
    choose(lead, editor, **stale)
    choose(lead, editor, collection=links.pk, **stale)
    found = Pick.objects.order_by("pk").values_list("collection", "title", "note")
    assert [tuple(row[1:]) for row in found] == [("Written later", "Kept")] * 2
    assert one(lead.pk, Filters(), now=NOW, user=editor).own_words["title"] == "Written later"


def test_words_that_are_changed_at_the_desk_later_win_again(client, editor):
    make_keyed()
    headline = wait()
    choose(headline, editor, words={"title": "First"})
    on_its_page(client, Pick.objects.get(), title="Second", excerpt="Mine")
    seen = Decision.objects.latest("pk").pk
    form = {"title": "Third", "excerpt": "Mine"}
    seen = choose(headline, editor, "words", known=seen, words=form).pk
    assert (Pick.objects.get().title, Pick.objects.get().excerpt) == ("Third", "Mine")
    on_its_page(client, Pick.objects.get(), title="")
    choose(headline, editor, "pick", known=seen, words={"title": "Third", "excerpt": "Shorter"})
    assert (Pick.objects.get().title, Pick.objects.get().excerpt) == ("", "Shorter")


def test_words_of_a_pick_that_the_desk_never_heard_of_stay(editor):
    make_keyed()
    headline = wait()
    known = choose(headline, editor, words={"title": "From the Desk"}).pk
    Pick.objects.update(title="From an import")
    choose(headline, editor, known=known, words={"title": "From the Desk", "note": "New"})
    assert (Pick.objects.get().title, Pick.objects.get().note) == ("From an import", "New")


def test_colleague_is_told_of_words_that_were_written_meanwhile(client, editor):
    make_keyed()
    headline, bea = wait(), make_editor()
    known = choose(headline, bea).pk
    on_its_page(client, Pick.objects.get(), title="Ada’s")
    with pytest.raises(ConflictError, match="ada was here before you, just now: own words written"):
        choose(headline, bea, "words", known=known, words={"title": "Bea’s"})
    assert Pick.objects.get().title == "Ada’s"


def test_words_written_in_a_pick_are_taken_back_like_others(client, editor):
    make_keyed()
    choose(wait(), editor, words={"title": "First"})
    on_its_page(client, Pick.objects.get(), title="Second")
    assert take_back(editor).kind == "words"
    assert Pick.objects.get().title == "First"
    assert take_back(editor).kind == "pick"
    assert Pick.objects.get().withdrawn_at == NOW


def test_page_of_a_pick_that_changes_no_words_decides_nothing(client, editor):
    make_keyed()
    choose(wait(), editor, words={"title": "First"})
    on_its_page(client, Pick.objects.get(), is_breaking="on")
    assert (Pick.objects.get().is_breaking, Decision.objects.count()) == (True, 1)


def test_words_reach_the_pick_of_the_same_article_from_another_feed(editor):
    selected = make_keyed()
    address = "https://a.example/1"
    first = wait(canonical_url=address)
    choose(first, editor)
    second = wait(canonical_url=address, feed=make_feed())
    choose(second, editor, "words", words={"title": "Ours"})
    assert list(selected.picks.values_list("title", flat=True)) == ["Ours"]
