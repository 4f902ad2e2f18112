"""Turns are taken key by key, and idle keys are forgotten."""

import asyncio

from ingest.edge.fetch.turns import Turns


async def test_keys_do_not_wait_for_each_other() -> None:
    turns = Turns(1)
    async with turns.turn("a"), turns.turn("b"):
        assert len(turns) == 2


async def test_a_turn_is_waited_for() -> None:
    turns = Turns(1)
    order = []

    async def second() -> None:
        async with turns.turn("a"):
            order.append("second")

    async with turns.turn("a"):
        task = asyncio.create_task(second())
        await asyncio.sleep(0)
        order.append("first")
    await task
    assert order == ["first", "second"]


async def test_idle_keys_are_forgotten() -> None:
    turns = Turns(2)
    for number in range(100):
        async with turns.turn(f"{number}.example"):
            pass
    assert len(turns) == 0


async def test_who_gives_up_waiting_leaves_nothing_behind() -> None:
    turns = Turns(1)

    async def wait() -> None:
        async with turns.turn("a"):
            raise AssertionError

    async with turns.turn("a"):
        task = asyncio.create_task(wait())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert len(turns) == 0
