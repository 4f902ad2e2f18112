"""What files of crawlers hold becomes entries with their pages, however the files are packed or broken."""

import datetime as dt
import gzip
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

import brotli
import pytest
from fakes import START
from written_warc import (
    INFO,
    PACKINGS,
    block_of,
    gz,
    gz_whole,
    html_of,
    page_record,
    plain,
    record_of,
    written,
    zst,
)

from ingest.core.coding import zstd
from ingest.edge.archives import members, warc
from ingest.edge.archives.warc import WarcArchive
from ingest.model import Cursor, Found, Response, Step
from ingest.ports import Search

CAUGHT = dt.datetime(2024, 1, 10, 9, tzinfo=dt.UTC)


class NoPool:
    """A pool that nothing is expected of."""

    async def run(self, work: object, *args: object, **kwargs: object) -> object:
        raise AssertionError

    async def close(self) -> None:
        pass


async def nobody_is_asked(url: str, guessed: bool = False) -> Response:
    raise AssertionError(url)


def search(*files: str, site: str = "", since: dt.datetime | None = None, until: dt.datetime | None = None) -> Search:
    pool: object = NoPool()
    feed = f"{site}feed.xml" if site else ""
    return Search(feed, site, (), since, until, files, START, nobody_is_asked, pool)  # type: ignore[arg-type]


async def walk(archive: WarcArchive, cursor: Cursor | None = None) -> list[Step]:
    steps = [await archive.step(cursor)]
    while steps[-1].cursor is not None:
        steps.append(await archive.step(steps[-1].cursor))
        assert len(steps) < 1000
    return steps


async def found_in(*files: str, site: str = "", **bounds: dt.datetime) -> list[Found]:
    return [found for step in await walk(WarcArchive(search(*files, site=site, **bounds))) for found in step.found]


def urls(found: Iterable[Found]) -> list[str]:
    return [one.entry.url for one in found]


def faults(steps: Iterable[Step]) -> list[str]:
    return [step.fault for step in steps if step.fault]


def pages(count: int, site: str = "https://paper.example", text: str = "words") -> list[bytes]:
    return [page_record(f"{site}/{n}", f"{text} {n}") for n in range(count)]


async def body_of(path: Path, block: bytes) -> bytes | None:
    """The body that is found of an answer; None where no page is."""
    found = await found_in(written(path / "one.warc", plain([record_of("https://paper.example/1", block)])))
    assert all(one.page is not None for one in found)
    return found[0].page.body if found and found[0].page else None


@pytest.mark.parametrize("packing", PACKINGS)
async def test_every_page_is_found_however_the_file_is_packed(tmp_path: Path, packing: str) -> None:
    file = written(tmp_path / "named.anyhow", PACKINGS[packing]([INFO, *pages(5)]))
    assert urls(await found_in(file)) == [f"https://paper.example/{n}" for n in range(5)]


async def test_a_page_comes_as_its_server_gave_it(tmp_path: Path) -> None:
    block = block_of(html_of("words"), ETag='"1"', Link="<a>; rel=b\r\n\t, <c>; rel=d")
    file = written(tmp_path / "a.warc", record_of("https://paper.example/1", block, at="2024-01-10T09:00:00.5Z"))
    (found,) = await found_in(file)
    assert found.entry.url == "https://paper.example/1"
    assert found.entry.published is None
    assert found.at == CAUGHT
    page = found.page
    assert page is not None
    assert (page.url, page.final_url, page.status) == ("https://paper.example/1",) * 2 + (200,)
    assert page.fetched_at == CAUGHT
    assert page.body == html_of("words")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["etag"] == '"1"'
    assert page.headers["link"] == "<a>; rel=b , <c>; rel=d"


async def test_what_is_no_page_is_passed_over(tmp_path: Path) -> None:
    other = [
        record_of("https://paper.example/gone", block_of(html_of("no such page"), "404 Not Found")),
        record_of("https://paper.example/moved", block_of(html_of("elsewhere"), "301 Moved Permanently")),
        record_of("https://paper.example/picture", block_of(b"\x89PNG", type_="image/png")),
        record_of("https://paper.example/1", b"GET /1 HTTP/1.1\r\nHost: paper.example\r\n\r\n", kind="request"),
        record_of("https://paper.example/again", block_of(b""), kind="revisit"),
        record_of("https://paper.example/empty", block_of(b" ")),
        record_of("https://paper.example/", block_of(html_of("the home page"))),
        record_of("dns:paper.example", b"paper.example. 300 IN A 192.0.2.1\r\n", Content_Type="text/dns"),
        record_of("https://paper.example/text", block_of(b"some words", type_="")),
        record_of("https://paper.example/data", b"{}", kind="resource", Content_Type="application/json"),
        record_of("https://paper.example/odd", b"no answer at all"),
    ]
    assert urls(await found_in(written(tmp_path / "a.warc.gz", gz([*other, *pages(1)])))) == ["https://paper.example/0"]


