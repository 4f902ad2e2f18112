"""gzip files member by member, so that one that is damaged does not hide those behind it.

Strategy: crawlers put each record into a member of its own. Where one cannot be read, the next lies where the signature
of a member stands, and what unpacks from there begins as it should: a signature alone also stands in packed data, by
chance. https://www.rfc-editor.org/rfc/rfc1952#section-2.2
"""

import io
import zlib
from pathlib import Path
from typing import BinaryIO

from ingest.core.coding import GZIP

CHUNK = 64 * 1024
"""Bytes that are read of a packed file at once."""
SEARCHED = 256_000_000
"""Bytes in which the next member is looked for: a second or two."""
MOST_TRIED = 1000
"""Signatures at which a member is looked for."""
HEAD = 1024
"""Bytes of a member that tell how it begins."""

_MEMBER = b"\x1f\x8b\x08"


class DamagedMemberError(zlib.error):
    """A member cannot be unpacked.

    Args:
        at: where it begins in the packed file.
    """

    def __init__(self, why: str, at: int) -> None:
        super().__init__(why)
        self.at = at


class Members(io.RawIOBase):
    """What is in a gzip file from where it stands, of all members; sought forward alone, which reads what it passes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._inflater = zlib.decompressobj(GZIP)
        self._is_within = False
        """Whether a member was begun and is not at its end."""
        self._begins_at = file.tell()
        self._waiting = b""
        self._at = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is, forward."""
        return True

    def tell(self) -> int:
        """How many bytes were unpacked."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Pass what lies before a place, or all that there is."""
        if whence != io.SEEK_SET or offset < self._at:
            raise io.UnsupportedOperation("it is read forward alone")
        while self._at < offset and (piece := self._next(min(CHUNK, offset - self._at))):
            self._at += len(piece)
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # as BufferedReader calls it
        """The next bytes.

        Raises:
            EOFError: the file breaks off.
            DamagedMemberError: what comes next cannot be unpacked; all before was given.
        """
        piece = self._next(len(buffer))
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def _next(self, most: int) -> bytes:
        """Some bytes, of one member; none at the end of the file."""
        while self._waiting or self._is_within or self._more():
            if not self._is_within and not self._begun():
                continue
            is_last = not self._waiting and not self._more()
            if piece := self._unpacked(most):
                return piece
            if is_last and self._is_within:
                raise EOFError
        return b""

    def _more(self) -> bool:
        self._waiting = self._file.read(CHUNK)
        return bool(self._waiting)

    def _begun(self) -> bool:
        """Begin the next member, unless only padding is left of what was read."""
        self._waiting = self._waiting.lstrip(b"\0")
        if self._waiting:
            self._inflater, self._is_within = zlib.decompressobj(GZIP), True
            self._begins_at = self._file.tell() - len(self._waiting)
        return self._is_within

    def _unpacked(self, most: int) -> bytes:
        try:
            piece = self._inflater.decompress(self._waiting, most)
        except zlib.error as error:
            raise DamagedMemberError(str(error), self._begins_at) from error
        self._waiting = self._inflater.unconsumed_tail or self._inflater.unused_data
        self._is_within = not self._inflater.eof
        return piece


def next_member(path: str, behind: int, begins: bytes) -> int | None:
    """Where in a packed file the next member lies that begins like this; None where none is found.

    Args:
        behind: where the one begins that it comes after.

    Raises:
        OSError: the file cannot be read.
    """
    at, tried = behind + 1, 0
    with Path(path).open("rb") as file:
        while at - behind <= SEARCHED and tried < MOST_TRIED:
            file.seek(at)
            window = file.read(CHUNK)
            place = window.find(_MEMBER)
            if place < 0:
                if len(window) < len(_MEMBER):
                    return None
                at += len(window) - len(_MEMBER) + 1
                continue
            at += place
            file.seek(at)
            if _unpacks_to(file.read(HEAD), begins):
                return at
            at, tried = at + 1, tried + 1
    return None


def _unpacks_to(head: bytes, begins: bytes) -> bool:
    try:
        return zlib.decompressobj(GZIP).decompress(head, len(begins)) == begins
    except zlib.error:
        return False
