"""What is asked of a server, and what it answers."""

import datetime as dt
from typing import Literal

from ingest.model.noun import Noun


class Request(Noun):
    """One question to a server."""

    url: str
    purpose: Literal["feed", "page", "hub"]
    """Pages obey robots.txt; feeds are published to be polled, hubs to be asked."""
    form: dict[str, str] = {}
    """Fields to be sent; with any, the request is a POST, and only redirects that keep it one are followed."""
    headers: dict[str, str] = {}
    cookies: dict[str, str] = {}
    basic_auth: str = ""
    bearer_token: str = ""
    user_agent: str = ""
    proxy: str = ""
    timeout: str = ""
    """As in FeedSpec, all of these."""
    secrets_for: str = ""
    """The URL to whose host alone headers, cookies and passwords may go."""
    etag: str = ""
    last_modified: str = ""


class Response(Noun):
    """What came back for one URL, after redirects; any status."""

    url: str
    """The URL asked for."""
    final_url: str
    """The URL that answered."""
    status: int
    headers: dict[str, str] = {}
    """Lower-case names."""
    body: bytes = b""
    fetched_at: dt.datetime
    redirects: tuple[tuple[int, str], ...] = ()
    """(status, target) of each hop."""
