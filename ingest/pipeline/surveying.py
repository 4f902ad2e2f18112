"""What a backfill would find, by the archives' own word; no article is asked for, and nothing is stored."""

from collections.abc import AsyncIterator

from ingest.core.backfill import advanced, given_up, without
from ingest.errors import FetchError, ParseError, WorkError
from ingest.model import Backfill, BackfillSpec, Noun, Step, Walked
from ingest.pipeline.answers import told
from ingest.pipeline.searching import in_its_own_way, search_for
from ingest.ports import PartError, Ports

SAMPLE = 10


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
    seen: set[str] = set()
    async for after, step in _steps(in_its_own_way(ports, spec), walk):
        walk = after
        first = {one.entry.url or one.entry.guid: one.entry for one in step.found}
        new = [entry for key, entry in first.items() if key not in seen]
        seen |= first.keys()
        counts = await ports.store.count_known(walk.feed_id, new)
        found, known = found + len(new), known + counts.known
        sample += [entry.url for entry in new if entry.url][: SAMPLE - len(sample)]
        if spec.limit is not None and found - known >= spec.limit:
            limit = spec.limit if walk.via else None
            break
    return Survey(walked=walk.walked, found=found, known=known, outside=walk.outside, sample=tuple(sample), limit=limit)


async def _steps(ports: Ports, run: Backfill) -> AsyncIterator[tuple[Backfill, Step]]:
    search = await search_for(ports, run.spec)
    while (kind := run.via) is not None:
        archive = ports.archives(kind, search)
        while run.via == kind:
            try:
                step = await archive.step(run.cursor)
                run = advanced(run, step)
            except PartError as error:
                step, run = error.past, without(run, error.past)
            except (FetchError, ParseError, WorkError) as error:
                step, run = Step((), None), given_up(run, told(error))
            yield run, step
