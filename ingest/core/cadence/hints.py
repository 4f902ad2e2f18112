"""What a server and its document ask of those who poll, and how far it is heard.

Heard are `Cache-Control: max-age` (not beside no-cache or no-store, which ask for no rest), else Expires minus Date;
and of a document what `Document.hints` holds. The longest of them counts.

They are mostly defaults of software that nobody chose for this feed (WordPress says `hourly` everywhere, a CDN gives
all its files one max-age), while the dates of the entries are facts. So a hint may stretch the learned wait by STRETCH
at most, and says nothing about a fixed interval or a cron line.
"""

import datetime as dt
import re

from ingest.core.cadence.rhythm import HOUR, hour_of, weekday_of
from ingest.core.dates import moment
from ingest.model import Document, Hints, Response

STRETCH = 2.0
"""At worst a wrong hint doubles the lag of a feed; at best a right one halves its requests."""

LONGEST = dt.timedelta(days=365)
"""Longer ones are cut, lest a number be too large for the database; RFC 9111 takes more than a year for forever."""

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)
_NO_REST = re.compile(r"(?:^|[,\s])no-(?:cache|store)\b", re.IGNORECASE)


def heard(before: Hints, response: Response, document: Document | None) -> Hints:
    """The hints that hold after an answer; one that brings no document leaves them as they were."""
    if document is None:
        return before
    stated = document.hints
    return stated.model_copy(
        update={"wait_s": min(max(stated.wait_s, _cached_s(response), 0.0), LONGEST.total_seconds())}
    )


def _cached_s(response: Response) -> float:
    """Seconds for which the answer says that it stays fresh (RFC 9111, 4.2.1)."""
    control = response.headers.get("cache-control", "")
    if _NO_REST.search(control):
        return 0.0
    age = _MAX_AGE.search(control)
    return float(age[1]) if age else _until_expiry_s(response)


def _until_expiry_s(response: Response) -> float:
    date = moment(response.headers.get("date", ""), response.fetched_at)
    expires = moment(response.headers.get("expires", ""), response.fetched_at + LONGEST)
    sent_at = date.at if date else response.fetched_at  # RFC 9110, 6.6.1
    return (expires.at - sent_at).total_seconds() if expires else 0.0


def stretched_s(wait_s: float, hints: Hints, now: float) -> float:
    """The learned wait, or up to STRETCH times that where the hints ask for it."""
    asked_s = max(hints.wait_s, _skipped_s(hints, now + wait_s) + wait_s)
    return min(max(wait_s, asked_s), wait_s * STRETCH)


def _skipped_s(hints: Hints, at: float) -> float:
    """Seconds until the hour that is not to be skipped; none where all are."""
    if not (hints.skip_hours or hints.skip_days):
        return 0.0
    starts = [at, *((at // HOUR + hours) * HOUR for hours in range(1, 8 * 24))]
    return next((start - at for start in starts if not _is_skipped(hints, start)), 0.0)


def _is_skipped(hints: Hints, at: float) -> bool:
    return hour_of(at) in hints.skip_hours or weekday_of(at) in hints.skip_days
