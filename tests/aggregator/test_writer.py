"""The work of many polls goes to the database together, and comes back one by one."""

import asyncio

import pytest
from asgiref.sync import async_to_sync

from aggregator.claims import LeaseLostError
from aggregator.models import Feed
from aggregator.writer import Writer
from tests.aggregator.keeping import NOW, claim_due, fetched, visit
from tests.factories import make_feed

pytestmark = pytest.mark.django_db


def write(*jobs):
    """Hand in all jobs at once; return their results or errors."""

    async def run():
        writer = Writer()
        results = await asyncio.gather(*(job(writer) for job in jobs), return_exceptions=True)
        await writer.close()
        return results

    return async_to_sync(run)()


def lose(*_):
    raise LeaseLostError


def test_each_job_gets_its_own_result_or_error():
    results = write(
        lambda writer: writer.run(lambda: "first"),
        lambda writer: writer.run(lose),
        lambda writer: writer.run(lambda a, *, b: (a, b), 1, b=2),
    )
    assert (results[0], type(results[1]), results[2]) == ("first", LeaseLostError, (1, 2))


def test_what_waits_while_the_thread_is_busy_goes_together(django_assert_num_queries):
    for _ in range(10):
        make_feed(next_poll_at=NOW)
    claimed = claim_due()
    jobs = [
        lambda writer, claim=claim: writer.nothing_new(claim, visit(claim), fetched(status=304))
        for claim in claimed
    ]
    with django_assert_num_queries(1):
        assert write(*jobs) == [None] * 10
    assert Feed.objects.filter(last_polled_at=NOW).count() == 10


def test_a_failure_of_those_without_news_reaches_all_of_them_and_nobody_else():
    make_feed(next_poll_at=NOW)
    [claim] = claim_due()
    broken = visit(claim, chance="x")
    results = write(
        lambda writer: writer.nothing_new(claim, broken, fetched(status=304)),
        lambda writer: writer.run(lambda: "fine"),
    )
    assert (type(results[0]), results[1]) == (TypeError, "fine")


def test_closing_waits_for_what_is_being_written():
    written = []

    async def run():
        writer = Writer()
        task = asyncio.ensure_future(writer.run(lambda: written.append("yes")))
        await asyncio.sleep(0)
        task.cancel()
        await writer.close()

    async_to_sync(run)()
    assert written == ["yes"]
