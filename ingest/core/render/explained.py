"""What there is to tell of a URL or a story in plain words, one fact a line."""

import datetime as dt
from collections.abc import Iterator

from ingest.core.amounts import counted
from ingest.core.explained import Explained, Kin
from ingest.model import Comparison

Fact = tuple[str, str]
"""What it is about, and what there is to tell."""

FOUND_BY = {
    "url": "its address",
    "canonical": "the page's canonical link",
    "text": "its text",
    "likeness": "likeness",
    "cluster": "its cluster",
}


def facts(told: Explained) -> Iterator[Fact]:
    """All of it, in the order of the way of the data."""
    yield "url", told.url or "none"
    yield "canonical", told.canonical or "none"
    yield "publisher", told.publisher
    yield from _whereabouts(told)
    yield from _content(told)
    yield from _kinship(told)


def _whereabouts(told: Explained) -> Iterator[Fact]:
    if told.story_id is None:
        yield "stored", "no"
    else:
        yield "stored", f"{told.story_id}, version {told.version}, first seen {_time(told.first_seen_at)}"
    if told.tombstone:
        of, at, why = told.tombstone.story_id, _time(told.tombstone.deleted_at), told.tombstone.reason
        yield "taken down", f"{of} at {at}{f': {why}' if why else ''}; no feed brings it back"
    if told.withdrawn_at:
        yield "withdrawn", f"its publisher had taken it away at {_time(told.withdrawn_at)}; the text stays readable"
    for change in told.changes:
        yield "change", f"{_time(change.at)} {change.kind}, version {change.version}"
    if told.story_id:
        ahead = f"next at {_time(told.look_at)}" if told.look_at else "not again, unless its feed shows it edited"
        yield "looked at", f"{'never' if not told.looks else counted(told.looks, 'time')} since it was stored; {ahead}"
    for one in told.sightings:
        where = f"{one.feed}, by way of {one.via}" if one.via else one.feed
        yield "seen in", f"{where}: {one.url or one.entry_id}{f' ({one.why})' if one.why else ''}"
    for line in told.entries:
        yield "entry", line
    if told.problem:
        yield "page", told.problem


def _content(told: Explained) -> Iterator[Fact]:
    if told.source:
        made = "the page" if told.source == "page" else "the feed's own content"
        yield "made from", f"{made}{f': {told.note}' if told.note else ''}"
    for given in told.fields:
        value = " ".join(given.value.split()) or "unknown"
        yield given.field, f"{value} (by {given.method})" if given.method else value
    for hashtag in told.hashtags:
        yield f"#{hashtag.tag}", hashtag.source


def _kinship(told: Explained) -> Iterator[Fact]:
    if told.story_id:
        yield "duplicate of", told.origin or "none"
    for kin in told.cluster:
        yield ("origin" if kin.story_id == told.origin else "copy"), f"{_named(kin)}: {_figures(kin.comparison)}"
    for kin in told.compared:
        found = f"{_named(kin)}, found by {FOUND_BY[kin.found_by]}: {_figures(kin.comparison)}"
        yield "compared with", f"{found}; {kin.comparison.objection or _alike(kin, told)}"
    if told.decision:
        yield ("settled now" if told.story_id else "would be"), told.decision


def _alike(kin: Kin, told: Explained) -> str:
    """What a story is to another that is like it."""
    if kin.story_id == told.origin:
        return "its origin"
    if kin.duplicate_of is None:
        return "like it, but not the origin: that is the earliest with its very text, else the earliest like it"
    return "another copy" if kin.duplicate_of in (told.origin, told.story_id) else f"a copy of {kin.duplicate_of}"


def _time(at: dt.datetime | None) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else "unknown"


def _named(kin: Kin) -> str:
    return f"{kin.story_id} at {kin.publisher}, “{kin.title}”"


def _figures(found: Comparison) -> str:
    return (
        f"shares {found.containment:.0%} of the shorter text, {found.resemblance:.0%} of both; "
        f"titles {found.titles:.0%} alike"
    )
