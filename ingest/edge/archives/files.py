"""Files of the disk as archives: where a walk through them is, and how packed ones are read."""

import io
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path
from typing import Generic, Self, TypeVar

from ingest.core.dedupe.url import publisher
from ingest.core.zstd import zstd
from ingest.edge.archives.members import CHUNK, DamagedMemberError, Members
from ingest.errors import ParseError
from ingest.model import Cursor, Noun
from ingest.ports import Search

T = TypeVar("T")

PAGES = 24
"""Of one step at most."""
BODIES = 4_000_000
"""Bytes of pages from which on a step ends."""
MAX_DICTIONARY = 16_000_000
"""Bytes; those of the largest archive that uses them have some hundred thousand."""
DAMAGE = (EOFError, zlib.error, zstd.ZstdError)
"""What reading a packed file raises where it breaks off or is damaged."""

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_DICTIONARY = b"\x5d\x2a\x4d\x18"


class Place(Noun):
    """Where a walk through files is."""

    file: int = 0
    """Which of them."""
    packed: int = 0
    """Bytes into it, as packed, from which it is read: behind what is damaged."""
    at: int = 0
    """Bytes from there, as unpacked."""
    after: str = ""
    """The name in it, if it is a folder, that was read last."""
    left: int = 0
    """Bytes behind it that are to be passed."""

    def beyond(self) -> Self:
        """The beginning of the next file."""
        return self.model_copy(update={"file": self.file + 1, "packed": 0, "at": 0, "after": "", "left": 0})


def onward(place: Place, files: int, what: str, lost: Mapping[str, int]) -> tuple[Cursor | None, str]:
    """Where the walk goes on, None behind the last of so many files of that name, and what there is to say so far."""
    is_over = place.file >= files
    counts = {what: files, **lost} if is_over else lost
    note = "; ".join(f"{name}: {count}" for name, count in counts.items() if count)
    return None if is_over else place.model_dump(mode="json"), note


def publishers(search: Search) -> frozenset[str]:
    """Whose pages are looked for; empty for those of all."""
    return frozenset(map(publisher, (search.site_url, search.feed_url))) - {""}


class Held(Generic[T]):
    """What a step leaves open for the next one, if that goes on where it ended.

    It is no longer held then: a step that is broken off leaves it who knows where.
    """

    def __init__(self) -> None:
        self._held: tuple[tuple[object, ...], Iterator[T]] | None = None

    def keep(self, place: Place, rest: Iterator[T]) -> None:
        """Hold what lies behind a place."""
        self._held = _spot(place), rest

    def rest(self, place: Place) -> Iterator[T] | None:
        """What lies behind a place, if it is held."""
        held, self._held = self._held, None
        return held[1] if held and held[0] == _spot(place) else None


def _spot(place: Place) -> tuple[object, ...]:
    return place.file, place.packed, place.at, place.after


def fault_of(error: Exception, at: int) -> str:
    """What a file has that could be read so far only, to be said after its name."""
    if isinstance(error, DamagedMemberError):
        return f"is damaged at byte {error.at:,}: {error}"
    where = f" after {at:,} bytes as unpacked" if at else ""
    if isinstance(error, EOFError):
        return f"breaks off{where}"
    if isinstance(error, ParseError):
        return f"{error}{where}"
    if isinstance(error, DAMAGE):
        return f"is damaged{where}: {error}"
    return f"cannot be read{where}: {error.strerror if isinstance(error, OSError) else error}"


@contextmanager
def unpacked(path: str, packed: int = 0) -> Iterator[BufferedIOBase]:
    """The bytes of a file, unpacked where they begin like gzip or zstd: of all members or frames, one after the other.

    A seek forward reads what it passes, but for files that are not packed.

    Args:
        packed: where a member begins before which nothing is read.

    Raises:
        OSError: there is none, or it may not be read.
        ParseError: it is no regular file, or its dictionary is none.
    """
    if Path(path).exists() and not Path(path).is_file():
        raise ParseError("is no file")
    with Path(path).open("rb") as file:
        file.seek(packed)
        signature = file.read(4)
        file.seek(packed)
        if signature.startswith(_GZIP):
            with io.BufferedReader(Members(file), CHUNK) as unzipped:
                yield unzipped
        elif signature in (_ZSTD, _DICTIONARY):
            with zstd.ZstdFile(file, zstd_dict=_dictionary(file)) as unzipped:
                yield unzipped
        else:
            yield file


def _dictionary(file: BufferedIOBase) -> zstd.ZstdDict | None:
    """What the frames of a zstd file are packed with, if it begins with that.

    https://iipc.github.io/warc-specifications/specifications/warc-zstd/
    """
    head = file.read(8)
    content = b""
    if head.startswith(_DICTIONARY):
        content = file.read(min(int.from_bytes(head[4:], "little"), MAX_DICTIONARY))
    file.seek(0)
    if not content:
        return None
    try:
        if content.startswith(_ZSTD):
            content = zstd.ZstdDecompressor().decompress(content, MAX_DICTIONARY)
        return zstd.ZstdDict(content)
    except (zstd.ZstdError, ValueError) as error:
        raise ParseError(f"begins with a dictionary that is none: {error}") from error
