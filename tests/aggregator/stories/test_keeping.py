"""What follows from a story's headlines: lead, times, count."""

from datetime import timedelta

import pytest

from aggregator import removal
from aggregator.models import PreferredOutlet, Story
from aggregator.stories.keeping import mend, rank_of, refresh
from aggregator.tasks import prune_headlines
from tests.aggregator.stories.telling import MARKET, tell
from tests.factories import make_feed, make_story

pytestmark = pytest.mark.django_db


def test_the_first_seen_leads_where_nobody_is_preferred():
    later, first = tell(MARKET[0], minutes=5), tell(MARKET[1], minutes=3)
    story = make_story(later, first)
    assert (story.lead, story.count, str(story)) == (first, 2, MARKET[1])
    assert story.last_seen_at - story.first_seen_at == timedelta(minutes=2)


def test_the_most_preferred_outlet_leads():
    for position, outlet in enumerate(("second.example", "third.example")):
        PreferredOutlet.objects.create(outlet=outlet, position=position)
    tell(MARKET[0])
    rows = [
        tell(title, minutes=at, outlet=outlet)
        for at, (title, outlet) in enumerate(
            zip(MARKET, ("first.example", "third.example", "www.second.example"), strict=False)
        )
    ]
    assert make_story(*rows).lead == rows[2]


def test_a_hidden_headline_leads_only_where_all_are():
    hidden, shown = tell(MARKET[0], is_hidden=True), tell(MARKET[1], minutes=1)
    assert make_story(hidden, shown).lead == shown
    assert make_story(tell(MARKET[2], is_hidden=True)).count == 1


@pytest.mark.parametrize(
    ("outlet", "rank"),
    [("bbc.com", 1), ("news.bbc.com", 1), ("notbbc.com", 2), ("", 2), ("kyivpost.com", 0)],
)
def test_outlets_are_ranked_with_their_subdomains(outlet, rank):
    assert rank_of(outlet, ["kyivpost.com", "bbc.com"]) == rank


def test_a_story_without_headlines_goes():
    story = make_story(headline := tell(MARKET[0]))
    headline.delete()
    refresh([story.pk])
    assert not Story.objects.exists()


def test_a_feed_that_is_removed_bit_by_bit_takes_its_stories_along():
    feed, other = make_feed(), make_feed()
    make_story(tell(MARKET[0], feed=feed), tell(MARKET[1], feed=feed))
    story = make_story(tell(MARKET[2], feed=feed), kept := tell(MARKET[3], feed=other))
    removal.remove(feed.pk)
    left = Story.objects.get()
    assert (left, left.lead, left.count) == (story, kept, 1)


def test_what_went_with_a_small_feed_is_put_right_by_night():
    feed, other = make_feed(), make_feed()
    make_story(tell(MARKET[0], feed=feed))
    story = make_story(tell(MARKET[2], feed=feed), kept := tell(MARKET[3], feed=other))
    untouched = make_story(tell(MARKET[1]))
    feed.delete()
    assert mend() == 2
    assert list(Story.objects.order_by("pk")) == [story, untouched]
    story.refresh_from_db()
    assert (story.lead, story.count) == (kept, 1)
    assert mend() == 0
    prune_headlines.call()


@pytest.mark.parametrize("rows", [1, 30])
def test_stories_are_written_in_as_many_queries_whatever_their_number(
    rows, django_assert_num_queries
):
    stories = [make_story(tell(MARKET[0]), tell(MARKET[1])).pk for _ in range(rows)]
    with django_assert_num_queries(5):
        refresh(stories)
