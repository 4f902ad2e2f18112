"""What answers and errors say to those who asked."""

import datetime as dt
import hashlib

from ingest.core.cadence import Failure
from ingest.core.dates import retry_after_s
from ingest.errors import FetchError, IngestError
from ingest.model import Response

LONGEST = 80
"""Characters of an odd header that are told."""


def asked_wait_s(response: Response) -> float | None:
    """Seconds that the server asks us to wait; None if it does not."""
    return retry_after_s(response.headers.get("retry-after", ""), response.fetched_at)


def told(error: Exception) -> str:
    """An error in one line."""
    return str(error) if isinstance(error, IngestError) else f"unexpected {type(error).__name__}: {error}"


def refused(response: Response) -> Failure:
    """What an answer of another status than 200 and 304 means for a feed."""
    problem, wait_s = f"the server answers {response.status}", asked_wait_s(response)
    if wait_s:
        until = response.fetched_at + dt.timedelta(seconds=wait_s)
        problem = f"{problem} and asks us to wait until {until:%Y-%m-%d %H:%M:%S} UTC"
    return Failure(f"http-{response.status}", problem, wait_s, _unheard(response) if wait_s is None else "")


def _unheard(response: Response) -> str:
    stated = " ".join(response.headers.get("retry-after", "").split())
    return f"its Retry-After says {stated[:LONGEST]!r}" if stated else ""


def failed(error: Exception) -> Failure:
    """What an error means for a feed."""
    if isinstance(error, FetchError):
        kind = f"http-{error.status}" if error.status else error.kind
        return Failure(kind, told(error), error.retry_after_s)
    return Failure("unreadable", told(error))


def body_hash(response: Response) -> str:
    """SHA-256 of a body: what is the same is not read again."""
    return hashlib.sha256(response.body).hexdigest()
