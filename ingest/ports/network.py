"""The doors to the network."""

from typing import Protocol

from ingest.errors import FetchError
from ingest.model import Request, Response


class Fetcher(Protocol):
    """Asks one URL, politely, safely and within bounds."""

    async def fetch(self, request: Request) -> Response:
        """The answer after redirects, whatever its status; a 304 has no body.

        Raises:
            FetchError: there is no answer, or it may not be asked for.
        """

    async def close(self) -> None:
        """Let go of connections."""


class Outlook(Protocol):
    """What we know of our own network."""

    @property
    def down(self) -> bool:
        """Whether most hosts fail together, so that the fault is ours."""

    async def saw(self, url: str, error: FetchError | None) -> None:
        """Learn from a request: it was answered, or failed with an error."""

    def room(self, hands: int) -> int:
        """How many of the free hands may ask now: all; within an outage one now and then, as a probe."""
