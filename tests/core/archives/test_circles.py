"""Walks that turn in a circle, and walks that do not."""

from collections.abc import Iterable
from itertools import chain, count, cycle, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.archives import circles
from ingest.core.archives.circles import Trail, onward


def pages_until_a_circle(pages: Iterable[int]) -> int:
    """How many pages are seen before the one by which the circle shows."""
    trail = Trail()
    for number, page in enumerate(pages):
        step = onward(Trail.model_validate_json(trail.model_dump_json()), str(page))
        if step is None:
            return number
        trail = step
        assert trail.length == number + 1
    raise AssertionError("no circle showed")


@given(st.integers(0, 200), st.integers(1, 200))
def test_a_circle_shows_within_three_times_the_pages_that_differ(before: int, around: int) -> None:
    walk = chain(range(before), cycle(range(before, before + around)))
    assert before + around <= pages_until_a_circle(walk) <= 3 * (before + around)


@given(st.lists(st.text(min_size=1), unique=True, max_size=300))
def test_pages_that_all_differ_are_no_circle(pages: list[str]) -> None:
    trail: Trail | None = Trail()
    for page in pages:
        assert trail is not None
        trail = onward(trail, page)
    assert trail is not None
    assert trail.length == len(pages)


def test_the_same_page_again_shows_at_once() -> None:
    assert pages_until_a_circle(cycle([1])) == 1


def test_pages_that_are_made_up_without_end_come_to_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(circles, "LONGEST", 100)
    assert pages_until_a_circle(islice(count(), 1000)) == 100
