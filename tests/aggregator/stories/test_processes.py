"""Several processes, and one that is killed: each headline is grouped once."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connections

from aggregator.models import Headline, Signature, Story, StoryMember
from aggregator.stories import grouping
from aggregator.stories.deciding import merge
from tests.aggregator.stories.telling import MARKET, NOW, OTHER, tell
from tests.waiting import wait_until

FILL = """
from django.utils import timezone
from aggregator.models import *
feed = Feed.objects.create(url="https://o.example/feed")
now = timezone.now()
Headline.objects.bulk_create(
    Headline(
        feed=feed, key=str(n), title="T", canonical_url=f"https://o.example/{n // 2}",
        outlet=f"o{n}.example", first_seen_at=now, published_at=now,
    )
    for n in range(2_000)
)
"""
GROUP = """
from aggregator.stories import grouping
grouping.BATCH, grouping.LEASE = 50, grouping.timedelta(0)
grouping.group()
"""
COUNT = """
from aggregator.models import *
from django.db.models import Sum
print(Signature.objects.count(), StoryMember.objects.count(), Story.objects.count())
print(Story.objects.aggregate(sum=Sum("count"))["sum"])
"""


def test_killed_in_the_middle_it_goes_on_where_it_was(own_database, tmp_path):
    environment = os.environ | {"DATABASE_URL": own_database.url, "DATA_DIR": str(tmp_path)}

    def manage(*command):
        command = [sys.executable, "manage.py", *command]
        return subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE)

    def finish(*command):
        output, _ = manage(*command).communicate(timeout=120)
        return output

    finish("shell", "-v0", "-c", FILL)
    at_work = manage("shell", "-v0", "-c", GROUP)
    begun = "SELECT count(*) FROM aggregator_signature"
    wait_until(lambda: own_database.ask(begun)[0][0], running=[at_work])
    at_work.send_signal(signal.SIGKILL)
    at_work.communicate()
    done, *_ = map(int, finish("shell", "-v0", "-c", COUNT).split())
    assert 0 < done < 2_000
    finish("shell", "-v0", "-c", GROUP)
    assert finish("shell", "-v0", "-c", COUNT).split() == ["2000", "2000", "1000", "2000"]


def in_a_thread(work):
    def run(argument):
        try:
            return work(argument)
        finally:
            connections.close_all()

    return run


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_several_processes_one_groups(monkeypatch):
    monkeypatch.setattr(grouping, "BATCH", 3)
    for number in range(30):
        tell(MARKET[number % 2], minutes=number)
    with time_machine.travel(NOW + timedelta(hours=1)), ThreadPoolExecutor(4) as pool:
        done = list(pool.map(in_a_thread(lambda _: grouping.group()), range(4)))
        done.append(grouping.group())
    assert sum(done) == Signature.objects.count() == 30
    assert (Story.objects.get().count, StoryMember.objects.count()) == (30, 30)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_editors_and_the_worker_decide_one_after_the_other(monkeypatch):
    monkeypatch.setattr(grouping, "BATCH", 1)
    rows = [tell(MARKET[number % 2], minutes=number) for number in range(12)]
    stranger = tell(OTHER)

    def act(number):
        if number == 0:
            return grouping.group()
        return merge(Headline.objects.get(pk=stranger.pk), rows[number], by=None, now=NOW)

    with time_machine.travel(NOW + timedelta(hours=1)), ThreadPoolExecutor(4) as pool:
        list(pool.map(in_a_thread(act), range(4)))
        grouping.group()
    for story in Story.objects.all():
        assert story.count == story.members.count() > 0
