import datetime as dt

import pytest

from ingest.core.amounts import counted, ends, span


@pytest.mark.parametrize(
    ("count", "noun", "said"),
    [
        (0, "feed", "0 feeds"),
        (1, "feed", "1 feed"),
        (2, "feed", "2 feeds"),
        (1, "story", "1 story"),
        (1234, "entry", "1,234 entries"),
    ],
)
def test_an_amount_is_said_in_the_singular_or_the_plural(count: int, noun: str, said: str) -> None:
    assert counted(count, noun) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-3, "0 s"),
        (0.9, "0 s"),
        (59, "59 s"),
        (119.9, "119 s"),
        (120, "2 min"),
        (7199, "119 min"),
        (7200, "2 h"),
        (48 * 3600 - 1, "47 h"),
        (48 * 3600, "2 days"),
        (400 * 86400, "400 days"),
    ],
)
def test_a_span_is_said_in_its_largest_fitting_unit(seconds: float, said: str) -> None:
    assert span(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (3600, "2024-01-19 08:00 and 2024-01-19 09:00 UTC"),
        (59, "2024-01-19 08:00:00 and 2024-01-19 08:00:59 UTC"),
    ],
)
def test_the_ends_of_a_span_never_look_the_same(seconds: int, said: str) -> None:
    since = dt.datetime(2024, 1, 19, 8, tzinfo=dt.UTC)
    assert ends(since, since + dt.timedelta(seconds=seconds)) == said
