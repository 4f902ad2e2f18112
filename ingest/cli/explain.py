"""`ingest explain`: how a URL or a stored story was treated."""

import os
from typing import TYPE_CHECKING

from ingest.core.dedupe.settle import Settle, appeared
from ingest.core.dedupe.stored import as_draft
from ingest.core.dedupe.url import canonical
from ingest.core.explained import Explained, of_draft, of_story, of_tombstone, of_url
from ingest.errors import ConfigError, FetchError
from ingest.model import Story

if TYPE_CHECKING:
    from ingest.ports import Ports
    from ingest.settings import Settings


async def explained(settings: "Settings", reference: str) -> Explained:
    """The facts about a stored story, or about a URL that is fetched and read without storing."""
    from ingest.app import open_ports

    async with open_ports(settings, os.environ, make=False) as ports:
        story = await ports.store.find_story(reference)
        if story:
            return await _stored(ports, story)
        if tombstone := await ports.store.removals.find(reference):
            entries = await ports.store.entry_outcomes(canonical(reference))
            return of_tombstone(reference, tombstone, await ports.store.life(tombstone.story_id), entries)
        if not reference.startswith(("http://", "https://")):
            raise ConfigError(f"there is no story {reference!r}, and it is no http(s) URL to look at")
        return await _strange(ports, reference)


async def _stored(ports: "Ports", story: Story) -> Explained:
    draft, mine = as_draft(story)
    found = await ports.store.candidates(draft, mine.appeared_at, ports.pace.window)
    life, cluster = await ports.store.life(story.id), await ports.store.cluster(story.cluster)
    return of_story(story, life, cluster, found, Settle(ports.pace.window))


async def _strange(ports: "Ports", url: str) -> Explained:
    from ingest.look import read_url

    entries = await ports.store.entry_outcomes(canonical(url))
    try:
        draft = await read_url(ports, url)
    except FetchError as error:
        return of_url(url, entries, str(error))
    appeared_at = appeared(draft.article.published, ports.clock.now())
    found = await ports.store.candidates(draft, appeared_at, ports.pace.window)
    return of_draft(of_url(url, entries), draft, appeared_at, found, Settle(ports.pace.window))
