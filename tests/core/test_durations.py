"""Durations and sizes as people write them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.durations import parse_duration, parse_size


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("20s", 20),
        ("15m", 900),
        ("1h30m", 5_400),
        ("24h", 86_400),
        ("30d", 2_592_000),
        ("1w2d3h4m5s", 788_645),
        ("0s", 0),
    ],
)
def test_a_duration_is_the_sum_of_its_parts(text: str, seconds: int) -> None:
    assert parse_duration(text) == dt.timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    ["", "20", "s", "soon", "1.5h", "-1s", "15 m", " 15m", "15M", "30m1h", "5m5m", "15min", "٣s", "1h\n", "1h 30m"],
)
def test_what_is_no_duration_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no duration; write .* such as 20s"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["36501d", "999999999999d", "9" * 5_000 + "s"])
def test_more_than_a_hundred_years_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="longer than a hundred years"):
        parse_duration(text)


@given(st.integers(0, 99), st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_every_duration_is_read_as_it_was_written(days: int, hours: int, minutes: int, seconds: int) -> None:
    span = dt.timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)

    assert parse_duration(f"{days}d{hours}h{minutes}m{seconds}s") == span


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("0B", 0),
        ("512kB", 512_000),
        ("10MB", 10_000_000),
        ("1gb", 10**9),
        ("1KiB", 1024),
        ("64MiB", 2**26),
        ("1GiB", 2**30),
    ],
)
def test_a_size_is_decimal_unless_its_unit_is_binary(text: str, count: int) -> None:
    assert parse_size(text) == count


@pytest.mark.parametrize("text", ["", "10", "MB", "10 MB", "1.5GB", "-1MB", "10M", "10TB", "10MB ", "9" * 20 + "B"])
def test_what_is_no_size_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no size; write .* such as 512kB"):
        parse_size(text)
