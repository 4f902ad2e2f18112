"""What is asked of a server, and what it answers.

Questions and answers are never stored: plain dataclasses, which cost a poll a fraction of what a checked noun does.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ingest.model.noun import Noun


class Asking(Noun):
    """How a server is asked, as somebody wrote it for a feed."""

    headers: dict[str, str] = {}
    """Extra request headers; `${NAME}` stands unsubstituted here and below, so that no secret is stored."""
    cookies: dict[str, str] = {}
    basic_auth: str = ""
    """`user:password`."""
    bearer_token: str = ""
    user_agent: str = ""
    """Instead of the one of the settings."""
    proxy: str = ""
    """URL of an HTTP proxy that connects in our place."""
    timeout: str = ""
    """A duration, as written; instead of the one of the settings."""


USUAL = Asking()
"""As the settings say."""


@dataclass(frozen=True)
class Request:
    """One question to a server."""

    url: str
    purpose: Literal["feed", "page", "archive", "hub"]
    """Pages obey robots.txt; feeds are published to be polled, archives that somebody names and hubs to be asked."""
    asking: Asking = USUAL
    secrets_for: str = ""
    """The URL to whose server alone headers, cookies and passwords may go."""
    form: Mapping[str, str] = field(default_factory=dict)
    """Fields to be sent; with any, the request is a POST, and only redirects that keep it one are followed."""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True)
class Response:
    """What came back for one URL, after redirects; any status."""

    url: str
    """The URL asked for."""
    final_url: str
    """The URL that answered."""
    status: int
    fetched_at: dt.datetime
    headers: Mapping[str, str] = field(default_factory=dict)
    """Lower-case names."""
    body: bytes = b""
    redirects: tuple[tuple[int, str], ...] = ()
    """(status, target) of each hop."""
