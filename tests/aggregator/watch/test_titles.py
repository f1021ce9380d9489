"""Which sources are watched, and what their outlets call them by now."""

from datetime import timedelta

import pytest

from aggregator.models import HeadlineVersion, Pick, SourceWatch
from aggregator.watch import titles
from tests.aggregator.keeping import LATER, NOW, document, item, keep
from tests.factories import make_editor, make_feed, make_headline, make_pick
from tests.plans import plan_of

pytestmark = pytest.mark.django_db


def picked(feed=None, **fields):
    headline = make_headline(**{"feed": feed} if feed else {})
    return make_pick(headline=headline, picked_by=make_editor(), placed_at=NOW, **fields)


def take_up(**options):
    return titles.take_up(now=NOW, **options)


def test_what_editors_picked_is_watched_and_nothing_else():
    pick = picked()
    make_pick()  # by its feed
    picked(withdrawn_at=NOW)
    assert take_up() == 1
    [watch] = SourceWatch.objects.all()
    assert (watch.headline, watch.title) == (pick.headline, pick.headline.title)
    assert (watch.state, watch.asks_at) == ("unseen", None)
    assert NOW <= watch.next_at < NOW + timedelta(days=7)
    assert take_up() == 0


def test_one_article_in_two_collections_is_watched_once():
    pick = picked()
    make_pick(headline=pick.headline, picked_by=make_editor())
    assert take_up() == 2
    assert SourceWatch.objects.count() == 1


def test_first_looks_are_spread_over_the_week():
    for _ in range(28):
        picked()
    take_up()
    days = [watch.next_at.date() for watch in SourceWatch.objects.all()]
    assert max(days.count(day) for day in days) <= 6
    assert len(set(days)) >= 7


def test_taking_up_goes_in_steps_the_newest_first():
    old, new = picked(), picked()
    Pick.objects.filter(pk=old.pk).update(placed_at=NOW - timedelta(days=300))
    assert take_up(limit=1) == 1
    assert SourceWatch.objects.get().headline == new.headline
    assert take_up(limit=1) == 1


def test_taking_up_moves_no_page_of_a_reader(moves):
    picked()
    assert moves(take_up) == 0
    assert SourceWatch.objects.count() == 1


@pytest.mark.parametrize("count", [1, 30])
def test_taking_up_takes_so_many_queries(django_assert_num_queries, count):
    for _ in range(count):
        picked()
    with django_assert_num_queries(6):
        take_up()
    with django_assert_num_queries(3):
        take_up()


def test_what_is_to_be_taken_up_is_found_by_its_index(django_assert_max_num_queries):
    for _ in range(20):
        make_pick()
    with django_assert_max_num_queries(9) as captured:
        take_up()
    [query] = [one for one in captured.captured_queries if '"watched_at" IS NULL' in one["sql"]]
    assert "pick_unwatched" in plan_of(query)


def test_a_title_that_changed_between_pick_and_taking_up_asks():
    pick = picked()
    HeadlineVersion.objects.bulk_create(
        HeadlineVersion(headline=pick.headline, title=title, replaced_at=NOW + timedelta(hours=at))
        for title, at in (("Before", -1), ("When picked", 1), ("In between", 2))
    )
    take_up()
    watch = SourceWatch.objects.get()
    assert (watch.title, watch.retitled_at, watch.asks_at) == ("When picked", NOW, NOW)


@pytest.fixture
def watch():
    """A picked headline as its feed has brought it, watched."""
    feed = make_feed()
    keep(feed, document(item("First", guid="1"), item("Other", guid="2")))
    make_pick(headline=feed.headlines.get(title="First"), picked_by=make_editor(), placed_at=NOW)
    take_up()
    return SourceWatch.objects.select_related("headline__feed").get()


def brought(watch, title, now=LATER):
    body = document(item(title, guid="1"), item(f"Other {title}", guid="2"))
    keep(watch.headline.feed, body, now=now)
    watch.refresh_from_db()
    return watch


def test_a_title_that_its_outlet_changes_asks(watch):
    brought(watch, "Second")
    assert (watch.title, watch.headline.title) == ("First", "Second")
    assert (watch.retitled_at, watch.asks_at, watch.is_retitled) == (LATER, LATER, True)
    assert [old.title for old in watch.headline.versions.all()] == ["First"]


def test_a_title_that_is_changed_back_asks_no_more(watch):
    brought(watch, "Second")
    brought(watch, "First", now=LATER + timedelta(hours=1))
    assert (watch.retitled_at, watch.asks_at, watch.is_retitled) == (None, None, False)


def test_a_title_that_is_changed_back_leaves_the_question_of_a_dead_link(watch):
    SourceWatch.objects.update(state="dead", asks_at=NOW)
    brought(watch, "Second")
    brought(watch, "First", now=LATER + timedelta(hours=1))
    assert (watch.retitled_at, watch.asks_at) == (None, LATER)
