"""The Wayback Machine as an archive, by a small one of our own: an index in pages, and snapshots."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from listed_site import SAMPLES, SITE, Walked, Web, day, walk

from ingest.edge.archives.wayback import ENTRIES_A_STEP, MOST_PAGES, Wayback
from ingest.errors import FetchError, ParseError
from ingest.ports import Archive

BASE = "https://archive.example.net"
FEED = f"{SITE}feed.xml"
HEADER = ["timestamp", "original", "mimetype", "statuscode", "digest"]

Row = tuple[str, str]
"""Timestamp and address."""


def article(number: int) -> str:
    return f"{SITE}world/the-long-way-home-again-{number}"


KNOWN = [*map(article, range(2000, 2010)), SAMPLES[0]]


def feed(*numbers: int, dated: str = "") -> str:
    date = f"<pubDate>{dated}</pubDate>" if dated else ""
    items = "".join(f"<item><title>{n}</title><link>{article(n)}</link>{date}</item>" for n in numbers)
    return f'<rss version="2.0"><channel><title>Amble</title>{items}</channel></rss>'


@dataclass
class Machine(Web):
    """An index of captures that gives a few at a time, and their snapshots."""

    feed_captures: Sequence[Row] = ()
    site_captures: Sequence[Row] = ()
    rows: int = 2

    def __post_init__(self) -> None:
        self.answering = self._answer

    def snapshot(self, stamp: str, body: str | int, url: str = FEED) -> None:
        self.answers[f"{BASE}/web/{stamp}id_/{url}"] = body

    def _answer(self, url: str) -> bytes | str | int | None:
        parts = urlsplit(url)
        if parts.path != "/cdx/search/cdx":
            return None
        asked = parse_qs(parts.query)
        captures = self.site_captures if asked["url"][0].endswith("*") else self.feed_captures
        since, until = asked.get("from", ["0"])[0], asked.get("to", ["9"])[0]
        kept = [row for row in captures if since <= row[0] <= until]
        begin = int(unquote(asked["resumeKey"][0]).partition(")")[2]) if "resumeKey" in asked else 0
        table: list[list[str]] = [HEADER]
        table += [[stamp, original, "text/html", "200", f"D{stamp}{original}"] for stamp, original in kept][
            begin : begin + self.rows
        ]
        if begin + self.rows < len(kept):
            table += [[], [quote(f"org,example){begin + self.rows}", safe="")]]
        return json.dumps(table)

    def archive(self, since: str = "2024-05-01", until: str = "2024-05-10", feed_url: str = FEED) -> Archive:
        return Wayback(self.search(since, until, KNOWN, feed_url), BASE)

    @property
    def of_index(self) -> list[dict[str, list[str]]]:
        """What the index was asked."""
        return [parse_qs(urlsplit(url).query) for url in self.asked if "/cdx/" in url]


async def test_old_snapshots_of_the_feed_are_read_newest_first() -> None:
    web = Machine(feed_captures=[("20240502100000", FEED), ("20240504100000", FEED)])
    web.snapshot("20240502100000", feed(1, 2, dated="Wed, 01 May 2024 10:00:00 GMT"))
    web.snapshot("20240504100000", feed(3))
    walked = await walk(web.archive())
    assert walked.urls == [article(3), article(1), article(2)]
    undated, dated, _ = walked.found
    assert (undated.at, undated.entry.published) == (day("2024-05-04").replace(hour=10), None)
    assert dated.at is None
    assert dated.entry.published is not None
    assert dated.entry.published.at == day("2024-05-01").replace(hour=10)
    assert undated.copy_url == f"{BASE}/web/20240504100000id_/{article(3)}"
    assert walked.note == "old snapshots of the feed: 2; pages of its site that may be articles: 0"


async def test_links_in_a_snapshot_are_those_of_the_site_and_not_of_the_archive() -> None:
    web = Machine(feed_captures=[("20240502100000", "https://www.example.org:443/feed.xml")])
    body = feed(1).replace(SITE, "/")
    web.snapshot("20240502100000", body, "https://www.example.org:443/feed.xml")
    assert (await walk(web.archive())).urls == [article(1)]


async def test_the_feed_is_asked_for_within_the_range_and_a_week_behind() -> None:
    web = Machine()
    await walk(web.archive())
    asked = web.of_index[0]
    assert asked["url"] == [FEED]
    assert (asked["from"], asked["to"]) == (["20240501000000"], ["20240517000000"])
    assert (asked["collapse"], asked["filter"], asked["output"]) == (["digest"], ["statuscode:200"], ["json"])


async def test_one_snapshot_an_hour_is_read_and_none_twice() -> None:
    stamps = ["20240502100000", "20240502101500", "20240502104500", "20240502120000"]
    web = Machine(feed_captures=[(stamp, FEED) for stamp in stamps], rows=10)
    for stamp in stamps:
        web.snapshot(stamp, feed(1))
    await walk(web.archive())
    assert [url[32:46] for url in web.asked if "/web/" in url] == ["20240502120000", "20240502104500"]


async def test_entries_outside_of_the_range_are_counted() -> None:
    web = Machine(feed_captures=[("20240502100000", FEED)])
    web.snapshot("20240502100000", feed(1, 2, dated="Mon, 29 Apr 2024 10:00:00 GMT"))
    walked = await walk(web.archive())
    assert (walked.urls, walked.outside) == ([], 2)
    assert walked.oldest == day("2024-04-29").replace(hour=10)


async def test_snapshots_that_are_missing_or_no_feed_are_passed_over() -> None:
    web = Machine(feed_captures=[(f"2024050{day}100000", FEED) for day in range(2, 6)], rows=10)
    web.snapshot("20240502100000", feed(1))
    web.snapshot("20240503100000", "<html><title>Down for maintenance</title>")
    web.answers[f"{BASE}/web/20240504100000id_/{FEED}"] = "too-large"
    walked = await walk(web.archive())
    assert walked.urls == [article(1)]
    assert walked.note.startswith("old snapshots of the feed: 1, 3 more could not be read; ")
    assert [step.fault for step in walked.steps if step.fault] == [f"{BASE}/web/20240504100000id_/{FEED}: too-large"]
    assert sum(bool(step.gone) for step in walked.steps) == 2


@pytest.mark.parametrize("of_feed", [True, False])
async def test_an_index_that_is_refused_behind_its_first_page_is_no_end(of_feed: bool) -> None:
    captures = [(f"2024050{day}100000", FEED) for day in range(2, 6)] if of_feed else []
    web = Machine(feed_captures=captures, site_captures=[("20240503120000", article(number)) for number in range(7)])
    usual = web.answering
    assert usual
    web.answering = lambda url: 403 if "resumeKey" in url else usual(url)
    archive, faults = web.archive(), list[str]()

    async def to_the_end() -> None:
        step = await archive.step(None)
        while step.cursor:
            step = await archive.step(step.cursor)
            faults.append(step.fault)

    with pytest.raises(ParseError, match="gives no index of captures: it answers 403"):
        await to_the_end()
    assert len([fault for fault in faults if fault.endswith("answers 403")]) == of_feed


async def test_a_snapshot_that_fails_for_now_can_be_passed_and_is_told() -> None:
    web = Machine(feed_captures=[(f"2024050{day}100000", FEED) for day in range(2, 5)], rows=10)
    web.snapshot("20240502100000", feed(1))
    web.snapshot("20240503100000", 503)
    web.snapshot("20240504100000", feed(3))
    walked = await walk(web.archive())
    assert walked.urls == [article(3), article(1)]
    faults = [step.fault for step in walked.steps if step.fault]
    assert faults == [f"{BASE}/web/20240503100000id_/{FEED}: the server answers 503"]
    assert walked.note.startswith("old snapshots of the feed: 2, 1 more could not be read; ")


async def test_a_later_page_of_the_feeds_index_that_fails_leads_to_the_site_and_one_of_the_sites_to_nothing() -> None:
    captures = [(f"2024050{day}100000", FEED) for day in range(2, 6)]
    web = Machine(feed_captures=captures, site_captures=[("20240503120000", article(number)) for number in range(7)])
    usual = web.answering
    assert usual
    web.answering = lambda url: 503 if "resumeKey" in url else usual(url)
    for stamp, _ in captures:
        web.snapshot(stamp, feed(int(stamp[7])))
    archive, cursor, urls = web.archive(), None, []
    for _ in range(4):
        step = await archive.step(cursor)
        urls += [one.entry.url for one in step.found]
        cursor = step.cursor
    assert urls == [article(3), article(2), article(0), article(1)]
    with pytest.raises(FetchError, match="503"):
        await archive.step(cursor)


async def test_pages_of_the_site_follow_with_copy_and_capture_time() -> None:
    web = Machine(site_captures=[("20240503120000", article(1)), ("20240504120000", f"{SITE}tag/home")])
    walked = await walk(web.archive())
    (one,) = walked.found
    assert (one.entry.url, one.at) == (article(1), day("2024-05-03").replace(hour=12))
    assert one.copy_url == f"{BASE}/web/20240503120000id_/{article(1)}"
    asked = web.of_index[1]
    assert asked["url"] == ["www.example.org/world/*"]
    assert asked["filter"] == ["mimetype:text/html", "statuscode:200"]
    assert asked["collapse"] == ["urlkey"]
    assert ("from" in asked, asked["to"]) == (False, ["20240808000000"])


async def test_a_page_caught_before_the_range_is_outside_and_one_caught_behind_it_is_not() -> None:
    captures = [("20240420120000", article(1)), ("20240601120000", article(2)), ("20240901120000", article(3))]
    walked = await walk(Machine(site_captures=captures).archive())
    assert (walked.urls, walked.outside) == ([article(2)], 1)
    assert walked.oldest == day("2024-04-20").replace(hour=12)


async def test_a_date_in_the_address_counts_more_than_the_capture() -> None:
    early, late = f"{SITE}world/2024/05/03/a-fine-day-it-was", f"{SITE}world/2024/06/03/a-fine-day-it-was"
    walked = await walk(Machine(site_captures=[("20240604120000", early), ("20240604120000", late)]).archive())
    assert [(one.entry.url, one.at) for one in walked.found] == [(early, day("2024-05-03"))]


async def test_an_address_with_the_port_or_trackers_that_the_archive_knows_is_written_without() -> None:
    original = "http://www.example.org:80/world/a-long-way-home-2?utm_source=feed"
    (one,) = (await walk(Machine(site_captures=[("20240503120000", original)]).archive())).found
    assert one.entry.url == "http://www.example.org/world/a-long-way-home-2"
    assert one.copy_url == f"{BASE}/web/20240503120000id_/{original}"


async def test_a_long_list_comes_in_parts_and_is_asked_for_once() -> None:
    captures = [("20240503120000", article(number)) for number in range(1000)]
    web = Machine(site_captures=captures, rows=5000)
    walked = await walk(web.archive())
    assert len(walked.urls) == 1000
    assert max(len(step.found) for step in walked.steps) == ENTRIES_A_STEP
    assert web.most_asked == 1


async def test_a_feed_of_many_entries_comes_in_parts() -> None:
    web = Machine(feed_captures=[("20240502100000", FEED)])
    web.snapshot("20240502100000", feed(*range(700)))
    walked = await walk(web.archive())
    assert walked.urls == [article(number) for number in range(700)]
    assert max(len(step.found) for step in walked.steps) == ENTRIES_A_STEP
    assert web.most_asked == 1


async def test_an_archive_that_holds_nothing_says_so() -> None:
    walked = await walk(Machine().archive())
    assert walked.note == "the archive of the web has neither the feed nor articles of its site"


@pytest.mark.parametrize("status", [400, 403, 404])
async def test_an_archive_without_an_index_ends_at_once(status: int) -> None:
    web = Web(answering=lambda url: status)
    step = await Wayback(web.search(), BASE).step(None)
    assert (step.cursor, step.note) == (None, f"{BASE} gives no index of captures: it answers {status}")


async def test_an_index_that_is_none_is_an_error_that_says_what_it_is() -> None:
    web = Web(answering=lambda url: "<html><title>Offline</title>")
    with pytest.raises(ParseError, match="no index of captures but an HTML page"):
        await Wayback(web.search(), BASE).step(None)


@pytest.mark.parametrize("status", [429, 503, 504])
async def test_a_busy_archive_is_asked_again_from_the_same_cursor(status: int) -> None:
    web = Machine(feed_captures=[("20240502100000", FEED)])
    web.snapshot("20240502100000", status)
    archive = web.archive()
    missed = await archive.step(None)
    assert (missed.again_after_s is None, missed.fault.endswith(f"the server answers {status}")) == (False, True)
    web.snapshot("20240502100000", feed(1))
    assert [one.entry.url for one in (await archive.step(None)).found] == [article(1)]


async def test_keys_that_turn_in_a_circle_end() -> None:
    keys = iter("abcdefghijk" + "defghijk" * 100)
    table = [HEADER, ["20240503120000", article(1), "text/html", "200", "D"]]
    web = Web(answering=lambda url: json.dumps([*table, [], [next(keys)]]) if "*" in url else "[]")
    walked = await walk(Wayback(web.search(), BASE))
    assert len(web.asked) < 40
    assert "turns in a circle, or has no end" in walked.steps[-1].fault


async def test_keys_without_end_end() -> None:
    web = Web(answering=lambda url: json.dumps([HEADER, [], [f"k{len(web.asked)}"]]) if "*" in url else "[]")
    await walk(Wayback(web.search(), BASE), most=MOST_PAGES + 10)
    assert len(web.asked) == MOST_PAGES + 1


async def test_another_process_goes_on_from_each_cursor_and_finds_the_rest() -> None:
    web = Machine(
        feed_captures=[(f"202405{day:02d}100000", FEED) for day in range(2, 9)],
        site_captures=[(f"202405{number % 9 + 1:02d}120000", article(number)) for number in range(1000)],
        rows=400,
    )
    for number, (stamp, _) in enumerate(web.feed_captures):
        web.snapshot(stamp, feed(*range(100 * number, 100 * number + 350)))
    whole = await walk(web.archive())
    assert len(whole.found) == 7 * 350 + 1000
    for done, cursor in enumerate(whole.cursors):
        web.asked.clear()
        rest = await walk(web.archive(), cursor)
        assert Walked(whole.steps[:done]).urls + rest.urls == whole.urls
        assert rest.note == whole.note
        assert web.most_asked == 1


async def test_a_user_of_the_feed_is_not_told_to_the_archive() -> None:
    web = Machine()
    await walk(web.archive(feed_url="https://ann:secret@www.example.org/feed.xml"))
    assert all("secret" not in url for url in web.asked)


async def test_without_a_feed_its_site_is_asked_for_and_without_both_nothing() -> None:
    web = Machine()
    await walk(web.archive(feed_url=""))
    assert [asked["url"] for asked in web.of_index] == [["www.example.org/world/*"]]
    nothing = Machine()
    assert (await Wayback(nothing.search(samples=(), feed_url="", site_url=""), BASE).step(None)).cursor is None
    assert nothing.asked == []
