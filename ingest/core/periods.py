"""The bounds of a period, as people and programs write them: `2024-01-19`, or `2024-01-19T08:30:00Z`."""

import datetime as dt

LAST = dt.datetime.max.replace(tzinfo=dt.UTC)


def beginning(text: str) -> dt.datetime:
    """A time; a day begins at its midnight, and what names no zone is UTC.

    Raises:
        ValueError: it is no date.
    """
    try:
        time = dt.datetime.fromisoformat(text.strip())
        return (time if time.tzinfo else time.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r} is no date; write 2024-01-19 or 2024-01-19T08:30:00Z") from error


def end(text: str) -> dt.datetime:
    """The end of a period, which a day that is named belongs to.

    Raises:
        ValueError: it is no date.
    """
    time = beginning(text)
    is_day = len(text.strip()) == len("2024-01-19")
    return time + min(dt.timedelta(days=1), LAST - time) if is_day else time
