"""Names for feeds that nobody named: short, readable, unique, safe in a command line and a file name."""

import re
from collections.abc import Collection
from urllib.parse import unquote, urlsplit

FILES = "files"
"""The feed that stands for none: what a backfill brings from files."""
RESERVED = frozenset({"list", "show", "resume", "cancel", FILES})
"""Words that a command would take for its own."""

MAX_LENGTH = 60
"""Long enough to tell feeds apart, short enough for a table on a terminal."""

_SILENT_PARTS = frozenset({
    "atom", "default", "feed", "feeds", "feedburner", "index", "latest", "main", "news", "public", "rss", "rss1",
    "rss2", "syndication", "xml",
})  # fmt: skip
"""Path parts that many feeds have, and that tell nothing about one."""


def feed_name(url: str, taken: Collection[str] = (), title: str = "") -> str:
    """A name of lower-case letters, digits and hyphens that is not in `taken`.

    Made from the title where one is given, otherwise from the host without `www.` and the first telling part of the
    path.
    """
    name = _slug(title) or _slug(_place(url)) or "feed"
    if name in RESERVED or name.isdecimal():
        name = f"feed-{name}"  # digits alone are a feed's id
    return _unique(name, taken)


def _place(url: str) -> str:
    try:
        parts = urlsplit(url if "//" in url else f"//{url}")
        host = parts.hostname or ""
    except ValueError:
        return url
    telling = (re.sub(r"\.\w{2,5}$", "", unquote(part)) for part in parts.path.split("/"))
    first = next((part for part in telling if _slug(part) and _slug(part) not in _SILENT_PARTS), "")
    return f"{host.removeprefix('www.')} {first}"


def _slug(text: str) -> str:
    return "-".join(re.findall(r"[^\W_]+", text.lower()))[:MAX_LENGTH].strip("-")


def _unique(name: str, taken: Collection[str]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{name}-{number}" in taken:
        number += 1
    return f"{name}-{number}"
