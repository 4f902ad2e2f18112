"""The door to what is remembered of subscriptions (WebSub); a part of the Store."""

import datetime as dt
from collections.abc import Callable
from typing import Protocol

from ingest.model import Subscription


class Subscriptions(Protocol):
    """Subscriptions to feeds at their hubs. Every write is one transaction; all methods raise StoreError."""

    async def settle(self, public_url: str, new_token: Callable[[], str], now: dt.datetime) -> None:
        """Make the subscriptions be those of the feeds that are watched and name a hub.

        What is no longer wanted ends, what has lapsed or is missing is asked for, and pings that came while their feeds
        were polled are heeded.

        Args:
            public_url: where callbacks are reached from outside; empty: no subscription is wanted.
            new_token: makes texts that nobody can guess.
        """

    async def take_due(self, now: dt.datetime, limit: int) -> list[Subscription]:
        """Up to `limit` subscriptions whose hub is to be asked now; each such try is charged before it is made."""

    async def find(self, token: str) -> Subscription | None:
        """The one with this callback."""

    async def activate(self, subscription: Subscription, ends_at: dt.datetime, renew_at: dt.datetime) -> bool:
        """The hub has confirmed it, until `ends_at`; returns whether it is still wanted."""

    async def refuse(self, subscription: Subscription, try_at: dt.datetime, now: dt.datetime) -> None:
        """The hub refuses it: it is asked again at `try_at`, and not before."""

    async def ping(self, subscription: Subscription, now: dt.datetime) -> None:
        """Make its feed due; one whose poll is under way is polled once more."""