@pytest.mark.parametrize(
    "record",
    [
        record_of("https://paper.example/0", html_of("put aside"), kind="resource", Content_Type="text/html"),
        record_of("https://paper.example/0", block_of(html_of("no type"), type_="")),
        record_of(
            "https://paper.example/0",
            block_of(b"<p>a part", type_=""),
            WARC_Identified_Payload_Type="application/xhtml+xml",
        ),
        record_of("<https://paper.example/0>", block_of(html_of("in brackets, as an old tool writes it"))),
        record_of("https://paper.example/0", block_of(html_of("by HTTP/2")).replace(b"HTTP/1.1", b"HTTP/2")),
        record_of("https://paper.example/0", block_of(html_of("bare line feeds")).replace(b"\r\n", b"\n")),
        record_of("https://paper.example/0", block_of(html_of("newer"))).replace(b"WARC/1.0", b"WARC/1.1"),
    ],
)
async def test_a_page_is_known_in_all_the_ways_that_it_is_written(tmp_path: Path, record: bytes) -> None:
    file = written(tmp_path / "a.warc", record + plain(pages(2)[1:]))
    assert urls(await found_in(file)) == ["https://paper.example/0", "https://paper.example/1"]


async def test_only_pages_of_the_feeds_publisher_are_found(tmp_path: Path) -> None:
    records = pages(1) + pages(1, "https://news.paper.example") + pages(1, "https://other.example")
    file = written(tmp_path / "a.warc", plain(records))
    ours = ["https://paper.example/0", "https://news.paper.example/0"]
    assert urls(await found_in(file, site="https://www.paper.example/")) == ours
    assert len(await found_in(file)) == 3


async def test_what_was_caught_before_the_range_lies_outside_and_what_was_caught_after_it_may_not(
    tmp_path: Path,
) -> None:
    days = ("2024-01-01T00:00:00Z", "2024-01-10T00:00:00Z", "2024-01-15T00:00:00Z")
    file = written(tmp_path / "a.warc", plain(page_record(f"https://paper.example/{day[:10]}", at=day) for day in days))
    bounds = {"since": dt.datetime(2024, 1, 5, tzinfo=dt.UTC), "until": dt.datetime(2024, 1, 12, tzinfo=dt.UTC)}
    (step,) = await walk(WarcArchive(search(file, **bounds)))
    assert [url[-2:] for url in urls(step.found)] == ["10", "15"]
    assert step.outside == 1
    assert step.oldest == dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize("at", ["", "yesterday", "2031-01-01T00:00:00Z", "0000-00-00T00:00:00Z"])
async def test_a_date_that_cannot_be_true_is_unknown(tmp_path: Path, at: str) -> None:
    file = written(tmp_path / "a.warc", page_record("https://paper.example/1", at=at))
    (found,) = await found_in(file, since=CAUGHT)
    assert found.at is None
    assert found.page is not None
    assert found.page.fetched_at == START


def chunked(body: bytes, size: int = 7) -> bytes:
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x;part\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\nTrailer: 1\r\n\r\n"


CODINGS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("gzip", gzip.compress),
    ("deflate", zlib.compress),
    ("br", brotli.compress),
    ("zstd", zstd.compress),
]


@pytest.mark.parametrize(("coding", "encode"), CODINGS)
async def test_a_coding_is_undone_also_below_chunks(
    tmp_path: Path, coding: str, encode: Callable[[bytes], bytes]
) -> None:
    body = html_of("words " * 100)
    assert await body_of(tmp_path, block_of(encode(body), Content_Encoding=coding)) == body
    block = block_of(chunked(encode(body)), Content_Encoding=coding, Transfer_Encoding="chunked")
    assert await body_of(tmp_path, block) == body


