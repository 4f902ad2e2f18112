"""Files of the disk as archives: where a walk through them is, and how packed ones are read."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path
from typing import Self

from ingest.core.zstd import zstd
from ingest.errors import ParseError
from ingest.model import Noun

MAX_DICTIONARY = 16_000_000
"""Bytes; those of the largest archive that uses them have some hundred thousand."""
DAMAGE = (EOFError, zlib.error, gzip.BadGzipFile, zstd.ZstdError)
"""What reading a packed file raises where it breaks off or is damaged."""

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_DICTIONARY = b"\x5d\x2a\x4d\x18"


class Place(Noun):
    """Where a walk through files is, and what there is to say of it."""

    file: int = 0
    """Which of them."""
    at: int = 0
    """Bytes into it, as unpacked."""
    after: str = ""
    """The name in it, if it is a folder, that was read last."""
    faults: int = 0
    """Of them that could not be read, or not to their end."""
    fault: str = ""
    """The first of these, and what it has."""

    def beyond(self, path: str, fault: str) -> Self:
        """The beginning of the next file, with the fault of this one, if it has any."""
        update: dict[str, object] = {"file": self.file + 1, "at": 0, "after": ""}
        if fault:
            update |= {"faults": self.faults + 1, "fault": self.fault or f"{path} {fault}"}
        return self.model_copy(update=update)

    def told(self) -> Iterator[str]:
        """The faults in words."""
        if self.fault:
            yield self.fault
        if self.faults > 1:
            yield f"{self.faults} files have such faults"


def fault_of(error: Exception, at: int) -> str:
    """What a file has that could be read so far only, to be said after its name."""
    where = f" after {at:,} bytes as unpacked" if at else ""
    if isinstance(error, EOFError):
        return f"breaks off{where}"
    if isinstance(error, ParseError):
        return f"{error}{where}"
    if isinstance(error, DAMAGE):
        return f"is damaged{where}: {error}"
    return f"cannot be read{where}: {error.strerror if isinstance(error, OSError) else error}"


@contextmanager
def unpacked(path: str) -> Iterator[BufferedIOBase]:
    """The bytes of a file, unpacked where they begin like gzip or zstd: of all members or frames, one after the other.

    A seek forward reads what it passes, but for files that are not packed.

    Raises:
        OSError: there is none, or it may not be read.
        ParseError: it is no regular file, or its dictionary is none.
    """
    if Path(path).exists() and not Path(path).is_file():
        raise ParseError("is no file")
    with Path(path).open("rb") as file:
        signature = file.read(4)
        file.seek(0)
        if signature.startswith(_GZIP):
            with gzip.GzipFile(fileobj=file) as unzipped:
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
