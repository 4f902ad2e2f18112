"""What the index of an archive of the web answers, read."""

import datetime as dt
import json
from contextlib import suppress

import pytest
from answers import answer
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.parse.cdx import Captures, read_captures, timestamp
from ingest.errors import ParseError

HEADER = ["timestamp", "original", "mimetype", "statuscode", "digest"]


def row(stamp: object = "20240517083000", original: object = "https://example.org/a") -> list[object]:
    return [stamp, original, "text/html", "200", "ABC"]


def read(table: object) -> Captures:
    return read_captures(answer(json.dumps(table)))


def test_rows_are_captures_by_the_names_of_the_columns() -> None:
    (one,) = read([["digest", "original", "timestamp"], ["ABC", "https://example.org/a", "20240517083000"]]).rows
    assert one.at == dt.datetime(2024, 5, 17, 8, 30, tzinfo=dt.UTC)
    assert (one.timestamp, one.original, one.digest) == ("20240517083000", "https://example.org/a", "ABC")
    assert timestamp(one.at) == one.timestamp


@pytest.mark.parametrize(
    ("original", "url"),
    [
        ("http://example.org:80/a:80", "http://example.org/a:80"),
        ("https://example.org:443", "https://example.org"),
        ("http://example.org:8080/a", "http://example.org:8080/a"),
        ("https://example.org:80/a", "https://example.org:80/a"),
    ],
)
def test_the_usual_port_is_left_out_of_an_address(original: str, url: str) -> None:
    assert read([HEADER, row(original=original)]).rows[0].url == url


def test_the_key_to_what_follows_stands_behind_an_empty_row() -> None:
    assert read([HEADER, row(), [], ["org%2Cexample%29%2F+1%21"]]).resume_key == "org%2Cexample%29%2F+1%21"
    assert len(read([HEADER, row(), [], ["key"]]).rows) == 1
    assert read([HEADER, row()]).resume_key == ""
    assert read([HEADER, [], ["key"]]) == Captures((), "key")
    assert read([HEADER, row(), [], [7]]).resume_key == ""


@pytest.mark.parametrize("body", ["", "\n", "[]", json.dumps([HEADER])])
def test_nothing_is_nothing(body: str) -> None:
    assert read_captures(answer(body)) == Captures(())


@pytest.mark.parametrize(
    "odd", [row("2024"), row("20241317083000"), row(None), row(original="data:,a"), row(original=3), ["20240517083000"]]
)
def test_rows_without_a_time_or_an_address_are_left_out(odd: list[object]) -> None:
    assert len(read([HEADER, odd, row()]).rows) == 1


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("<html><title>Offline</title>", "an HTML page"),
        ("{}", "no list of rows"),
        ('[["timestamp"], 3]', "no list of rows"),
        ('[["timestamp", "mimetype"], ["1", "2"]]', "no column is named original"),
        ("[" * 100_000, "no index of captures"),
        ("org,example)/ 20240517083000 https://example.org/", "plain text"),
    ],
)
def test_what_is_no_index_is_an_error_that_says_why(body: str, why: str) -> None:
    with pytest.raises(ParseError, match=why):
        read_captures(answer(body))


JSON = st.recursive(st.none() | st.integers() | st.text(max_size=20), lambda inner: st.lists(inner, max_size=5))


@given(st.lists(st.lists(JSON, max_size=5), max_size=6))
def test_any_list_of_rows_is_read_or_refused(table: list[list[object]]) -> None:
    for rows in (table, [HEADER, *table]):
        with suppress(ParseError):
            read(rows)
