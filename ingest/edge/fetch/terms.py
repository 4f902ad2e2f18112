"""On what terms a journey is made: the same for each of its hops, wherever they lead."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from yarl import URL

from ingest.core.durations import parse_duration
from ingest.edge.fetch.variables import basic
from ingest.errors import FetchError
from ingest.model import Asking

HOP_TIMEOUTS = 2
"""A hop may take so many times the timeout from connecting to the last byte: a byte a second is a failure too."""
JOURNEY_HOPS = 3
"""All hops together may take as long as so many single ones: eight slow redirects are no way to hold a turn."""


@dataclass(frozen=True)
class Terms:
    """Who asks, through what, and how patiently."""

    user_agent: str
    timeout_s: float
    """How long a server may be silent, while connecting and between two bytes."""
    proxy: URL | None = None
    proxy_authorization: str = field(default="", repr=False)

    @property
    def hop_s(self) -> float:
        """Longest time for one hop."""
        return self.timeout_s * HOP_TIMEOUTS

    @property
    def journey_s(self) -> float:
        """Longest time for all hops, without the waits that are ours."""
        return self.hop_s * JOURNEY_HOPS


def terms_of(asking: Asking, usual: Terms, environ: Mapping[str, str]) -> Terms:
    """The terms that were written for a server, or else the usual ones."""
    proxy, authorization = proxied(asking.proxy, environ) if asking.proxy else (usual.proxy, "")
    return Terms(
        user_agent=asking.user_agent or usual.user_agent,
        timeout_s=parse_duration(asking.timeout).total_seconds() if asking.timeout else usual.timeout_s,
        proxy=proxy,
        proxy_authorization=authorization,
    )


def proxied(text: str, environ: Mapping[str, str]) -> tuple[URL, str]:
    """A proxy's address without its user, and the Proxy-Authorization that takes his place; it may be empty."""
    try:
        url = URL(text)
        user, password, bare = url.user or "", url.password or "", url.with_user(None)
    except ValueError as error:
        raise FetchError("bad-url", "the proxy's address cannot be read") from error  # it may hold a password
    if not user:
        return bare, ""
    return bare, basic("the proxy", f"{user}:{password}", environ)
