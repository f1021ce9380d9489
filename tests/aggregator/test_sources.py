"""An article of several feeds is one headline to the reader."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from aggregator.collecting import pick, withdraw
from aggregator.models import Headline, Pick, PreferredOutlet, Story, StoryMember
from aggregator.sources import add_sources
from tests.aggregator.keeping import LATER, NOW, keep
from tests.aggregator.serving import rss
from tests.factories import make_collection, make_editor, make_feed, make_headline, make_pick

pytestmark = pytest.mark.django_db


def with_article(feed, **fields):
    return make_headline(feed=feed, canonical_url="https://outlet.example/a", **fields)


def shown(collection):
    picks = list(Pick.objects.public(now=LATER).filter(collection=collection).for_lists())
    add_sources(picks)
    return [(one.shown_title, list(one.also_in)) for one in picks]


def test_two_feeds_with_the_same_article_place_it_once_and_both_are_named():
    collection = make_collection()
    first, second = (
        make_feed(title=title, collection=collection) for title in ("Outlet", "Aggregator")
    )
    keep(first, rss("A"))
    keep(second, rss("A again"), now=LATER)
    assert Headline.objects.count() == 2
    assert shown(collection) == [("A", ["Aggregator"])]


def test_a_withdrawn_article_does_not_come_back_through_another_feed():
    collection = make_collection()
    keep(make_feed(collection=collection), rss("A"))
    withdraw(Pick.objects.get(), now=NOW)
    keep(make_feed(collection=collection), rss("A"), now=LATER)
    assert shown(collection) == []


def test_the_same_article_stands_in_two_collections():
    for collection in (make_collection(), make_collection()):
        keep(make_feed(collection=collection), rss("A"))
    assert Pick.objects.count() == 2


def test_an_editor_who_picks_an_article_that_stands_already_takes_that_pick_over():
    collection, editor = make_collection(), make_editor()
    standing = make_pick(collection=collection, headline=with_article(make_feed()), picked_by=None)
    again = pick(with_article(make_feed()), collection, by=editor, now=NOW)
    assert (again, again.picked_by) == (standing, editor)


def test_headlines_without_an_address_are_never_the_same_article():
    collection = make_collection()
    for _ in range(2):
        pick(make_headline(canonical_url=""), collection, by=None, now=NOW)
    assert Pick.objects.count() == 2


def test_hidden_headlines_and_the_own_feed_are_no_sources():
    feed = make_feed()
    collection = make_collection()
    make_pick(collection=collection, headline=with_article(feed, title="A"))
    with_article(feed)
    with_article(make_feed(title="Hidden"), is_hidden=True)
    with_article(make_feed(title="", url="https://other.example/feed"))
    assert shown(collection) == [("A", ["other.example"])]


def test_the_form_says_that_an_article_stands_there_already():
    collection = make_collection()
    make_pick(collection=collection, headline=with_article(make_feed()))
    twin = Pick(collection=collection, headline=with_article(make_feed()))
    with pytest.raises(ValidationError) as refusal:
        twin.full_clean()
    assert refusal.value.message_dict == {
        "headline": ["This article stands in the collection already, from another feed."]
    }


@pytest.mark.parametrize("rows", [1, 30])
def test_the_sources_of_any_number_of_picks_cost_one_query(rows, django_assert_num_queries):
    collection, other = make_collection(), make_feed(title="Other")
    for number in range(rows):
        url = f"https://outlet.example/{number}"
        make_pick(collection=collection, headline=make_headline(canonical_url=url))
        make_headline(feed=other, canonical_url=url)
    in_a_story(*Headline.objects.all())
    picks = list(Pick.objects.public(now=NOW + timedelta(days=1)).for_lists())
    with django_assert_num_queries(1):
        add_sources(picks)
    assert {tuple(one.also_in) for one in picks} == {("Other",)}


def in_a_story(*headlines):
    story = Story.objects.create(first_seen_at=NOW, last_seen_at=NOW)
    for headline in headlines:
        StoryMember.objects.create(headline=headline, story=story, reason="words", joined_at=NOW)


def test_other_outlets_of_the_story_are_named_with_their_addresses():
    own = make_headline(outlet="outlet.example", canonical_url="")
    outlets = ("bbc.example", "outlet.example", "kyiv.example", "bbc.example", "")
    others = [
        make_headline(outlet=outlet, url=f"https://o.example/{at}")
        for at, outlet in enumerate(outlets)
    ]
    in_a_story(own, *others, make_headline(outlet="hidden.example", is_hidden=True))
    in_a_story(make_headline(outlet="another.example"))
    pick = make_pick(headline=own)
    add_sources([pick])
    assert pick.also_at == [
        ("bbc.example", "https://o.example/0"),
        ("kyiv.example", "https://o.example/2"),
    ]
    assert pick.also_in == []


def test_of_many_outlets_the_first_four_are_named():
    own = make_headline()
    in_a_story(own, *(make_headline(outlet=f"outlet{at}.example") for at in range(9)))
    pick = make_pick(headline=own)
    add_sources([pick])
    assert [outlet for outlet, _ in pick.also_at] == [f"outlet{at}.example" for at in range(4)]


def test_preferred_outlets_are_named_first_in_their_order():
    pick = make_pick(headline=make_headline(outlet="own.example"))
    story = Story.objects.create(first_seen_at=NOW, last_seen_at=NOW)
    StoryMember.objects.create(headline=pick.headline, story=story, joined_at=NOW)
    for number, outlet in enumerate(["a.example", "b.example", "news.kyivpost.com", "bbc.com"]):
        told = make_headline(outlet=outlet, first_seen_at=NOW + timedelta(minutes=number))
        StoryMember.objects.create(headline=told, story=story, joined_at=NOW)
    for position, outlet in enumerate(["bbc.com", "kyivpost.com"]):
        PreferredOutlet.objects.create(outlet=outlet, position=position)
    add_sources([pick])
    assert [outlet for outlet, _ in pick.also_at] == [
        *("bbc.com", "news.kyivpost.com", "a.example", "b.example"),
    ]


@pytest.mark.parametrize("path", ["feed/", "feed/atom/", "feed.json", "clip"])
def test_feeds_and_clip_name_the_other_outlets_too(client, path):
    collection = make_collection(slug="selected")
    pick = make_pick(collection=collection, headline=make_headline(outlet="own.example"))
    other = make_headline(outlet="bbc.com", url="https://bbc.com/1")
    story = Story.objects.create(first_seen_at=NOW, last_seen_at=NOW)
    for told in (pick.headline, other):
        StoryMember.objects.create(headline=told, story=story, joined_at=NOW)
    where = "/collections/selected/clip/" if path == "clip" else f"/selected/{path}"
    before = client.get(where)
    assert "https://bbc.com/1" in before.text
    StoryMember.objects.filter(headline=other).delete()
    after = client.get(where, headers={"If-None-Match": before.headers.get("ETag", '"none"')})
    assert (after.status_code, "bbc.com" in after.text) == (200, False)


def test_readers_see_the_other_outlets_beside_the_headline(client):
    own = make_headline(outlet="outlet.example")
    in_a_story(own, make_headline(outlet="bbc.example", url="https://bbc.example/?a=1&b=2"))
    collection = make_collection()
    make_pick(headline=own, collection=collection)
    page = client.get(collection.get_absolute_url()).content.decode()
    link = '<a href="https://bbc.example/?a=1&amp;b=2" rel="noopener">bbc.example</a>'
    assert f'<span class="also">also: {link}</span>' in page


def test_no_picks_cost_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        add_sources([])
