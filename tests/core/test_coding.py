"""Bodies are decoded piece by piece, however they were cut on the way."""

import contextlib
import gzip
import zlib
from collections.abc import AsyncIterator, Callable

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.coding import BROKEN, CODINGS, PIECE, OverflowingError, decoders, undone, zstd


def raw_deflate(data: bytes) -> bytes:
    encoder = zlib.compressobj(wbits=-15)
    return encoder.compress(data) + encoder.flush()


ENCODERS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("gzip", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", raw_deflate),
    ("br", brotli.compress),
    ("zstd", zstd.compress),
]


async def decode(coding: str, chunks: list[bytes]) -> list[bytes]:
    async def wire() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    return [piece async for piece in CODINGS[coding](wire())]


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


@pytest.mark.parametrize(("coding", "encode"), ENCODERS)
@given(text=st.binary(max_size=2000), size=st.integers(1, 300))
async def test_what_was_coded_comes_back(coding: str, encode: Callable[[bytes], bytes], text: bytes, size: int) -> None:
    assert b"".join(await decode(coding, cut(encode(text), size))) == text


@pytest.mark.parametrize(("coding", "encode"), ENCODERS)
async def test_no_piece_is_larger_than_its_bound(coding: str, encode: Callable[[bytes], bytes]) -> None:
    pieces = await decode(coding, [encode(bytes(1_000_000))])
    assert sum(map(len, pieces)) == 1_000_000
    assert max(map(len, pieces)) <= 2 * PIECE


@pytest.mark.parametrize(("coding", "encode"), ENCODERS)
@given(text=st.binary(min_size=1, max_size=2000), data=st.data())
async def test_a_body_that_ends_early_is_noticed(
    coding: str, encode: Callable[[bytes], bytes], text: bytes, data: st.DataObject
) -> None:
    whole = encode(text)
    with pytest.raises(EOFError):
        await decode(coding, [whole[: data.draw(st.integers(1, len(whole) - 1))]])


@pytest.mark.parametrize("coding", CODINGS)
@given(chunks=st.lists(st.binary(min_size=1), max_size=5))
async def test_any_bytes_decode_or_are_told_to_be_broken(coding: str, chunks: list[bytes]) -> None:
    with contextlib.suppress(*BROKEN, EOFError):
        assert isinstance(await decode(coding, chunks), list)


@pytest.mark.parametrize("coding", CODINGS)
async def test_an_empty_body_is_whole(coding: str) -> None:
    assert await decode(coding, []) == []


@pytest.mark.parametrize("size", [1, 7, 1000])
async def test_gzip_files_in_a_row_are_one_body(size: int) -> None:
    assert b"".join(await decode("gzip", cut(gzip.compress(b"one ") + gzip.compress(b"two"), size))) == b"one two"


async def test_what_follows_a_gzip_file_is_left_out() -> None:
    assert await decode("gzip", [gzip.compress(b"one") + bytes(8), b"more"]) == [b"one"]


async def test_what_follows_a_deflated_body_is_not_even_read() -> None:
    async def wire() -> AsyncIterator[bytes]:
        yield zlib.compress(b"one") + bytes(8)
        raise AssertionError("it was read")

    assert [piece async for piece in CODINGS["deflate"](wire())] == [b"one"]


async def test_too_many_gzip_files_in_a_row_are_no_body() -> None:
    with pytest.raises(zlib.error, match="more than 1000"):
        await decode("gzip", [gzip.compress(b"") * 1001])


async def test_a_zstd_frame_that_looks_back_further_than_the_web_allows_is_broken() -> None:
    compressor = zstd.ZstdCompressor(options={int(zstd.CompressionParameter.window_log): 24})
    wide = compressor.compress(b"a") + compressor.flush()
    with pytest.raises(BROKEN):
        await decode("zstd", [wide])


async def test_zstd_frames_may_follow_each_other() -> None:
    assert b"".join(await decode("zstd", [zstd.compress(b"one ") + zstd.compress(b"two")])) == b"one two"


def undo(body: bytes, written: str, max_bytes: int = 1_000_000) -> bytes:
    decodes = decoders(written)
    assert decodes is not None
    return undone(body, decodes, max_bytes)


@pytest.mark.parametrize(("coding", "encode"), ENCODERS)
def test_a_body_in_memory_is_decoded_at_once(coding: str, encode: Callable[[bytes], bytes]) -> None:
    assert undo(encode(b"a text " * 50_000), coding) == b"a text " * 50_000


def test_the_coding_that_was_put_on_last_is_taken_off_first() -> None:
    assert undo(brotli.compress(gzip.compress(b"a text")), "gzip, br") == b"a text"


def test_a_body_in_memory_that_decodes_to_too_much_is_refused() -> None:
    with pytest.raises(OverflowingError):
        undo(gzip.compress(b"\0" * 2_000_000), "gzip")


def test_a_body_in_memory_that_breaks_off_is_refused() -> None:
    with pytest.raises(EOFError):
        undo(gzip.compress(bytes(range(256)))[:-20], "gzip")


def test_a_coding_that_we_cannot_undo_has_no_decoders() -> None:
    assert decoders("compress") is None
    assert decoders("none") == ()
