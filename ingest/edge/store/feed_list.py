"""The feed list: what the file owns, and what commands do.

A feed is known again by its name, or else by its URL, so that one that is renamed keeps what was learned of it.

Rule 1: the file owns the feeds that it names, with all that it says of them; a feed of a command that has the same name
  and URL becomes the file's, one that has only one of the two stands in its way.
Rule 2: a feed that leaves the file is disabled, and a command's from then on, so that it can be removed.
Rule 3: what was switched by command outlives a reload.
Rule 4: a removed feed is hidden, for the sightings that name it; whoever adds it again finds it.
Rule 5: whatever leaves a feed without its twin lets it go on (`twins`).
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, RowMapping, bindparam, case, delete, insert, or_, select, update

from ingest.core.dedupe.url import publisher
from ingest.core.naming import FILES
from ingest.edge.store import gaps
from ingest.edge.store.backfills import GOES_ON
from ingest.edge.store.feeds import ENABLED, by_id
from ingest.edge.store.leases import FREED
from ingest.edge.store.partial import is_checked, is_left_out, is_pending
from ingest.edge.store.tables import backfills, entries, entry_pages, feed_states, feeds
from ingest.edge.store.twins import let_go_on
from ingest.errors import ConfigError, ConflictError
from ingest.model import Asking, Feed, FeedSpec, FeedState, Synced

UNCHECKED = {"check_at": None, **FREED}
UNREAD = {"window": 0, "etag": "", "last_modified": "", "body_hash": "", "hub": "", "topic": "", **FREED}
"""The state of a feed whose next answer has to be read, and whose poll under way says nothing about it."""

UNMOVED = dict.fromkeys(("moving_to", "moved_to", "ended", "notice", "proposal"), "")
"""The state of a feed of which no move, no end and no twin is known."""
ASKED_OTHERWISE = {"url", "removed", "interval", *Asking.model_fields}
"""What makes a feed due when it changes."""


def sync(connection: Connection, specs: Sequence[FeedSpec], now: dt.datetime) -> Synced:
    """Make the file's feeds be these; returns what that came to.

    Raises:
        ConfigError: a feed of a command stands in the way.
    """
    named = {spec.name: spec for spec in specs}
    known: list[RowMapping] = []
    for row in _known(connection):
        if (spec := named.get(row["name"])) and _is_as_written(row, spec):
            del named[row["name"]]
        else:
            known.append(row)
    specs = list(named.values())
    _refuse_conflicts(specs, known)
    pairs = list(zip(specs, _rows_of(specs, known), strict=True))
    kept = {row["id"] for _, row in pairs if row}
    gone = [row for row in known if row["origin"] == "file" and row["id"] not in kept]
    _leave_file(connection, [row["id"] for row in gone])
    new = [spec for spec, row in pairs if not row]
    _insert(connection, new, "file", now)
    rewritten = [(spec, row) for spec, row in pairs if row and _rewrite(connection, row, spec, "file", now)]
    let_go_on(connection)
    return Synced(
        added=tuple(spec.name for spec in new) + tuple(spec.name for spec, row in rewritten if row["removed"]),
        changed=tuple(spec.name for spec, row in rewritten if not row["removed"]),
        disabled=tuple(sorted(row["name"] for row in gone if row["watched"])),
    )


def add(connection: Connection, spec: FeedSpec, now: dt.datetime) -> Feed:
    """Add a feed by command.

    Raises:
        ConfigError: its name or URL is taken.
    """
    if spec.name == FILES:
        raise ConfigError(f"feed {FILES}: the name stands for what backfills bring from files; choose another")
    known = list(_known(connection))
    for row in known:
        if not row["removed"] and spec.url == row["url"]:
            raise ConflictError(f"feed {spec.name}: {spec.url} is watched already, as {row['name']}")
        if not row["removed"] and spec.name == row["name"]:
            raise ConflictError(f"feed {spec.name}: the name is taken by {row['url']}; choose another")
    (hidden,) = _rows_of([spec], [row for row in known if row["removed"]])
    if hidden:
        _rewrite(connection, hidden, spec, "command", now)
    else:
        _insert(connection, [spec], "command", now)
    feed_id = connection.execute(select(feeds.c.id).where(feeds.c.name == spec.name)).scalar_one()
    return by_id(connection, [feed_id])[feed_id]


def remove(connection: Connection, feed_id: int, now: dt.datetime) -> None:
    """Hide a feed, drop what it has pending and the pages that were kept for it, and end its backfills.

    Raises:
        ConfigError: there is no such feed, or the file owns it.
    """
    feed = by_id(connection, [feed_id]).get(feed_id)
    if feed is None:
        raise _no_feed(feed_id)
    if feed.origin == "file":
        raise ConflictError(
            f"feed {feed.name} stands in the feeds file; take it out there, or use `ingest feeds disable {feed.name}`"
        )
    connection.execute(update(feeds).where(feeds.c.id == feed_id).values(removed=True))
    connection.execute(update(feed_states).where(feed_states.c.feed_id == feed_id).values(UNREAD))
    seen = select(entries.c.id).where(entries.c.feed_id == feed_id)
    connection.execute(delete(entry_pages).where(entry_pages.c.entry_id.in_(seen)))
    of_no_use = or_(is_pending(entries), is_left_out(entries))
    connection.execute(delete(entries).where(entries.c.feed_id == feed_id, of_no_use))
    _end_backfills(connection, feed_id, now)
    connection.execute(update(entries).where(entries.c.feed_id == feed_id, is_checked(entries)).values(UNCHECKED))
    let_go_on(connection)


def _end_backfills(connection: Connection, feed_id: int, now: dt.datetime) -> None:
    """Cancel those that could be taken up, and forget the gaps that nobody will close."""
    able = update(backfills).where(backfills.c.feed_id == feed_id, backfills.c.state.in_(GOES_ON))
    connection.execute(able.values(state="cancelled", finished_at=now, **FREED))
    gaps.forget(connection, feed_id)


def switch(connection: Connection, feed_id: int, enabled: bool) -> None:
    """Enable or disable by command.

    Raises:
        ConfigError: there is no such feed.
    """
    switched = update(feeds).where(feeds.c.id == feed_id, ~feeds.c.removed).values(switched=enabled)
    if not connection.execute(switched).rowcount:
        raise _no_feed(feed_id)
    if enabled:
        ended = update(feed_states).where(feed_states.c.feed_id == feed_id, feed_states.c.ended != "")
        connection.execute(ended.values(**UNMOVED))
    let_go_on(connection)


def _known(connection: Connection) -> Iterable[RowMapping]:
    """All feeds, the removed ones first, so that of two with one URL the other is found; not all in memory at once."""
    rows = select(feeds, ENABLED.label("watched")).order_by(feeds.c.removed.desc())
    return connection.execute(rows.execution_options(yield_per=1000)).mappings()


def _is_as_written(row: RowMapping, spec: FeedSpec) -> bool:
    """Whether there is nothing to do for a feed of the file."""
    as_written = all(
        row[name] == (list(value) if isinstance(value, tuple) else value)
        for name in FeedSpec.model_fields
        for value in (getattr(spec, name),)
    )
    return as_written and row["origin"] == "file" and not row["removed"]


def _rows_of(specs: Sequence[FeedSpec], known: Sequence[RowMapping]) -> list[RowMapping | None]:
    """The row that each spec is about: of its name, or else of its URL under a name that no spec has."""
    named = {spec.name for spec in specs}
    by_name = {row["name"]: row for row in known}
    by_url = {row["url"]: row for row in known if row["name"] not in named}
    return [by_name.get(spec.name) or by_url.get(spec.url) for spec in specs]


def _refuse_conflicts(specs: Sequence[FeedSpec], known: Sequence[RowMapping]) -> None:
    by_name = {spec.name: spec for spec in specs}
    by_url = {spec.url: spec for spec in specs}
    for row in known:
        named, at_url = by_name.get(row["name"]), by_url.get(row["url"])
        rival = named or at_url
        if row["origin"] == "command" and row["watched"] and not row["removed"] and rival and named is not at_url:
            raise ConfigError(
                f"feed {rival.name} ({rival.url}) of the feeds file: {row['name']} ({row['url']}) was added by "
                f"command; change the file, or use `ingest feeds remove {row['name']}`"
            )


def _insert(connection: Connection, specs: Sequence[FeedSpec], origin: str, now: dt.datetime) -> None:
    if not specs:
        return
    connection.execute(
        insert(feeds), [{**_values(spec), "origin": origin, "switched": None, "removed": False} for spec in specs]
    )
    stateless = select(feeds.c.id, feeds.c.url).outerjoin(feed_states).where(feed_states.c.feed_id.is_(None))
    states = [
        FeedState(feed_id=row.id, due_at=now).model_dump() | {"publisher": publisher(row.url)}
        for row in connection.execute(stateless)
    ]
    connection.execute(insert(feed_states), states)


def _rewrite(connection: Connection, row: RowMapping, spec: FeedSpec, origin: str, now: dt.datetime) -> bool:
    """Make a row what a spec says; a feed that is to be asked otherwise, or at other times, is due now.

    Returns whether anything was otherwise.
    """
    values = {**_values(spec), "origin": origin, "removed": False}
    changed = {name for name, value in values.items() if row[name] != value}
    if not changed:
        return False
    if "removed" in changed:
        values["switched"] = None
    connection.execute(update(feeds).where(feeds.c.id == row["id"]).values(values))
    state = {**UNREAD, **UNMOVED, "publisher": publisher(spec.url)} if changed & {"url", "removed"} else {}
    if changed & ASKED_OTHERWISE:
        connection.execute(update(feed_states).where(feed_states.c.feed_id == row["id"]).values(due_at=now, **state))
    return True


def _leave_file(connection: Connection, ids: Sequence[int]) -> None:
    if not ids:
        return
    left = update(feeds).where(feeds.c.id == bindparam("feed"))
    switched_on = case((feeds.c.switched, None), else_=feeds.c.switched)
    connection.execute(
        left.values(origin="command", enabled=False, switched=switched_on), [{"feed": feed_id} for feed_id in ids]
    )


def _values(spec: FeedSpec) -> dict[str, object]:
    return spec.model_dump(mode="json", include=set(FeedSpec.model_fields))


def _no_feed(feed_id: int) -> ConfigError:
    return ConfigError(f"there is no feed {feed_id}; `ingest feeds list` shows all")
