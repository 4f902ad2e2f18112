"""Responses for the tests of parsing, made from a body."""

import datetime as dt

from ingest.model import Response

NOW = dt.datetime(2024, 2, 1, tzinfo=dt.UTC)
URL = "https://example.org/feeds/all"


def answer(body: bytes | str, content_type: str = "", url: str = URL) -> Response:
    """What a server at example.org would answer."""
    return Response(
        url=url,
        final_url=url,
        status=200,
        headers={"content-type": content_type} if content_type else {},
        body=body.encode() if isinstance(body, str) else body,
        fetched_at=NOW,
    )


def rss(items: str, root: str = "") -> Response:
    """An RSS 2.0 feed of these items."""
    return answer(f'<rss version="2.0" {root}><channel><title>Amble</title>{items}</channel></rss>')


def atom(inside: str, root: str = "") -> Response:
    """An Atom 1.0 feed with these elements."""
    return answer(f'<feed xmlns="http://www.w3.org/2005/Atom" {root}>{inside}</feed>')
