"""What a sink does after what came of a batch."""

import datetime as dt

import pytest
from fakes import START

from ingest.core.delivery import LARGEST, LONGEST_ASKED, MOST, begun, cut, delivered, failed, fault_of, replayed
from ingest.errors import DeliveryError, Fault
from ingest.model import Announced, Announcement, Change, SinkState

SINK = SinkState(name="hook", kind="webhook", position=0, size=MOST, due_at=START)


def batch(first: int, last: int) -> Announced:
    told = tuple(
        Announcement(change=Change(seq=seq, kind="created", at=START, story_id=f"s{seq}", version=1), story=None)
        for seq in range(first, last + 1)
    )
    return Announced(announcements=told, position=last, is_end=True)


STATUSES: list[tuple[int, Fault | None]] = [
    (200, None),
    (204, None),
    (301, "away"),
    (307, "away"),
    (400, "refused"),
    (401, "away"),
    (404, "away"),
    (410, "gone"),
    (413, "refused"),
    (422, "refused"),
    (429, "away"),
    (500, "error"),
    (502, "away"),
    (503, "away"),
]


@pytest.mark.parametrize(("status", "fault"), STATUSES)
def test_a_status_tells_whose_fault_it_is(status: int, fault: Fault | None) -> None:
    assert fault_of(status) == fault


def test_a_batch_that_was_begun_ends_where_it_ended() -> None:
    assert begun(SINK, batch(1, 7)).until == 7


WAITS = [(None, 2), (30, 30), (1, 2), (-5, 2), (1e9, LONGEST_ASKED.total_seconds())]


@pytest.mark.parametrize(("asked_s", "waits_s"), WAITS)
def test_a_receiver_may_ask_for_a_longer_wait_within_bounds(asked_s: float | None, waits_s: float) -> None:
    after, _ = failed(SINK, batch(1, 3), DeliveryError("away", "busy", asked_s), START)
    assert (after.due_at - START).total_seconds() == waits_s


def test_whatever_waits_for_its_receiver_is_never_given_up() -> None:
    state, now = SINK, START
    for _ in range(1000):
        state, letter = failed(state, batch(1, 1), DeliveryError("away", "down"), now)
        assert letter is None
        now = state.due_at
    assert (state.position, state.tries) == (0, 1000)
    assert now - START > dt.timedelta(days=3)


@pytest.mark.parametrize(("fault", "least"), [("refused", dt.timedelta(minutes=1)), ("error", dt.timedelta(hours=1))])
@pytest.mark.parametrize("poison", [1, 37, 100])
def test_the_one_event_that_is_refused_is_found_and_given_up_after_a_time(
    fault: Fault, least: dt.timedelta, poison: int
) -> None:
    state, now, letters, taken = SINK, START, [], []
    alone_at = None
    while state.position < 150:
        now = max(now, state.due_at)
        end = state.until or min(state.position + state.size, 150)
        some = batch(state.position + 1, end)
        state = begun(state, some)
        seqs = [one.change.seq for one in some.announcements]
        if poison in seqs:
            alone_at = alone_at or (now if seqs == [poison] else None)
            state, letter = failed(state, some, DeliveryError(fault, "no"), now)
            letters += [letter] if letter else []
        else:
            taken += seqs
            state = delivered(state, some, now)
    assert [letter.seq for letter in letters] == [poison]
    assert taken == [seq for seq in range(1, 151) if seq != poison]
    assert alone_at
    assert letters[0].at - alone_at >= least


def test_a_batch_that_is_not_taken_in_time_is_halved_until_it_is_but_nothing_is_given_up() -> None:
    state, now, tried = SINK, START, []
    for _ in range(40):
        some = batch(state.position + 1, state.until or state.position + state.size)
        tried.append(len(some.announcements))
        state, letter = failed(begun(state, some), some, DeliveryError("slow", "no answer within 15 s"), now)
        assert letter is None
        now = state.due_at
    assert tried[:6] == [100, 100, 50, 50, 25, 25]
    assert set(tried[12:]) == {1}
    assert (state.position, state.due_at - START > dt.timedelta(hours=1)) == (0, True)


def test_the_time_of_an_outage_counts_for_nothing_where_an_event_is_refused() -> None:
    state = begun(SINK, batch(1, 1))
    for hour in range(10):
        state, _ = failed(state, batch(1, 1), DeliveryError("away", "down"), START + dt.timedelta(hours=hour))
    state, letter = failed(state, batch(1, 1), DeliveryError("refused", "no"), START + dt.timedelta(hours=10))
    assert (letter, state.position) == (None, 0)


def test_a_receiver_that_is_gone_is_left_alone_until_somebody_says_so() -> None:
    stopped, letter = failed(SINK, batch(1, 2), DeliveryError("gone", "answers 410"), START)
    assert (stopped.stopped, stopped.position, letter) == ("answers 410", 0, None)
    again = replayed(stopped, 0, 7, START)
    assert (again.stopped, again.error, again.due_at) == ("", "", START)


def test_a_batch_is_cut_where_it_grows_too_large_but_holds_one_event(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cut(batch(1, 100)) == batch(1, 100)
    monkeypatch.setattr("ingest.core.delivery.LARGEST", 200)
    small = cut(batch(1, 100))
    assert (small.position, small.is_end) == (2, False)
    monkeypatch.setattr("ingest.core.delivery.LARGEST", 1)
    assert cut(batch(4, 9)).position == 4
    assert LARGEST > 1
