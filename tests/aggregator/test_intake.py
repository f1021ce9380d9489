"""Which items become headlines, which become new versions, which are known."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aggregator.intake import Stored
from aggregator.models import Feed, Fingerprint, Headline
from aggregator.statements import insert_many
from tests.aggregator.keeping import LATER, NOW, document, item, keep, titles
from tests.aggregator.serving import rss
from tests.factories import make_feed
from tests.plans import searched_by

pytestmark = pytest.mark.django_db


def test_the_same_items_again_write_no_headline():
    feed = make_feed()
    keep(feed, rss("A", "B"))
    before = list(Headline.objects.values())
    assert keep(feed, rss("A", "B"), now=LATER) == Stored()
    assert list(Headline.objects.values()) == before
    feed.refresh_from_db()
    assert feed.last_outcome == Feed.Outcome.UNCHANGED


def test_what_a_feed_has_stored_before_is_found_without_reading_its_history():
    feed = make_feed()
    keep(feed, rss("A", "B"))
    insert_many(Headline, [history_row(feed, number) for number in range(3000)])
    with CaptureQueriesContext(connection) as made:
        keep(feed, rss("A", "B", "C"), now=LATER)
    looks = [query for query in made.captured_queries if "FROM" in query["sql"]]
    of_headlines = [look for look in looks if '"aggregator_headline"' in look["sql"]]
    assert [searched_by(look) for look in of_headlines] == [
        {"feed_id", "key"},
        {"feed_id", "article_key"},
    ]


def history_row(feed, number):
    return {
        "feed_id": feed.pk,
        "key": f"{number:064}",
        "article_key": f"{number:032}",
        "title": "Long ago",
        "published_at": NOW,
    }


def test_a_changed_title_is_a_new_version_that_does_not_rise():
    feed = make_feed()
    keep(feed, rss("A"))
    published_at = Headline.objects.get().published_at
    restamped = rss("A, corrected").replace(b"20 Nov", b"23 Nov")
    assert keep(feed, restamped, now=LATER) == Stored(changed=1)
    headline = Headline.objects.get()
    assert (headline.title, headline.updated_at) == ("A, corrected", LATER)
    assert headline.is_changed is True
    assert (headline.published_at, headline.first_seen_at) == (published_at, NOW)


def test_a_new_date_alone_changes_nothing():
    feed = make_feed()
    keep(feed, rss("A"))
    before = list(Headline.objects.values())
    assert keep(feed, rss("A").replace(b"20 Nov", b"23 Nov"), now=LATER) == Stored()
    assert list(Headline.objects.values()) == before


def test_items_of_the_future_and_without_date_count_from_first_seen():
    feed = make_feed()
    body = (
        b"<rss><channel><item><title>Undated</title></item>"
        b"<item><title>Future</title><pubDate>1 Jan 2100 00:00:00 GMT</pubDate></item>"
        b"</channel></rss>"
    )
    keep(feed, body)
    keep(feed, body, now=LATER)
    assert set(feed.headlines.values_list("published_at", flat=True)) == {NOW}
    assert titles(feed) == ["Undated", "Future"]


def test_equal_guids_of_two_feeds_are_two_headlines():
    one, two = make_feed(), make_feed()
    keep(one, rss("Of one"))
    keep(two, rss("Of two"))
    assert (titles(one), titles(two)) == (["Of one"], ["Of two"])


def test_a_hidden_headline_stays_hidden():
    feed = make_feed()
    keep(feed, rss("A"))
    Headline.objects.update(is_hidden=True)
    keep(feed, rss("A, again"), now=LATER)
    assert Headline.objects.get().is_hidden is True


def test_what_a_headline_said_before_is_kept():
    feed = make_feed()
    keep(feed, document(item("First", guid="1", link="https://o.example/a")))
    keep(feed, document(item("Second", guid="1", link="https://o.example/a")), now=LATER)
    keep(feed, document(item("Second", guid="1", link="https://o.example/b")), now=LATER)
    headline = Headline.objects.get()
    assert (headline.title, headline.url) == ("Second", "https://o.example/b")
    assert headline.canonical_url == "https://o.example/b"
    former = headline.versions.order_by("pk").values_list("title", "url", "replaced_at")
    assert list(former) == [
        ("First", "https://o.example/a", LATER),
        ("Second", "https://o.example/a", LATER),
    ]


def test_a_new_summary_alone_is_no_new_version():
    feed = make_feed()
    body = rss("A").replace(b"<pubDate>", b"<description>5 comments</description><pubDate>")
    keep(feed, body)
    assert keep(feed, body.replace(b"5 c", b"6 c"), now=LATER) == Stored(changed=1)
    headline = Headline.objects.get()
    assert (headline.summary, headline.is_changed) == ("6 comments", False)
    assert headline.versions.count() == 0


def test_an_article_that_comes_again_under_another_guid_is_the_same():
    feed = make_feed()
    keep(feed, document(item("A", guid="1", link="https://o.example/a"), item("B", guid="x")))
    again = document(
        item("A", guid="2", link="https://o.example/a?utm_source=x"), item("B", guid="x")
    )
    assert keep(feed, again, now=LATER).new == 0
    keep(feed, again, now=LATER)
    assert set(titles(feed)) == {"A", "B"}
    headline = Headline.objects.get(title="A")
    assert headline.first_seen_at == NOW


@pytest.mark.parametrize(
    "again",
    [
        [item("Today", guid="2", link="https://o.example/weather")],
        [
            item("Rain", guid="2", link="https://o.example/weather"),
            item("Rain", guid="3", link="https://o.example/weather"),
        ],
    ],
    ids=["another title", "two of them"],
)
def test_a_page_that_all_items_link_to_makes_them_no_one_article(again):
    feed = make_feed()
    anchor = item("Other", guid="x")
    keep(feed, document(item("Rain", guid="1", link="https://o.example/weather"), anchor))
    assert keep(feed, document(*again, anchor), now=LATER).new == len(again)


def test_a_new_feeds_old_items_come_in_as_seen():
    feed = make_feed()
    week = "Mon, 16 Nov 2026 12:00:00 GMT"
    older = "Mon, 16 Nov 2026 11:59:59 GMT"
    keep(feed, document(item("Young", guid="1", date=week), item("Old", guid="2", date=older)))
    assert set(Headline.objects.values_list("title", "seen_at")) == {("Young", None), ("Old", NOW)}
    later = document(item("Older still", guid="3", date=older))
    keep(feed, later, now=LATER)
    assert Headline.objects.get(title="Older still").seen_at is None


def test_what_had_its_time_does_not_come_back():
    feed = make_feed()
    keep(feed, rss("A", "B"))
    gone = Headline.objects.get(title="A")
    Fingerprint.objects.create(feed=feed, key=gone.key, until=NOW + timedelta(days=180))
    other = make_feed()
    gone.delete()
    assert keep(feed, rss("A", "B"), now=LATER) == Stored()
    assert titles(feed) == ["B"]
    assert keep(other, rss("A"), now=LATER).new == 1


def test_a_fingerprint_lasts_while_the_feed_lists_its_item():
    feed = make_feed()
    keep(feed, rss("A"))
    key = Headline.objects.get().key
    Headline.objects.all().delete()
    Fingerprint.objects.create(feed=feed, key=key, until=NOW + timedelta(days=5))
    keep(feed, rss("A", "B"))
    assert Fingerprint.objects.get().until == NOW + timedelta(days=180)


def test_a_trimmed_headline_stays_trimmed_when_its_feed_lists_it_still():
    feed = make_feed()
    body = rss("A").replace(b"<pubDate>", b"<description>Long ago</description><pubDate>")
    keep(feed, body)
    Headline.objects.update(trimmed_at=NOW, summary="")
    assert keep(feed, body, now=LATER) == Stored()
    assert keep(feed, body.replace(b"<title>A", b"<title>A2"), now=LATER) == Stored(changed=1)
    headline = Headline.objects.get()
    assert (headline.title, headline.summary) == ("A2", "")


def test_a_feeds_rhythm_and_newest_item_are_known_after_a_poll():
    feed = make_feed()
    dates = [f"Mon, 23 Nov 2026 {hour:02}:00:00 GMT" for hour in range(12)]
    ahead = item("Ahead", guid="y", date="Tue, 24 Nov 2026 12:00:00 GMT")
    keep(feed, document(ahead, *(item(date, guid=date, date=date) for date in dates)))
    feed.refresh_from_db()
    assert feed.last_item_at == NOW - timedelta(hours=1)
    assert (feed.rhythm_since, feed.rhythm_items) == (NOW - timedelta(hours=12), 12)
    assert feed.usual_gap_s == 3600
    assert feed.next_poll_at == NOW + timedelta(hours=1)


def test_a_feed_without_dates_has_the_rhythm_of_what_comes_in():
    feed = make_feed()
    keep(feed, document(item("A", guid="1")))
    feed.refresh_from_db()
    assert feed.next_poll_at == NOW + timedelta(minutes=5)
    keep(feed, document(item("A", guid="1"), ""), now=LATER)
    feed.refresh_from_db()
    assert (feed.last_item_at, feed.next_poll_at) == (NOW, LATER + timedelta(hours=1))
    assert Feed.objects.get().health == Feed.Health.OK
