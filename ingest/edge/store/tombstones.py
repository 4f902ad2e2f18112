"""Tombstones: what was taken down is known again, and stays away."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, RowMapping, bindparam, insert, select

from ingest.core.dedupe import traces as made
from ingest.core.dedupe.fingerprint import fingerprint
from ingest.core.dedupe.url import canonical
from ingest.edge.store.rows import columns, noun
from ingest.edge.store.tables import aliases, tombstones, traces, versions
from ingest.model import Draft, Tombstone

TAKEN_DOWN = "its story was taken down"

KNOWN = select(traces.c.story_id).where(traces.c.trace.in_(bindparam("traces", expanding=True))).limit(1)
"""Built once: it runs for every story."""


def is_taken_down(connection: Connection, *drafts: Draft) -> bool:
    """Whether a draft, in any of these forms, is what was taken down."""
    return _known(connection, set[str]().union(*map(made.of_draft, drafts))) is not None


def find(connection: Connection, reference: str) -> Tombstone | None:
    """By id of the story, or by a URL that was its own."""
    story_id = _known(connection, {made.of_address(reference), made.of_address(canonical(reference))})
    which = tombstones.c.story_id.in_([reference, story_id or reference])
    row = connection.execute(select(*columns(tombstones, Tombstone)).where(which)).mappings().first()
    return noun(Tombstone, row) if row else None


def raise_for(connection: Connection, story: RowMapping, tombstone: Tombstone) -> None:
    """Keep what a story is known again by, given its row while all of it is still there."""
    of_story = aliases.c.story_id == story["id"]
    addresses = {row.url_key: row.proven for row in connection.execute(select(aliases).where(of_story))}
    texts = [story, *_earlier(connection, story["id"])]
    hashes = [story["text_hash"], *(fingerprint(one["title"], one["text"]).text_hash for one in texts)]
    known_by = made.of_story(story["publisher"], addresses, [one["title"] for one in texts], hashes)
    connection.execute(insert(tombstones), tombstone.model_dump())
    rows = [{"trace": trace, "story_id": story["id"]} for trace in sorted(known_by)]
    if rows:
        connection.execute(insert(traces), rows)


def _known(connection: Connection, wanted: Collection[str]) -> str | None:
    found: str | None = connection.scalar(KNOWN, {"traces": sorted(wanted)})
    return found


def _earlier(connection: Connection, story_id: str) -> Sequence[RowMapping]:
    texts = select(versions.c.title, versions.c.text).where(versions.c.story_id == story_id)
    return connection.execute(texts).mappings().all()
