"""What of a page lies in the range, and whether the page is past it."""

import datetime as dt
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.archives.pages import digest, is_past, listing
from ingest.model import Entry, Moment
from ingest.ports import Ask, Pool, Search

SINCE, UNTIL = (dt.datetime(2024, 1, number, tzinfo=dt.UTC) for number in (10, 20))
SEARCH = Search("", "", (), SINCE, UNTIL, (), UNTIL, cast("Ask", None), cast("Pool", None))  # neither is used


def entry(day: int | None, updated: int | None = None, **more: str) -> Entry:
    return Entry.model_validate({"published": moment(day), "updated": moment(updated)} | more)


def moment(day: int | None) -> Moment | None:
    at = dt.datetime(2024, 1, day, tzinfo=dt.UTC) if day else None
    return Moment(at=at, day=at.date()) if at else None


def test_the_range_holds_its_beginning_and_not_its_end() -> None:
    page = listing([entry(day) for day in (9, 10, 19, 20, None)], SEARCH)
    assert [one.at.day if one.at else None for one in page.found] == [10, 19, None]
    assert page.outside == 2
    assert page.oldest == SINCE - dt.timedelta(days=1)


@pytest.mark.parametrize(("years", "oldest"), [((2020,), 2020), ((2020, 2024), 2024), ((2020, 2022, 2025), 2020)])
def test_one_date_that_is_far_from_all_others_is_no_reach(years: tuple[int, ...], oldest: int) -> None:
    dates = [dt.datetime(year, 1, 10, tzinfo=dt.UTC) for year in years]
    page = listing([Entry(published=Moment(at=date, day=date.date())) for date in dates], SEARCH)
    assert page.oldest
    assert page.oldest.year == oldest


def test_what_tells_only_its_change_counts_by_that_and_is_not_said_to_be_published_then() -> None:
    (one,) = listing([entry(None, 12)], SEARCH).found
    assert one.at
    assert (one.at.day, one.entry.published) == (12, None)


@pytest.mark.parametrize(
    ("days", "past"),
    [
        ([9, 8, 7], True),
        ([9, None, 7], True),
        ([9, 10, 7], False),
        ([9, None, None], False),
        ([None], False),
        ([], False),
        ([25, 24], False),
    ],
)
def test_a_page_is_past_as_a_whole_or_not_at_all(days: list[int | None], past: bool) -> None:
    assert is_past([entry(day) for day in days], SEARCH) is past


@given(st.permutations([entry(None, url=f"https://amble.example/{number}") for number in range(5)]))
def test_a_page_is_known_again_in_another_order(entries: list[Entry]) -> None:
    assert digest(entries) == digest(sorted(entries, key=lambda one: one.url))


def test_pages_are_told_apart_though_all_ids_are_the_same() -> None:
    one, two = (entry(None, guid="x", url=f"https://amble.example/{number}") for number in (1, 2))
    assert digest([one]) != digest([two])
    assert digest([one]) == digest([one.model_copy(update={"url": f"{one.url}?from=5"})])
    assert digest([]) == ""


def test_pages_are_told_apart_by_queries_where_entries_differ_in_nothing_else() -> None:
    one, two = (
        [entry(None, url=f"https://amble.example/story?id={n}", title="News") for n in of] for of in ((1, 2), (3, 4))
    )
    assert digest(one) != digest(two)
