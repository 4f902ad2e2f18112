"""`ingest explain`: how a URL or a stored story was treated, fact by fact."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingest.core.dedupe.settle import Settle, appeared
from ingest.core.dedupe.url import canonical, publisher
from ingest.errors import ConfigError, FetchError
from ingest.model import Candidate, Draft, Settlement, Story

if TYPE_CHECKING:
    from ingest.settings import Settings

Facts = list[tuple[str, object]]


async def explained(settings: "Settings", reference: str) -> Facts:
    """The facts about a stored story, or about a URL that is fetched and read without storing."""
    from ingest.app import open_ports
    from ingest.look import read_url

    async with open_ports(settings, os.environ, make=False) as ports:
        story = await ports.store.find_story(reference)
        if story:
            return [*_addresses(story.url or reference), *_of_story(story)]
        if not reference.startswith(("http://", "https://")):
            raise ConfigError(f"there is no story {reference!r}, and it is no http(s) URL to look at")
        outcomes = await ports.store.entry_outcomes(canonical(reference))
        facts: Facts = [*_addresses(reference), ("stored", "no"), *(("entry", line) for line in outcomes)]
        try:
            draft = await read_url(ports, reference)
        except FetchError as error:
            return [*facts, ("page", str(error))]
        appeared_at = appeared(draft.article.published, ports.clock.now())
        candidates = await ports.store.candidates(draft, appeared_at, ports.pace.window)
        settled = Settle(ports.pace.window)(draft, appeared_at, candidates)
        return [*facts, *_of_draft(draft, candidates, settled)]


def _addresses(url: str) -> Facts:
    return [("url", url), ("canonical", canonical(url)), ("publisher", publisher(url))]


def _of_story(story: Story) -> Facts:
    made = "the page" if story.source == "page" else "the feed's own content"
    return [
        ("stored", f"{story.id}, version {story.version}, first seen {story.first_seen_at:%Y-%m-%dT%H:%M:%SZ}"),
        ("made from", f"{made}{f': {story.note}' if story.note else ''}"),
        ("title", story.title),
        ("text", f"{len(story.text.split())} words"),
        *((name, f"by {method}") for name, method in sorted(story.methods.items())),
        *((f"#{one.tag}", one.source) for one in story.hashtags),
        *(("seen in", f"{one.feed}: {one.url or one.entry_id}") for one in story.sightings),
        ("duplicate of", story.duplicate_of or "none"),
    ]


def _of_draft(draft: Draft, candidates: Sequence[Candidate], settled: Settlement) -> Facts:
    article = draft.article
    return [
        ("read from", f"the {draft.source}{f': {draft.note}' if draft.note else ''}"),
        ("title", article.title),
        ("text", f"{len(article.text.split())} words"),
        ("kind", article.kind),
        ("free", {True: "yes", False: "no", None: "unknown"}[article.free]),
        ("published", str(article.published.at) if article.published else "unknown"),
        ("language", article.language or "unknown"),
        *((name, f"by {method}") for name, method in sorted(article.methods.items())),
        *((f"#{one.tag}", one.source) for one in draft.hashtags),
        *(("compared with", f"{one.story_id} by {one.matched}: {one.title}") for one in candidates),
        ("would be", f"{settled.kind}: {settled.why}"),
    ]
