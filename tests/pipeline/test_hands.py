"""Many pieces of work at once: all are done, each outcome is handed on, and none is kept."""

import asyncio
import weakref
from collections.abc import Collection

import pytest

from ingest.pipeline.hands import Job, drain

HANDS = 4


class Result:
    """An outcome that can be watched."""


async def renewed(_: Collection[int]) -> None:
    """Nothing is leased."""


def job(numbers: list[int], made: "weakref.WeakSet[Result]", most: list[int]) -> Job[int, Result]:
    """Work on these numbers, and how many of its outcomes are there at most."""

    async def take(free: int, _: Collection[int]) -> list[int]:
        most.append(len(made))
        taken, numbers[:] = numbers[:free], numbers[free:]
        return taken

    async def work(_: int) -> Result:
        result = Result()
        made.add(result)
        return result

    return Job(take, work, renewed)


async def test_outcomes_that_nobody_keeps_take_no_memory() -> None:
    most: list[int] = []
    await drain(job(list(range(100)), weakref.WeakSet(), most), HANDS)
    assert max(most) <= HANDS


async def test_each_outcome_is_handed_on() -> None:
    kept: list[Result] = []
    await drain(job(list(range(100)), weakref.WeakSet(), []), HANDS, kept.append)
    assert len(set(kept)) == 100


async def test_where_one_breaks_off_those_in_work_are_left() -> None:
    left: list[int] = []
    waiting = [1, 2, 3]

    async def take(free: int, _: Collection[int]) -> list[int]:
        taken, waiting[:] = waiting[:free], waiting[free:]
        return taken

    async def work(number: int) -> None:
        if number == 2:
            raise RuntimeError
        if number == 3:
            await asyncio.Event().wait()

    with pytest.raises(RuntimeError):
        await drain(Job(take, work, renewed, left.extend), HANDS)
    assert sorted(left) == [2, 3]
