"""Places in lists follow every write, and their numbers with them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.utils import timezone

from blog import place_triggers, places
from blog.models import (
    Author,
    Category,
    ListKind,
    Place,
    Post,
    SiteSettings,
    Tag,
    TaggedPost,
    Tally,
)
from tests.factories import make_author, make_category, make_post

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
RIGHT = places.Difference(places=0, tallies=0)


def lists_of(post):
    return sorted(Place.objects.filter(post_id=post.pk).values_list("kind", "list_id"))


def numbers(kind=ListKind.STREAM, key=0):
    months = Tally.objects.filter(kind=kind, list_id=key, count__gt=0).order_by("starts_at")
    return [(f"{month.starts_at:%Y-%m-%d %H}", month.count) for month in months]


@pytest.fixture(autouse=True)
def _nothing_is_wrong_in_the_end():
    yield
    assert places.check() == RIGHT


@pytest.fixture
def post():
    return make_post(published_at=AT, authors=[make_author()], tags=["a"])


def expected(post):
    return [
        (ListKind.STREAM, 0),
        (ListKind.CATEGORY, post.category_id),
        *((ListKind.TAG, tag.pk) for tag in post.tags.all()),
        *((ListKind.AUTHOR, author.pk) for author in post.authors.all()),
    ]


def test_published_post_stands_in_its_lists(post):
    assert lists_of(post) == expected(post)
    assert numbers() == [("2026-11-01 00", 1)]


@pytest.mark.parametrize("state", ["draft", "review", "withdrawn"])
def test_other_posts_stand_nowhere_until_they_are_published(state):
    post = make_post(status=state, published_at=AT, authors=[make_author()], tags=["a", "b"])
    assert lists_of(post) == []
    Post.objects.filter(pk=post.pk).update(status="published")
    assert lists_of(post) == expected(post)
    post.status = state
    post.save()
    assert (lists_of(post), numbers()) == ([], [])


def test_places_follow_sections_tags_and_authors(post):
    other, author = make_category(), make_author()
    post.categories.add(other)
    post.authors.set([author])
    post.tags.set(["b"])
    assert lists_of(post) == sorted([*expected(post), (ListKind.CATEGORY, other.pk)])
    assert numbers(ListKind.AUTHOR, author.pk) == [("2026-11-01 00", 1)]


def test_places_follow_the_date(post):
    Post.objects.update(published_at=F("published_at") - timedelta(days=20))
    assert set(Place.objects.values_list("published_at", flat=True)) == {AT - timedelta(days=20)}
    assert numbers() == [("2026-10-01 00", 1)]


def test_what_is_deleted_leaves_no_place(post):
    post.categories.add(make_category())
    Tag.objects.get(name="a").delete()
    Author.objects.all().delete()
    Category.objects.exclude(pk=post.category_id).delete()
    assert lists_of(post) == expected(post)
    post.delete()
    assert (Place.objects.count(), numbers()) == (0, [])


def test_places_follow_what_is_written_in_bulk(post):
    category = make_category()
    made = Post.objects.bulk_create(
        Post(slug=f"p{n}", title="P", category=category, status="published", published_at=AT)
        for n in range(3)
    )
    through = Post.categories.through
    through.objects.bulk_create(
        [through(post=one, category=category) for one in made], ignore_conflicts=True
    )
    assert numbers(ListKind.CATEGORY, category.pk) == [("2026-11-01 00", 3)]
    through.objects.filter(category=category).update(category=post.category)
    assert numbers(ListKind.CATEGORY, category.pk) == []
    assert numbers(ListKind.CATEGORY, post.category_id) == [("2026-11-01 00", 4)]
    Post.objects.filter(category=category).update(status="withdrawn")
    assert numbers() == [("2026-11-01 00", 1)]


def test_places_follow_tags_that_are_merged(post):
    kept, gone = Tag.objects.get(name="a"), Tag.objects.create(name="b")
    other = make_post(published_at=AT, tags=["b"])
    TaggedPost.objects.filter(tag=gone).update(tag=kept)
    assert lists_of(other) == expected(other)
    assert (numbers(ListKind.TAG, kept.pk), numbers(ListKind.TAG, gone.pk)) == (
        [("2026-11-01 00", 2)],
        [],
    )


def test_saving_what_stays_as_it_is_moves_nothing(post):
    before = list(Place.objects.order_by("pk").values())
    post.title = "Another"
    post.save()
    assert list(Place.objects.order_by("pk").values()) == before


def test_months_are_those_of_the_sites_clock():
    make_post(published_at=datetime(2026, 10, 31, 22, 30, tzinfo=UTC))
    make_post(published_at=datetime(2026, 10, 31, 21, 30, tzinfo=UTC))
    assert numbers() == [("2026-10-01 00", 2)]
    SiteSettings.objects.create(time_zone="Europe/Kyiv")
    assert numbers() == [("2026-09-30 21", 1), ("2026-10-31 22", 1)]
    make_post(published_at=datetime(2026, 10, 31, 22, 0, tzinfo=UTC))
    assert numbers() == [("2026-09-30 21", 1), ("2026-10-31 22", 2)]


def test_what_is_older_than_all_months_is_counted_too():
    make_post(published_at=datetime(1810, 5, 1, tzinfo=UTC))
    make_post(published_at=datetime(1799, 5, 1, tzinfo=UTC))
    assert [count for _, count in numbers()] == [2]


def test_command_finds_and_repairs_what_went_around_the_triggers(post, capsys):
    call_command("check_lists")
    assert capsys.readouterr().out == "The lists are right.\n"
    Place.objects.filter(kind=ListKind.TAG).delete()
    Place.objects.filter(kind=ListKind.AUTHOR).update(published_at=AT - timedelta(days=1))
    Place.objects.create(post_id=10**6, kind=ListKind.STREAM, list_id=0, published_at=AT)
    Tally.objects.filter(kind=ListKind.CATEGORY).update(count=7)
    with pytest.raises(CommandError, match="Wrong: 4 places and 2 numbers of posts"):
        call_command("check_lists")
    call_command("check_lists", repair=True)
    assert capsys.readouterr().out == "Set right: 4 places and 2 numbers of posts.\n"
    assert lists_of(post) == expected(post)


def test_migrate_makes_what_is_missing_and_takes_in_what_was_written_meanwhile():
    place_triggers.drop(connection)
    post = make_post(published_at=AT, tags=["a"])
    assert lists_of(post) == []
    call_command("migrate", verbosity=0)
    assert lists_of(post) == expected(post)
    assert place_triggers.build(connection) is False
    Post.objects.update(published_at=timezone.now())
    assert places.check() == RIGHT


def test_repair_goes_on_where_it_was_killed(monkeypatch):
    monkeypatch.setattr(places, "BATCH", 2)
    place_triggers.drop(connection)
    posts = [make_post(published_at=AT, tags=["a"]) for _ in range(7)]
    spans = places._batches()
    first = next(spans)
    monkeypatch.setattr(places, "_batches", lambda: iter([first]))
    places.repair()
    monkeypatch.undo()
    place_triggers.build(connection)
    places.repair()
    assert [lists_of(post) for post in posts] == [expected(post) for post in posts]
    assert numbers() == [("2026-11-01 00", 7)]
