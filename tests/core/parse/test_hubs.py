"""The hubs and the own address that a document names."""

import json

import pytest
from answers import answer, atom

from ingest.core.parse import parse
from ingest.model import Response

HUB = "https://hub.example.com/"
ATOM = "http://www.w3.org/2005/Atom"


def channel(links: str) -> Response:
    return answer(f"<rss version='2.0' xmlns:a='{ATOM}'><channel><title>Amble</title>{links}</channel></rss>")


def json_feed(**fields: object) -> Response:
    return answer(json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Amble", "items": []} | fields))


@pytest.mark.parametrize(
    ("response", "hubs", "self_url"),
    [
        (atom(f"<link rel='hub' href='{HUB}'/><link rel='self' href='/atom'/>"), (HUB,), "https://example.org/atom"),
        (channel(f"<a:link rel='hub' href='{HUB}'/><a:link rel='self' href='all'/>"), (HUB,), answer("").url),
        (channel(f"<a:link rel='hub' href='/1'/><a:link rel='hub' href='{HUB}'/>"), ("https://example.org/1", HUB), ""),
        (atom(f"<entry><title>Rain</title><link rel='hub' href='{HUB}'/></entry>"), (), ""),
        (channel("<a:link rel='hub' href='ftp://hub.example.com/'/>"), (), ""),
        (json_feed(hubs=[{"type": "rssCloud", "url": "x"}, {"type": "WebSub", "url": HUB}]), (HUB,), ""),
        (json_feed(hubs=[{"type": "WebSub"}, 5, "x"], feed_url="https://example.org/j"), (), "https://example.org/j"),
        (json_feed(hubs={"type": "WebSub", "url": HUB}), (), ""),
    ],
)
def test_hubs_of_the_feed_are_read(response: Response, hubs: tuple[str, ...], self_url: str) -> None:
    document = parse(response)
    assert (document.hubs, document.self_url) == (hubs, self_url)
