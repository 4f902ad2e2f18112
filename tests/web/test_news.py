"""Who waits for changes is told of them, or of why nobody looks any more."""

import asyncio
from typing import cast

import pytest

from ingest.edge.clock import SystemClock
from ingest.ports import Store
from ingest.web.api import news
from ingest.web.api.news import News


class Faulty:
    """Changes that come to 5; once, looking brings out a defect."""

    def __init__(self) -> None:
        self.changes = self
        self.looks = 0

    async def last(self) -> int:
        self.looks += 1
        if self.looks == 2:
            raise RuntimeError("a defect")
        return 5 if self.looks < 4 else 6


async def test_a_defect_ends_the_waiting_of_all_and_the_next_to_wait_is_told_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(news, "LOOK_S", 0.0)
    told = News(cast(Store, Faulty()), SystemClock())
    async with asyncio.timeout(5):
        ended = await asyncio.gather(told.beyond(5), told.beyond(7), return_exceptions=True)
        assert [type(each) for each in ended] == [RuntimeError, RuntimeError]
        await told.beyond(5)
