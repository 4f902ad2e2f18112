"""Whether saved pages give the same texts by a backfill as by polling.

    python -m benchmarks.same_text DIR

DIR holds saved pages and `truth.jsonl` with a row for each: `id`, `html` (its path in DIR), and where they are known
`url`, `title` and `date`. The pages are served on loopback, each site from an address of its own, and polled by a feed
that tells titles and dates; polled once more by one that tells addresses alone, in another order; read as a folder
(`--via urls`); and read as a WARC file that is made from those whose `url` is one of the web, and of no home page
(`--via warc`). Each time the database is fresh. For each way it prints how many texts are those of the first, and the
ids of the others with the letters of both texts: what polling itself gives otherwise is told by the second.
"""

import argparse
import asyncio
import datetime as dt
import gzip
import json
import multiprocessing
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import format_datetime
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from benchmarks.backfill import configured, ingest
from benchmarks.poll import await_listening
from ingest.core.dedupe.url import is_home
from ingest.core.parse.saved import address
from ingest.edge.archives.saved import saved_id

PORT = 8700
BARE = "/bare.xml"
CAUGHT = "2024-01-01T00:00:00Z"
A_NETWORK = 200
"""Addresses of each 127.0.X.0/24 that are used."""

Texts = dict[str, str]
"""By the ids that its entries have."""


@dataclass(frozen=True)
class Page:
    """A saved page."""

    id: str
    path: Path
    url: str
    """Empty where it is not known."""
    title: str
    date: str
    host: str
    """The address of loopback that stands for its site."""

    @property
    def served_at(self) -> str:
        """Its address there."""
        return f"http://{self.host}:{PORT}/page/{self.id}"

    @property
    def body(self) -> bytes:
        """The bytes as they were saved."""
        return self.path.read_bytes()


