"""What a sink does next: which batch, how long it waits after a failure, and when an event is given up.

Rule 1: a batch that was begun is repeated as it was, so that its key is the same; see `SinkState.until`.
Rule 2: what is the receiver's fault waits, however long. What may be the batch's is narrowed down: the batch is halved
        until the one event is found that is refused by itself. So is one that is not taken in time, until it is small
        enough; a single event that is too slow waits.
Rule 3: an event that is refused by itself is given up after so many tries over so long a time: it becomes a dead
        letter, and the sink goes on.
"""

import datetime as dt
from dataclasses import dataclass

from ingest.core.render.story_json import announcement_line
from ingest.errors import DeliveryError, Fault
from ingest.model import Announced, Announcement, DeadLetter, SinkState

MOST = 100
"""Changes a batch: one round trip for many, and little to repeat."""
LARGEST = 1_000_000
"""Bytes a batch, as JSON; what is larger goes by itself. Receivers commonly take a megabyte."""
FIRST_WAIT = dt.timedelta(seconds=2)
LONGEST_WAIT = dt.timedelta(minutes=5)
"""What was away for a night is served again within minutes."""
LONGEST_ASKED = dt.timedelta(hours=1)
"""That a receiver may ask us to wait."""
HALVE_AFTER = 2
"""Tries of a batch that was refused or too slow; one may be chance."""

Moved = tuple[SinkState, DeadLetter | None]


@dataclass(frozen=True)
class Patience:
    """How long an event is tried that is refused by itself."""

    tries: int
    span: dt.timedelta
    """From the first refusal on."""


PATIENCE: dict[Fault, Patience] = {
    "refused": Patience(3, dt.timedelta(minutes=1)),
    "error": Patience(6, dt.timedelta(hours=1)),
}
"""Faults that a single event is given up for. One that is ill for long loses an event an hour, not all."""

WAITS = frozenset({401, 402, 403, 404, 405, 407, 408, 421, 423, 425, 429, 451, 502, 503, 504, 507, 511})
"""Statuses that speak of the receiver or of how it is set up, not of the batch."""


def fault_of(status: int) -> Fault | None:
    """Whose fault an HTTP status tells; None: the batch was taken."""
    if 200 <= status < 300:
        return None
    if status == 410:
        return "gone"
    if status < 400 or status in WAITS:
        return "away"
    return "refused" if status < 500 else "error"


def cut(announced: Announced) -> Announced:
    """The part of a batch that is small enough; its first announcement in any case."""
    size = 0
    for number, one in enumerate(announced.announcements):
        size += len(announcement_line(one).encode())
        if size > LARGEST and number:
            return _first(announced, number)
    return announced


def begun(state: SinkState, batch: Announced) -> SinkState:
    """With a batch in hand."""
    return state.model_copy(update={"until": batch.position})


def key(state: SinkState, batch: Announced) -> str:
    """Of a batch that was begun.

    Made of what is written down alone: a filter may leave out another time what it let through before.
    """
    return f"{state.position + 1}-{batch.position}"


def delivered(state: SinkState, batch: Announced, now: dt.datetime) -> SinkState:
    """After a batch was taken, or held nothing that the sink wants."""
    taken = len(batch.announcements)
    told = {"delivered": state.delivered + taken, "delivered_at": now} if taken else {}
    return _beyond(state, batch.position).model_copy(update={"size": min(2 * state.size, MOST), "due_at": now, **told})


def failed(state: SinkState, batch: Announced, error: DeliveryError, now: dt.datetime) -> Moved:
    """After a batch was not taken; the event that is given up, where one is."""
    if error.fault == "gone":
        return state.model_copy(update={"error": str(error), "stopped": str(error)}), None
    tries, may_be_poison = state.tries + 1, error.fault in PATIENCE
    wait = min(FIRST_WAIT * 2 ** min(tries - 1, 30), LONGEST_WAIT)
    asked = min(dt.timedelta(seconds=max(error.retry_after_s or 0.0, 0.0)), LONGEST_ASKED)
    after = state.model_copy(
        update={
            "tries": tries,
            "refusals": state.refusals + may_be_poison,
            "refused_since": state.refused_since or (now if may_be_poison else None),
            "error": str(error),
            "due_at": now + max(wait, asked),
        }
    )
    if len(batch.announcements) > 1:
        failures = tries if error.fault == "slow" else after.refusals
        narrows = may_be_poison or error.fault == "slow"
        return (_halved(after, batch, error, now) if narrows and failures >= HALVE_AFTER else after), None
    return _given_up(after, batch, error, now) if may_be_poison else (after, None)


def replayed(state: SinkState, position: int, dropped: int, now: dt.datetime) -> SinkState:
    """At another place, where it goes on at once, without what was dropped by now."""
    fresh = {"size": MOST, "due_at": now, "stopped": "", "forgone": dropped}
    return _beyond(state, position).model_copy(update=fresh)


def _halved(state: SinkState, batch: Announced, error: DeliveryError, now: dt.datetime) -> SinkState:
    """Rule 2."""
    count = len(batch.announcements) // 2
    due = state.due_at if error.retry_after_s else now + FIRST_WAIT
    fresh = {"until": _first(batch, count).position, "tries": 0, "refusals": 0, "refused_since": None}
    return state.model_copy(update={**fresh, "size": count, "due_at": due})


def _given_up(state: SinkState, batch: Announced, error: DeliveryError, now: dt.datetime) -> Moved:
    """Rule 3."""
    patience, since = PATIENCE[error.fault], state.refused_since or now
    if state.refusals < patience.tries or now - since < patience.span:
        return state, None
    change = batch.announcements[0].change
    letter = DeadLetter(
        sink=state.name,
        seq=change.seq,
        kind=change.kind,
        story_id=change.story_id,
        why=str(error),
        tries=state.refusals,
        at=now,
    )
    return _beyond(state, batch.position).model_copy(update={"error": str(error), "due_at": now}), letter


def _beyond(state: SinkState, position: int) -> SinkState:
    fresh = {"until": None, "tries": 0, "refusals": 0, "refused_since": None, "error": ""}
    return state.model_copy(update={"position": position, **fresh})


def _first(batch: Announced, count: int) -> Announced:
    some: tuple[Announcement, ...] = batch.announcements[:count]
    return Announced(announcements=some, position=some[-1].change.seq, is_end=False)
