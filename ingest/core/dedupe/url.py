"""One key for all spellings of an address, and the publisher behind it.

A key is for comparing, never for fetching. Two addresses have one key where the difference names no other page:

1. http and https; upper and lower case, IDNA and a last dot of the host; a default port; a user name.
2. Percent-encoding, backslashes (browsers take them for slashes), dot segments and doubled slashes of the path (a
   template that joins `/` to `/`), but not the `://` of an address within a path. A slash at its end: servers redirect
   one form to the other, and feeds and pages of one site disagree about it, so it is dropped.
3. The order of parameters, an empty query, and parameters that only follow the reader (`tracking`). All others stay:
   they may name the article.
4. The fragment, except `#!`, by which older sites name their pages.

`m.`, `www.` and `/amp/` stay as they are: only the page itself, by its canonical link, can say that they are the same.
"""

import ipaddress
import re
from functools import cache, lru_cache
from urllib.parse import SplitResult, urlsplit, urlunsplit

from publicsuffixlist import PublicSuffixList
from w3lib.url import canonicalize_url

from ingest.core.dedupe.tracking import is_tracking

_SLASHES = re.compile(r"(?<!:)/{2,}")
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)


_REMEMBERED = 4096
"""Addresses whose publisher is kept at hand: what is in work is asked for again and again, to be shared fairly."""


def canonical(url: str) -> str:
    """The key of an http(s) URL; idempotent. Anything else comes back as it is, stripped."""
    url = url.strip()
    try:
        parts = urlsplit(canonicalize_url(url.replace("\\", "/"), keep_fragments=True))
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return url
        return urlunsplit(("https", _place(parts), _path(parts.path), _query(parts.query), _fragment(parts.fragment)))
    except ValueError:
        return url


def untracked(url: str) -> str:
    """The URL in its own spelling, without parameters that only follow the reader, and without its fragment.

    What cannot be read comes back as it is.
    """
    address, _, fragment = url.partition("#")
    place, _, query = address.partition("?")
    try:
        kept = "&".join(filter(_names_a_page, query.split("&")))
    except ValueError:
        return url
    return place + (f"?{kept}" if kept else "") + (f"#{fragment}" if _fragment(fragment) else "")


@lru_cache(_REMEMBERED)
def publisher(url: str) -> str:
    """Registrable domain of a URL; the host itself for an IP address or a name without one; empty without a host."""
    try:
        host = urlsplit(canonical(url)).hostname or ""
    except ValueError:
        return ""
    if _is_ip(host):
        return host
    return _suffixes().privatesuffix(host) or host


def same_publisher(a: str, b: str) -> bool:
    """Whether two URLs lie with one publisher."""
    return bool(publisher(a)) and publisher(a) == publisher(b)


def is_home(url: str) -> bool:
    """Whether a URL is that of a site, which names no article."""
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def _place(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    host = f"[{host}]" if ":" in host else host
    return host if parts.port in (None, 80, 443) else f"{host}:{parts.port}"


def _path(path: str) -> str:
    return _SLASHES.sub("/", _SESSION.sub("", path)).rstrip("/;") or "/"


def _query(query: str) -> str:
    return "&".join(pair for pair in query.split("&") if pair and not is_tracking(*_halves(pair)))


def _names_a_page(pair: str) -> bool:
    """Whether a parameter as written would be part of a key."""
    return bool(_query(canonicalize_url(f"?{pair}").partition("?")[2]))


def _halves(pair: str) -> tuple[str, str]:
    name, _, value = pair.partition("=")
    return name, value


def _fragment(fragment: str) -> str:
    return fragment if fragment.startswith("!") else ""


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


@cache
def _suffixes() -> PublicSuffixList:
    """The bundled list, private suffixes included: each blog of a hoster is a publisher."""
    return PublicSuffixList()
