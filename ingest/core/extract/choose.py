"""From what a page and the feed's entry declare to the fields of an article, each with what gave it.

The page speaks for itself before the feed speaks for it; what somebody declared comes before what is guessed.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from htmldate import find_date

from ingest.core.dates import moment
from ingest.core.extract.byline import byline
from ingest.core.extract.dateline import dateline
from ingest.core.extract.declared import Declared, first
from ingest.core.extract.heading import main_heading
from ingest.core.extract.names import people
from ingest.core.extract.page import Page
from ingest.core.extract.tag_links import tag_links
from ingest.core.extract.text import TROUBLE, bare
from ingest.core.extract.title import choose_title, site_names
from ingest.core.language import primary, settle_language
from ingest.model import Entry, Moment

_SURE = frozenset({"json-ld", "open-graph"})
"""Notations whose dates are written for machines that read articles; others may date the page or its neighbours."""
_WESTERNMOST, _EASTERNMOST = dt.timedelta(hours=-12), dt.timedelta(hours=14)
_IN_UTC = re.compile(r"(?:Z|[+-]00:?00|GMT|UTC)\s*$", re.IGNORECASE)
_APART = dt.timedelta(days=2)
"""More than zones and delays between a feed and its page explain."""


@dataclass(frozen=True)
class Sources:
    """All that may speak about an article."""

    page: Page
    records: tuple[Declared, ...]
    """What the page's notations and the feed declare, the most believed first."""
    entry: Entry
    now: dt.datetime


def title(sources: Sources) -> tuple[str, str]:
    """The headline."""
    return choose_title([(record.title, record.notation) for record in sources.records], _names(sources))


def authors(sources: Sources) -> tuple[tuple[str, ...], str]:
    """The people or agencies that wrote the article; the site itself only where nobody else is named."""
    own = {bare(name) for name in _names(sources)}
    others = first(sources.records, lambda record: tuple(n for n in people(record.authors) if bare(n) not in own))
    if others[0]:
        return others
    shown = tuple(name for name in byline(sources.page) if bare(name) not in own)
    return (shown, "byline") if shown else first(sources.records, lambda record: people(record.authors))


def site(sources: Sources) -> tuple[str, str]:
    """The name of the site; `og:site_name` is made for it, a publisher in JSON-LD may be the owner of many."""
    ranked = sorted(sources.records, key=lambda record: record.notation != "open-graph")
    name, notation = first(ranked, lambda record: record.site)
    return (name, notation) if name else (host(sources.page.url), "host")


def published(sources: Sources) -> tuple[Moment | None, str]:
    """When the article appeared: as is said, else as htmldate guesses."""
    said, method = _appeared(sources)
    return (said, method) if said else (_guessed(sources), "htmldate")


def modified(sources: Sources) -> tuple[Moment | None, str]:
    """When the article was last changed, where it is said; a change before the article appeared is not believed."""

    def believed(record: Declared) -> Moment | None:
        stated = moment(record.modified, sources.now) if record.notation != "feed" else sources.entry.updated
        return later(stated, _appeared(sources)[0]) if stated else None

    return first(sources.records, believed)


def later(change: Moment | None, appeared: Moment | None) -> Moment | None:
    """A change unless it lies before the publication, of which perhaps only the day is known."""
    if change is None or appeared is None or change.at >= appeared.at:
        return change
    return change if appeared.at.time() == dt.time.min and change.day >= appeared.day else None


def canonical_url(sources: Sources) -> tuple[str, str]:
    """What the page names as its own address: rel=canonical, else `og:url`; never the site's home for an article."""
    page = sources.page

    def believed(record: Declared) -> str:
        url = page.link(record.canonical_url) if record.canonical_url else ""
        return url if _within(url) or not _within(page.url) else ""

    return first(sources.records[::-1], believed)


def image(sources: Sources) -> tuple[str, str]:
    """The picture that stands for the article."""
    return first(sources.records, lambda record: sources.page.link(record.image) if record.image else "")


def section(sources: Sources) -> tuple[str, str]:
    """The part of the publication that the article stands in."""
    return first(sources.records, lambda record: record.section)


def summary(sources: Sources) -> tuple[str, str]:
    """What the publisher says in short."""
    return first(sources.records, lambda record: record.summary)


def categories(sources: Sources) -> tuple[tuple[str, ...], str]:
    """The editors' tags of the page, then of the feed, each once.

    Where the page declares none, it may show them as links. Meta keywords are often bait for search engines: they serve
    where there is nothing else, or where they go on with what is declared.
    """
    speaking = [record for record in sources.records if record.categories]
    declared = [record for record in speaking if record.notation not in ("keywords", "feed")]
    if not declared and (shown := tag_links(sources.page)):
        declared = [Declared("links", categories=shown)]
    if declared:
        known = {bare(tag) for record in declared for tag in record.categories}
        speaking = declared + [r for r in speaking if r.notation == "feed" or _goes_on(r, known)]
    tags: dict[str, str] = {}
    for tag in (tag for record in speaking for tag in record.categories if 0 < len(tag) <= _LONGEST_TAG):
        tags.setdefault(bare(tag), tag)
    return tuple(tags.values()), ", ".join(record.notation for record in speaking)


