"""What somebody has at hand: lists of addresses, and pages that were saved.

Rule 1: a folder is walked for its pages, name by name in sorted order, so that a name is a place to go on from; links
        to folders are not followed. A file that is named like a page, or begins like one, is one: crawlers that mirror
        a site save many pages under names without an ending. Any other file that is named is a list, of one address
        a line; it is kept open from step to step.
Rule 2: a page without an address of its own is known by its name, beginning with the folder that was named, and by
        what is in it: pages of several folders, or years, may have the same name.
Rule 3: what cannot be read, or is of another publisher than the feed's, is counted and told, and stops nothing. A list
        most of whose lines are no address is none.
"""

import asyncio
import datetime as dt
import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Self

from ingest.core.dates import EARLIEST_YEAR
from ingest.core.dedupe.url import publisher
from ingest.core.parse.fields import absolute, identifier
from ingest.core.parse.saved import HEAD, address, begins_like_page
from ingest.edge.archives.files import BODIES, DAMAGE, PAGES, Held, Place, fault_of, onward, publishers, unpacked
from ingest.edge.archives.lists import Line, lines
from ingest.errors import ParseError, WorkError
from ingest.model import Cursor, Entry, Found, Response, Step
from ingest.ports import Search

LINES = 500
"""Of one step at most."""
MAX_BODY = 10_000_000
"""Bytes of a page; longer ones are no articles."""
DEEPEST = 100
"""Folders within each other; a tree that is deeper was made to be so."""
EARLIEST = dt.datetime(EARLIEST_YEAR, 1, 1, tzinfo=dt.UTC)
"""Times of files that are older are default values of what packed them."""

_PAGE = re.compile(r"\.html?(?:\.gz)?\Z", re.IGNORECASE)
_BELONGINGS = "_files"
"""What browsers add to the name of a saved page for the folder of its pictures, frames and advertisements."""


class SavedPlace(Place):
    """Where a walk is, and what it left out."""

    unread: int = 0
    """Pages that could not be read."""
    invalid: int = 0
    """Lines that are no address."""
    foreign: int = 0
    """Addresses of other publishers."""
    good: int = 0
    """Lines of this list that are addresses, and"""
    bad: int = 0
    """that are none."""

    def behind(self, listed: Sequence[Found | None]) -> Self:
        """Behind some lines of a list."""
        bad = listed.count(None)
        return self.model_copy(update={"good": self.good + len(listed) - bad, "bad": self.bad + bad})

    def beyond(self) -> Self:
        """The beginning of the next file."""
        return super().beyond().model_copy(update={"good": 0, "bad": 0})

    def doubt(self) -> str:
        """Why what was read to its end is no list of addresses; empty where it is one."""
        return f"is no list of addresses: {self.bad:,} of its lines are none" if self.bad > self.good else ""

    @property
    def lost(self) -> dict[str, int]:
        """The first three, by name."""
        return {
            f"pages that are empty, damaged or over {MAX_BODY:,} bytes": self.unread,
            "lines that are no web address": self.invalid,
            "addresses of other publishers": self.foreign,
        }


class _Saved(NamedTuple):
    """A page as it lies on the disk."""

    name: str
    body: bytes
    at: dt.datetime
    """When it was saved."""


