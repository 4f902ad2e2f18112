"""WARC files, such as those of Common Crawl: pages that a crawler caught, of a feed's site or of all.

Rule 1: files are read in the order in which they are named, each from its beginning: nothing in a WARC is sorted.
        Where a step ends is a number of unpacked bytes, so that going on passes what was read, and reads on in a
        process that still has the file open. It may be within a record, which can be of any length.
Rule 2: a file is read up to where it breaks off or is damaged, and the step says so; the others go on, and so does one
        whose records are packed one by one, behind a damaged one.
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
from ingest.edge.archives.files import BODIES, DAMAGE, PAGES, Held, Place, fault_of, onward, publishers, unpacked
from ingest.edge.archives.members import DamagedMemberError, next_member
from ingest.errors import ParseError
from ingest.model import Cursor, Entry, Found, Response, Step
from ingest.ports import Search

RECORDS = 5_000
"""Of one step at most, and"""
PASSED = 64_000_000
"""bytes from which on it ends: about a second, after which progress is written down, also where nothing is found. So
much is passed of one record at once, too."""
MAX_HEAD = 64 * 1024
"""Bytes of the head of a record; it holds little more than an address."""
MAX_BLANK = 64
"""Bytes of empty lines before a record; two lines are usual."""


class Read(NamedTuple):
    """A record that was read or passed, or one more part of one."""

    record: Record | None
    """None for one more part."""
    block: bytes | None
    """None where it was passed; of one longer than MAX_BLOCK the beginning."""
    end: int
    """Where the next one may begin, but for"""
    left: int
    """bytes that are to be passed before."""


class WarcPlace(Place):
    """Where a walk is, and what it could not read."""

    unread: int = 0
    """Pages."""
    homes: int = 0
    """Pages at the address of a site."""

    @property
    def lost(self) -> dict[str, int]:
        """Both, by name."""
        return {
            "pages that are too long, cut short or coded wrongly": self.unread,
            "home pages, which are no articles": self.homes,
        }


class WarcArchive:
    """The pages in WARC files."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._publishers = publishers(search)
        self._held = Held[Read]()

    async def step(self, cursor: Cursor | None) -> Step:
        """The pages among the next records of a file."""
        if not self._search.files:
            return Step((), None, note="no file is named")
        return await asyncio.to_thread(self._step, WarcPlace.model_validate(cursor or {}))

    def _step(self, place: WarcPlace) -> Step:
        path = self._search.files[place.file]
        batch, at = _Batch(self._search), place.at
        rest = self._held.rest(place) or records(path, place, self._is_wanted, self._search.now)
        try:
            for read in rest:
                batch.add(read)
                at = read.end
                if batch.is_full or at - place.at >= PASSED:
                    here = place.model_copy(update={"at": at, "left": read.left})
                    self._held.keep(here, rest)
                    return self._told(batch, here)
            fault = "" if at else "is empty"
        except (ParseError, OSError, *DAMAGE) as error:
            fault = fault_of(error, at)
            if isinstance(error, DamagedMemberError) and (further := next_member(path, error.at, b"WARC/")):
                behind = place.model_copy(update={"packed": further, "at": 0, "left": 0})
                return self._told(batch, behind, f"{path} {fault}")
        return self._told(batch, place.beyond(), f"{path} {fault}" if fault else "")

    def _is_wanted(self, found: Record) -> bool:
        return found.may_be_page and (not self._publishers or publisher(found.url) in self._publishers)

    def _told(self, batch: "_Batch", place: WarcPlace, fault: str = "") -> Step:
        counts = {"unread": place.unread + batch.unread, "homes": place.homes + batch.homes}
        place = place.model_copy(update=counts)
        cursor, note = onward(place, len(self._search.files), "WARC files", place.lost)
        return Step(tuple(batch.found), cursor, batch.outside, batch.oldest, note, fault)


class _Batch:
    """What the records of a step hold."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._left = RECORDS
        self._bodies = 0
        self.found: list[Found] = []
        self.outside = 0
        self.unread = 0
        self.homes = 0
        self.oldest: dt.datetime | None = None

    @property
    def is_full(self) -> bool:
        return len(self.found) >= PAGES or self._bodies >= BODIES or not self._left

    def add(self, read: Read) -> None:
        """Take the page in a record, if it holds one of the range."""
        self._left -= 1
        if read.record is None or read.block is None:
            return
        try:
            held = page(read.record, read.block, self._search.now)
        except ParseError:
            self.unread += 1
            return
        if held is not None and is_home(held.url):
            self.homes += 1
        elif held is not None:
            self._take(held, read.record.at)

    def _take(self, held: Response, at: dt.datetime | None) -> None:
        if at is not None:
            self.oldest = min(at, self.oldest or at)
            if self._search.is_before(at):
                self.outside += 1
                return
        self.found.append(Found(Entry(url=held.url), at=at, page=held))
        self._bodies += len(held.body)


def records(path: str, place: Place, is_wanted: Callable[[Record], bool], now: dt.datetime) -> Iterator[Read]:
    """The records of a file from a place on, where one begins, or some bytes before.

    Raises:
        ParseError: what begins there is no record.
        OSError: the file cannot be opened or read.
        EOFError, zlib.error, zstd.ZstdError: it breaks off, or is damaged (`DAMAGE`).
    """
    with unpacked(path, place.packed) as file:
        file.seek(place.at)
        yield from _parts(file, place.left)
        while head := _head(file):
            found = record(head, now)
            end = file.tell() + found.length
            block = _block(file, found.length) if is_wanted(found) else None
            left = _pass(file, end - file.tell())
            yield Read(found, block, file.tell(), left)
            yield from _parts(file, left)


def _parts(file: BufferedIOBase, left: int) -> Iterator[Read]:
    """What is left of a long record, passed part by part."""
    while left:
        left = _pass(file, left)
        yield Read(None, None, file.tell(), left)


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


def _pass(file: BufferedIOBase, left: int) -> int:
    """Pass what is left of a block, or a part of it, and tell what is left then.

    The last byte is read, since a seek past the end of a file succeeds.
    """
    part = min(left, PASSED)
    if part:
        file.seek(file.tell() + part - 1)
        if not file.read(1):
            raise EOFError
    return left - part
