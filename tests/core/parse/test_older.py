"""Where a document says that older entries are (RFC 5005, JSON Feed), and whether there are any."""

import json

import pytest
from answers import answer, atom

from ingest.core.parse import parse
from ingest.model import Response

ATOM = "http://www.w3.org/2005/Atom"
HISTORY = "http://purl.org/syndication/history/1.0"


def channel(inside: str) -> Response:
    root = f"xmlns:a='{ATOM}' xmlns:Old='{HISTORY}'"
    return answer(f"<rss version='2.0' {root}><channel><title>Amble</title>{inside}</channel></rss>")


def json_feed(**fields: object) -> Response:
    return answer(json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Amble", "items": []} | fields))


NEXT, ARCHIVE = "<link rel='next' href='?page=2'/>", "<link rel='prev-archive' href='/2023/12'/>"


@pytest.mark.parametrize(
    ("response", "older_url"),
    [
        (atom(f"<title>Amble</title>{NEXT}"), "https://example.org/feeds/all?page=2"),
        (atom(f"<title>Amble</title>{NEXT}{ARCHIVE}"), "https://example.org/2023/12"),
        (channel("<a:link rel='next' href='/rss?page=2'/>"), "https://example.org/rss?page=2"),
        (
            channel("<a:link rel='prev-archive' href='/rss/1'/><a:link rel='next' href='/2'/>"),
            "https://example.org/rss/1",
        ),
        (atom("<title>Amble</title><link rel='previous' href='?page=0'/><link rel='next-archive' href='/new'/>"), ""),
        (atom("<title>Amble</title><link rel='next' href='ftp://example.org/2'/>"), ""),
        (atom(f"<title>Amble</title><entry><title>Rain</title>{NEXT}</entry>"), ""),
        (json_feed(next_url="?page=2"), "https://example.org/feeds/all?page=2"),
        (json_feed(next_url=7), ""),
    ],
)
def test_the_address_of_older_entries_is_read(response: Response, older_url: str) -> None:
    assert parse(response).older_url == older_url


@pytest.mark.parametrize(
    ("response", "complete"),
    [
        (atom("<title>Amble</title><fh:complete/>", f"xmlns:fh='{HISTORY}'"), True),
        (channel("<Old:complete/>"), True),
        (atom("<title>Amble</title><fh:archive/>", f"xmlns:fh='{HISTORY}'"), False),
        (atom("<title>Amble</title><fh:complete/>", "xmlns:fh='https://example.org/of-another-kind'"), False),
        (atom("<title>Amble</title><entry><title>Rain</title><fh:complete/></entry>", f"xmlns:fh='{HISTORY}'"), False),
    ],
)
def test_a_feed_that_lists_everything_is_told(response: Response, complete: bool) -> None:
    assert parse(response).complete is complete
