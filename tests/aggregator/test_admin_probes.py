"""Adding a feed in the newsroom, and lists of feeds in and out."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from aggregator import probing
from aggregator.models import Feed, Headline, Probe
from aggregator.parse import parse
from aggregator.probing import Look
from tests.aggregator.keeping import document, fetched, item
from tests.aggregator.serving import rss
from tests.factories import make_collection, make_editor, make_feed, make_user

pytestmark = pytest.mark.django_db
ADD = reverse("admin:aggregator_feed_add")
OPML = reverse("admin:aggregator_feed_import_opml")
FEED = "https://o.example/feed"


@pytest.fixture
def editor(client):
    editor = make_editor()
    client.force_login(editor)
    return editor


def found(editor, body=None, **fields):
    body = body or rss("A", "B")
    probe = Probe(address=FEED, asked_by=editor, asked_at=timezone.now())
    look = Look(fetched=fetched(url=FEED, final_url=FEED, body=body), parsed=parse(body, url=FEED))
    look.offers = fields.pop("offers", ())
    probing.keep(probe, look)
    return probe


def page_of(probe):
    return reverse("admin:aggregator_feed_probe", args=[probe.pk])


@pytest.mark.parametrize(
    ("typed", "looked_at"),
    [
        ("o.example", "https://o.example"),
        (" https://o.example/a ", "https://o.example/a"),
        ("feed://o.example/rss", "https://o.example/rss"),
        ("https://me:secret@o.example/", "https://o.example/"),
    ],
)
def test_an_address_as_people_write_it_is_looked_at(client, editor, typed, looked_at):
    response = client.post(ADD, {"address": typed})
    probe = Probe.objects.get()
    assert (probe.address, probe.asked_by, probe.state) == (looked_at, editor, "waiting")
    assert response["Location"] == page_of(probe)
    page = client.get(page_of(probe)).text
    assert '<meta http-equiv="refresh" content="1">' in page
    assert Feed.objects.count() == 0


@pytest.mark.parametrize("typed", ["", "javascript:alert(1)", "file:///etc/passwd", "nothing"])
def test_what_is_no_address_is_refused(client, editor, typed):
    assert client.post(ADD, {"address": typed}).status_code == 200
    assert Probe.objects.count() == 0


def test_a_look_that_takes_long_asks_for_the_poller(client, editor):
    asked_at = timezone.now() - timedelta(minutes=1)
    probe = Probe.objects.create(address=FEED, asked_by=editor, asked_at=asked_at)
    assert "Is the poller running?" in client.get(page_of(probe)).text


def test_what_was_found_is_shown_and_added(client, editor):
    probe = found(editor)
    text = client.get(page_of(probe)).text
    assert all(words in text for words in ("Outlet", FEED, "2 entries", ">A "))
    collection = make_collection()
    data = {"title": "Ours", "folder": "News", "collection": collection.pk}
    response = client.post(page_of(probe), data)
    feed = Feed.objects.get()
    assert (feed.url, feed.title, feed.folder) == (FEED, "Ours", "News")
    assert response["Location"] == reverse("admin:aggregator_feed_change", args=[feed.pk])
    assert Headline.objects.filter(feed=feed).count() == 2
    client.post(page_of(probe), data)
    assert Feed.objects.count() == 1


def test_a_known_feed_is_named_and_not_offered_again(client, editor):
    feed = make_feed(url=FEED)
    text = client.get(page_of(found(editor))).text
    assert "We have this feed already" in text
    assert reverse("admin:aggregator_feed_change", args=[feed.pk]) in text


def test_what_is_hostile_is_shown_as_text(client, editor):
    body = document(item("&lt;script&gt;alert(1)&lt;/script&gt;&amp;lt;img onerror=x&amp;gt; A"))
    text = client.get(page_of(found(editor, body))).text
    assert "<script>alert" not in text
    assert "<img onerror" not in text


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (document(), "The feed is empty at the moment."),
        (document(item("A"), item("B")), "The entries have no dates"),
        (document(item("A"), item("B")), "The entries have no identifiers"),
        (document(item("A", guid="1"), item("B", guid="1")), "have the same identifier"),
        (document(item("A", date="1 Jan 2099 00:00:00 GMT")), "All dates lie in the future"),
        (document(item("A", date="1 Jan 2010 00:00:00 GMT")), "more than a year old"),
        (document(item("A"), "<item/>"), "1 entry has neither title nor link"),
    ],
)
def test_what_is_odd_is_told_before_the_feed_is_added(client, editor, body, words):
    assert words in client.get(page_of(found(editor, body))).text


def test_a_failure_shows_reason_advice_and_the_feeds_that_are_offered(client, editor):
    probe = Probe.objects.create(
        address=FEED,
        asked_by=editor,
        asked_at=timezone.now(),
        state="failed",
        error="The site refuses us (403).",
        advice="Ask them.",
        offered_feeds=[{"url": "https://o.example/other", "title": "Other"}],
    )
    text = client.get(page_of(probe)).text
    for words in ("The site refuses us (403).", "Ask them.", "https://o.example/other"):
        assert words in text


def test_a_look_is_its_askers_own_and_needs_the_right_to_add(client, editor):
    probe = found(make_editor())
    assert client.get(page_of(probe)).status_code == 404
    client.force_login(make_user(is_staff=True))
    for address in (ADD, page_of(probe), OPML):
        assert client.get(address).status_code == 403
        assert client.post(address, {"address": FEED}).status_code == 403
    assert client.get(reverse("admin:aggregator_feed_export_opml")).status_code == 403


def upload(body):
    return SimpleUploadedFile("feeds.opml", body)


def test_a_list_is_tried_brought_in_and_given_out(client, editor):
    body = (
        f'<opml><body><outline text="N"><outline text="T" xmlUrl="{FEED}"/></outline></body></opml>'
    )
    response = client.post(OPML, {"file": upload(body.encode()), "is_trial": "on"})
    assert "Nothing was added" in response.text
    assert Feed.objects.count() == 0
    response = client.post(OPML, {"file": upload(body.encode())})
    assert "<strong>1</strong> added" in response.text
    assert list(Feed.objects.values_list("url", "folder")) == [(FEED, "N")]
    response = client.get(reverse("admin:aggregator_feed_export_opml"))
    assert response["Content-Type"] == "text/x-opml"
    assert FEED.encode() in response.content


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"<html/>", "no OPML"), (b"<opml><bo", "damaged in line 1"), (b"", "empty")],
)
def test_a_bad_list_says_what_is_wrong(client, editor, body, words):
    response = client.post(OPML, {"file": upload(body)})
    assert words in response.text
