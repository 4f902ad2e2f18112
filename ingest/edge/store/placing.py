"""A stored story that is placed anew among its copies, as if it came now, and without being compared with itself.

    the story and its copies are let go ─ it is placed ─ each copy that it does not take is placed ─► who moved

Nobody sees what lies between, since all is one transaction; and only who lies elsewhere at the end has moved.
"""

import datetime as dt

from sqlalchemy import Connection, bindparam, or_, select, update

from ingest.core.dedupe.clusters import DRAFT
from ingest.core.dedupe.stored import as_draft
from ingest.edge.store import finding, reading
from ingest.edge.store.tables import stories
from ingest.model import Draft
from ingest.ports import Settle

Origins = dict[str, str | None]
"""Story id → id of its origin; None where it is one."""

PUT = (
    update(stories)
    .where(stories.c.id == bindparam("story"))
    .values(duplicate_of=bindparam("origin"), cluster=bindparam("of_cluster"))
)


def place_anew(
    connection: Connection, story_id: str, draft: Draft, appeared_at: dt.datetime, settle: Settle
) -> Origins:
    """Place a story, given how it was read now, and those that were its copies.

    Returns:
        The former origin of each that has another one now.
    """
    family = or_(stories.c.id == story_id, stories.c.duplicate_of == story_id)
    order = (stories.c.id != story_id, stories.c.appeared_at, stories.c.url)
    rows = connection.execute(select(stories.c.id, stories.c.duplicate_of).where(family).order_by(*order))
    former: Origins = {row.id: row.duplicate_of for row in rows}
    kin = {*former, *filter(None, former.values())}
    for one in former:
        _put(connection, one, None)
    former = _place(connection, story_id, draft, appeared_at, settle, kin) | former
    for copy in [one for one in former if one != story_id and _origin(connection, one) is None]:
        found = reading.by_id(connection, copy)
        assert found
        again, as_candidate = as_draft(found)
        former = _place(connection, copy, again, as_candidate.appeared_at, settle, kin) | former
    return {one: origin for one, origin in former.items() if _origin(connection, one) != origin}


def _place(
    connection: Connection,
    story_id: str,
    draft: Draft,
    appeared_at: dt.datetime,
    settle: Settle,
    kin: set[str],
) -> Origins:
    """Place one; returns where the others lay that this moved."""
    others = finding.others(connection, story_id, draft, appeared_at, settle.window, kin)
    settled = settle.place(draft, appeared_at, others)
    _put(connection, story_id, settled.duplicate_of)
    for move in settled.moved:
        _put(connection, move.story_id, story_id if move.duplicate_of == DRAFT else move.duplicate_of)
    lay = {other.story_id: other.duplicate_of for other in others}
    return {move.story_id: lay[move.story_id] for move in settled.moved}


def _put(connection: Connection, story_id: str, origin: str | None) -> None:
    connection.execute(PUT, {"story": story_id, "origin": origin, "of_cluster": origin or story_id})


def _origin(connection: Connection, story_id: str) -> str | None:
    return connection.scalar(select(stories.c.duplicate_of).where(stories.c.id == story_id))
