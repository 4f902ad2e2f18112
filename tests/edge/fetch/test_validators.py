"""Validators go back as each server wants them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.edge.fetch.validators import conditions, tags

TAGS = [
    ('"1"', '"1"'),
    ('W/"1"', 'W/"1"'),
    ("1", "1"),
    ("1-gzip", "1-gzip"),
    ('"1", "2"', '"1", "2"'),
    ('"a,b"', '"a,b"'),
    ('"gzip"', '"gzip"'),
    ('"-gzip"', '"-gzip"'),
    ('"1-gzipped"', '"1-gzipped"'),
    ('"5e-1f;5a"', '"5e-1f;5a"'),
    ('"5e-1f-gzip"', '"5e-1f-gzip", "5e-1f"'),
    ('"1--gzip"', '"1--gzip", "1"'),
    ('"1;gzip"', '"1;gzip", "1"'),
    ('"1-br"', '"1-br", "1"'),
    ('"1-zstd"', '"1-zstd", "1"'),
    ('W/"1-GZIP"', 'W/"1-GZIP", W/"1"'),
]


@pytest.mark.parametrize(("etag", "sent"), TAGS)
def test_a_tag_goes_back_as_it_came_and_without_its_coding(etag: str, sent: str) -> None:
    assert tags(etag) == sent


@given(st.text())
def test_the_tag_that_came_is_always_among_those_that_go_back(etag: str) -> None:
    assert tags(etag).startswith(etag)


@pytest.mark.parametrize("date", ["Fri, 19 Jan 2024 08:30:00 GMT", "Fri Jan 19 08:30:00 2024", "1705653000", "-1"])
def test_a_date_goes_back_in_its_own_notation(date: str) -> None:
    assert conditions("", date) == {"If-Modified-Since": date}


def test_nothing_known_is_no_condition() -> None:
    assert conditions("", "") == {}
