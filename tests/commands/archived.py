"""The past of a chronicle, as archives of each kind hold it; with the faults that such archives have.

All that is listed is listed twice, the newest first, and every last change is said to be of today.
"""

import datetime as dt
import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from chronicle import Chronicle, day
from publishing import Answer

TODAY = dt.datetime.now(dt.UTC).date()
JSON = "application/json"
WAYBACK = "/wayback"
"""Where the archive of the web lies, on the chronicle's own host."""


def wordpress(chronicle: Chronicle) -> Callable[[str], Answer | None]:
    """An interface for posts whose pages overlap by one, and whose last page is given for ever."""

    def answer(path: str) -> Answer | None:
        if not path.startswith("/wp-json/wp/v2/posts?"):
            return None
        page = int(parse_qs(urlsplit(path).query)["page"][0])
        oldest = max(chronicle.days - page * chronicle.a_page, 0)
        newest = min(oldest + chronicle.a_page + 1, chronicle.days)
        return 200, JSON, json.dumps([post(chronicle, number) for number in range(newest, oldest, -1)])

    return answer


def post(chronicle: Chronicle, number: int) -> dict[str, object]:
    """An article as the interface has it; one that tells no date has none here either."""
    dated = {} if number in chronicle.undated else {"date_gmt": f"{day(number):%Y-%m-%dT%H:%M:%S}"}
    title = {"rendered": f"Day {number}"}
    return {"link": chronicle.url(number), "title": title, "modified_gmt": f"{TODAY}T00:00:00", **dated}


def sitemaps(chronicle: Chronicle) -> Callable[[str], Answer | None]:
    """An index that lists itself, one that leads back to it, parts that are missing, and parts, every other packed."""
    starts = range(1, chronicle.days + 1, chronicle.a_page)
    parts = {f"/maps/{start}.xml{'.gz' if start % 8 == 1 else ''}": start for start in starts}
    indexes = {
        "/sitemap.xml": ["/sitemap.xml", "/maps/all.xml", "/maps/0.xml", "/maps/999.xml", *parts],
        "/maps/all.xml": ["/sitemap.xml", "/maps/all.xml"],
    }

    def answer(path: str) -> Answer | None:
        if path == "/robots.txt":
            return 200, "text/plain", f"Sitemap: {chronicle.home}/sitemap.xml"
        if path in indexes:
            listed = "".join(f"<sitemap><loc>{chronicle.home}{one}</loc></sitemap>" for one in indexes[path])
            return 200, "application/xml", f"<sitemapindex>{listed}</sitemapindex>"
        if path not in parts:
            return None
        first, last = parts[path], min(parts[path] + chronicle.a_page, chronicle.days)
        body = "".join(located(chronicle, number) for number in range(first, last + 1)).encode()
        body = b"<urlset>" + body + b"</urlset>"
        return 200, "application/xml", gzip.compress(body) if path.endswith(".gz") else body

    return answer


def located(chronicle: Chronicle, number: int) -> str:
    """An article as a sitemap has it; nothing is said of one that tells no date."""
    changed = "" if number in chronicle.undated else f"<lastmod>{TODAY}</lastmod>"
    return f"<url><loc>{chronicle.url(number)}</loc>{changed}</url>"


def wayback(chronicle: Chronicle) -> Callable[[str], Answer | None]:
    """An index of captures in pages, copies of the articles, and snapshots of the feed, of which one is missing.

    The feed was caught every third day in the first half of the time; each article on the day after it. The articles'
    own pages are gone.
    """
    snapshots = range(3, chronicle.days // 2, 3)
    chronicle.gone = True

    def rows(asked: dict[str, list[str]]) -> list[tuple[int, str]]:
        of_site = [(number, chronicle.url(number)) for number in sorted(2 * [*range(1, chronicle.days + 1)])]
        of_feed = [(number, chronicle.feed) for number in snapshots]
        caught = of_site if asked["url"][0].endswith("*") else of_feed
        since, until = asked.get("from", ["0"])[0], asked.get("to", ["9"])[0]
        return [one for one in caught if since <= stamp(one[0]) <= until]

    def answer(path: str) -> Answer | None:
        parts = urlsplit(path)
        if parts.path == f"{WAYBACK}/cdx/search/cdx":
            asked = parse_qs(parts.query)
            begin = int(asked.get("resumeKey", ["0"])[0])
            end = begin + 2 * chronicle.a_page
            found = rows(asked)
            table = [["timestamp", "original"], *([stamp(number), url] for number, url in found[begin:end])]
            return 200, JSON, json.dumps([*table, [], [str(end)]] if end < len(found) else table)
        for number in range(1, chronicle.days + 1):
            if path == f"{WAYBACK}/web/{stamp(number)}id_/{chronicle.feed}" and number != snapshots[0]:
                return 200, "application/rss+xml", chronicle.listing(range(number, max(number - 5, 0), -1))
            if path.endswith(f"id_/{chronicle.url(number)}") and number not in chronicle.missing:
                return 200, "text/html; charset=utf-8", chronicle.article(number)
        return None

    return answer


def stamp(number: int) -> str:
    """When an article was caught."""
    return f"{day(number + 1):%Y%m%d%H%M%S}"


def crawled(chronicle: Chronicle, folder: Path) -> Iterator[Path]:
    """WARC files: one with half of the pages, and small ones with the others."""
    for number, pages in enumerate(halved(chronicle)):
        path = folder / f"{number}.warc.gz"
        status = dict.fromkeys(chronicle.missing, "404 Not Found")
        records = [
            gzip.compress(caught(chronicle.url(one), chronicle.article(one), status.get(one, "200 OK")))
            for one in pages
        ]
        path.write_bytes(b"".join(records))
        yield path


def caught(url: str, html: str, status: str = "200 OK") -> bytes:
    """A record of a WARC file: a page as a crawler caught it, after the last of some twenty articles."""
    block = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}".encode()
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: {day(20):%Y-%m-%dT%H:%M:%SZ}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def saved(chronicle: Chronicle, folder: Path) -> Iterator[Path]:
    """A folder with half of the pages, and lists of the addresses of the others."""
    for number, pages in enumerate(halved(chronicle)):
        path = folder / f"saved-{number}"
        if number:
            path.write_text("\n".join(["no address", *map(chronicle.url, pages)]))
        else:
            path.mkdir()
            for one in set(pages):
                (path / f"{one}.html").write_text(chronicle.article(one))
        yield path


def halved(chronicle: Chronicle) -> Iterator[list[int]]:
    """Half of the articles, and the others in parts, the last of each twice."""
    half, size = chronicle.days // 2, chronicle.a_page
    yield [*range(1, half + 1), half]
    for first in range(half, chronicle.days, size):
        yield [*range(first, min(first + size, chronicle.days) + 1)]


SERVED = {"wordpress": wordpress, "sitemap": sitemaps, "wayback": wayback}
WRITTEN = {"warc": crawled, "urls": saved}


def opened(kind: str, chronicle: Chronicle, folder: Path) -> tuple[str, ...]:
    """Lay out an archive of a kind, and give the command that goes back along it."""
    command = ["backfill", "saltmere", "--via", kind]
    if kind in SERVED:
        chronicle.archive = SERVED[kind](chronicle)
    else:
        for path in WRITTEN[kind](chronicle, folder):
            command += ["--file", str(path)]
    return tuple(command)