def pages_in(folder: Path) -> list[Page]:
    """The pages of a folder."""
    with (folder / "truth.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    sites = list(dict.fromkeys(site_of(row) for row in rows))
    hosts = {site: f"127.0.{2 + place // A_NETWORK}.{1 + place % A_NETWORK}" for place, site in enumerate(sites)}
    return [
        Page(
            id=row["id"],
            path=folder / row["html"],
            url=(row["url"] or "").strip(),
            title=row.get("title") or row["id"],
            date=rfc822(row.get("date") or ""),
            host=hosts[site_of(row)],
        )
        for row in rows
    ]


def site_of(row: dict[str, str]) -> str:
    """The host name of a page; its id where that is not known."""
    return urlsplit(row["url"] or "").hostname or row["id"]


def rfc822(text: str) -> str:
    """A date as RSS writes it; empty where it is none."""
    try:
        when = dt.datetime.fromisoformat(text)
    except ValueError:
        return ""
    return format_datetime(when if when.tzinfo else when.replace(tzinfo=dt.UTC))


def feed(pages: Sequence[Page]) -> str:
    """A feed of all pages."""

    def told(page: Page) -> str:
        published = f"<pubDate>{page.date}</pubDate>" if page.date else ""
        return f"{_item(page)}<title>{escape(page.title)}</title>{published}</item>"

    return _feed(map(told, pages))


def bare_feed(pages: Sequence[Page]) -> str:
    """A feed of their addresses, the other way round."""
    return _feed(f"{_item(page)}</item>" for page in reversed(pages))


def _item(page: Page) -> str:
    return f"<item><guid isPermaLink='false'>{escape(page.id)}</guid><link>{escape(page.served_at)}</link>"


def _feed(each: Iterable[str]) -> str:
    items = "".join(each)
    return f"<rss version='2.0'><channel><title>Saved</title>{items}</channel></rss>"


async def serve(pages: Sequence[Page]) -> None:
    """The pages and their feed, for ever."""
    bodies = {page.id: page.body for page in pages}

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        body = bodies.get(request.path.removeprefix("/page/"))
        if body is not None:
            return web.Response(body=body, headers={"Content-Type": "text/html"})
        told = bare_feed(pages) if request.path == BARE else feed(pages)
        return web.Response(text=told, content_type="application/rss+xml")

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    for host in hosts(pages):
        await web.TCPSite(runner, host, PORT).start()
    await asyncio.Event().wait()


def hosts(pages: Sequence[Page]) -> list[str]:
    """The addresses of all sites."""
    return list(dict.fromkeys(page.host for page in pages))


def run_server(folder: Path) -> None:
    """In a process of its own."""
    asyncio.run(serve(pages_in(folder)))


@contextmanager
def served(folder: Path, pages: Sequence[Page]) -> Iterator[str]:
    """Where the feeds lie, while the block lasts."""
    process = multiprocessing.get_context("spawn").Process(target=run_server, args=(folder,), daemon=True)
    process.start()
    try:
        await_listening(hosts(pages)[-1])
        yield f"http://{pages[0].host}:{PORT}"
    finally:
        process.terminate()
        process.join()


def texts_of(feeds: Sequence[dict[str, object]], *command: str) -> Texts:
    """What a command stores in a fresh database."""
    with configured(feeds) as config:
        done = subprocess.run(ingest(*command, "--json", config=config), stdout=subprocess.PIPE, check=False)
        print(f"{' '.join(command[:3])}: exit status {done.returncode}")
        export = ingest("export", "--format", "jsonl", "--copies", config=config)
        lines = subprocess.run(export, check=True, capture_output=True, text=True, encoding="utf-8").stdout
    stories = map(json.loads, lines.splitlines())
    return {
        name: story["text"] or ""
        for story in stories
        for sighting in story["sightings"]
        for name in (sighting["entry_id"], sighting["url"])
        if name
    }


def packed(pages: Sequence[Page], path: Path) -> None:
    """Write a WARC file of the pages."""
    with gzip.open(path, "wb") as file:
        for page in pages:
            block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page.body
            head = (
                f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {page.url}\r\nWARC-Date: {CAUGHT}\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
            )
            file.write(head.encode() + block + b"\r\n\r\n")


def saved_name(page: Page, folder: Path) -> str:
    """The id of a page's entry when its folder is read."""
    return address(page.body) or saved_id(f"{folder.name}/{page.path.relative_to(folder).as_posix()}", page.body)


def may_be_caught(url: str) -> bool:
    """Whether a WARC file may hold an article under this address."""
    return urlsplit(url).scheme in ("http", "https") and not is_home(url)


def compare(how: str, names: dict[str, str], texts: Texts, polled: Texts) -> None:
    """Print how many texts of a way are those of polling, and which are not; `names` are those of entries, by id."""
    results = {page_id: (texts.get(name), polled.get(page_id)) for page_id, name in names.items()}
    both = [page_id for page_id, (ours, theirs) in results.items() if ours and theirs]
    same = [page_id for page_id in both if texts[names[page_id]] == polled[page_id]]
    neither = [page_id for page_id, pair in results.items() if not any(pair)]
    print(f"{how}: {len(results)} pages, {len(same)} texts the same, {len(neither)} pages without a text both ways")
    for page_id, (ours, theirs) in results.items():
        if page_id not in same and page_id not in neither:
            print(f"  {page_id}: {told(ours)} by {how}, {told(theirs)} by polling")


def told(text: str | None) -> str:
    """How long a text is."""
    return "no story" if text is None else f"{len(text)} letters"


def main(arguments: list[str]) -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.same_text")
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(arguments).folder.resolve()
    pages = pages_in(folder)
    with served(folder, pages) as home:
        polled = texts_of([{"url": f"{home}/feed.xml", "name": "saved"}], "poll", "--all")
        again = texts_of([{"url": f"{home}{BARE}", "name": "saved"}], "poll", "--all")
    compare("a bare feed", {page.id: page.id for page in pages}, again, polled)
    saved = texts_of([], "backfill", "--via", "urls", "--file", str(folder))
    compare("folder", {page.id: saved_name(page, folder) for page in pages}, saved, polled)
    known = [page for page in pages if may_be_caught(page.url)]
    with tempfile.TemporaryDirectory() as scratch:
        warc = Path(scratch) / "pages.warc.gz"
        packed(known, warc)
        caught = texts_of([], "backfill", "--via", "warc", "--file", str(warc))
    compare("WARC", {page.id: page.url for page in known}, caught, polled)


if __name__ == "__main__":
    main(sys.argv[1:])
