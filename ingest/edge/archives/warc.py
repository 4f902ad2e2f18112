"""WARC files, such as those of Common Crawl: pages that a crawler caught, of a feed's site or of all.

Rule 1: files are read in the order in which they are named, each from its beginning: nothing in a WARC is sorted.
        Where a step ends is a number of unpacked bytes, so that going on passes what was read, and reads on in a
        process that still has the file open.
Rule 2: a file is read up to where it breaks off or is damaged, and the note says so; the others go on.
Rule 3: a page was published before it was caught, so what was caught before the range lies outside; what was caught
        after it may lie within.
"""

import asyncio
import datetime as dt
from collections.abc import Callable, Iterator
from io import BufferedIOBase
from typing import NamedTuple

from ingest.core.dedupe.url import is_home, publisher
from ingest.core.parse.warc import MAX_BLOCK, MAX_HTTP_HEAD, Record, page, record
from ingest.edge.archives.files import DAMAGE, Place, fault_of, unpacked
from ingest.errors import ParseError
from ingest.model import Cursor, Entry, Found, Response, Step
from ingest.ports import Search

PAGES = 24
"""Of one step at most."""
BODIES = 4_000_000
"""Bytes of pages from which on a step ends."""
RECORDS = 5_000
"""Of one step at most, and"""
PASSED = 64_000_000
"""bytes from which on it ends: about a second, after which progress is written down, also where nothing is found."""
MAX_HEAD = 64 * 1024
"""Bytes of the head of a record; it holds little more than an address."""
MAX_BLANK = 64
"""Bytes of empty lines before a record; two lines are usual."""


class Read(NamedTuple):
    """A record that was read or passed."""

    record: Record
    block: bytes | None
    """None where it was passed; of one longer than MAX_BLOCK the beginning."""
    end: int
    """Where the next one may begin."""


class WarcPlace(Place):
    """Where a walk is, and what it could not read."""

    unread: int = 0
    """Pages."""

    def note(self) -> str:
        """What there is to say so far."""
        unread = [f"pages that are too long, cut short or coded wrongly: {self.unread}"] if self.unread else []
        return "; ".join([*self.told(), *unread])


class _Open(NamedTuple):
    """A file that is open, and where in it the next record will be read."""

    file: int
    at: int
    records: Iterator[Read]


class WarcArchive:
    """The pages in WARC files."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._publishers = frozenset(map(publisher, (search.site_url, search.feed_url))) - {""}
        self._open: _Open | None = None

    async def step(self, cursor: Cursor | None) -> Step:
        """The pages among the next records of a file."""
        if not self._search.files:
            return Step((), None, note="no file is named")
        return await asyncio.to_thread(self._step, WarcPlace.model_validate(cursor or {}))

    def _step(self, place: WarcPlace) -> Step:
        batch, at, fault = _Batch(self._search), place.at, ""
        records = self._records(place)
        try:
            for read in records:
                batch.add(read)
                at = read.end
                if batch.is_full or at - place.at > PASSED:
                    self._open = _Open(place.file, at, records)
                    return self._told(batch, place.model_copy(update={"at": at}))
            fault = "" if at else "is empty"
        except (ParseError, OSError, *DAMAGE) as error:
            fault = fault_of(error, at)
        return self._told(batch, place.beyond(self._search.files[place.file], fault))

    def _records(self, place: WarcPlace) -> Iterator[Read]:
        """The records from a place on; those of the file at hand, if that is where it is.

        It is no longer at hand then: a step that is broken off leaves it who knows where.
        """
        held, self._open = self._open, None
        if held and (held.file, held.at) == (place.file, place.at):
            return held.records
        return records(self._search.files[place.file], place.at, self._is_wanted, self._search.now)

    def _is_wanted(self, found: Record) -> bool:
        if not found.may_be_page or is_home(found.url):
            return False
        return not self._publishers or publisher(found.url) in self._publishers

    def _told(self, batch: "_Batch", place: WarcPlace) -> Step:
        files = len(self._search.files)
        place = place.model_copy(update={"unread": place.unread + batch.unread})
        note = place.note()
        cursor: Cursor | None = place.model_dump(mode="json")
        if place.file >= files:
            note, cursor = "; ".join(filter(None, [f"WARC files: {files}", note])), None
        return Step(tuple(batch.found), cursor, batch.outside, batch.oldest, note)


class _Batch:
    """What the records of a step hold."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._left = RECORDS
        self._bodies = 0
        self.found: list[Found] = []
        self.outside = 0
        self.unread = 0
        self.oldest: dt.datetime | None = None

    @property
    def is_full(self) -> bool:
        return len(self.found) >= PAGES or self._bodies >= BODIES or not self._left

    def add(self, read: Read) -> None:
        """Take the page in a record, if it holds one of the range."""
        self._left -= 1
        try:
            held = None if read.block is None else page(read.record, read.block, self._search.now)
        except ParseError:
            self.unread += 1
            return
        if held is not None:
            self._take(held, read.record.at)

    def _take(self, held: Response, at: dt.datetime | None) -> None:
        if at is not None:
            self.oldest = min(at, self.oldest or at)
            if self._search.is_before(at):
                self.outside += 1
                return
        self.found.append(Found(Entry(url=held.url), at=at, page=held))
        self._bodies += len(held.body)


def records(path: str, at: int, is_wanted: Callable[[Record], bool], now: dt.datetime) -> Iterator[Read]:
    """The records of a file from a place on, where one begins.

    Raises:
        ParseError: what begins there is no record.
        OSError: the file cannot be opened or read.
        EOFError, zlib.error, zstd.ZstdError: it breaks off, or is damaged (`DAMAGE`).
    """
    with unpacked(path) as file:
        file.seek(at)
        while head := _head(file):
            found = record(head, now)
            begin = file.tell()
            block = _block(file, found.length) if is_wanted(found) else None
            _go_to(file, begin + found.length)
            yield Read(found, block, file.tell())


def _head(file: BufferedIOBase) -> bytes:
    """The lines before the next empty one; nothing at the end of the file."""
    lines, room = [_first_line(file)], MAX_HEAD
    while lines[-1].strip():
        lines.append(file.readline(room))
        room -= len(lines[-1])
        if not lines[-1]:
            raise EOFError
        if room <= 0:
            raise ParseError(f"holds a record whose head is over {MAX_HEAD:,} bytes")
    return b"".join(lines[:-1])


def _first_line(file: BufferedIOBase) -> bytes:
    """The first line with something on it; nothing at the end of the file."""
    room = MAX_BLANK
    while (line := file.readline(MAX_HEAD)) and not line.strip():
        room -= len(line)
        if room < 0:
            break
    if line and not line.startswith(b"WARC/"):
        raise ParseError("holds no WARC record where one should begin")
    return line


def _block(file: BufferedIOBase, length: int) -> bytes:
    wanted = length if length <= MAX_BLOCK else MAX_HTTP_HEAD
    block = file.read(wanted)
    if len(block) < wanted:
        raise EOFError
    return block


def _go_to(file: BufferedIOBase, end: int) -> None:
    """Pass what is left of a block; its last byte is read, since a seek past the end of a file succeeds."""
    if file.tell() < end:
        file.seek(end - 1)
        if not file.read(1):
            raise EOFError
