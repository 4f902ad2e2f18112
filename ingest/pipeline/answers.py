"""What answers and errors say to those who asked."""

from ingest.core.dates import moment
from ingest.errors import IngestError
from ingest.model import Response


def retry_after_s(response: Response) -> float | None:
    """Seconds that the server asks us to wait, by its Retry-After (RFC 9110, 10.2.3); None if it does not."""
    value = response.headers.get("retry-after", "").strip()
    if value.isdecimal():
        return float(value[:9])
    until = moment(value, response.fetched_at)
    return max(0.0, (until.at - response.fetched_at).total_seconds()) if until else None


def told(error: Exception) -> str:
    """An error in one line."""
    return str(error) if isinstance(error, IngestError) else f"unexpected {type(error).__name__}: {error}"
