"""What a poller does beside polling."""

import asyncio
import logging

import pytest
from asgiref.sync import async_to_sync

from aggregator.fetch import Limits
from aggregator.hosts import HostTurns
from aggregator.kit import Kit
from aggregator.side_work import JOBS, QUIET_JOBS, SideWork
from tests.aggregator.keeping import NOW

pytestmark = pytest.mark.django_db


class Job:
    """Work of its own kind, in a list instead of a table."""

    def __init__(self, *waiting):
        self.waiting = list(waiting)
        self.attended = []

    def claim_waiting(self, *, now, limit):
        claimed, self.waiting = self.waiting[:limit], self.waiting[limit:]
        return claimed

    async def attend(self, piece, kit):
        if piece == "broken":
            raise ZeroDivisionError
        await asyncio.sleep(0)
        self.attended.append(piece)


def kit():
    return Kit(
        session=None, limits=Limits(), turns=HostTurns(gap_s=0), pool=None, clock=lambda: NOW
    )


def do_all(*jobs):
    async_to_sync(SideWork(kit(), jobs=jobs).do_all)()


def test_all_kinds_of_waiting_work_are_done():
    one, two = Job("a", "b"), Job("c")
    do_all(one, two)
    assert (one.attended, two.attended) == (["a", "b"], ["c"])


def test_what_fails_in_an_unforeseen_way_is_logged_and_stops_nothing(caplog):
    caplog.set_level(logging.ERROR)
    job = Job("broken", "a")
    do_all(job)
    assert job.attended == ["a"]
    assert caplog.messages == ["broken failed in an unforeseen way"]


def test_no_more_is_claimed_than_there_is_room_for():
    job = Job(*range(20))
    do_all(job)
    assert len(job.attended) == 8
    assert len(job.waiting) == 12


def test_quiet_work_has_places_of_its_own():
    editors, *quiet = SideWork.all_of(kit())
    assert editors._jobs == JOBS
    assert [work._jobs for work in quiet] == [(job,) for job in QUIET_JOBS]
