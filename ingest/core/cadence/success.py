"""What a poll that was answered means for the next."""

from dataclasses import dataclass

from ingest.core import websub
from ingest.core.cadence import moves
from ingest.core.cadence.gaps import found_gap
from ingest.core.cadence.hints import heard
from ingest.core.cadence.rhythm import appearances, faded, learned
from ingest.core.cadence.turns import next_turn
from ingest.model import Document, Feed, FeedState, Response, Rhythm, WrittenDown
from ingest.ports import Conclusion, Cron, Pace

UNASKED_EVERY = 100
"""Polls of which one is unconditional: it catches servers that say 304 for ever (the rule of Feedbin and NewsBlur)."""


@dataclass(frozen=True)
class Reading:
    """What a poll brought."""

    response: Response
    body_hash: str
    """SHA-256 of the body that is now the last one read."""
    document: Document | None
    """None where nothing changed: a 304, or the body of before."""
    written: WrittenDown


def after_success(feed: Feed, state: FeedState, reading: Reading, pace: Pace, cron: Cron) -> Conclusion:
    """The state after a poll that was answered, and the gap that it shows."""
    response, document, now = reading.response, reading.document, reading.response.fetched_at
    gap = found_gap(state, document, reading.written, now)
    update: moves.Update = {"rhythm": _rhythm(state, reading), "hints": heard(state.hints, response, document)}
    if document is not None:
        update |= {"window": len(document.entries), "title": document.title, "site_url": document.site_url}
        update["hub"], update["topic"] = websub.named(response, document)
    taught = state.model_copy(update=update)
    turn = next_turn(feed, taught, now, gap is not None, pace, cron)
    update = {
        "due_at": turn.due_at,
        "pace_s": turn.pace_s,
        "polls": state.polls + 1,
        "body_hash": reading.body_hash,
        "polled_at": now,
        "succeeded_at": now,
        "failures": 0,
        "failing_since": None,
        "failure": "",
        "problem": "",
    }
    update |= _validators(state, response) | moves.after_answer(state, response, reading.written)
    return Conclusion(taught.model_copy(update=update), gap)


def unasked(state: FeedState) -> bool:
    """Whether the next poll should be unconditional: one in UNASKED_EVERY, and one after a status that fails it.

    Some servers answer a conditional question with 412 or an error. 429 and 503 say nothing about the question.
    """
    refused = state.failure.startswith("http-") and state.failure not in ("http-429", "http-503")
    return refused or state.polls % UNASKED_EVERY == UNASKED_EVERY - 1


def _rhythm(state: FeedState, reading: Reading) -> Rhythm | None:
    now = reading.response.fetched_at.timestamp()
    if reading.document is None:
        return faded(state.rhythm, now) if state.rhythm else None
    since = state.succeeded_at.timestamp() if state.rhythm and state.succeeded_at else None
    return learned(state.rhythm, appearances(reading.document.entries, reading.written.new, since, now), now)


def _validators(state: FeedState, response: Response) -> moves.Update:
    """A 304 keeps those of the answer before, where it does not repeat them (RFC 9110, 15.4.5)."""
    kept = response.status == 304
    return {
        "etag": response.headers.get("etag", state.etag if kept else ""),
        "last_modified": response.headers.get("last-modified", state.last_modified if kept else ""),
    }
