"""Subscriptions at hubs: what is wanted follows from the feeds, so that they are brought in line with these.

Rule 1: one is wanted for each feed that is watched and names a hub, at that hub, under the present public URL. All
        others end: an active one stays as `ended` until the hub's promise is over, for the hub may still ask and ping.
Rule 2: a try is charged before it is made; only the hub's confirmation clears it. So whatever dies is tried again.
Rule 3: where a promise ends, the feed is due as if it had been pinged: its turn may lie far away.
Rule 4: a ping that comes while its feed is polled waits: that poll may have asked before the news.
"""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, insert, not_, or_, select, update

from ingest.core.websub import next_try
from ingest.edge.store.feeds import ENABLED
from ingest.edge.store.leases import Holder
from ingest.edge.store.partial import has_hub, is_wanted
from ingest.edge.store.rows import noun
from ingest.edge.store.tables import feed_states, feeds, subscriptions
from ingest.edge.store.writer import Writer
from ingest.model import Subscription

T = TypeVar("T")
NewToken = Callable[[], str]
Ids = Select[int]

WATCHED = and_(~feeds.c.removed, ENABLED, feed_states.c.ended == "")
THEIR_STATES = feed_states.c.feed_id == subscriptions.c.feed_id


class Read(Protocol):
    """Runs a query on a reader."""

    def __call__(self, query: Callable[[Connection], T], /) -> Awaitable[T]: ...


class SqlSubscriptions:
    """Implements `ports.Subscriptions`."""

    def __init__(self, read: Read, writer: Writer, holder: Holder) -> None:
        self._read = read
        self._writer = writer
        self._holder = holder

    async def settle(self, public_url: str, new_token: NewToken, now: dt.datetime) -> None:
        """What is not as it should be is looked for by a reader, since mostly there is nothing."""
        unsettled = partial(_is_unsettled, holder=self._holder, public_url=public_url, now=now)
        if await self._read(unsettled):
            settle = partial(_settle, holder=self._holder, public_url=public_url, new_token=new_token, now=now)
            await self._writer.run(settle)

    async def take_due(self, now: dt.datetime, limit: int) -> list[Subscription]:
        if not await self._read(lambda connection: connection.execute(_due(now).limit(1)).first()):
            return []
        return await self._writer.run(partial(_take_due, now=now, limit=limit))

    async def find(self, token: str) -> Subscription | None:
        return await self._read(partial(_find, token=token))

    async def activate(self, subscription: Subscription, ends_at: dt.datetime, renew_at: dt.datetime) -> bool:
        values = {"state": "active", "ends_at": ends_at, "due_at": renew_at, "failures": 0}
        return await self._writer.run(partial(_change, subscription=subscription, values=values))

    async def refuse(self, subscription: Subscription, try_at: dt.datetime, now: dt.datetime) -> None:
        values: dict[str, object] = {"state": "asked", "ends_at": None, "due_at": try_at}
        if subscription.state == "active":
            values["pinged_at"] = now
        await self._writer.run(partial(_change, subscription=subscription, values=values))

    async def ping(self, subscription: Subscription, now: dt.datetime) -> None:
        def ping(connection: Connection) -> None:
            _change(connection, subscription, {"pinged_at": now})
            _heed(connection, self._holder, now)

        await self._writer.run(ping)


def _is_unsettled(connection: Connection, holder: Holder, public_url: str, now: dt.datetime) -> bool:
    queries = [
        select(subscriptions.c.id).where(or_(_has_lapsed(now), _is_over(now))),
        _unwanted(public_url),
        _pinged(connection, holder, now),
        *([_missing()] if public_url else []),
    ]
    return any(connection.execute(query.limit(1)).first() for query in queries)


def _settle(connection: Connection, holder: Holder, public_url: str, new_token: NewToken, now: dt.datetime) -> None:
    connection.execute(delete(subscriptions).where(_is_over(now)))
    lapsed = {"state": "asked", "ends_at": None, "pinged_at": now}
    connection.execute(update(subscriptions).where(_has_lapsed(now)).values(lapsed))
    unwanted = subscriptions.c.id.in_(_unwanted(public_url))
    connection.execute(delete(subscriptions).where(subscriptions.c.state == "asked", unwanted))
    ended = {"state": "ended", "due_at": now, "failures": 0, "pinged_at": now}
    connection.execute(update(subscriptions).where(unwanted).values(ended))
    if public_url:
        _begin(connection, public_url, new_token, now)
    _heed(connection, holder, now)


