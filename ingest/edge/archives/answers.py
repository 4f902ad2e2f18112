"""What an answer's status means to a walk."""

from dataclasses import replace

from ingest.core.dates import retry_after_s
from ingest.errors import FetchError, ParseError, WorkError
from ingest.model import Response, Step

FOR_NOW = frozenset({408, 425, 429})
"""Statuses that say nothing about the address, but for those from 500 on."""


GONE = frozenset({404, 410})
"""Statuses of what is not there; all others but 200 say that it cannot be had, be it there or not."""


class AbsentError(Exception):
    """There is nothing at an address."""


def heard(response: Response) -> Response:
    """The answer, unless it is a refusal for now.

    Raises:
        FetchError: the server is busy or broken; the question may be asked again.
    """
    if response.status in FOR_NOW or response.status >= 500:
        why = f"{response.url}: the server answers {response.status}"
        wait_s = retry_after_s(response.headers.get("retry-after", ""), response.fetched_at)
        raise FetchError("protocol", why, wait_s, response.status)
    return response


def there(response: Response) -> Response:
    """The answer, where it is what its address is for.

    Raises:
        AbsentError: there is nothing.
        FetchError: the server is busy or broken; the question may be asked again.
        ParseError: it refuses it.
    """
    if heard(response).status in GONE:
        raise AbsentError(f"{response.url}: the server answers {response.status}")
    if response.status != 200:
        raise ParseError(f"{response.url}: the server answers {response.status}")
    return response


def is_there(response: Response) -> bool:
    """Whether there is anything at an address; raises as `there` where that cannot be told."""
    try:
        return there(response).status == 200
    except AbsentError:
        return False


def without(past: Step, error: AbsentError | FetchError | ParseError | WorkError) -> Step:
    """The step past a part that cannot be had, or not be read."""
    if isinstance(error, AbsentError):
        return replace(past, gone=str(error))
    again_after_s = (error.retry_after_s or 0.0) if isinstance(error, FetchError) and error.transient else None
    return replace(past, fault=str(error), again_after_s=again_after_s)