@pytest.mark.parametrize("coding", [coding for coding, _ in CODINGS])
async def test_a_body_without_the_coding_that_its_headers_announce_is_taken_as_it_is(
    tmp_path: Path, coding: str
) -> None:
    body = html_of("words")
    assert await body_of(tmp_path, block_of(body, Content_Encoding=coding, Transfer_Encoding="chunked")) == body


@pytest.mark.parametrize(
    "record",
    [
        record_of("https://paper.example/1", block_of(html_of("half a p")), WARC_Truncated="length"),
        record_of("https://paper.example/1", block_of(gzip.compress(bytes(300))[:-9], Content_Encoding="gzip")),
        record_of("https://paper.example/1", block_of(b"\x1f\x9dcoded", Content_Encoding="compress")),
        record_of("https://paper.example/1", block_of(b"6\r\n<html>\r\n", Transfer_Encoding="chunked")),
        record_of("https://paper.example/1", block_of(gzip.compress(bytes(11_000_000)), Content_Encoding="gzip")),
        record_of("https://paper.example/1", block_of(b"<html>" + bytes(10_000_000))),
        record_of("https://paper.example/1", block_of(b"<html>" + bytes(12_000_000))),
    ],
    ids=["cut short", "coded and broken", "coding unknown", "chunks broken", "decodes to much", "long", "too long"],
)
async def test_a_page_that_is_not_whole_is_left_out_and_counted(tmp_path: Path, record: bytes) -> None:
    file = written(tmp_path / "a.warc", record + plain(pages(1)))
    (step,) = await walk(WarcArchive(search(file)))
    assert urls(step.found) == ["https://paper.example/0"]
    assert step.note == "WARC files: 1; pages that are too long, cut short or coded wrongly: 1"


async def test_pages_at_the_address_of_a_site_are_counted_and_no_articles(tmp_path: Path) -> None:
    records = [
        page_record("https://paper.example/"),
        page_record("https://paper.example"),
        page_record("https://other.example/"),
        record_of("https://paper.example/", block_of(html_of("elsewhere"), "301 Moved Permanently")),
        *pages(1),
    ]
    (step,) = await walk(
        WarcArchive(search(written(tmp_path / "a.warc", plain(records)), site="https://paper.example/"))
    )
    assert urls(step.found) == ["https://paper.example/0"]
    assert step.note == "WARC files: 1; home pages, which are no articles: 2"


@pytest.mark.parametrize("pack", [plain, gz, gz_whole, zst])
async def test_a_record_of_any_length_is_passed_in_steps(
    tmp_path: Path, pack: Callable[[Iterable[bytes]], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warc, "PASSED", 1_000_000)
    long = record_of("https://paper.example/film", bytes(20_000_000), kind="metadata")
    file = written(tmp_path / "a.warc", pack([*pages(2), long, *pages(1, "https://other.example")]))
    whole = await walk(WarcArchive(search(file)))
    found = ["https://paper.example/0", "https://paper.example/1", "https://other.example/0"]
    assert urls(one for step in whole for one in step.found) == found
    ends = [int(str(step.cursor["at"])) for step in whole if step.cursor]
    assert len(ends) == 20
    assert max(end - before for before, end in zip([0, *ends], ends, strict=False)) < 1_010_000
    for place in (1, 5, 20):
        assert await walk(WarcArchive(search(file)), whole[place - 1].cursor) == whole[place:]


async def test_a_long_record_that_breaks_off_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "PASSED", 1_000_000)
    long = record_of("https://paper.example/film", bytes(5_000_000), kind="metadata")
    file = written(tmp_path / "a.warc.gz", gz_whole([*pages(1), long[:3_500_000]]))
    steps = await walk(WarcArchive(search(file)))
    assert len(steps) == 4
    assert faults(steps)[0].startswith(f"{file} breaks off after 3,")


@pytest.mark.parametrize("pack", [plain, gz, gz_whole, zst])
async def test_of_a_file_that_breaks_off_what_stands_before_is_found_and_the_others_go_on(
    tmp_path: Path, pack: Callable[[Iterable[bytes]], bytes]
) -> None:
    noise = [record_of("https://paper.example/p", bytes(range(256)) * 8, kind="metadata")]
    content = pack([*pages(3), *noise, *pages(1)])
    broken = written(tmp_path / "broken.warc", content[:-30])
    whole = written(tmp_path / "whole.warc", pack(pages(2, "https://other.example")))
    steps = await walk(WarcArchive(search(broken, whole)))
    found = urls(one for step in steps for one in step.found)
    assert found[-2:] == ["https://other.example/0", "https://other.example/1"]
    assert found[:-2] == [f"https://paper.example/{n}" for n in range(3)]
    (fault,) = faults(steps)
    assert fault.startswith(f"{broken} breaks off after ")


