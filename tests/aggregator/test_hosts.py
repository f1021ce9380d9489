"""Turns at hosts."""

import asyncio

import pytest

from aggregator.hosts import HostTurns


def test_turns_follow_one_another_with_a_pause_and_hosts_do_not_wait_for_others():
    turns = HostTurns(gap_s=0.05)
    events = []

    async def visit(host):
        async with turns.turn(host):
            events.append((host, "in", asyncio.get_running_loop().time()))
            await asyncio.sleep(0.02)
            events.append((host, "out", asyncio.get_running_loop().time()))

    async def go():
        await asyncio.gather(visit("a"), visit("a"), visit("b"))

    asyncio.run(go())
    assert [event[:2] for event in events] == [
        *(("a", "in"), ("b", "in"), ("a", "out"), ("b", "out"), ("a", "in"), ("a", "out")),
    ]
    assert events[4][2] - events[2][2] >= 0.05


def test_a_host_is_crowded_while_many_wait_and_forgotten_afterwards():
    turns = HostTurns(gap_s=0)
    seen = []

    async def visit():
        async with turns.turn("a"):
            await asyncio.sleep(0)
            seen.append(turns.crowded(limit=2))

    async def go():
        await asyncio.gather(visit(), visit(), visit())

    asyncio.run(go())
    assert seen == [["a"], ["a"], []]
    assert turns.crowded(limit=0) == []


def test_a_turn_ends_when_its_holder_fails():
    turns = HostTurns(gap_s=0)

    def raise_error():
        raise ZeroDivisionError

    async def go():
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                async with turns.turn("a"):
                    raise_error()
        return "done"

    assert asyncio.run(asyncio.wait_for(go(), 2)) == "done"
