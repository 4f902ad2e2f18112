"""The index of likeness: which stored stories share enough of their sketch with a text to be compared with it.

A row is (period, hash, story). Stories that appeared in the same period lie together: a search reads the periods that
the window touches, and what was stored in other times costs it nothing. A hash that very many stories of a period share
(a phrase of everybody, the furniture of a site) tells nothing, and no more rows are kept of it.
"""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from ingest.core.dedupe.fingerprint import FOUND_BY, is_promising
from ingest.edge.store.tables import shingles, sketches
from ingest.model import Fingerprint

PERIOD = dt.timedelta(days=14)
"""Of the default window: a search reads two or three."""
OFTEN = 48
"""Stories of a period that a hash leads to at most."""
COMPARED_WITH = 12
"""Stories that share the most, and are compared."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

_AMONG = shingles.c.period.in_(bindparam("periods", expanding=True))
_HASHES = shingles.c.hash.in_(bindparam("hashes", expanding=True))
_SHARED = func.count().label("shared")
_SHARING = (
    select(shingles.c.sketch, _SHARED).where(_AMONG, _HASHES).group_by(shingles.c.sketch).having(_SHARED >= FOUND_BY)
).subquery()
SHARING = (
    select(sketches.c.story_id, sketches.c.size, _SHARING.c.shared)
    .join_from(_SHARING, sketches, sketches.c.number == _SHARING.c.sketch)
    .order_by(_SHARING.c.shared.desc(), sketches.c.story_id)
    .limit(4 * COMPARED_WITH)
)
FREQUENT = select(shingles.c.hash).where(_AMONG, _HASHES).group_by(shingles.c.hash).having(func.count() >= OFTEN)
ADD_SKETCH = insert(sketches).returning(sketches.c.number)
"""Built once: they run for every story."""


def like(connection: Connection, text: Fingerprint, appeared_at: dt.datetime, window: dt.timedelta) -> list[str]:
    """The ids of stories that are worth comparing, those that share the most first."""
    if not text.sketch:
        return []
    first, last = _period(appeared_at - window), _period(appeared_at + window)
    sought = {"periods": list(range(first, last + 1)), "hashes": text.sketch}
    found = connection.execute(SHARING, sought).all()
    return [row.story_id for row in found if is_promising(text, row.size, row.shared)][:COMPARED_WITH]


def enter(connection: Connection, story_id: str, text: Fingerprint, appeared_at: dt.datetime) -> None:
    """Make a story findable."""
    if not text.sketch:
        return
    period = _period(appeared_at)
    frequent = set(connection.scalars(FREQUENT, {"periods": [period], "hashes": text.sketch}))
    number = connection.execute(ADD_SKETCH, {"story_id": story_id, "size": text.size}).scalar_one()
    _add(connection, number, period, [hash_ for hash_ in text.sketch if hash_ not in frequent])


def leave(connection: Connection, story_id: str, text: Fingerprint, appeared_at: dt.datetime) -> None:
    """Undo `enter`, given the same."""
    number = connection.scalar(delete(sketches).where(sketches.c.story_id == story_id).returning(sketches.c.number))
    if number is not None:
        gone = (shingles.c.period == _period(appeared_at), shingles.c.hash.in_(text.sketch))
        connection.execute(delete(shingles).where(*gone, shingles.c.sketch == number))


def _add(connection: Connection, number: int, period: int, hashes: Sequence[int]) -> None:
    if hashes:
        rows = [{"period": period, "hash": hash_, "sketch": number} for hash_ in hashes]
        connection.execute(insert(shingles), rows)


def _period(appeared_at: dt.datetime) -> int:
    return (appeared_at - _EPOCH) // PERIOD