@pytest.mark.parametrize("pack", [plain, gz, zst])
async def test_every_beginning_of_a_file_gives_a_beginning_of_its_pages(
    tmp_path: Path, pack: Callable[[Iterable[bytes]], bytes]
) -> None:
    content = pack(pages(3))
    for length in range(0, len(content), 11):
        found = urls(await found_in(written(tmp_path / "a.warc", content[:length])))
        assert found == [f"https://paper.example/{n}" for n in range(len(found))]
        assert len(found) < 3 or length > len(content) - 5


@pytest.mark.parametrize("pack", [plain, gz, zst])
async def test_damage_ends_a_file_and_is_told(tmp_path: Path, pack: Callable[[Iterable[bytes]], bytes]) -> None:
    before, behind = pack(pages(2)), pack(pages(2, "https://other.example"))
    file = written(tmp_path / "a.warc", before + b"\x00\x01 not a part of it " * 20 + behind)
    steps = await walk(WarcArchive(search(file)))
    found = urls(one for step in steps for one in step.found)
    assert found[:2] == ["https://paper.example/0", "https://paper.example/1"]
    (fault,) = faults(steps)
    assert fault.startswith(f"{file} ")


def damaged(member: bytes) -> bytes:
    """A member with some bytes in its middle turned round."""
    middle = len(member) // 2
    return member[:middle] + bytes(255 - byte for byte in member[middle : middle + 9]) + member[middle + 9 :]


@pytest.mark.parametrize("broken", [{0}, {2}, {1, 3}, {1, 2}, {4}])
async def test_members_behind_a_damaged_one_are_read(tmp_path: Path, broken: set[int]) -> None:
    whole = [gzip.compress(record) for record in pages(5, text="words of the page " * 50)]
    packed = b"".join(damaged(member) if n in broken else member for n, member in enumerate(whole))
    file = written(tmp_path / "a.warc.gz", packed)
    steps = await walk(WarcArchive(search(file)))
    assert urls(one for step in steps for one in step.found) == [
        f"https://paper.example/{n}" for n in range(5) if n not in broken
    ]
    told = faults(steps)
    assert len(told) == len(broken)
    places = [sum(map(len, whole[:n])) for n in sorted(broken)]
    assert [fault.partition(":")[0] for fault in told] == [f"{file} is damaged at byte {place:,}" for place in places]
    assert steps[-1].note == "WARC files: 1"


async def test_a_member_that_was_cut_hides_nothing_that_was_written_behind_it(tmp_path: Path) -> None:
    first, cut, last = map(gzip.compress, pages(3))
    file = written(tmp_path / "a.warc.gz", first + cut[:-30] + last)
    steps = await walk(WarcArchive(search(file)))
    assert urls(one for step in steps for one in step.found) == ["https://paper.example/0", "https://paper.example/2"]
    assert len(faults(steps)) == 1


async def test_what_only_looks_like_a_member_is_none(tmp_path: Path) -> None:
    first, broken, last = map(gzip.compress, pages(3))
    decoys = b"\x1f\x8b\x08 by chance" + gzip.compress(b"no record")
    file = written(tmp_path / "a.warc.gz", first + damaged(broken) + decoys + last)
    steps = await walk(WarcArchive(search(file)))
    assert urls(one for step in steps for one in step.found) == ["https://paper.example/0", "https://paper.example/2"]