CHOICES: dict[str, Callable[[Sources], tuple[object, str]]] = {
    "title": title,
    "authors": authors,
    "site": site,
    "published": published,
    "modified": modified,
    "canonical_url": canonical_url,
    "image": image,
    "section": section,
    "summary": summary,
    "categories": categories,
}
"""Field of an Article → how it is chosen. Each gives the value, empty or None if there is none, and what gave it."""


def language(sources: Sources, text: str) -> tuple[str | None, str]:
    """The language of the text: as the feed says, else the page, unless the text itself says otherwise."""
    declared, notation = first(sources.records[::-1][:1] + sources.records, lambda record: primary(record.language))
    found = settle_language(declared, text)
    return found, notation if found == declared else "detection"


def heads(sources: Sources, title: str) -> tuple[str, ...]:
    """What a page may repeat above the text: its headlines in all their forms, and its authors."""
    titles = (record.title for record in sources.records)
    bylines = (byline for record in sources.records for byline in (*record.authors, *_bylines(people(record.authors))))
    return (title, *titles, *bylines)


def _goes_on(record: Declared, known: set[str]) -> bool:
    keys = set(map(bare, record.categories))
    return record.notation == "keywords" and len(keys & known) >= _SHARED * min(len(keys), len(known))


def host(url: str) -> str:
    """The name of a site that gives itself none."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _bylines(names: tuple[str, ...]) -> tuple[str, ...]:
    return (*names, " ".join(names), " and ".join(names))


def _names(sources: Sources) -> tuple[str, ...]:
    return site_names(sources.page.url, *(record.site for record in sources.records))


def _appeared(sources: Sources) -> tuple[Moment | None, str]:
    """When the article appeared: as the page declares, else as the feed says, else as the page shows."""
    record, stated = next(_stated(sources), (Declared(""), None))
    told = sources.entry.published
    if stated and not (told and _is_another(record, stated, told, sources.now)):
        return _in_own_zone(stated, record.notation, sources), record.notation
    if told:
        return told, "feed"
    return dateline(main_heading(sources.page), sources.now), "dateline"


def _stated(sources: Sources) -> Iterator[tuple[Declared, Moment]]:
    read = ((record, moment(record.published, sources.now)) for record in sources.records)
    return ((record, stated) for record, stated in read if stated)


def _is_another(record: Declared, stated: Moment, told: Moment, now: dt.datetime) -> bool:
    """Whether a notation seems to date something else than the article, since the feed says another day.

    Not where the feed's lies behind a change that the notation states too: then it is the feed's that is none of the
    publication.
    """
    changed = moment(record.modified, now)
    is_in_order = changed is not None and stated.at <= changed.at < told.at
    return record.notation not in _SURE and not is_in_order and abs(stated.at - told.at) > _APART


def _in_own_zone(stated: Moment, notation: str, sources: Sources) -> Moment:
    """The instant with the publisher's own day, which a time that is written in UTC does not tell.

    It is the day of the same instant elsewhere, else the next or the last one where that stands beside the headline.
    """
    text = next(record.published for record in sources.records if record.notation == notation)
    if (
        not _IN_UTC.search(text) or stated.at.time() == dt.time.min
    ):  # midnight is mostly a mere day, the publisher's own
        return stated
    others = [moment(record.published, sources.now) for record in sources.records] + [sources.entry.published]
    days = [other.day for other in others if other and other.at == stated.at and other.day != stated.day]
    if not days and (shown := dateline(main_heading(sources.page), sources.now)):
        days = [shown.day] if _may_be_day_of(stated.at, shown.day) else []
    return stated.model_copy(update={"day": days[0]}) if days else stated


def _may_be_day_of(at: dt.datetime, day: dt.date) -> bool:
    """Whether it was that day somewhere on Earth."""
    return (at + _WESTERNMOST).date() <= day <= (at + _EASTERNMOST).date()


def _guessed(sources: Sources) -> Moment | None:
    """What htmldate takes for the publication, unless it is no earlier than a change that the page declares as such."""
    if sum(1 for _ in islice(sources.page.tree.iter(*_DROPPED_BY_HTMLDATE), _DROPPED_AT_MOST)) == _DROPPED_AT_MOST:
        return None
    try:
        guess = find_date(
            sources.page.tree,
            extensive_search=False,  # it takes any date of the text, at up to a second a page
            original_date=True,
            url=sources.page.url,
            max_date=f"{sources.now:%Y-%m-%d}",
        )
    except TROUBLE:
        return None
    guessed, (changed, _) = moment(guess or "", sources.now), modified(sources)
    return None if guessed and changed and guessed.day >= changed.day else guessed


def _within(url: str) -> bool:
    """Whether the URL names something within a site."""
    parts = urlsplit(url)
    return bool(parts.path.strip("/") or parts.query or parts.fragment)


_DROPPED_BY_HTMLDATE = ("script", "style", "iframe", "svg", "picture", "label", "video", "audio", "object", "map")
_DROPPED_AT_MOST = 2000
"""Elements that htmldate drops one by one, in time that grows with the square of their number."""
_LONGEST_TAG = 80
_SHARED = 0.5
"""Share of the shorter list that meta keywords have in common with declared tags if they are the same list."""
