"""What an answer's status means to a walk."""

from ingest.core.dates import retry_after_s
from ingest.errors import FetchError
from ingest.model import Response

FOR_NOW = frozenset({408, 425, 429})
"""Statuses that say nothing about the address, but for those from 500 on."""


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


def is_there(response: Response) -> bool:
    """Whether an address answers with what it is for; raises FetchError where that cannot be told for now."""
    return heard(response).status == 200