async def test_the_next_member_is_looked_for_within_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "SEARCHED", 200_000)
    first, last = map(gzip.compress, pages(2))
    for far, there in ((100_000, 2), (500_000, 1)):
        file = written(tmp_path / f"{far}.warc.gz", first + b"\xff" * far + last)
        assert len(await found_in(file)) == there
    monkeypatch.setattr(members, "MOST_TRIED", 10)
    file = written(tmp_path / "tried.warc.gz", first + b"\xff" + b"\x1f\x8b\x08" * 20 + last)
    assert len(await found_in(file)) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"<html>no archive</html>", "holds no WARC record where one should begin"),
        (bytes(200_000), "holds no WARC record where one should begin"),
        (b"\n" * 200_000, "holds no WARC record where one should begin"),
        (b"WARC/1.0\r\n" + b"a" * 200_000, "holds a record whose head is over 65,536 bytes"),
        (b"WARC/1.0\r\n" + b"a: b\r\n" * 50_000, "holds a record whose head is over 65,536 bytes"),
        (b"WARC/1.0\r\nWARC-Type: response\r\n\r\n", "holds a record that does not say how long it is"),
        (b"WARC/1.0\r\nContent-Length: -5\r\n\r\n", "holds a record that does not say how long it is"),
        (b"WARC/1.0\r\nContent-Length: 9999999999\r\n\r\nshort", "breaks off"),
        (b"WARC/1.0\r\nContent-Len", "breaks off"),
        (b"\x1f\x8b\x08", "breaks off"),
        (gzip.compress(b"WARC/1.0\r\nContent-Length: 9999999999\r\n\r\n", mtime=0), "breaks off"),
        (b"\x1f\x8bno such thing", "is damaged"),
        (b"\x28\xb5\x2f\xfdno such thing", "is damaged"),
        (b"\x5d\x2a\x4d\x18\x05\0\0\0wrong" + zstd.compress(b"WARC/1.0\r\n"), "begins with a dictionary that is none"),
        (b"\x5d\x2a\x4d\x18\xff\xff\xff\xff", "breaks off"),
    ],
)
async def test_a_file_that_is_none_is_told(tmp_path: Path, content: bytes, says: str) -> None:
    file = written(tmp_path / "a.warc", content)
    (step,) = await walk(WarcArchive(search(file)))
    assert not step.found
    assert step.fault.startswith(f"{file} {says}")


async def test_a_file_that_is_missing_and_a_folder_are_told(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.warc.gz")
    file = written(tmp_path / "a.warc", plain(pages(1)))
    steps = await walk(WarcArchive(search(missing, str(tmp_path), file)))
    assert urls(steps[-1].found) == ["https://paper.example/0"]
    assert faults(steps) == [f"{missing} cannot be read: No such file or directory", f"{tmp_path} is no file"]
    assert steps[-1].note == "WARC files: 3"


async def test_without_files_there_is_nothing_to_walk() -> None:
    step = await WarcArchive(search()).step(None)
    assert (step.found, step.cursor, step.note) == ((), None, "no file is named")


@pytest.mark.parametrize("packing", PACKINGS)
async def test_going_on_from_any_cursor_finds_what_one_run_finds(
    tmp_path: Path, packing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warc, "PAGES", 3)
    first = PACKINGS[packing]([INFO, *pages(10)])
    files = (
        written(tmp_path / "a", first),
        written(tmp_path / "b", first[: len(first) * 3 // 4]),
        written(tmp_path / "c", PACKINGS[packing]([INFO, *pages(4, "https://other.example")])),
    )
    whole = await walk(WarcArchive(search(*files)))
    assert len(whole) > 5
    for place, step in enumerate(whole[:-1], 1):
        rest = await walk(WarcArchive(search(*files)), step.cursor)
        assert rest == whole[place:]


async def test_a_step_can_be_repeated_in_the_same_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "PAGES", 2)
    archive = WarcArchive(search(written(tmp_path / "a.warc.gz", gz(pages(6)))))
    first = await archive.step(None)
    second = await archive.step(first.cursor)
    assert await archive.step(first.cursor) == second
    assert await archive.step(None) == first


async def test_a_file_is_read_once_in_a_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    usual = warc.unpacked
    monkeypatch.setattr(warc, "PAGES", 1)
    monkeypatch.setattr(warc, "unpacked", lambda path, packed: opened.append(path) or usual(path, packed))
    assert len(await walk(WarcArchive(search(written(tmp_path / "a.warc.gz", gz(pages(20))))))) == 21
    assert len(opened) == 1


async def test_a_step_holds_little_and_ends_where_nothing_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = [page_record(f"https://paper.example/{n}", "word " * 300_000) for n in range(6)]
    steps = await walk(WarcArchive(search(written(tmp_path / "large", gz(large)))))
    assert [len(step.found) for step in steps] == [3, 3, 0]
    many = written(tmp_path / "many", plain(pages(60)))
    assert max(len(step.found) for step in await walk(WarcArchive(search(many)))) == warc.PAGES
    monkeypatch.setattr(warc, "RECORDS", 10)
    assert [step.found for step in await walk(WarcArchive(search(many, site="https://none.example/")))] == [()] * 7