def _has_lapsed(now: dt.datetime) -> ColumnElement[bool]:
    return and_(subscriptions.c.state == "active", subscriptions.c.ends_at <= now)


def _is_over(now: dt.datetime) -> ColumnElement[bool]:
    return and_(subscriptions.c.state == "ended", subscriptions.c.ends_at <= now)


def _unwanted(public_url: str) -> Ids:
    as_wanted = and_(
        WATCHED,
        subscriptions.c.hub == feed_states.c.hub,
        subscriptions.c.topic == feed_states.c.topic,
        subscriptions.c.public_url == public_url,
    )
    joined = select(subscriptions.c.id).join_from(subscriptions, feeds).join(feed_states)
    return joined.where(is_wanted(subscriptions), not_(as_wanted))


def _missing() -> Ids:
    subscribed = select(subscriptions.c.id).where(subscriptions.c.feed_id == feeds.c.id, is_wanted(subscriptions))
    return select(feeds.c.id).join_from(feed_states, feeds).where(has_hub(feed_states), WATCHED, ~subscribed.exists())


def _begin(connection: Connection, public_url: str, new_token: NewToken, now: dt.datetime) -> None:
    named = select(feed_states.c.feed_id, feed_states.c.hub, feed_states.c.topic)
    missing = connection.execute(named.where(feed_states.c.feed_id.in_(_missing()))).mappings().all()
    begun = {"public_url": public_url, "state": "asked", "due_at": now, "failures": 0}
    rows = [{**feed, **begun, "token": new_token(), "secret": new_token()} for feed in missing]
    if rows:
        connection.execute(insert(subscriptions), rows)


def _pinged(connection: Connection, holder: Holder, now: dt.datetime) -> Ids:
    free = holder.free(connection, feed_states, now)
    joined = select(subscriptions.c.id).join_from(subscriptions, feed_states, THEIR_STATES)
    return joined.where(subscriptions.c.pinged_at.is_not(None), free)


def _heed(connection: Connection, holder: Holder, now: dt.datetime) -> None:
    """Make due what was pinged, unless it is polled just now."""
    turn = select(subscriptions.c.id, feeds.c.id.label("feed"), feed_states.c.due_at)
    joined = turn.join_from(subscriptions, feeds).join(feed_states)
    for row in connection.execute(joined.where(subscriptions.c.id.in_(_pinged(connection, holder, now)))).all():
        due = update(feed_states).where(feed_states.c.feed_id == row.feed)
        connection.execute(due.values(due_at=min(row.due_at, now)))
        connection.execute(update(subscriptions).where(subscriptions.c.id == row.id).values(pinged_at=None))


def _due(now: dt.datetime) -> Select[*tuple[Any, ...]]:  # Any: rows have no type of their own
    """The hubs to be asked; one is told once that a subscription ended."""
    telling = or_(is_wanted(subscriptions), subscriptions.c.failures == 0)
    return select(subscriptions).where(subscriptions.c.due_at <= now, telling).order_by(subscriptions.c.due_at)


def _take_due(connection: Connection, now: dt.datetime, limit: int) -> list[Subscription]:
    due = [noun(Subscription, row) for row in connection.execute(_due(now).limit(limit)).mappings()]
    for one in due:
        charged = {"due_at": next_try(one, now), "failures": one.failures + 1}
        connection.execute(update(subscriptions).where(subscriptions.c.id == one.id).values(charged))
    return due


def _find(connection: Connection, token: str) -> Subscription | None:
    row = connection.execute(select(subscriptions).where(subscriptions.c.token == token)).mappings().one_or_none()
    return noun(Subscription, row) if row else None


def _change(connection: Connection, subscription: Subscription, values: Mapping[str, object]) -> bool:
    """Change one that is wanted, and returns whether it is; known by its token, since ids may be given anew."""
    this = (subscriptions.c.token == subscription.token, is_wanted(subscriptions))
    return connection.execute(update(subscriptions).where(*this).values(values)).rowcount > 0
