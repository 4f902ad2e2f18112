"""Turns are taken key by key, and idle keys are forgotten."""

import asyncio

import pytest

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


async def test_the_first_go_before_the_rest_whenever_they_come() -> None:
    turns, order = Turns(1), []

    async def take(name: str, first: bool) -> None:
        async with turns.turn("a", first):
            order.append(name)

    async with asyncio.TaskGroup() as group, turns.turn("a"):
        for name in ("page 1", "page 2", "feed 1", "feed 2"):
            group.create_task(take(name, first=name.startswith("feed")))
        await asyncio.sleep(0)
    assert order == ["feed 1", "feed 2", "page 1", "page 2"]


@pytest.mark.parametrize(
    ("first", "rest", "held"),
    [(0, 9, (0, 2)), (9, 9, (3, 0)), (1, 9, (1, 2)), (2, 9, (2, 1))],
)
async def test_kept_turns_are_for_the_first_alone(first: int, rest: int, held: tuple[int, int]) -> None:
    turns, holding, end = Turns(3, kept=1), {True: 0, False: 0}, asyncio.Event()

    async def take(is_first: bool) -> None:
        async with turns.turn("a", is_first):
            holding[is_first] += 1
            await end.wait()

    async with asyncio.TaskGroup() as group:
        for is_first in [True] * first + [False] * rest:
            group.create_task(take(is_first))
        for _ in range(3):
            await asyncio.sleep(0)
        assert (holding[True], holding[False]) == held
        end.set()
    assert len(turns) == 0


async def test_a_turn_given_to_somebody_who_just_left_goes_to_the_next() -> None:
    turns = Turns(1)

    async def take() -> None:
        async with turns.turn("a"):
            pass

    async with turns.turn("a"):
        leaving, staying = asyncio.create_task(take()), asyncio.create_task(take())
        await asyncio.sleep(0)
    leaving.cancel()  # its turn was called, and it has not heard of it
    await asyncio.gather(leaving, staying, return_exceptions=True)
    assert (leaving.cancelled(), staying.exception(), len(turns)) == (True, None, 0)
