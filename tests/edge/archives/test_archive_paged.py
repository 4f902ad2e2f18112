"""Walking back along the pages of a feed."""

import datetime as dt
import json
from collections.abc import Sequence

import pytest
from answering import FEED, SITE, Site, day, found, said, titles, walked

from ingest.edge.archives import paged
from ingest.edge.archives.paged import Paged
from ingest.errors import FetchError, ParseError
from ingest.model import Response

ATOM = "xmlns='http://www.w3.org/2005/Atom' xmlns:fh='http://purl.org/syndication/history/1.0'"


def page(numbers: Sequence[int], older: str = "", rel: str = "next", more: str = "", dated: bool = True) -> Response:
    """A page of Atom with these entries, each of the day of its number."""
    link = f"<link rel='{rel}' href='{older}'/>" if older else ""
    entries = "".join(
        f"<entry><id>tag:{number}</id><title>Day {number}</title><link href='/{number}'/>"
        f"{f'<published>{day(number).isoformat()}</published>' if dated else ''}</entry>"
        for number in numbers
    )
    return said(f"<feed {ATOM}><title>Amble</title>{link}{more}{entries}</feed>")


def days(*numbers: int) -> list[str]:
    return [f"Day {number}" for number in numbers]


def of_three_pages() -> Site:
    return Site({FEED: page([9, 8, 7], "?page=2"), f"{FEED}?page=2": page([6, 5, 4], "?page=3"),
                 f"{FEED}?page=3": page([3, 2, 1])})  # fmt: skip


async def test_the_pages_of_a_feed_are_walked_to_their_end() -> None:
    site = of_three_pages()
    steps = await walked(Paged(site.search()))
    assert titles(steps) == days(9, 8, 7, 6, 5, 4, 3, 2, 1)
    assert steps[0].note == "the feed names pages with older entries"
    assert steps[-1].oldest == day(1)
    assert len(site.asked) == 3
    assert not site.guessed


async def test_archives_in_any_order_are_walked_until_one_lies_before_the_range() -> None:
    site = Site({
        FEED: page([9, 8], "/2023-b", "prev-archive", "<link rel='next' href='/elsewhere'/>"),
        "https://amble.example/2023-b": page([5, 7, 4, 6], "/2023-a", "prev-archive"),
        "https://amble.example/2023-a": page([1, 3, 0, 2], "/2022", "prev-archive"),
        "https://amble.example/2022": page([-1, -2], "/2021", "prev-archive"),
    })  # fmt: skip
    steps = await walked(Paged(site.search(since=day(3))))
    assert sorted(titles(steps)) == days(3, 4, 5, 6, 7, 8, 9)
    assert sum(step.outside for step in steps) == 5
    assert site.asked[-1] == "https://amble.example/2022"


async def test_json_feeds_are_walked_by_their_next_url() -> None:
    def one(number: int, **more: object) -> Response:
        items = [{"id": str(number), "title": f"Day {number}", "date_published": day(number).isoformat()}]
        return said(json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "A", "items": items} | more))

    site = Site({FEED: one(2, next_url="?page=2"), f"{FEED}?page=2": one(1)})
    assert titles(await walked(Paged(site.search()))) == days(2, 1)


async def test_entries_outside_the_range_are_counted_and_those_without_a_date_are_in() -> None:
    site = Site({FEED: page([9, 8], "?page=2"), f"{FEED}?page=2": page([7, 6], "?page=3", dated=False),
                 f"{FEED}?page=3": page([5, 4, 3])})  # fmt: skip
    steps = await walked(Paged(site.search(since=day(4), until=day(9))))
    assert titles(steps) == days(8, 7, 6, 5, 4)
    assert [step.outside for step in steps] == [1, 0, 1]
    assert [one.at for one in found(steps)] == [day(8), None, None, day(5), day(4)]


async def test_one_date_that_lies_does_not_end_the_walk() -> None:
    site = Site({FEED: page([9, -3000, 8], "?page=2"), f"{FEED}?page=2": page([7])})
    assert titles(await walked(Paged(site.search(since=day(0))))) == days(9, 8, 7)


async def test_a_feed_without_further_pages_is_no_archive() -> None:
    (step,) = await walked(Paged(Site({FEED: page([2, 1])}).search()))
    assert (step.found, step.note) == ((), "the feed names no page with older entries")


async def test_a_complete_feed_ends_at_once() -> None:
    site = Site({FEED: page([2, 1], "?page=2", more="<fh:complete/>")})
    (step,) = await walked(Paged(site.search()))
    assert titles([step]) == days(2, 1)
    assert step.note == "the feed says that it lists everything"


