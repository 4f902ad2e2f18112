"""The door to other processors."""

from collections.abc import Callable
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Pool(Protocol):
    """Where work that costs CPU is done: one call a document or page."""

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a pure, importable function in another process.

        Raises:
            WorkError: it took more time or memory than is allowed, or its process died.
        """

    @property
    def trouble(self) -> str | None:
        """Why no work can be done, as far as that is known; None: nothing is known to hinder it."""

    async def close(self) -> None:
        """Stop the workers; work in hand is dropped."""
