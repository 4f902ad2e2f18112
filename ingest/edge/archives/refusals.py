"""Answers of an archive that say nothing about what it holds."""

from ingest.core.dates import retry_after_s
from ingest.errors import FetchError
from ingest.model import Response

FOR_NOW = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses by which a server is busy or broken: another try may find what is there."""


def heard(response: Response) -> Response:
    """The answer, unless it is a refusal for now.

    Raises:
        FetchError: the server is busy or broken; the question may be asked again.
    """
    if response.status in FOR_NOW:
        wait_s = retry_after_s(response.headers.get("retry-after", ""), response.fetched_at)
        why = f"{response.url}: the server answers {response.status}"
        raise FetchError("protocol", why, wait_s, response.status)
    return response
