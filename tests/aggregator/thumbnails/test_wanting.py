"""Which pictures are wanted, and which are not needed any more."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from aggregator.models import Collection, Headline, Pick, Thumbnail
from aggregator.thumbnails import sweeping, want
from aggregator.thumbnails.wanting import FIRST_PICKS, KEPT, want_for_readers
from blog.models import SiteSettings
from blog.pictures import files
from tests.aggregator.keeping import NOW
from tests.factories import make_collection, make_editor, make_headline, make_pick
from tests.plans import plan_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shows_pictures():
    SiteSettings(shows_outside_pictures=True).save()


def picked(number=1, **fields):
    headline = make_headline(image_url=f"https://a.example/{number}.jpg")
    return make_pick(headline=headline, **{"placed_at": NOW} | fields)


def test_nothing_is_fetched_for_readers_where_no_pictures_are_shown():
    picked()
    assert want_for_readers(now=NOW) == 0
    assert Thumbnail.objects.count() == 0


@pytest.mark.usefixtures("shows_pictures")
def test_wanted_for_readers_is_what_stands_in_public():
    shown = picked(1)
    picked(2, withdrawn_at=NOW)
    picked(3, until=NOW - timedelta(days=1))
    hidden = picked(4)
    Headline.objects.filter(pk=hidden.headline_id).update(is_hidden=True)
    make_headline(image_url="https://a.example/5.jpg")
    assert want_for_readers(now=NOW) == 1
    assert [one.address for one in Thumbnail.objects.all()] == [shown.headline.image_url]
    assert want_for_readers(now=NOW) == 0


@pytest.mark.usefixtures("shows_pictures")
def test_only_articles_that_editors_picked_are_looked_at_for_pictures():
    make_pick(headline=make_headline(url="https://a.example/by-feed"))
    make_pick(headline=make_headline(url="https://a.example/by-her"), picked_by=make_editor())
    assert want_for_readers(now=NOW) == 1
    page = Thumbnail.objects.get()
    assert (page.address, page.is_page) == ("https://a.example/by-her", True)


@pytest.mark.usefixtures("shows_pictures")
@pytest.mark.parametrize("archive", [0, 120])
def test_an_archive_costs_no_more(django_assert_num_queries, archive):
    Collection.objects.all().delete()
    collection = make_collection()
    for number in range(archive + 1):
        placed_at = NOW - timedelta(minutes=number)
        picked(number, collection=collection, placed_at=placed_at)
    with django_assert_num_queries(9):
        assert want_for_readers(now=NOW) == min(archive + 1, FIRST_PICKS)
    with django_assert_num_queries(3) as captured:
        want_for_readers(now=NOW)
    assert {"pick_stands", "pick_pinned"} <= set(
        re.findall(r"pick_\w+", plan_of(captured.captured_queries[2]))
    )


@pytest.mark.usefixtures("shows_pictures")
def test_what_is_pinned_is_among_the_first_however_old():
    collection = make_collection()
    for _ in range(FIRST_PICKS):
        make_pick(collection=collection, placed_at=NOW)
    picked(placed_at=NOW - timedelta(days=300), collection=collection, is_pinned=True)
    assert want_for_readers(now=NOW) == 1


@pytest.mark.parametrize("count", [1, 30])
def test_wanting_takes_so_many_queries(django_assert_num_queries, count):
    headlines = [make_headline(image_url=f"https://a.example/{n}.jpg") for n in range(count)]
    with django_assert_num_queries(6):
        assert want(headlines, now=NOW) == count
    assert Thumbnail.objects.count() == count


def test_wanting_moves_no_page_of_a_reader(moves):
    headline = make_headline(image_url="https://a.example/a.jpg")
    assert moves(lambda: want([headline], now=NOW)) == 0
    assert Thumbnail.objects.count() == 1


def test_no_more_are_wanted_at_once_than_a_desk_shows():
    headlines = [make_headline(image_url=f"https://a.example/{n}.jpg") for n in range(120)]
    assert want(headlines, now=NOW) == 100


@pytest.fixture
def kept(media_folder):
    """Make headlines with pictures whose files are there; their time is over."""

    def keep(**fields):
        pick = picked(Thumbnail.objects.count(), **fields)
        want([pick.headline], now=NOW)
        Thumbnail.objects.update(state="ready", kept_until=NOW)
        pick.refresh_from_db()
        files.put(f"{pick.headline.thumbnail.folder}/a.webp", b"a")
        return pick

    keep.folder = media_folder
    return keep


def swept(kept, later=timedelta(minutes=1)):
    """Sweep; return how many folders are left."""
    sweeping.sweep(now=NOW + later)
    return len(list(kept.folder.rglob("a.webp")))


def test_pictures_of_what_stands_are_kept(kept):
    pick = kept(picked_by=make_editor(), placed_at=NOW - timedelta(days=300))
    kept(placed_at=NOW - timedelta(days=3))
    assert swept(kept) == 2
    pick.headline.thumbnail.refresh_from_db()
    assert pick.headline.thumbnail.kept_until == NOW + timedelta(minutes=1) + KEPT


@pytest.mark.parametrize(
    "fields",
    [
        {"withdrawn_at": NOW, "picked_by": None},
        {"until": NOW},
        {"placed_at": NOW - timedelta(days=31)},  # by its feed
    ],
)
def test_pictures_of_what_stands_no_more_go(kept, fields):
    pick = kept(**fields)
    assert swept(kept) == 0
    assert Thumbnail.objects.count() == 0
    pick.headline.refresh_from_db()
    assert pick.headline.thumbnail is None
    assert list(kept.folder.rglob("outside/*/*")) == []


def test_pictures_of_deleted_headlines_go(kept):
    pick = kept()
    Pick.objects.all().delete()
    pick.headline.delete()
    assert swept(kept) == 0
    assert Thumbnail.objects.count() == 0


def test_a_picture_stays_a_while_after_its_pick(kept):
    kept(withdrawn_at=NOW)
    Thumbnail.objects.update(kept_until=NOW + KEPT)
    assert swept(kept, later=KEPT - timedelta(hours=1)) == 1
    assert swept(kept, later=KEPT + timedelta(hours=1)) == 0


def test_a_shared_picture_stays_with_the_last_of_its_headlines(kept):
    pick = kept(withdrawn_at=NOW)
    other = make_headline(image_url=pick.headline.image_url, thumbnail=pick.headline.thumbnail)
    make_pick(headline=other, placed_at=NOW)
    assert swept(kept) == 1


def test_who_dies_between_files_and_row_is_followed_by_the_next(kept):
    pick = kept(withdrawn_at=NOW)
    Headline.objects.update(thumbnail=None)
    Thumbnail.objects.update(state="going")
    files.delete_folder(pick.headline.thumbnail.folder)
    assert swept(kept) == 0
    assert Thumbnail.objects.count() == 0


def test_pages_are_made_anew_before_the_files_go(kept, moves):
    kept(withdrawn_at=NOW)
    assert moves(lambda: sweeping.sweep(now=NOW + timedelta(minutes=1))) == 1


@pytest.mark.parametrize("count", [1, 30])
def test_sweeping_takes_so_many_queries(kept, django_assert_num_queries, count):
    for _ in range(count):
        kept(withdrawn_at=NOW)
    with django_assert_num_queries(9):
        assert sweeping.sweep(now=NOW + timedelta(minutes=1)) == count
    with django_assert_num_queries(3):
        sweeping.sweep(now=timezone.now())
