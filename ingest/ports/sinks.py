"""The doors to those who are delivered to, and to how far each of them is."""

import builtins
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Protocol

from ingest.model import Announcement, DeadLetter, SinkSpec, SinkState

Now = Callable[[], dt.datetime]
"""The present, asked for when a write is made: it may have waited for long."""


class Sink(Protocol):
    """A receiver of changes: at least once, in order, one batch at a time."""

    @property
    def spec(self) -> SinkSpec:
        """What it is, and what it wants."""

    @property
    def closes_at(self) -> dt.datetime | None:
        """When something that stands open is to be closed although nothing more comes; None: nothing is."""

    async def deliver(self, announcements: Sequence[Announcement], key: str) -> None:
        """Hand over a batch; it is taken for good when this returns.

        A batch that comes again has the same key, or nothing comes of it.

        Args:
            key: of the batch, among those of this sink.

        Raises:
            DeliveryError: it was not taken, or nobody knows whether it was.
        """

    async def close_open(self) -> None:
        """Close what stands open; raises DeliveryError where that fails."""

    async def test(self) -> str:
        """Whether it would take something, without giving it a change; in words for people, else DeliveryError."""

    async def close(self) -> None:
        """Let go of everything; what is being handed over is finished or taken back."""


class Deliveries(Protocol):
    """How far the sinks are; a part of the Store. Every write is one transaction; all methods raise StoreError.

    Whoever delivers to a sink holds it, so that two processes never do. A process has each in one hand: what it held
    itself, and could not give back, is free to it.
    """

    async def sync(self, specs: Sequence[SinkSpec], now: dt.datetime) -> None:
        """Begin with the sinks that are new; those that failed or stopped are tried again at once."""

    async def due(self, names: Sequence[str], closing: Sequence[str], now: dt.datetime) -> builtins.list[SinkState]:
        """Those of these that are due, in no other process's hands, and have something before them.

        Args:
            closing: those of them that are wanted although nothing is before them.
        """

    async def hold(self, before: SinkState, after: SinkState, now: Now) -> SinkState | None:
        """Make one ours, and write down what is begun with it. The lease counts from when it is written.

        Returns:
            `after`; None where another process has it, it rests, or somebody moved it meanwhile.
        """

    async def write(
        self, before: SinkState, after: SinkState, now: Now, letter: DeadLetter | None = None
    ) -> SinkState | None:
        """Move one on, and let go of it; what was delivered now is no dead letter any more.

        Args:
            letter: what was given up.

        Returns:
            `after`; None where another process has it, or somebody moved it meanwhile.
        """

    async def move(self, name: str, position: int, now: dt.datetime) -> SinkState:
        """Put one to another place, whoever delivers; it goes on beyond that `seq`.

        Raises:
            ConfigError: there is no such sink, or no such place: it was dropped, or is still to come.
        """

    async def list(self) -> builtins.list[SinkState]:
        """All that there ever were, by name."""

    async def letters(self, name: str | None = None, limit: int = 100) -> builtins.list[DeadLetter]:
        """What a sink, or any, would not take, the newest first."""

    async def count_letters(self) -> dict[str, int]:
        """How many there are, by sink."""
