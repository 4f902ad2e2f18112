"""Lists of addresses and folders of saved pages become entries, whatever else lies among them."""

import datetime as dt
import gzip
import os
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest
from fakes import START

from ingest.core.zstd import zstd
from ingest.edge.archives import lists, saved
from ingest.edge.archives.saved import SavedArchive
from ingest.errors import WorkError
from ingest.model import Cursor, Found, Response, Step
from ingest.ports import Search

P = ParamSpec("P")
T = TypeVar("T")


class DirectPool:
    """Work is done where it is asked for."""

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return work(*args, **kwargs)

    async def close(self) -> None:
        pass


class FailingPool(DirectPool):
    """Work that is too much."""

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        raise WorkError("took more than 30 seconds")


async def nobody_is_asked(url: str, guessed: bool = False) -> Response:
    raise AssertionError(url)


def search(*files: Path, site: str = "", pool: DirectPool | None = None) -> Search:
    feed = f"{site}feed.xml" if site else ""
    names = tuple(map(str, files))
    return Search(feed, site, (), None, None, names, START, nobody_is_asked, pool or DirectPool())


async def walk(archive: SavedArchive, cursor: Cursor | None = None) -> list[Step]:
    steps = [await archive.step(cursor)]
    while steps[-1].cursor is not None:
        steps.append(await archive.step(steps[-1].cursor))
        assert len(steps) < 1000
    return steps


async def found_in(*files: Path, site: str = "") -> list[Found]:
    return [found for step in await walk(SavedArchive(search(*files, site=site))) for found in step.found]


async def urls(*files: Path, site: str = "") -> list[str]:
    return [found.entry.url for found in await found_in(*files, site=site)]


def html(url: str = "", text: str = "words") -> bytes:
    link = f'<link rel="canonical" href="{url}">' if url else ""
    return f"<!doctype html><html><head>{link}</head><body><p>{text}</p></body></html>".encode()


