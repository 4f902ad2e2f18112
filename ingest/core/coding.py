"""Content codings, undone piece by piece.

Strategy: a few kilobytes can decode to gigabytes, so no step gives more than PIECE bytes; the reader counts them and
stops when it has enough. A decoder raises EOFError where the coded bytes end too early, and `BROKEN` where they are
no such code. Decoders take what comes from the network; `undone` gives them what lies in memory.
"""

import zlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Protocol

import brotli

from ingest.core.zstd import zstd

PIECE = 64 * 1024
MAX_MEMBERS = 1000
"""gzip files in one body; each costs a copy of what follows it."""
GZIP, ZLIB, RAW = 31, 15, -15
"""Window bits, which tell zlib the frame around the data."""
WINDOW_LOG_MAX = 23
"""zstd may look back 8 MB: RFC 9659 allows no more on the web, and the decoder keeps as much in memory."""
BROKEN = (zlib.error, brotli.error, zstd.ZstdError)

Decode = Callable[[AsyncIterator[bytes]], AsyncIterator[bytes]]


class OverflowingError(Exception):
    """There is more than the limit."""


class Inflater(Protocol):
    """What `zlib.decompressobj` makes."""

    @property
    def unconsumed_tail(self) -> bytes:
        """Input held back because the output was full."""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """At most so many bytes of output."""


async def gunzip(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """One gzip file or several; what follows them is padding and left out."""
    inflater = None
    members = 0
    async for data in chunks:
        while data and (inflater is None or not inflater.eof or data[0] == 0x1F):
            if inflater is None or inflater.eof:
                inflater, members = zlib.decompressobj(GZIP), members + 1
            if members > MAX_MEMBERS:
                raise zlib.error(f"more than {MAX_MEMBERS} gzip files in one body")
            for piece in drained(inflater, data):
                yield piece
            data = inflater.unused_data
    if inflater is not None and not inflater.eof:
        raise EOFError


async def inflate(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Deflate with its zlib frame, or without: servers send both under that name."""
    inflater = None
    async for data in chunks:
        if inflater is None:
            inflater = zlib.decompressobj(ZLIB if data[0] & 0x0F == 8 else RAW)
        for piece in drained(inflater, data):
            yield piece
        if inflater.eof:  # what follows would be kept, and copied with each further piece
            return
    if inflater is not None:
        raise EOFError


async def unbrotli(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """One brotli stream."""
    decoder = None
    async for data in chunks:
        decoder = decoder or brotli.Decompressor()
        piece = decoder.process(data, output_buffer_limit=PIECE)
        while piece or not decoder.can_accept_more_data():
            yield piece
            piece = decoder.process(b"", output_buffer_limit=PIECE)
    if decoder is not None and not decoder.is_finished():
        raise EOFError


async def unzstd(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """One zstd frame or several, one upon the other."""
    decoder = None
    members = 0
    async for data in chunks:
        while data:
            if decoder is None or decoder.eof:
                options = {int(zstd.DecompressionParameter.window_log_max): WINDOW_LOG_MAX}
                decoder, members = zstd.ZstdDecompressor(options=options), members + 1
            if members > MAX_MEMBERS:
                raise zstd.ZstdError(f"more than {MAX_MEMBERS} zstd frames in one body")
            piece = decoder.decompress(data, PIECE)
            while piece or not (decoder.eof or decoder.needs_input):
                yield piece
                piece = b"" if decoder.eof else decoder.decompress(b"", PIECE)
            data = decoder.unused_data if decoder.eof else b""
    if decoder is not None and not decoder.eof:
        raise EOFError


def drained(inflater: Inflater, data: bytes) -> Iterator[bytes]:
    """All that the inflater makes of some input, a piece at a time."""
    piece = inflater.decompress(data, PIECE)
    while piece:
        yield piece
        piece = inflater.decompress(inflater.unconsumed_tail, PIECE)


CODINGS: dict[str, Decode] = {"gzip": gunzip, "x-gzip": gunzip, "deflate": inflate, "br": unbrotli, "zstd": unzstd}
ACCEPTED = "gzip, deflate, br, zstd"
"""What we ask for."""
UNREADABLE = frozenset({"compress", "x-compress", "dcb", "dcz"})
"""Codings that we did not ask for and cannot undo; any other name (`utf-8`, `none`) is a mistake for no coding."""
MOST_CODINGS = 3
"""One upon the other, of one body; more are no server's honest work."""


def decoders(written: str) -> tuple[Decode, ...] | None:
    """What undoes a Content-Encoding, first that of the coding which was put on last; None where we cannot."""
    names = [name.strip() for name in written.lower().split(",")]
    codings = tuple(CODINGS[name] for name in reversed(names) if name in CODINGS)
    return codings if len(codings) <= MOST_CODINGS and UNREADABLE.isdisjoint(names) else None


def chained(pieces: AsyncIterator[bytes], decodes: Sequence[Decode], max_bytes: int) -> AsyncIterator[bytes]:
    """The pieces after all of the decoders, until it is too much.

    What lies between two codings counts like what comes on the wire, lest it grow without bounds.
    """
    pieces = counted(pieces, max_bytes)
    for decode in decodes:
        pieces = counted(decode(pieces), max_bytes)
    return pieces


async def counted(pieces: AsyncIterator[bytes], max_bytes: int) -> AsyncIterator[bytes]:
    """The pieces that hold something, until it is too much."""
    received = 0
    async for piece in pieces:
        received += len(piece)
        if piece:
            yield piece
        if received > max_bytes:
            raise OverflowingError


def undone(body: bytes, decodes: Sequence[Decode], max_bytes: int) -> bytes:
    """A body in memory after all of the decoders.

    Raises:
        OverflowingError: it is more than `max_bytes`.
        EOFError: it breaks off.
        zlib.error, brotli.error, zstd.ZstdError: it is not coded so (`BROKEN`).
    """
    reading = _joined(chained(_once(body), decodes, max_bytes))
    try:
        reading.send(None)  # nothing in it waits, so that it runs to its end at once
    except StopIteration as end:
        return bytes(end.value)
    raise AssertionError("a decoder waited for what lies in memory")


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def _joined(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])
