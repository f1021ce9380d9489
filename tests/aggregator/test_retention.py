"""What nobody picked goes, in small steps; what was picked stays."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.management import call_command

from aggregator import retention
from aggregator.models import Fingerprint, Headline, HeadlineVersion, Story, StoryMember
from aggregator.retention import Pruned, Terms, prune, still_listed
from aggregator.stories import keeping
from tests.aggregator.keeping import LATER, NOW, keep
from tests.aggregator.serving import rss
from tests.factories import make_feed, make_headline, make_pick
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def aged(days, extra=SECOND, **fields):
    seen = NOW - days * DAY - extra
    return make_headline(first_seen_at=seen, author="A", image_url="https://o.example/a", **fields)


def prune_now(now=NOW):
    return prune(Terms(), now=now)


def test_a_headline_loses_its_body_after_30_days_and_its_row_after_90():
    young, middle, old = aged(30, -SECOND), aged(30), aged(90)
    almost_old = aged(90, -SECOND)
    assert prune_now() == Pruned(trimmed=2, deleted=1)
    bodies = dict(Headline.objects.values_list("pk", "summary"))
    assert bodies == {young.pk: young.summary, middle.pk: "", almost_old.pk: ""}
    middle.refresh_from_db()
    assert (middle.author, middle.image_url, middle.trimmed_at) == ("", "", NOW)
    assert (middle.title, middle.url) != ("", "")
    left = Fingerprint.objects.get()
    assert (left.feed, left.key, left.until) == (old.feed, old.key, NOW + 180 * DAY)


def test_picked_headlines_stay_whole_for_ever():
    for fields in ({}, {"withdrawn_at": NOW}, {"until": NOW - DAY}):
        make_pick(headline=aged(5000), **fields)
    assert prune_now() == Pruned()
    assert Headline.objects.exclude(summary="").count() == 3


def test_hidden_headlines_go_too():
    aged(91, is_hidden=True)
    assert prune_now().deleted == 1


def test_former_versions_lose_their_text_and_go_with_their_headline():
    for days in (40, 91):
        headline = aged(days)
        HeadlineVersion.objects.create(
            headline=headline, title="T", summary="S", replaced_at=headline.first_seen_at
        )
    prune_now()
    assert list(HeadlineVersion.objects.values_list("title", "summary")) == [("T", "")]


def test_fingerprints_last_180_days():
    feed = make_feed()
    for key, until in (("over", NOW - SECOND), ("yet", NOW + SECOND)):
        Fingerprint.objects.create(feed=feed, key=key, until=until)
    assert prune_now() == Pruned(forgotten=1)
    assert Fingerprint.objects.get().key == "yet"


def test_what_has_gone_does_not_come_back_while_its_feed_lists_it():
    feed = make_feed()
    keep(feed, rss("A"))
    for days in (91, 270, 450, 630):
        now = NOW + days * DAY
        prune_now(now)
        assert keep(feed, rss("A"), now=now).new == 0
    assert Headline.objects.count() == 0


def test_a_fingerprint_that_lasts_long_enough_is_not_written(django_assert_num_queries):
    feed = make_feed()
    Fingerprint.objects.create(feed=feed, key="k", until=NOW + 91 * DAY)
    still_listed(feed.pk, ["k"], now=NOW, terms=Terms())
    assert Fingerprint.objects.get().until == NOW + 91 * DAY
    still_listed(feed.pk, ["k"], now=NOW + 2 * DAY, terms=Terms())
    assert Fingerprint.objects.get().until == NOW + 182 * DAY


@pytest.mark.parametrize("rows", [3, 30])
def test_a_step_costs_the_same_queries_at_any_number_of_rows(
    rows, django_assert_num_queries, monkeypatch
):
    feed = make_feed()
    for _ in range(rows):
        aged(100, feed=feed)
    # Deleting with 20 (savepoints, rows, fingerprints, their stories, what hangs on the rows), then
    # one more look at each of the three tables, with two for its savepoint.
    with django_assert_num_queries(20 + 3 * 3):
        prune_now()


def test_many_rows_go_in_steps_that_tell_how_far_they_are(monkeypatch):
    monkeypatch.setattr(retention, "STEP", 4)
    feed = make_feed()
    for _ in range(10):
        aged(100, feed=feed)
    told = []
    prune(Terms(), now=NOW, on_step=lambda done: told.append(done.deleted))
    assert told == [4, 8, 10]


def test_rows_of_one_instant_are_each_looked_at_once(monkeypatch):
    monkeypatch.setattr(retention, "STEP", 2)
    feed = make_feed()
    for _ in range(3):
        make_pick(headline=aged(100, feed=feed))
    for _ in range(5):
        aged(100, feed=feed)
    assert prune_now().deleted == 5


def test_the_command_says_what_it_did(capsys):
    headline = make_headline()
    Headline.objects.filter(pk=headline.pk).update(first_seen_at=LATER - 4000 * DAY)
    call_command("prune_headlines")
    out = capsys.readouterr().out
    assert out == "1 headlines deleted, 0 trimmed, 0 fingerprints gone\n"


FILL = """
from datetime import timedelta
from django.utils import timezone
from aggregator.models import *
feed = Feed.objects.create(url="https://o.example/feed")
seen = timezone.now() - timedelta(days=100)
Headline.objects.bulk_create(
    Headline(feed=feed, key=str(n), title="T", first_seen_at=seen, published_at=seen)
    for n in range(20_000)
)
"""
COUNT = """
from aggregator.models import *
print(Headline.objects.count(), Fingerprint.objects.count())
"""


def test_killed_in_the_middle_it_goes_on_where_it_was(own_database, tmp_path):
    environment = os.environ | {"DATABASE_URL": own_database.url, "DATA_DIR": str(tmp_path)}

    def manage(*command):
        return subprocess.Popen(
            [sys.executable, "manage.py", *command],
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
        )

    def finish(*command):
        output, _ = manage(*command).communicate(timeout=120)
        return output

    def counts():
        return [int(number) for number in finish("shell", "-v0", "-c", COUNT).split()]

    finish("shell", "-v0", "-c", FILL)
    pruning = manage("prune_headlines")
    begun = "SELECT count(*) FROM aggregator_fingerprint"
    wait_until(lambda: own_database.ask(begun)[0][0], running=[pruning])
    pruning.send_signal(signal.SIGKILL)
    pruning.communicate()
    headlines, fingerprints = counts()
    assert headlines > 0
    assert headlines + fingerprints == 20_000
    finish("prune_headlines")
    assert counts() == [0, 20_000]


def in_a_story(*headlines):
    """Put headlines into a story, as the worker does."""
    story = Story.objects.create(first_seen_at=NOW, last_seen_at=NOW, lead=headlines[0])
    StoryMember.objects.bulk_create(
        StoryMember(headline=one, story=story, reason="words", joined_at=NOW) for one in headlines
    )
    keeping.refresh([story.pk])
    return story


def test_a_story_goes_with_the_last_of_its_headlines():
    in_a_story(aged(91), aged(92))
    half = in_a_story(aged(93), young := aged(1))
    assert prune_now().deleted == 3
    left = Story.objects.get()
    assert (left, left.lead, left.count) == (half, young, 1)
    assert left.first_seen_at == young.first_seen_at