def save(path: Path, body: bytes = b"", at: dt.datetime = dt.datetime(2024, 1, 10, 9, tzinfo=dt.UTC)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body or html(f"https://paper.example/{path.name}"))
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pages at several places, and what lies beside them."""
    for name in ("b.html", "a.HTM", "a/1.html", "a/2.html", "c/d/e.html", "c.d/f.html", "c-d.html"):
        save(tmp_path / "pages" / name)
    save(tmp_path / "pages" / "z.html.gz", gzip.compress(html("https://paper.example/z")))
    save(tmp_path / "pages" / "b_files" / "frame.html", html("https://advertisements.example/1"))
    save(tmp_path / "pages" / "notes.txt", b"https://paper.example/not-a-page")
    return tmp_path / "pages"


async def test_a_list_gives_its_addresses_in_order(tmp_path: Path) -> None:
    lines = (
        "\ufeffhttps://paper.example/1\r\n\n  # a comment\n\thttp://paper.example/2?a=b#c  \nhttps://paper.example/ä"
    )
    path = save(tmp_path / "list.txt", lines.encode())
    assert await urls(path) == [
        "https://paper.example/1",
        "http://paper.example/2?a=b#c",
        "https://paper.example/ä",
    ]


async def test_what_is_no_address_is_counted_and_stops_nothing(tmp_path: Path) -> None:
    lines = [
        b"paper.example/1",
        b"/2",
        b"mailto:a@paper.example",
        b"file:///etc/passwd",
        b"https://",
        b"https://[",
        b"https://paper.example/1\t2024-01-01",
        b"https://paper.example/" + b"a" * 100_000,
        b"\x00\xff\xfe",
        b"https://paper.example/good",
    ]
    (step,) = await walk(SavedArchive(search(save(tmp_path / "list.txt", b"\n".join(lines)))))
    assert [found.entry.url for found in step.found] == ["https://paper.example/good"]
    pieces = -(-100_022 // lists.MAX_LINE)
    assert step.note == f"files and folders: 1; lines that are no web address: {8 + pieces}"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
async def test_a_list_in_utf_16_is_read_from_any_place(
    tmp_path: Path, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved, "LINES", 1)
    addresses = ["https://paper.example/1", "https://paper.example/\u010a\u0a0a", "https://paper.example/3"]
    path = save(tmp_path / "list.txt", ("\ufeff" + "\r\n".join(addresses)).encode(encoding))
    assert await urls(path) == addresses
    cursors = [step.cursor for step in await walk(SavedArchive(search(path)))]
    for n, cursor in enumerate(cursors[:-1], 1):
        rest = [one.entry.url for step in await walk(SavedArchive(search(path)), cursor) for one in step.found]
        assert rest == addresses[n:]


async def test_a_list_most_of_whose_lines_are_no_address_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved, "LINES", 2)
    good = save(tmp_path / "good.txt", b"https://paper.example/1\nnone\nhttps://paper.example/2\nnone\n")
    binary = save(tmp_path / "binary.txt", b"\x89PNG\r\n\x1a\n" + b"\0\xff\n" * 9)
    prose = save(tmp_path / "prose.txt", b"see\nhttps://paper.example/3\nand\nthe other\n")
    steps = await walk(SavedArchive(search(good, binary, prose, good)))
    assert [step.fault for step in steps if step.fault] == [
        f"{binary} is no list of addresses: 11 of its lines are none",
        f"{prose} is no list of addresses: 3 of its lines are none",
    ]
    assert "https://paper.example/3" in [one.entry.url for step in steps for one in step.found]


async def test_a_page_is_found_with_its_address_and_its_body(tmp_path: Path) -> None:
    at = dt.datetime(2024, 1, 10, 9, tzinfo=dt.UTC)
    (found,) = await found_in(save(tmp_path / "pages" / "a.html", html("https://paper.example/a"), at).parent)
    assert (found.entry.url, found.entry.guid, found.at) == ("https://paper.example/a", "", None)
    page = found.page
    assert page is not None
    assert (page.url, page.final_url, page.status) == ("https://paper.example/a",) * 2 + (200,)
    assert (page.body, page.fetched_at) == (html("https://paper.example/a"), at)


async def test_a_page_without_an_address_is_known_by_its_name_and_its_text(tmp_path: Path) -> None:
    for name in ("pages/a.html", "pages/b/a.html"):
        save(tmp_path / name, html())
    found = await found_in(tmp_path / "pages")
    assert [one.entry.guid.partition("#")[0] for one in found] == ["file:pages/a.html", "file:pages/b/a.html"]
    assert {one.entry.url for one in found} == {""}


async def test_pages_of_one_name_are_two_where_their_texts_differ(tmp_path: Path) -> None:
    for year, text in (("2022", "rain"), ("2023", "sun"), ("2024", "sun")):
        save(tmp_path / year / "html" / "1.html", html(text=text))
    rain, sun, again = [
        one.entry.guid for year in (2022, 2023, 2024) for one in await found_in(tmp_path / f"{year}/html")
    ]
    assert rain != sun == again


async def test_a_name_that_is_no_utf8_is_told_in_ascii(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xe4.html")
    try:
        save(tmp_path / "pages" / name, html())
    except OSError:
        pytest.skip("the file system takes only UTF-8")
    (found,) = await found_in(tmp_path / "pages")
    assert found.entry.guid.startswith("file:pages/\\xe4.html#")


@pytest.mark.parametrize("year", [1980, 2030])
async def test_a_time_of_a_file_that_cannot_be_true_is_taken_for_now(tmp_path: Path, year: int) -> None:
    at = dt.datetime(year, 1, 1, tzinfo=dt.UTC)
    (found,) = await found_in(save(tmp_path / "a.html", at=at))
    assert found.page is not None
    assert found.page.fetched_at == START


async def test_a_folder_is_walked_in_the_order_of_names_to_its_depth(folder: Path) -> None:
    names = [url.rpartition("/")[2] for url in await urls(folder)]
    assert names == ["1.html", "2.html", "a.HTM", "b.html", "e.html", "c-d.html", "f.html", "z"]


async def test_links_in_a_folder_lead_to_no_circle(tmp_path: Path) -> None:
    save(tmp_path / "pages" / "a.html")
    (tmp_path / "pages" / "b").symlink_to(tmp_path / "pages")
    (tmp_path / "pages" / "c.html").symlink_to(tmp_path / "nowhere")
    (tmp_path / "pages" / "d.html").symlink_to(tmp_path / "pages")
    (step,) = await walk(SavedArchive(search(tmp_path / "pages")))
    assert len(step.found) == 1
    assert step.note == "files and folders: 1; pages that are empty, damaged or over 10,000,000 bytes: 2"


async def test_folders_without_end_are_left_at_some_depth(tmp_path: Path) -> None:
    save(tmp_path.joinpath(*"d" * 150, "deep.html"))
    save(tmp_path / "a.html")
    assert await urls(tmp_path) == ["https://paper.example/a.html"]


async def test_a_page_that_cannot_be_read_is_counted(tmp_path: Path) -> None:
    save(tmp_path / "empty.html", b" \n")
    save(tmp_path / "large.html", b"<p>" + bytes(10_000_000))
    save(tmp_path / "bomb.html.gz", gzip.compress(bytes(11_000_000)))
    save(tmp_path / "cut.html.gz", gzip.compress(os.urandom(100))[:-9])
    os.mkfifo(tmp_path / "pipe.html")
    save(tmp_path / "whole.html")
    (step,) = await walk(SavedArchive(search(tmp_path)))
    assert [found.entry.url for found in step.found] == ["https://paper.example/whole.html"]
    assert step.note.endswith("pages that are empty, damaged or over 10,000,000 bytes: 5")


async def test_a_page_that_costs_too_much_is_counted(tmp_path: Path) -> None:
    (step,) = await walk(SavedArchive(search(save(tmp_path / "a.html"), pool=FailingPool())))
    assert step.found == ()
    assert step.note.endswith("pages that are empty, damaged or over 10,000,000 bytes: 1")


async def test_with_a_feed_only_its_publishers_addresses_are_found(tmp_path: Path) -> None:
    list_ = save(tmp_path / "list.txt", b"https://www.paper.example/1\nhttps://other.example/1\n")
    save(tmp_path / "pages" / "a.html", html("https://other.example/a"))
    save(tmp_path / "pages" / "b.html", html("https://news.paper.example/b"))
    save(tmp_path / "pages" / "c.html", html())
    steps = await walk(SavedArchive(search(list_, tmp_path / "pages", site="https://paper.example/")))
    found = [one.entry.url for step in steps for one in step.found]
    assert found == ["https://www.paper.example/1", "https://news.paper.example/b", ""]
    assert steps[-1].note == "files and folders: 2; addresses of other publishers: 2"


async def test_what_is_missing_empty_or_no_file_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    (tmp_path / "empty.txt").touch()
    os.mkfifo(tmp_path / "pipe")
    list_ = save(tmp_path / "list.txt", b"https://paper.example/1")
    missing = tmp_path / "missing.html"
    files = (missing, tmp_path / "bare", tmp_path / "empty.txt", tmp_path / "pipe", list_)
    steps = await walk(SavedArchive(search(*files)))
    assert [found.entry.url for step in steps for found in step.found] == ["https://paper.example/1"]
    assert [step.fault for step in steps] == [
        f"{missing} cannot be read: No such file or directory",
        f"{tmp_path / 'bare'} holds no pages of HTML",
        f"{tmp_path / 'empty.txt'} is empty",
        f"{tmp_path / 'pipe'} is no file",
        "",
    ]
    assert steps[-1].note == "files and folders: 5"


async def test_without_files_there_is_nothing_to_walk() -> None:
    step = await SavedArchive(search()).step(None)
    assert (step.found, step.cursor, step.note) == ((), None, "no file is named")


async def test_a_list_of_any_length_is_read_in_small_steps(tmp_path: Path) -> None:
    path = save(tmp_path / "list.txt", b"".join(b"https://paper.example/%d\n" % n for n in range(1750)))
    steps = await walk(SavedArchive(search(path)))
    assert [len(step.found) for step in steps] == [500, 500, 500, 250]


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress])
async def test_a_list_may_be_packed_and_is_read_once_in_a_process(
    tmp_path: Path, pack: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    usual = lists.unpacked
    monkeypatch.setattr(saved, "LINES", 2)
    monkeypatch.setattr(lists, "unpacked", lambda path: opened.append(path) or usual(path))
    path = save(tmp_path / "list.txt.packed", pack(b"".join(b"https://paper.example/%d\n" % n for n in range(9))))
    whole = await walk(SavedArchive(search(path)))
    assert [len(step.found) for step in whole] == [2, 2, 2, 2, 1]
    assert opened == [str(path)]
    for place, step in enumerate(whole[:-1], 1):
        assert await walk(SavedArchive(search(path)), step.cursor) == whole[place:]


async def test_a_step_along_a_list_can_be_repeated_in_the_same_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved, "LINES", 1)
    archive = SavedArchive(search(save(tmp_path / "list.txt", b"https://paper.example/1\nhttps://paper.example/2\n")))
    first = await archive.step(None)
    second = await archive.step(first.cursor)
    assert await archive.step(first.cursor) == second
    assert await archive.step(None) == first


async def test_a_packed_list_that_breaks_off_gives_what_it_has_and_is_told(tmp_path: Path) -> None:
    lines = b"".join(b"https://paper.example/%d\n" % n for n in range(2000))
    steps = await walk(SavedArchive(search(save(tmp_path / "list.gz", gzip.compress(lines)[:-9]))))
    assert sum(len(step.found) for step in steps) > 1500
    assert steps[-1].fault.startswith(f"{tmp_path / 'list.gz'} breaks off after ")


async def test_a_step_holds_few_pages(tmp_path: Path) -> None:
    for n in range(60):
        save(tmp_path / "many" / f"{n}.html")
    for n in range(5):
        save(tmp_path / "large" / f"{n}.html", html(f"https://paper.example/{n}", "word " * 400_000))
    steps = await walk(SavedArchive(search(tmp_path / "many", tmp_path / "large")))
    assert [len(step.found) for step in steps] == [24, 24, 12, 2, 2, 1]


async def test_going_on_from_any_cursor_finds_what_one_run_finds(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved, "PAGES", 1)
    monkeypatch.setattr(saved, "LINES", 1)
    list_ = save(tmp_path / "list.txt", b"https://paper.example/x\n\nnothing\nhttps://paper.example/y\n")
    files = (list_, folder, save(tmp_path / "one.html"), tmp_path / "missing", folder / "a")
    whole = await walk(SavedArchive(search(*files)))
    assert sum(len(step.found) for step in whole) == 2 + 8 + 1 + 2
    for place, step in enumerate(whole[:-1], 1):
        assert await walk(SavedArchive(search(*files)), step.cursor) == whole[place:]


async def test_a_folder_that_grows_meanwhile_gives_no_page_twice(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "PAGES", 3)
    first = await SavedArchive(search(folder)).step(None)
    save(folder / "a" / "0.html")
    save(folder / "y.html")
    rest = [one for step in await walk(SavedArchive(search(folder)), first.cursor) for one in step.found]
    found = [one.entry.url for one in (*first.found, *rest)]
    assert len(found) == len(set(found)) == 9


async def test_pages_are_known_by_how_they_begin_where_their_names_do_not_tell(tmp_path: Path) -> None:
    named = {"story", "story?id=3", "page.php", "old.xhtml", "index"}
    for name in named:
        save(tmp_path / "mirror" / name, html(f"https://paper.example/{name.replace('?', '-')}"))
    save(tmp_path / "mirror" / "old.xhtml", b"<?xml version='1.0'?>\n" + html("https://paper.example/old.xhtml"))
    save(tmp_path / "mirror" / "packed", gzip.compress(html("https://paper.example/packed")))
    for name, body in (
        ("logo", b"\x89PNG\r\n"),
        ("site.css", b"html { color: red }"),
        ("robots.txt", b"User-agent: *"),
    ):
        save(tmp_path / "mirror" / name, body)
    os.mkfifo(tmp_path / "mirror" / "pipe")
    found = await urls(tmp_path / "mirror")
    assert {url.removeprefix("https://paper.example/").replace("-", "?") for url in found} == named | {"packed"}


async def test_a_page_that_is_named_alone_is_known_by_how_it_begins(tmp_path: Path) -> None:
    assert await urls(save(tmp_path / "story", html("https://paper.example/story"))) == ["https://paper.example/story"]
