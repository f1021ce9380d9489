"""Does the side work of a poller, at real servers, as often as a test wants."""

from asgiref.sync import async_to_sync
from django.utils import timezone

from aggregator.fetch import Limits, open_session
from aggregator.hosts import HostTurns
from aggregator.kit import Kit
from aggregator.side_work import SideWork
from tests.aggregator.serving import LOOPBACK


def with_kit(work, *, allowed=LOOPBACK, clock=timezone.now, resolver=None, **limits):
    """Run ``work(kit)``, a coroutine function, with what a poller has; return what it returns."""

    async def go():
        bounds = Limits(**{"timeout_s": 2} | limits)
        async with open_session(
            user_agent="Test", allowed_networks=allowed, limits=bounds, resolver=resolver
        ) as session:
            turns = HostTurns(gap_s=0)
            return await work(
                Kit(session=session, limits=bounds, turns=turns, pool=None, clock=clock)
            )

    return async_to_sync(go)()


def do_all(*jobs, **options):
    """Do what waits, once."""
    with_kit(lambda kit: SideWork(kit, jobs=jobs).do_all(), **options)
