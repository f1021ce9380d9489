"""Several clocks at once, some of which are killed: one edition, one row for each reader."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.waiting import wait_until

ROOT = Path(__file__).parents[3]
READERS = 3_000
SIZE = 20
KILLED_AT = (200, 700, 1_500)

FILL = f"""
from datetime import UTC, datetime, timedelta
from blog.models import Category, Post
from newsletter.models import Digest, Subscriber
start = datetime(2026, 11, 23, 7, tzinfo=UTC)
Digest.objects.exclude(audience="daily").delete()
Digest.objects.update(started_at=start)
war, arts = (Category.objects.create(name=name) for name in ("War", "Arts"))
for number in range(4):
    Post.objects.create(
        title=f"Post {{number}}", body="<p>Text.</p>", status="published",
        category=(war, arts)[number % 2], published_at=start + timedelta(hours=number + 1),
    )
Subscriber.objects.bulk_create(
    Subscriber(
        email=f"r{{n}}@example.org", email_key=f"r{{n}}@example.org", state="active",
        language=("en", "uk")[n % 2], confirmed_at=start, hour=n % 24,
    )
    for n in range({READERS})
)
"""
PLAN = """
from datetime import UTC, datetime
from newsletter.editions.planning import plan_all
plan_all(now=datetime(2026, 11, 24, 6, tzinfo=UTC))
"""
FREEZE = """
from datetime import UTC, datetime
from newsletter.editions.freezing import settle_due
settle_due(now=datetime(2026, 11, 24, 7, tzinfo=UTC))
"""
PREPARE = f"""
from datetime import UTC, datetime
from newsletter.editions.preparing import Preparation
from newsletter.models import Edition
edition = Edition.objects.select_related("digest").get(state="sending")
Preparation(edition).run(now=datetime(2026, 11, 24, 7, tzinfo=UTC), size={SIZE})
"""
TURN = """
import pathlib, time
from datetime import UTC, datetime
from newsletter.editions.clock import turn
pathlib.Path(f"{flag}.{number}").touch()
while not pathlib.Path(flag).exists():
    time.sleep(0.001)
for minute in range(5):
    turn(now=datetime(2026, 11, 24, 7, minute, tzinfo=UTC))
"""


class Site:
    """A site with a database of its own, of the kind that the tests run on."""

    def __init__(self, folder, database):
        self.environment = os.environ | {"DATABASE_URL": database.url, "DATA_DIR": str(folder)}
        self.ask = database.ask

    def start(self, script):
        command = [sys.executable, "manage.py", "shell", "-v0", "-c", script]
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, stderr=subprocess.PIPE)

    def run(self, *scripts):
        for script in scripts:
            _, errors = (process := self.start(script)).communicate()
            assert process.returncode == 0, errors.decode()


@pytest.fixture
def site(tmp_path, own_database):
    made = Site(tmp_path, own_database)
    made.run(FILL)
    return made


def count(site):
    return site.ask("SELECT count(*) FROM newsletter_delivery")[0][0]


def assert_ledger_is_whole(site):
    each = "SELECT count(*), count(DISTINCT subscriber_id), count(DISTINCT message_id)"
    assert site.ask(f"{each} FROM newsletter_delivery") == [(READERS, READERS, READERS)]
    (edition,) = site.ask(
        "SELECT number, prepared_at IS NOT NULL, prepared_to FROM newsletter_edition "
        "WHERE frozen_at IS NOT NULL"
    )
    last = site.ask("SELECT max(id) FROM newsletter_subscriber")[0][0]
    assert (edition[0], bool(edition[1]), edition[2]) == (1, True, last)
    assert site.ask("SELECT language FROM newsletter_variant ORDER BY language") == [
        ("en",),
        ("uk",),
    ]


def test_preparing_goes_on_where_it_was_killed(site):
    site.run(PLAN, FREEZE)
    for rows in KILLED_AT:
        workers = [site.start(PREPARE) for _ in range(2)]
        wait_until(lambda rows=rows: count(site) >= rows)
        for worker in workers:
            worker.kill()
            worker.communicate()
        assert rows <= count(site) < READERS
        assert count(site) % SIZE == 0  # of no batch is there a part
    site.run(PREPARE)
    assert_ledger_is_whole(site)


def test_clocks_that_turn_at_once_make_one_edition(site, tmp_path):
    site.run(PLAN)
    flag = tmp_path / "go"
    clocks = [site.start(f"flag, number = {str(flag)!r}, {number}\n{TURN}") for number in range(3)]
    ready = [tmp_path / f"go.{number}" for number in range(3)]
    wait_until(lambda: all(path.exists() for path in ready), running=clocks)
    flag.touch()
    errors = [clock.communicate()[1].decode() for clock in clocks]
    assert [clock.returncode for clock in clocks] == [0, 0, 0], errors
    assert_ledger_is_whole(site)
    states = site.ask("SELECT state FROM newsletter_edition ORDER BY due_at")
    assert states == [("sending",), ("open",)]
