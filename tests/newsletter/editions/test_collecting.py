"""What comes into an edition, what does not, and what an editor's hand has done to it stays."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog.models import Correction, Post
from newsletter.editions.collecting import collect
from newsletter.models import Edition, EditionItem
from tests.factories import (
    make_author,
    make_category,
    make_collection,
    make_digest,
    make_edition,
    make_feed,
    make_headline,
    make_pick,
    make_post,
)

pytestmark = pytest.mark.django_db

State = Edition.State
DUE = datetime(2026, 11, 24, 7, tzinfo=UTC)
START = DUE - timedelta(days=1)
NOW = DUE - timedelta(minutes=1)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def make_open(digest=None, *, before=START, **fields):
    """The next edition of a digest whose last one went out at ``before``."""
    digest = digest or make_digest()
    if before:
        make_edition(digest=digest, due_at=before, window_end=before, state=State.SENT)
    start = before or digest.started_at
    fields = {"state": State.OPEN, "due_at": DUE, "frozen_at": None, "window_start": start} | fields
    return make_edition(digest=digest, **fields)


def collected(edition, *, now=NOW):
    collect(edition.pk, now=now)
    return [item.title for item in edition.items.all()]


def new_post(title="News", at=START + HOUR, **fields):
    return make_post(title=title, published_at=at, **fields)


def new_pick(collection, title="Pick", at=START + HOUR, **fields):
    fields.setdefault("headline", make_headline(title=title))
    return make_pick(collection=collection, placed_at=at, **fields)


def mailed(edition, post, **fields):
    fields = {"kind": "post", "key": f"post:{post.pk}", "title": post.title} | fields
    return EditionItem.objects.create(edition=edition, post=post, at=START, url="/", **fields)


def test_window_is_half_open():
    edition = make_open()
    new_post("at its start", START)
    new_post("just before its end", DUE - SECOND)
    new_post("at its end", DUE)
    assert collected(edition, now=DUE + HOUR) == ["just before its end", "at its start"]


def test_only_what_readers_may_see_comes_in():
    collection = make_collection()
    digest = make_digest()
    digest.collections.add(collection)
    edition = make_open(digest)
    for status in (Post.Status.DRAFT, Post.Status.REVIEW, Post.Status.WITHDRAWN):
        new_post(f"a {status}", status=status)
    new_post("scheduled", NOW + SECOND)
    new_pick(collection, withdrawn_at=NOW)
    new_pick(collection, until=NOW)
    new_pick(collection, headline=make_headline(is_hidden=True))
    new_pick(collection, "seen")
    assert collected(edition) == ["seen"]


def test_posts_of_the_digests_categories_stand_in_it_once():
    war, peace, other = make_category(), make_category(), make_category()
    digest = make_digest()
    digest.categories.add(war, peace)
    edition = make_open(digest)
    post = new_post("in both", category=other)
    post.categories.add(war, peace)
    new_post("in none", category=other)
    assert collected(edition) == ["in both"]
    assert edition.items.get().category_ids == sorted([war.pk, peace.pk, other.pk])


def test_digest_without_posts_has_articles_only():
    collection = make_collection()
    digest = make_digest(has_posts=False)
    digest.collections.add(collection)
    edition = make_open(digest)
    new_post()
    new_pick(collection)
    assert collected(edition) == ["Pick"]


def test_article_of_several_feeds_and_collections_is_one():
    first, second = make_collection(position=1), make_collection(position=2)
    digest = make_digest()
    digest.collections.add(first, second)
    edition = make_open(digest)
    for collection in (second, first):
        headline = make_headline(title="One", url="https://kyivpost.example/1", feed=make_feed())
        new_pick(collection, headline=headline)
    assert collected(edition) == ["One"]
    item = edition.items.get()
    assert (item.collection, item.collection_ids) == (first, sorted([first.pk, second.pk]))


def test_words_of_a_post():
    author = make_author(name="Olena")
    post = new_post(
        kind=Post.Kind.LINK,
        source_url="https://www.wsj.com/a",
        language="uk",
        standfirst="Two sentences.",
        authors=[author, make_author(name="Taras")],
    )
    edition = make_open()
    collected(edition)
    item = edition.items.get()
    assert item.url == f"http://testserver{post.get_absolute_url()}"
    assert (item.section, item.title, item.text) == (post.category.name, "News", "Two sentences.")
    assert (item.outlet, item.byline, item.language) == ("wsj.com", "Olena, Taras", "uk")
    assert (item.at, item.html) == (post.published_at, "")


def test_words_of_a_pick():
    collection = make_collection(title="Selected Articles")
    digest = make_digest()
    digest.collections.add(collection)
    headline = make_headline(title="Заголовок", language="uk", url="https://outlet.example/a")
    new_pick(collection, headline=headline, translated_title="A title", note="Worth it.")
    edition = make_open(digest)
    collected(edition)
    item = edition.items.get()
    assert (item.title, item.subtitle, item.language) == ("Заголовок", "A title", "uk")
    assert (item.url, item.outlet) == ("https://outlet.example/a", "outlet.example")
    assert (item.section, item.note, item.text) == (
        "Selected Articles",
        "Worth it.",
        headline.summary,
    )


def test_what_changes_before_it_is_frozen_is_read_again():
    edition = make_open()
    post = new_post("Before")
    collected(edition)
    post.title = "After"
    post.save()
    assert collected(edition) == ["After"]
    post.withdraw()
    assert collected(edition) == []


def test_frozen_edition_does_not_change():
    edition = make_open()
    post = new_post("Before")
    collected(edition)
    Edition.objects.filter(pk=edition.pk).update(state=State.SENDING)
    post.withdraw()
    assert collected(edition) == ["Before"]


def test_collecting_again_writes_nothing():
    edition = make_open()
    new_post()
    assert collect(edition.pk, now=NOW)
    with CaptureQueriesContext(connection) as queries:
        assert not collect(edition.pk, now=NOW)
    kinds = ("INSERT", "UPDATE", "DELETE")
    assert [one["sql"] for one in queries if one["sql"].startswith(kinds)] == []


def test_collecting_takes_as_many_queries_for_30_items_as_for_one():
    collection = make_collection()
    digest = make_digest()
    digest.collections.add(collection)
    edition = make_open(digest)
    counts = []
    for rows in (1, 14):
        for _ in range(rows):
            new_post(authors=[make_author()])
            new_pick(collection)
        collect(edition.pk, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            collect(edition.pk, now=NOW)
        counts.append(len(queries))
    assert edition.items.count() == 30
    assert counts[0] == counts[1] < 20


def test_editors_order_drops_and_words_stay():
    edition = make_open(intro="Hello", subject="Ours")
    for number in range(3):
        new_post(f"{number}", START + number * HOUR)
    assert collected(edition) == ["2", "1", "0"]
    edition.items.filter(title="1").update(position=0, is_dropped=True)
    edition.items.filter(title="2").update(position=1)
    new_post("3", START + 3 * HOUR)
    assert collected(edition) == ["3", "1", "2", "0"]
    assert [item.title for item in edition.items.filter(is_dropped=True)] == ["1"]
    edition.refresh_from_db()
    assert (edition.intro, edition.subject) == ("Hello", "Ours")


def test_what_came_in_late_with_an_earlier_date_is_in_the_next_edition_once():
    digest = make_digest()
    last = make_edition(digest=digest, due_at=START, window_end=START, state=State.SENT)
    mailed(last, new_post("mailed", START - HOUR))
    mailed(last, new_post("dropped", START - HOUR), is_dropped=True)
    new_post("dated back", START - HOUR)
    new_post("long ago", START - timedelta(days=3))
    edition = make_open(digest, before=None)
    assert collected(edition) == ["dated back"]


def test_nothing_from_before_the_digest_began_comes_in():
    digest = make_digest(started_at=START)
    new_post("old", START - SECOND)
    new_post("new", START)
    assert collected(make_open(digest, before=None)) == ["new"]


@pytest.mark.parametrize("state", [State.SKIPPED, State.CANCELLED])
def test_what_did_not_go_out_goes_with_the_next(state):
    digest = make_digest(started_at=START - timedelta(days=9))
    make_edition(
        digest=digest, due_at=START, window_end=START, window_start=START - HOUR, state=state
    )
    new_post("waits", START - timedelta(days=5))
    edition = make_open(digest, before=None, window_start=START)
    assert collected(edition) == ["waits"]
    edition.refresh_from_db()
    assert edition.window_start == digest.started_at


def test_what_was_stopped_on_its_way_while_a_later_one_went_is_not_lost():
    digest = make_digest(started_at=START - timedelta(days=20))
    stopped = make_edition(
        digest=digest,
        due_at=START - timedelta(days=7),
        window_start=START - timedelta(days=14),
        window_end=START - timedelta(days=7),
        state=State.CANCELLED,
    )
    post = new_post("stopped", START - timedelta(days=9))
    mailed(stopped, post)
    mailed(stopped, new_post("left out", START - timedelta(days=9)), is_dropped=True)
    new_post("never held", START - timedelta(days=9))
    later = make_edition(digest=digest, due_at=START, window_end=START, state=State.SENT)
    edition = make_open(digest, before=None)
    assert collected(edition) == ["stopped"]
    mailed(later, post)
    assert collected(edition) == []


def test_correction_of_what_was_mailed_comes_in():
    digest = make_digest(has_posts=False)
    edition = make_open(digest)
    post, unmailed = new_post("Wrong", START - HOUR), new_post("Never mailed", START - HOUR)
    mailed(Edition.objects.get(state=State.SENT), post)
    for one in (post, unmailed):
        Correction.objects.create(post=one, text="A name.", made_at=START + HOUR)
    assert collected(edition) == ["Wrong"]
    item = edition.items.get()
    assert (item.kind, item.text, item.post) == ("correction", "A name.", post)


def test_corrections_can_be_left_out():
    edition = make_open(make_digest(has_corrections=False))
    post = new_post("Wrong", START - HOUR)
    mailed(Edition.objects.get(state=State.SENT), post)
    Correction.objects.create(post=post, text="A name.", made_at=START + HOUR)
    assert collected(edition) == []


def test_what_was_taken_back_after_it_was_mailed_is_noted():
    collection = make_collection()
    digest = make_digest()
    digest.collections.add(collection)
    edition = make_open(digest)
    last = Edition.objects.get(state=State.SENT)
    post = new_post("Gone", START - HOUR)
    mailed(last, post)
    Post.objects.filter(pk=post.pk).update(status="withdrawn", updated_at=START + HOUR)
    pick = new_pick(collection, "Pulled", START - HOUR, withdrawn_at=START + HOUR)
    key = f"article:{pick.article_key}"
    EditionItem.objects.create(
        edition=last, kind="pick", key=key, title="As mailed", at=START, url="/"
    )
    unmailed = new_post("Never mailed", START - HOUR)
    Post.objects.filter(pk=unmailed.pk).update(status="withdrawn", updated_at=START + HOUR)
    assert collected(edition) == ["Gone", "As mailed"]
    assert [item.key for item in edition.items.all()] == [
        f"withdrawn:post:{post.pk}",
        f"withdrawn:{key}",
    ]


def test_article_that_still_stands_elsewhere_is_not_taken_back():
    here, there = make_collection(), make_collection()
    digest = make_digest()
    digest.collections.add(here)
    edition = make_open(digest)
    headline = make_headline()
    pick = new_pick(here, at=START - HOUR, headline=headline, withdrawn_at=START + HOUR)
    new_pick(there, at=START - HOUR, headline=headline)
    EditionItem.objects.create(
        edition=Edition.objects.get(state=State.SENT),
        kind="pick",
        key=f"article:{pick.article_key}",
        title="As mailed",
        at=START,
        url="/",
    )
    assert collected(edition) == []


def test_single_post_is_collected_whole():
    post = new_post("Alone", body="<p>One <a href='/x/'>link</a>.</p><figure>x</figure>")
    edition = make_edition(kind="post", post=post, state=State.OPEN, frozen_at=None, due_at=DUE)
    assert collected(edition) == ["Alone"]
    item = edition.items.get()
    assert item.html == '<p>One <a href="http://testserver/x/">link</a>.</p>'
    post.withdraw()
    assert collected(edition) == []
