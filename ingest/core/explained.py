"""All that there is to tell of how a URL, or a stored story, was treated: what gave each field, what it was compared
with, and what was decided.

A stored story is compared as if it came now, and not with itself; so what is told are the reasons of today.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

from ingest.core.dedupe.settle import EARLIEST, Settle
from ingest.core.dedupe.stored import as_draft
from ingest.core.dedupe.url import canonical, publisher
from ingest.model import (
    Article,
    Candidate,
    Change,
    Comparison,
    Draft,
    Hashtag,
    Life,
    Noun,
    Settlement,
    Sighting,
    Story,
    Tombstone,
)

ALONE = "no other stored story has its text or is like it"


class Given(Noun):
    """A field, and what gave it."""

    field: str
    value: str
    """Empty where it is unknown."""
    method: str


class Kin(Noun):
    """Another story, and what it has in common; shares from 0 to 1."""

    story_id: str
    publisher: str
    url: str | None
    title: str
    duplicate_of: str | None
    """Of which story it is a copy."""
    found_by: str
    """What led to it, as `Candidate.matched`; `cluster` for those of its own cluster."""
    comparison: Comparison


class Explained(Noun):
    """The facts."""

    url: str
    canonical: str
    publisher: str
    story_id: str | None = None
    """None where it is not stored."""
    version: int | None = None
    first_seen_at: dt.datetime | None = None
    withdrawn_at: dt.datetime | None = None
    tombstone: Tombstone | None = None
    """Of the story that was taken down here."""
    changes: tuple[Change, ...] = ()
    """The steps of its life."""
    looks: int = 0
    """How often its page was looked at again."""
    look_at: dt.datetime | None = None
    """When it is looked at next."""
    sightings: tuple[Sighting, ...] = ()
    entries: tuple[str, ...] = ()
    """What became of the entries with this address, a line each, where no story did."""
    problem: str = ""
    """Why there is no page to read."""
    source: str = ""
    """`page` or `feed`."""
    note: str = ""
    fields: tuple[Given, ...] = ()
    hashtags: tuple[Hashtag, ...] = ()
    origin: str | None = None
    """Id of the story that it is a copy of."""
    cluster: tuple[Kin, ...] = ()
    """The others of its cluster, compared with the origin; the origin itself, if it is another, with this story."""
    compared: tuple[Kin, ...] = ()
    """What it is compared with now."""
    decision: str = ""


def of_url(url: str, entries: Sequence[str] = (), problem: str = "") -> Explained:
    """What is known of a URL that is not stored."""
    return Explained(
        url=url, canonical=canonical(url), publisher=publisher(url), entries=tuple(entries), problem=problem
    )


def of_tombstone(url: str, tombstone: Tombstone, life: Life, entries: Sequence[str]) -> Explained:
    """What is left of a story that was taken down, asked for by its id or by a URL of it."""
    known = of_url("" if url == tombstone.story_id else url, entries)
    return known.model_copy(update={"tombstone": tombstone, "changes": life.changes})


def of_draft(
    known: Explained, draft: Draft, appeared_at: dt.datetime, candidates: Sequence[Candidate], settle: Settle
) -> Explained:
    """What would become of a page that is read now."""
    settled = settle(draft, appeared_at, candidates)
    article = draft.article
    stated = {"published": article.published, "modified": article.modified}
    dates = {field: date.at if date else None for field, date in stated.items()}
    told = {
        "source": draft.source,
        "note": draft.note,
        "fields": _fields(article, dates, article.methods),
        "hashtags": draft.hashtags,
        "compared": _compared(draft, appeared_at, candidates, settle),
        "decision": f"{settled.kind}: {settled.why}",
    }
    return known.model_copy(update=told)


def of_story(
    story: Story, life: Life, cluster: Sequence[Story], candidates: Sequence[Candidate], settle: Settle
) -> Explained:
    """What became of a stored story.

    Args:
        life: what happened to it, and will.
        cluster: all stories of its cluster.
        candidates: what the store finds for its text.
    """
    draft, mine = as_draft(story)
    others = [one for one in candidates if one.story_id != story.id]
    settled = settle.place(draft, mine.appeared_at, others)
    dates = {"published": story.published_at, "modified": story.modified_at}
    return Explained(
        url=story.url or "",
        canonical=draft.url_key,
        publisher=story.publisher,
        story_id=story.id,
        version=story.version,
        first_seen_at=story.first_seen_at,
        withdrawn_at=story.withdrawn_at,
        changes=life.changes,
        looks=life.looks,
        look_at=life.look_at,
        sightings=story.sightings,
        source=story.source,
        note=story.note,
        fields=_fields(story, dates, story.methods),
        hashtags=story.hashtags,
        origin=story.duplicate_of,
        cluster=_cluster(story, cluster, settle),
        compared=_compared(draft, mine.appeared_at, others, settle),
        decision=_decision(story, cluster, settled) if others else f"{settled.kind}: {ALONE}",
    )


def _decision(story: Story, cluster: Sequence[Story], settled: Settlement) -> str:
    """What is decided today; of an origin first that, which is told by the others of its cluster."""
    leads = settled.kind == "new" and story.duplicate_of is None and len(cluster) > 1
    first = f"{EARLIEST}; " if leads and not settled.why.startswith(EARLIEST) else ""
    return f"{settled.kind}: {first}{settled.why}"


def _fields(
    given: Article | Story, dates: Mapping[str, dt.datetime | None], methods: Mapping[str, str]
) -> tuple[Given, ...]:
    words = len(given.text.split())
    values = {
        "title": given.title,
        "text": f"{words} words" if words else "",
        "summary": given.summary,
        "authors": ", ".join(given.authors),
        "site": given.site,
        "language": given.language or "",
        "kind": given.kind,
        "free": "" if given.free is None else "yes" if given.free else "no",
        **{field: f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else "" for field, at in dates.items()},
        "image": given.image or "",
        "section": given.section,
    }
    return tuple(Given(field=field, value=value, method=methods.get(field, "")) for field, value in values.items())


def _compared(draft: Draft, appeared_at: dt.datetime, others: Sequence[Candidate], settle: Settle) -> tuple[Kin, ...]:
    found = (_kin(other, settle.compare(draft, appeared_at, other)) for other in others)
    return tuple(sorted(found, key=lambda kin: (-kin.comparison.containment, kin.story_id)))


def _cluster(story: Story, cluster: Sequence[Story], settle: Settle) -> tuple[Kin, ...]:
    others = [one for one in cluster if one.id != story.id]
    origin = next((one for one in cluster if one.duplicate_of is None), story)
    found: list[Kin] = []
    for other in others:
        draft, mine = as_draft(story if other is origin else origin)
        _, theirs = as_draft(other)
        found.append(_kin(theirs, settle.compare(draft, mine.appeared_at, theirs)))
    return tuple(found)


def _kin(other: Candidate, comparison: Comparison) -> Kin:
    return Kin(
        story_id=other.story_id,
        publisher=other.publisher,
        url=other.url,
        title=other.title,
        duplicate_of=other.duplicate_of,
        found_by=other.matched,
        comparison=comparison,
    )
