"""Pages that editors bring become headlines, one for each article."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from aggregator import bringing
from aggregator.bringing import Page, bring, pick_page
from aggregator.desk.undoing import undo
from aggregator.feeds import newest_picks
from aggregator.models import Decision, Feed, Headline, Pick
from aggregator.sources import add_sources
from aggregator.subscribing import export_opml
from blog.models import SiteSettings
from tests.factories import make_collection, make_editor, make_feed, make_headline, make_pick

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
PAGE = Page(
    url="https://www.kyivpost.example/news/1?utm_source=x",
    title="Ports open again",
    quote="The first ship left.",
    language="en",
)


def test_page_becomes_a_headline_of_the_shared_source():
    brought = bring(PAGE, now=NOW)
    headline = Headline.objects.select_related("feed").get()
    assert (brought.headline, brought.is_new) == (headline, True)
    assert (headline.title, headline.summary, headline.language) == (
        *("Ports open again", "The first ship left.", "en"),
    )
    assert (headline.url, headline.outlet) == (PAGE.url, "kyivpost.example")
    assert headline.canonical_url == "https://kyivpost.example/news/1"
    assert (headline.published_at, headline.first_seen_at, headline.seen_at) == (NOW, NOW, None)
    assert (headline.feed.url, headline.feed.is_active) == ("", False)
    assert str(headline.feed) == "Shared by editors"


def test_page_is_one_headline_however_often_it_is_brought():
    first = bring(PAGE, now=NOW).headline
    again = bring(Page(url="http://m.kyivpost.example/news/1/", title="T"), now=NOW)
    assert (again.headline, again.is_new) == (first, False)
    assert Feed.objects.count() == Headline.objects.count() == 1


def test_headline_that_a_feed_brought_is_used():
    canonical = "https://kyivpost.example/news/1"
    make_headline(canonical_url=canonical, is_hidden=True)
    older = make_headline(canonical_url=canonical, first_seen_at=NOW - timedelta(days=2))
    make_headline(canonical_url=canonical, first_seen_at=NOW - timedelta(days=1))
    assert bringing.known(PAGE.url) == older
    assert bring(PAGE, now=NOW).headline == older
    assert Headline.objects.count() == 3


def test_what_was_hidden_is_seen_again_when_an_editor_brings_it():
    headline = bring(PAGE, now=NOW).headline
    Headline.objects.update(is_hidden=True)
    assert bringing.known(PAGE.url) is None
    assert bring(PAGE, now=NOW).headline == headline
    assert Headline.objects.public().get() == headline


def test_pick_of_a_new_page_says_nothing_twice_and_leaves_the_desk():
    ada, selected = make_editor(), make_collection()
    pick = pick_page(PAGE, selected, by=ada, now=NOW)
    pick.refresh_from_db()
    assert (pick.title, pick.excerpt, pick.picked_by, pick.placed_at) == ("", "", ada, NOW)
    assert (pick.shown_title, pick.shown_summary) == ("Ports open again", "The first ship left.")
    assert list(Pick.objects.public(now=NOW)) == [pick]
    assert Headline.objects.get().seen_at == NOW


def test_pick_of_a_known_headline_has_the_editors_words_where_it_has_none():
    headline = make_headline(
        title="The feed’s title", canonical_url="https://kyivpost.example/news/1", summary="Theirs"
    )
    selected, tweets = make_collection(), make_collection()
    bea = make_editor()
    make_pick(headline=headline, collection=tweets, title="Bea’s title", picked_by=bea)
    first = pick_page(PAGE, selected, by=bea, now=NOW)
    assert (first.headline, first.title, first.excerpt) == (
        *(headline, "Ports open again", "The first ship left."),
    )
    second = pick_page(PAGE, tweets, by=bea, now=NOW)
    assert (second.title, second.excerpt) == ("Bea’s title", "The first ship left.")
    assert Pick.objects.count() == 2


def test_pick_is_a_decision_that_the_desk_takes_back():
    ada = make_editor()
    selected = make_collection()
    pick_page(PAGE, selected, by=ada, now=NOW)
    headline = Headline.objects.get()
    assert (headline.decision.kind, headline.decision.by) == ("pick", ada)
    undo(by=ada, key=uuid4(), now=NOW)
    headline.refresh_from_db()
    assert (headline.seen_at, headline.decision) == (None, None)
    assert Pick.objects.public(now=NOW).count() == 0


def test_the_same_pick_again_is_no_second_decision():
    ada, bea = make_editor(), make_editor()
    selected, links = make_collection(), make_collection()
    first = pick_page(PAGE, selected, by=ada, now=NOW)
    for editor in (ada, bea):
        assert pick_page(PAGE, selected, by=editor, now=NOW + timedelta(seconds=1)) == first
    assert Decision.objects.count() == 1
    other_words = replace(PAGE, title="Odesa’s ports open again")
    assert pick_page(other_words, selected, by=bea, now=NOW).title == "Odesa’s ports open again"
    pick_page(PAGE, links, by=ada, now=NOW)
    assert Decision.objects.count() == 3


def test_what_was_taken_back_or_came_by_itself_can_be_picked_by_the_same_form():
    ada, selected = make_editor(), make_collection()
    pick = pick_page(PAGE, selected, by=ada, now=NOW)
    undo(by=ada, key=uuid4(), now=NOW)
    assert pick_page(PAGE, selected, by=ada, now=NOW) == pick
    assert Pick.objects.public(now=NOW).get() == pick
    by_itself = make_headline(url="https://kyivpost.example/2", title="T", seen_at=NOW)
    make_pick(headline=by_itself, collection=selected)
    page = Page(url="https://kyivpost.example/2", title="T")
    assert pick_page(page, selected, by=ada, now=NOW).picked_by == ada


def test_what_a_colleague_has_decided_is_no_hindrance():
    ada, bea = make_editor(), make_editor()
    first = pick_page(PAGE, make_collection(), by=ada, now=NOW)
    second = pick_page(PAGE, make_collection(), by=bea, now=NOW)
    assert first.headline == second.headline
    assert Pick.objects.public(now=NOW).count() == 2


def test_shared_source_is_one_and_never_polled():
    shared = Feed.objects.shared()
    assert Feed.objects.shared() == shared
    with pytest.raises(IntegrityError), transaction.atomic():
        Feed.objects.update(is_active=True)
    assert list(Feed.objects.due(now=NOW + timedelta(days=400))) == []


def test_shared_source_is_no_feed_for_readers_or_other_programs(client):
    outside = make_feed(url="https://a.example/feed", title="Outside", is_active=True)
    selected = make_collection(slug="selected")
    pick = pick_page(PAGE, selected, by=make_editor(), now=NOW)
    assert list(Feed.objects.outside()) == [outside]
    assert export_opml(title="Us", now=NOW).count(b"<outline ") == 1
    assert client.get("/opml.xml").content.count(b"<outline ") == 1
    twin = make_headline(canonical_url=pick.headline.canonical_url, feed=outside)
    add_sources([pick])
    assert pick.also_in == ["Outside"]
    from_outside = make_pick(headline=twin)
    add_sources([from_outside])
    assert from_outside.also_in == []
    found = newest_picks(Pick.objects.filter(pk=pick.pk), selected, site=SiteSettings.load())
    (item,) = found.items()
    assert item.source is None
