"""Days and times as somebody writes them to bound a period: ISO 8601, in UTC where no zone is named."""

import datetime as dt

from ingest.errors import ConfigError

LAST = dt.datetime.max.replace(tzinfo=dt.UTC)


def beginning(text: str) -> dt.datetime:
    """A time, or the beginning of a day.

    Raises:
        ConfigError: it is neither.
    """
    try:
        time = dt.datetime.fromisoformat(text.strip())
        return (time if time.tzinfo else time.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise ConfigError(f"{text!r} is no date; write 2024-01-19 or 2024-01-19T08:30:00Z") from error


def end(text: str) -> dt.datetime:
    """A time, or the end of a day, which belongs to the period; raises as `beginning` does."""
    time = beginning(text)
    is_day = len(text.strip()) == len("2024-01-19")
    return time + min(dt.timedelta(days=1), LAST - time) if is_day else time
