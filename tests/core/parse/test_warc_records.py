"""A record of a WARC file is a page, nothing of interest, or an error that is told."""

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.parse.warc import Record, page, record
from ingest.errors import ParseError

NOW = dt.datetime(2024, 1, 19, 8, tzinfo=dt.UTC)
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def head(**fields: str) -> bytes:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return f"WARC/1.1\r\n{lines}".encode()


def of(block: bytes, kind: str = "response") -> Record:
    return Record(kind, "https://paper.example/1", len(block), NOW, "application/http", "", is_cut=False)


def body(block: bytes) -> bytes:
    found = page(of(block), block, NOW)
    assert found is not None
    return found.body


def test_names_of_fields_are_known_in_any_case_and_values_may_be_folded() -> None:
    found = record(
        b"WARC/1.0\r\nwarc-type: Response\r\nWARC-TARGET-URI:\r\n https://paper.example/1\r\ncontent-length:7\r\n", NOW
    )
    assert (found.kind, found.url, found.length) == ("response", "https://paper.example/1", 7)
    assert found.may_be_page


@pytest.mark.parametrize("url", ["", "dns:paper.example", "urn:uuid:1", "file:///a", "https://["])
def test_a_record_without_an_address_of_the_web_is_no_page(url: str) -> None:
    assert not record(head(WARC_Type="response", WARC_Target_URI=url, Content_Length="1"), NOW).may_be_page


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (b"5\r\n<p>ab\r\n2\r\ncd\r\n0\r\n\r\n", b"<p>abcd"),
        (b"5;name=value\r\n<p>ab\r\n0\r\n\r\n", b"<p>ab"),
        (b"005  \n<p>ab\n0\n", b"<p>ab"),
        (b"<p>no chunks", b"<p>no chunks"),
    ],
)
def test_chunks_are_joined_where_there_are_any(sent: bytes, read: bytes) -> None:
    assert body(HTTP + b"Transfer-Encoding: Chunked\r\n\r\n" + sent) == read


def test_a_long_chain_of_chunks_takes_no_long_time() -> None:
    block = HTTP + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * 500_000 + b"0\r\n\r\n"
    assert len(body(block)) == 500_000


def test_a_body_in_which_many_codings_lie_upon_each_other_is_told() -> None:
    block = HTTP + b"Content-Encoding: gzip, gzip, gzip, gzip\r\n\r\n\x1f\x8b"
    with pytest.raises(ParseError, match="coded"):
        page(of(block), block, NOW)


@given(st.binary(max_size=300))
def test_no_head_is_too_strange(rest: bytes) -> None:
    with suppress(ParseError):
        record(b"WARC/1.0\r\n" + rest, NOW)


@given(
    st.sampled_from(
        [b"", b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: gzip\r\n", b"Content-Encoding: br\r\n"]
    ),
    st.binary(max_size=300),
)
def test_no_block_is_too_strange(headers: bytes, rest: bytes) -> None:
    for block in (rest, HTTP + headers + rest, HTTP + headers + b"\r\n" + rest):
        with suppress(ParseError):
            page(of(block), block, NOW)
