"""When to poll a feed next, decided from what was seen. Pure: the state after a poll is a value.

Rule 1: a fixed interval and a cron line are kept as written.
Rule 2: `auto` holds the share of polls that bring something near a fifth: a poll with news halves the pace, a poll
        without makes it a fifth longer, within the bounds of the settings.
Rule 3: a failure doubles the wait with each repetition, up to a day; a server's Retry-After is heard up to a day.
        A feed is never given up.
"""

import datetime as dt

from ingest.core.durations import parse_duration
from ingest.model import Document, Feed, FeedState, Response
from ingest.ports import Cron, Pace

FIRST_PACE_S = 15 * 60.0
SHRINK = 0.5
GROW = 1.2
LONGEST_WAIT = dt.timedelta(days=1)


def after_success(
    feed: Feed, state: FeedState, response: Response, body_hash: str, found_new: bool, pace: Pace, cron: Cron
) -> FeedState:
    """The state after an answer that was read, or that had not changed.

    Args:
        response: the answer; a 304 keeps the validators of the answer before.
        body_hash: SHA-256 of the body that is now the last one read.
        found_new: whether entries came that had not been known.
    """
    now = response.fetched_at
    learned = _learned(state, found_new, pace)
    return state.model_copy(
        update={
            "due_at": now + _wait(feed, learned, now, cron),
            "etag": response.headers.get("etag", state.etag if response.status == 304 else ""),
            "last_modified": response.headers.get(
                "last-modified", state.last_modified if response.status == 304 else ""
            ),
            "body_hash": body_hash,
            "polled_at": now,
            "succeeded_at": now,
            "pace_s": learned,
            "failures": 0,
            "problem": "",
        }
    )


def after_failure(
    feed: Feed, state: FeedState, problem: str, retry_after_s: float | None, now: dt.datetime, pace: Pace, cron: Cron
) -> FeedState:
    """The state after a poll that gave no document."""
    usual = _wait(feed, _known_pace(state, pace), now, cron)
    backoff = usual if usual > LONGEST_WAIT else min(usual * 2 ** min(state.failures, 20), LONGEST_WAIT)
    asked = dt.timedelta(seconds=min(retry_after_s or 0.0, LONGEST_WAIT.total_seconds()))
    return state.model_copy(
        update={
            "due_at": now + (max(usual, asked) if _is_cron(feed.interval) else max(backoff, asked)),
            "polled_at": now,
            "failures": state.failures + 1,
            "problem": problem,
        }
    )


def described(state: FeedState, document: Document) -> FeedState:
    """The state with what the document says of the feed itself."""
    return state.model_copy(update={"title": document.title, "site_url": document.site_url})


def _learned(state: FeedState, found_new: bool, pace: Pace) -> float:
    return _within(_known_pace(state, pace) * (SHRINK if found_new else GROW), pace)


def _known_pace(state: FeedState, pace: Pace) -> float:
    """What was learned before, within the bounds as they are now."""
    return _within(state.pace_s or FIRST_PACE_S, pace)


def _within(seconds: float, pace: Pace) -> float:
    return min(max(seconds, pace.interval_min.total_seconds()), pace.interval_max.total_seconds())


def _wait(feed: Feed, learned_s: float, now: dt.datetime, cron: Cron) -> dt.timedelta:
    if feed.interval == "auto":
        return dt.timedelta(seconds=learned_s)
    if _is_cron(feed.interval):
        return cron(feed.interval, now) - now
    return parse_duration(feed.interval)


def _is_cron(interval: str) -> bool:
    return " " in interval.strip()
