"""Stored stories that are placed anew among their copies, as if they came now, without being compared with themselves.

    a story and its copies are let go ─ the earliest is placed ─ who loses its origin by that is let go too ─ …

The work goes from the earliest on: placing a story moves only later ones, so that it ends, and each is placed once.
Nobody sees what lies between, since all is one transaction; and only who lies elsewhere at the end has moved.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from heapq import heappop, heappush

from sqlalchemy import Connection, bindparam, or_, select, update

from ingest.core.dedupe.clusters import DRAFT, Rank, rank
from ingest.core.dedupe.stored import as_draft
from ingest.edge.store import finding, reading
from ingest.edge.store.tables import stories
from ingest.model import Move
from ingest.ports import Settle

Origins = dict[str, str | None]
"""Story id → id of its origin; None where it is one."""

Waiting = list[tuple[Rank, str]]
"""A heap of (rank, id): the order in which stories are placed."""

PUT = (
    update(stories)
    .where(stories.c.id == bindparam("story"))
    .values(duplicate_of=bindparam("origin"), cluster=bindparam("of_cluster"))
)


def place_anew(connection: Connection, story_id: str, settle: Settle) -> Origins:
    """Place a story, as it lies here now, and those that were its copies.

    Returns:
        The former origin of each that has another one now.
    """
    return place_all(connection, [story_id], {}, settle)


def follow(connection: Connection, story_id: str, moved: Sequence[Move], settle: Settle) -> Origins:
    """Make the moves that a new story brings about, and place anew whoever loses its origin by them; as `place_anew`.

    Settle has seen the new story's own likes only: the orphan of an origin may be like others.
    """
    if not moved:
        return {}
    former = {move.story_id: _origin(connection, move.story_id) for move in moved}
    _make(connection, story_id, moved)
    return place_all(connection, _orphans(moved), former, settle)


def let_copies_go(connection: Connection, story_id: str) -> list[str]:
    """Make the copies of a story origins, for the time being, so that it can be taken away; returns their ids."""
    copies = connection.scalars(select(stories.c.id).where(stories.c.duplicate_of == story_id)).all()
    for copy in copies:
        _put(connection, copy, None)
    return list(copies)


def place_all(connection: Connection, story_ids: Iterable[str], former: Origins, settle: Settle) -> Origins:
    """Place stories; as `place_anew`.

    Args:
        former: the origins that are known to be of before.
    """
    waiting: Waiting = []
    former = dict(former)
    _let_go(connection, story_ids, former, waiting)
    while waiting:
        (appeared_at, *_), story_id = heappop(waiting)
        if _origin(connection, story_id) is None:  # else it was taken by an earlier one
            moved = _place(connection, story_id, appeared_at, former, settle)
            _let_go(connection, _orphans(moved), former, waiting)
    return {one: origin for one, origin in former.items() if _origin(connection, one) != origin}


def _let_go(connection: Connection, story_ids: Iterable[str], former: Origins, waiting: Waiting) -> None:
    """Make origins of stories and their copies, for the time being."""
    for story_id in story_ids:
        family = or_(stories.c.id == story_id, stories.c.duplicate_of == story_id)
        known = (stories.c.id, stories.c.duplicate_of, stories.c.appeared_at, stories.c.url)
        for row in connection.execute(select(*known).where(family)).all():
            former.setdefault(row.id, row.duplicate_of)
            _put(connection, row.id, None)
            heappush(waiting, (rank(row.appeared_at, row.url or "", row.id), row.id))


def _place(
    connection: Connection, story_id: str, appeared_at: dt.datetime, former: Origins, settle: Settle
) -> Sequence[Move]:
    """Place one story that has no origin; returns whom this moved."""
    found = reading.by_id(connection, story_id)
    assert found
    draft, _ = as_draft(found)
    kin = {*former, *filter(None, former.values())}
    others = finding.others(connection, story_id, draft, appeared_at, settle.window, kin)
    settled = settle.place(draft, appeared_at, others)
    lay = {other.story_id: other.duplicate_of for other in others}
    for move in settled.moved:
        former.setdefault(move.story_id, lay[move.story_id])
    _put(connection, story_id, settled.duplicate_of)
    _make(connection, story_id, settled.moved)
    return settled.moved


def _make(connection: Connection, story_id: str, moved: Sequence[Move]) -> None:
    for move in moved:
        _put(connection, move.story_id, story_id if move.duplicate_of == DRAFT else move.duplicate_of)


def _orphans(moved: Sequence[Move]) -> list[str]:
    return [move.story_id for move in moved if move.duplicate_of is None]


def _put(connection: Connection, story_id: str, origin: str | None) -> None:
    connection.execute(PUT, {"story": story_id, "origin": origin, "of_cluster": origin or story_id})


def _origin(connection: Connection, story_id: str) -> str | None:
    return connection.scalar(select(stories.c.duplicate_of).where(stories.c.id == story_id))