class SavedArchive:
    """The addresses in lists, and the pages in folders."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._publishers = publishers(search)
        self._names = Held[str]()
        self._lines = Held[Line]()

    async def step(self, cursor: Cursor | None) -> Step:
        """The next lines of a list, or the next pages of a folder."""
        if not self._search.files:
            return Step((), None, note="no file is named")
        place = SavedPlace.model_validate(cursor or {})
        path = Path(self._search.files[place.file])
        if await asyncio.to_thread(_holds_pages, path):
            pages, place, fault = await asyncio.to_thread(self._read_pages, path, place)
            return self._told([await self._found(page) for page in pages], place, "unread", fault)
        listed, place, fault = await asyncio.to_thread(self._read_lines, str(path), place)
        return self._told(listed, place, "invalid", fault)

    def _read_lines(self, path: str, place: SavedPlace) -> tuple[list[Found | None], SavedPlace, str]:
        """What the next lines say, None for one that is no address, where the next step begins, and what the list has
        that ends here."""
        listed: list[Found | None] = []
        at = place.at
        rest = self._lines.rest(place) or lines(path, at)
        try:
            for number, line in enumerate(rest, 1):
                at = line.end
                if line.text and not line.text.startswith("#"):
                    listed.append(_listed(line.text))
                if number == LINES:
                    here = place.behind(listed).model_copy(update={"at": at})
                    self._lines.keep(here, rest)
                    return listed, here, ""
            fault = place.behind(listed).doubt() if at else "is empty"
        except (ParseError, OSError, *DAMAGE) as error:
            fault = fault_of(error, at)
        return listed, place.beyond(), fault

    def _read_pages(self, path: Path, place: SavedPlace) -> tuple[list[_Saved | None], SavedPlace, str]:
        """The next pages, None for one that cannot be read, then as for lines."""
        names = self._names.rest(place) or _names(path, place)
        pages: list[_Saved | None] = []
        size = 0
        for name in names:
            page = _read(path.parent / name, name, self._search.now)
            pages.append(page)
            size += len(page.body) if page else 0
            if len(pages) >= PAGES or size >= BODIES:
                here = place.model_copy(update={"after": _spelt(name)})
                self._names.keep(here, names)
                return pages, here, ""
        return pages, place.beyond(), "" if pages or place.after else "holds no pages of HTML"

    async def _found(self, saved: _Saved | None) -> Found | None:
        if saved is None:
            return None
        try:
            url = await self._search.pool.run(address, saved.body)
        except WorkError:
            return None
        entry = Entry(url=url) if url else Entry(guid=saved_id(saved.name, saved.body))
        return Found(entry, page=Response(url, url, 200, saved.at, {"content-type": "text/html"}, saved.body))

    def _told(self, found: Sequence[Found | None], place: SavedPlace, lost: str, fault: str) -> Step:
        """The step that found this, with what it lost counted under that name.

        Args:
            fault: of the file before this place, if it has any.
        """
        ours = tuple(one for one in found if one is not None and self._is_ours(one.entry.url))
        nothing = found.count(None)
        counted = {"foreign": len(found) - nothing - len(ours), lost: nothing}
        place = place.model_copy(update={name: getattr(place, name) + count for name, count in counted.items()})
        cursor, note = onward(place, len(self._search.files), "files and folders", place.lost)
        return Step(ours, cursor, note=note, fault=fault and f"{self._search.files[place.file - 1]} {fault}")

    def _is_ours(self, url: str) -> bool:
        return not url or not self._publishers or publisher(url) in self._publishers


def saved_id(name: str, body: bytes) -> str:
    """The id of a page that was saved without an address."""
    return identifier(f"file:{name}#{hashlib.blake2b(body, digest_size=8).hexdigest()}")


def _listed(line: str) -> Found | None:
    url = "" if re.search(r"\s", line) else absolute(line, line)
    return Found(Entry(url=url)) if url else None


def _holds_pages(path: Path) -> bool:
    try:
        return path.is_dir() or (_is_page(path) and path.exists())
    except OSError:  # opening it will tell
        return False


def _names(path: Path, place: SavedPlace) -> Iterator[str]:
    """The names of the pages behind a place."""
    if not path.is_dir():
        return iter(() if place.after else (path.name,))
    below = place.after.removeprefix(f"{_spelt(path.name)}/")
    return _pages_below(path, path.name, below.split("/") if below else ())


def _pages_below(folder: Path, name: str, after: Sequence[str]) -> Iterator[str]:
    """The pages in a folder in the order of their names, which begin with its own.

    A folder that cannot be listed is given as if it were a page, so that it is missed.

    Args:
        after: the parts of the name below it, as spelt, that the first page comes after; none for all.
    """
    try:
        children = sorted(os.scandir(folder), key=lambda child: _spelt(child.name))
    except OSError:
        yield name
        return
    beside = {child.name for child in children}
    for child in children:
        spelt, below = _spelt(child.name), f"{name}/{child.name}"
        if after and (spelt < after[0] or [spelt] == list(after)):
            continue
        if not child.is_dir(follow_symlinks=False):
            if _is_page(Path(child.path)):
                yield below
        elif name.count("/") < DEEPEST and not _belongs_to_a_page(child.name, beside):
            yield from _pages_below(Path(child.path), below, after[1:] if after and spelt == after[0] else ())


def _is_page(path: Path) -> bool:
    """By its name, or by how it begins."""
    if _PAGE.search(path.name):
        return True
    try:
        with unpacked(str(path)) as file:
            return begins_like_page(file.read(HEAD))
    except (ParseError, OSError, *DAMAGE):
        return False


def _belongs_to_a_page(name: str, beside: set[str]) -> bool:
    page = name.removesuffix(_BELONGINGS)
    return name.endswith(_BELONGINGS) and not beside.isdisjoint({f"{page}.html", f"{page}.htm"})


def _read(path: Path, name: str, now: dt.datetime) -> _Saved | None:
    """A page; None where it cannot be read, or there is nothing in it."""
    try:
        with unpacked(str(path)) as file:
            body = file.read(MAX_BODY + 1)
        saved_at = path.stat().st_mtime
    except (ParseError, OSError, *DAMAGE):
        return None
    if not body.strip() or len(body) > MAX_BODY:
        return None
    is_likely = EARLIEST.timestamp() <= saved_at <= now.timestamp()
    return _Saved(_spelt(name), body, dt.datetime.fromtimestamp(saved_at, dt.UTC) if is_likely else now)


def _spelt(name: str) -> str:
    """A name as text that can be stored: file names are bytes, of any encoding."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
