"""Corrections in the open."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.utils import timezone

from blog.models import Correction, Post
from tests.factories import make_post

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)


def correct(post, text, *, made_at=AT):
    return Correction.objects.create(post=post, text=text, made_at=made_at)


def test_correction_stands_on_the_post_and_in_the_list(client):
    post = make_post(title="On bridges")
    correct(post, "The bridge is <b>300</b> m long, not 30.")
    page = client.get(post.get_absolute_url()).text
    listed = client.get("/corrections/").text
    for text in (page, listed):
        assert "The bridge is &lt;b&gt;300&lt;/b&gt; m long" in text
        assert 'datetime="2026-11-20T10:00:00Z"' in text
    assert "On bridges" in listed


def test_list_shows_the_newest_first_and_nothing_of_what_is_not_public(client):
    public = make_post()
    correct(public, "Older one")
    correct(public, "Newer one", made_at=AT + timedelta(days=1))
    for number, fields in enumerate(
        [
            {"status": "draft"},
            {"status": "withdrawn"},
            {"published_at": timezone.now() + timedelta(days=1)},
        ]
    ):
        correct(make_post(title=f"Hidden {number}", **fields), f"Secret {number}")
    listed = client.get("/corrections/").text
    assert listed.index("Newer one") < listed.index("Older one")
    assert "Secret" not in listed
    assert "Hidden" not in listed


@pytest.mark.parametrize("rows", [1, 29])
def test_list_costs_the_same_for_any_number(client, rows, django_assert_num_queries):
    for number in range(rows):
        correct(make_post(), f"Number {number}")
    with django_assert_num_queries(3):
        assert client.get("/corrections/").text.count('class="correction"') == rows


def test_feed_says_when_it_was_corrected_and_what(client):
    make_post(published_at=AT - timedelta(days=3))
    corrected = make_post(published_at=AT - timedelta(days=2))
    correct(corrected, "It was Tuesday.")
    rss = ET.fromstring(client.get("/feed/").content)  # noqa: S314  it is our own
    found = [i.findtext("{http://www.w3.org/2005/Atom}updated") for i in rss.iter("item")]
    assert found == ["2026-11-20T10:00:00+00:00", None]
    assert "It was Tuesday." in rss.findtext(
        "channel/item/{http://purl.org/rss/1.0/modules/content/}encoded"
    )
    assert rss.findtext("channel/lastBuildDate") == "Fri, 20 Nov 2026 10:00:00 +0000"


def test_comma_that_is_changed_is_no_news_to_feed_readers(client, time_machine):
    time_machine.move_to(AT, tick=False)
    post = make_post(published_at=AT)
    dates = []
    for later in (0, 2):
        time_machine.move_to(AT + timedelta(hours=later), tick=False)
        post.save()
        response = client.get("/feed/")
        rss = ET.fromstring(response.content)  # noqa: S314  it is our own
        dates.append((rss.findtext("channel/lastBuildDate"), response["Last-Modified"]))
    assert dates == [
        ("Fri, 20 Nov 2026 10:00:00 +0000", "Fri, 20 Nov 2026 10:00:00 GMT"),
        ("Fri, 20 Nov 2026 10:00:00 +0000", "Fri, 20 Nov 2026 12:00:00 GMT"),
    ]


def test_post_is_dated_by_the_newest_correction_that_is_left():
    post = make_post()
    correct(post, "One")
    second = correct(post, "Two", made_at=AT + timedelta(days=1))
    assert Post.objects.get().corrected_at == AT + timedelta(days=1)
    second.delete()
    assert Post.objects.get().corrected_at == AT
    Correction.objects.get().delete()
    assert Post.objects.get().corrected_at is None
