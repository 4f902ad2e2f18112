"""What a backfill would find, by the archives' own word; no article is asked for, and nothing is stored."""

from ingest.model import Backfill, BackfillSpec, Noun, Walked
from ingest.pipeline.searching import in_its_own_way
from ingest.pipeline.walking import Way
from ingest.ports import Ports

SAMPLE = 10
REMEMBERED = 200_000
"""Entries that are known again where archives list them twice; of those that come later each listing counts."""


class Survey(Noun):
    """What the archives list."""

    walked: tuple[Walked, ...]
    found: int
    """Entries within the range, or without a date."""
    known: int
    outside: int
    sample: tuple[str, ...]
    """Addresses of the first."""
    limit: int | None = None
    """The limit of stories that ended the walk before its end; None where it went to the end."""


async def survey(ports: Ports, spec: BackfillSpec) -> Survey:
    """Walk along the archives without storing anything."""
    walk = Backfill(id=0, spec=spec, feed_id=spec.feed_id or 0, feed="", state="running", started_at=ports.clock.now())
    found = known = 0
    limit = None
    sample: list[str] = []
    seen: set[int] = set()
    way = Way(in_its_own_way(ports, spec), spec)
    while walk.via is not None:
        walk, step = await way.on(walk)
        first = {hash(one.entry.url or one.entry.guid): one.entry for one in step.found}
        new = [entry for key, entry in first.items() if key not in seen]
        seen |= first.keys() if len(seen) < REMEMBERED else set()
        counts = await ports.store.count_known(walk.feed_id, new)
        found, known = found + len(new), known + counts.known
        sample += [entry.url for entry in new if entry.url][: SAMPLE - len(sample)]
        if spec.limit is not None and found - known >= spec.limit:
            limit = spec.limit if walk.via else None
            break
    return Survey(walked=walk.walked, found=found, known=known, outside=walk.outside, sample=tuple(sample), limit=limit)
