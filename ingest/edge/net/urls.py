"""Which URLs can be asked, and in what form.

A URL that is written in plain ASCII goes out as it is written, since a re-encoded one may be another resource;
anything else is encoded the way browsers do. Hosts are in lower case, and as they go over the wire (`xn--…`): not every
such name can be decoded.
"""

import re
from urllib.parse import urljoin

from yarl import URL

from ingest.errors import FetchError

ASCII_URL = re.compile(r"[!-~]+")
HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|[0-9a-f:.]*:[0-9a-f:.]*")
"""A name (underscores do occur), or an IPv6 address."""
DROPPED = str.maketrans("", "", "\t\r\n")
"""Browsers drop these anywhere in a URL: https://url.spec.whatwg.org/#concept-basic-url-parser"""


def parse_url(text: str) -> URL:
    """An http(s) URL without its fragment; raises FetchError where it cannot be asked."""
    written = text.strip().translate(DROPPED)
    try:
        url = URL(written, encoded=ASCII_URL.fullmatch(written) is not None)
        host = (url.raw_host or "").lower()
        named = HOST.fullmatch(host) is not None
        if named and (":" in host or host != url.raw_host):  # an address of IPv6 is only read by this
            url = url.with_host(host)
    except ValueError as error:
        why = "" if "@" in written else f": {error}"  # it may quote a password
        raise FetchError("bad-url", f"the URL cannot be read{why}") from error
    if url.scheme not in ("http", "https"):
        raise FetchError("bad-url", f"only http and https can be asked, not {url.scheme or 'a URL without a scheme'}")
    if not named:
        raise FetchError("bad-url", f"the URL names no host: {host!r}")
    if "@" in url.raw_authority:
        raise FetchError(
            "bad-url", f"{host}: the URL holds a user name or password; put an Authorization header instead"
        )
    return url.with_fragment(None) if url.raw_fragment else url


def join_url(base: URL, target: str) -> URL:
    """Where a Location header leads; raises FetchError where that cannot be asked."""
    try:
        return parse_url(urljoin(str(base), target.strip()))
    except ValueError as error:
        raise FetchError("bad-url", "the URL cannot be read") from error


def place(url: URL) -> str:
    """The host of a URL, with the port where it is written: what messages may show of it."""
    host = url.host_subcomponent or ""
    return f"{host}:{url.explicit_port}" if url.explicit_port else host