async def test_without_a_feed_nothing_is_asked() -> None:
    site = Site()
    (step,) = await walked(Paged(site.search(feed_url="")))
    assert step.note
    assert not site.asked


# What servers do wrong


async def test_links_that_turn_in_a_circle_end_the_walk() -> None:
    site = of_three_pages()
    site.answers[f"{FEED}?page=3"] = page([3, 2, 1], "?page=2")
    steps = await walked(Paged(site.search()))
    assert set(titles(steps)) == set(days(*range(1, 10)))
    assert steps[-1].note == "the feed's pages repeat, or never end"
    assert len(site.asked) <= 9


async def test_a_page_that_names_itself_is_asked_for_once() -> None:
    site = Site({FEED: page([2, 1], FEED)})
    assert titles(await walked(Paged(site.search()))) == days(2, 1)
    assert site.asked == [FEED]


async def test_a_server_that_gives_page_one_under_ever_new_addresses_ends_the_walk() -> None:
    def same(url: str) -> Response:
        return page([2, 1], f"{url.partition('?')[0]}?page={int(url.partition('=')[2] or 1) + 1}")

    site = Site(otherwise=same)
    assert titles(await walked(Paged(site.search()))) == days(2, 1)
    assert len(site.asked) == 2


async def test_empty_archives_are_passed_over_and_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paged, "BARREN", 5)

    def empty(url: str) -> Response:
        return page([], f"{FEED}?page={int(url.partition('=')[2]) + 1}")

    site = Site({FEED: page([9], "?page=2"), f"{FEED}?page=5": page([8], "?page=6")}, otherwise=empty)
    steps = await walked(Paged(site.search()))
    assert titles(steps) == days(9, 8)
    assert steps[-1].note == "one page of the feed after another is empty"
    assert len(site.asked) == 5 + 6


async def test_a_long_document_takes_several_steps_and_one_request() -> None:
    site = Site({FEED: page(range(900, 0, -1), "?page=2"), f"{FEED}?page=2": page([0])})
    steps = await walked(Paged(site.search()))
    assert titles(steps) == days(*range(900, -1, -1))
    assert max(len(step.found) for step in steps) == paged.AT_ONCE
    assert len(site.asked) == 2


async def test_a_page_that_is_gone_ends_the_walk_with_its_address() -> None:
    site = of_three_pages()
    site.answers[f"{FEED}?page=2"] = said(status=410)
    steps = await walked(Paged(site.search()))
    assert titles(steps) == days(9, 8, 7)
    assert steps[-1].gone == f"the page with older entries, {FEED}?page=2, is not there"


async def test_a_feed_that_is_complete_and_one_whose_first_archive_was_read_are_whole() -> None:
    complete = Site({FEED: page([2, 1], more="<fh:complete/>")})
    archived = Site({FEED: page([2], "/a", "prev-archive"), f"{SITE}/a": page([1], more="<fh:archive/>")})
    for site, whole in ((complete, True), (archived, True), (of_three_pages(), False)):
        assert (await walked(Paged(site.search())))[-1].whole is whole


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_server_in_trouble_is_to_be_asked_again(status: int) -> None:
    site = of_three_pages()
    site.answers[f"{FEED}?page=2"] = said(status=status, retry_after="120")
    first = await Paged(site.search()).step(None)
    with pytest.raises(FetchError) as trouble:
        await Paged(site.search()).step(first.cursor)
    assert trouble.value.transient
    assert (trouble.value.status, trouble.value.retry_after_s) == (status, 120.0)


async def test_a_page_that_is_no_feed_is_an_error() -> None:
    site = of_three_pages()
    site.answers[f"{FEED}?page=2"] = said("<html><body>Back soon</body></html>")
    first = await Paged(site.search()).step(None)
    with pytest.raises(ParseError):
        await Paged(site.search()).step(first.cursor)


@pytest.mark.parametrize("since", [None, day(4)])
async def test_each_cursor_leads_to_the_same_entries_in_another_process(since: dt.datetime | None) -> None:
    site = of_three_pages()
    site.answers[FEED] = page([*range(700, 6, -1)], "?page=2")
    steps = await walked(Paged(site.search(since)))
    assert len(steps) > 3
    for number, step in enumerate(steps[:-1], 1):
        cursor = json.loads(json.dumps(step.cursor))
        assert titles(await walked(Paged(site.search(since)), cursor)) == titles(steps[number:])
        assert len(json.dumps(cursor)) < 400
