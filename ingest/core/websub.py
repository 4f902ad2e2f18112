"""WebSub (W3C Recommendation, 23 January 2018), the subscriber's part: a hub pings us when a feed has news.

    named               the hub that an answer names, and the feed's address there
    wish                what a hub is asked
    is_ours             whether a hub's question is about something that we asked for
    signature           by which a ping proves that it comes from the hub
    next_try, renewal   when a hub is asked again

A ping says no more than that there is news: what a feed holds is read from the feed itself, and in no other way.
"""

import datetime as dt
import hmac
import re

from ingest.core.parse.fields import absolute
from ingest.model import Document, Response, Subscription

PATH = "/websub/"
"""Under which callbacks are answered; the token follows."""

LEASE = dt.timedelta(days=10)
"""What is asked for; the hub decides."""
LONGEST_LEASE = dt.timedelta(days=90)
"""What is believed of a longer one: a hub that forgot us is noticed then at the latest."""
RENEWED_AFTER = 0.75
"""Of a lease."""
FIRST_WAIT = dt.timedelta(minutes=10)
"""Within which a hub should have confirmed; it doubles with each try."""
LONGEST_WAIT = dt.timedelta(days=1)
METHODS = frozenset({"sha1", "sha256", "sha384", "sha512"})

LINK_MAX = 4096
"""Characters of a Link header that are looked at."""

_LINK = re.compile(r"<([^<>]*)>([^<]*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s\";,]+))", re.IGNORECASE)


def named(response: Response, document: Document) -> tuple[str, str]:
    """The hub and the topic of a feed: of its HTTP headers, or else of its document; ("", "") where none is named."""
    headers = list(_links(response.headers.get("link", "")[:LINK_MAX]))
    hubs = [_there(target, response) for rels, target in headers if "hub" in rels]
    selves = [_there(target, response) for rels, target in headers if "self" in rels]
    hub = next(filter(None, (*hubs, *document.hubs)), "")
    topic = next(filter(None, (*selves, document.self_url)), response.url)
    return (hub, topic) if hub else ("", "")


def _links(header: str) -> list[tuple[list[str], str]]:
    """The relations and targets of a Link header (RFC 8288)."""
    found = []
    for target, parameters in _LINK.findall(header):
        rel = _REL.search(parameters)
        found.append(((rel[1] or rel[2] or "").lower().split() if rel else [], target))
    return found


def _there(target: str, response: Response) -> str:
    return absolute(target, response.final_url)


def wish(subscription: Subscription) -> dict[str, str]:
    """What its hub is asked, as fields of a form."""
    asked = {
        "hub.mode": "unsubscribe" if subscription.state == "ended" else "subscribe",
        "hub.topic": subscription.topic,
        "hub.callback": f"{subscription.public_url}{PATH}{subscription.token}",
    }
    if subscription.state == "ended":
        return asked
    return asked | {"hub.secret": subscription.secret, "hub.lease_seconds": f"{LEASE.total_seconds():.0f}"}


def is_ours(subscription: Subscription, mode: str, topic: str) -> bool:
    """Whether a hub asks about what we asked for."""
    modes = ("unsubscribe",) if subscription.state == "ended" else ("subscribe", "denied")
    return mode in modes and topic == subscription.topic


def signature(header: str, secret: str) -> tuple[hmac.HMAC, str] | None:
    """What a body has to be put through for an X-Hub-Signature header, and the digest that must come of it.

    None where it names no method that we know. Compare with `hmac.compare_digest`, which takes as long for a wrong one.
    """
    method, _, digest = header.strip().partition("=")
    if method.lower() not in METHODS:
        return None
    return hmac.new(secret.encode(), digestmod=method.lower()), digest.strip().lower()


def next_try(subscription: Subscription, now: dt.datetime) -> dt.datetime:
    """When a hub that is asked now is asked again if it does not confirm."""
    doubled = FIRST_WAIT * float(2 ** min(subscription.failures, 20))
    return now + min(doubled, LONGEST_WAIT)


def lease(stated: str) -> dt.timedelta:
    """The lease that a hub grants by its hub.lease_seconds; what we asked for where it states none."""
    seconds = int(stated) if re.fullmatch(r"[0-9]{1,12}", stated) else 0
    return min(dt.timedelta(seconds=min(seconds, 10**9)), LONGEST_LEASE) if seconds else LEASE


def renewal(granted: dt.timedelta, now: dt.datetime) -> dt.datetime:
    """When a lease is renewed; a very short one may end before, lest its hub be asked all the time."""
    return now + max(granted * RENEWED_AFTER, FIRST_WAIT)
