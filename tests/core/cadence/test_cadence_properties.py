"""What holds whatever comes: a feed is always due at some time within its cap."""

import datetime as dt
from functools import partial

import pytest
from given_polls import DAY, NOW, PACE, answer, document, failed, noon, read, state
from hypothesis import given
from hypothesis import strategies as st

from ingest.core import cadence
from ingest.core.cadence.rhythm import Forecast
from ingest.model import Hints, Rhythm

texts = st.text(st.characters(codec="utf-8"), max_size=60)
headers = st.dictionaries(
    st.sampled_from(["cache_control", "expires", "date", "etag", "last_modified", "retry_after"]),
    st.one_of(
        texts,
        st.integers(0, 10**30).map("max-age={}".format),
        st.datetimes().map("{:%a, %d %b %Y %H:%M:%S} GMT".format),
    ),
)
hints = st.builds(
    Hints,
    wait_s=st.floats(0, 1e15),
    skip_hours=st.lists(st.integers(0, 23), max_size=24).map(tuple),
    skip_days=st.lists(st.integers(0, 6), max_size=7).map(tuple),
)
dates = st.one_of(
    st.none(),
    st.integers(0, 2**31).map(lambda seconds: dt.datetime.fromtimestamp(seconds, dt.UTC)),
    st.integers(0, 10**6).map(lambda seconds: NOW - dt.timedelta(seconds=seconds)),
)
documents = st.builds(document, st.lists(dates, max_size=30), hints)
passed = st.integers(0, 10**7).map(lambda seconds: dt.timedelta(seconds=seconds))
answers = st.tuples(st.just("answer"), passed, headers, st.one_of(st.none(), documents), st.floats(0, 1))
failures = st.tuples(
    st.just("failure"),
    passed,
    st.sampled_from([*cadence.BACKOFF, "http-410", "http-599", "odd"]),
    st.one_of(st.none(), st.floats(0, 1e300)),
)
CAPS = {"auto": PACE.interval_max, "1s": DAY, "15m": DAY, "40d": 40 * DAY, "0 12 * * *": 2 * DAY}


@pytest.mark.parametrize("interval", CAPS)
@given(st.lists(st.one_of(answers, failures), max_size=12), st.integers(1, 10**6))
def test_a_feed_is_always_due_within_its_cap(interval: str, history: list[tuple[object, ...]], feed_id: int) -> None:
    known, now = state(feed_id=feed_id, polls=0), NOW
    for kind, after, *rest in history:
        now += after  # type: ignore[operator]  # the second is a timedelta in both
        if kind == "failure":
            known = failed(known, rest[0], interval, rest[1], now)  # type: ignore[arg-type]  # as drawn
        else:
            shown, share = rest[1], rest[2]
            new = int(len(shown.entries) * share) if shown else 0  # type: ignore[attr-defined, operator]  # as drawn
            known = read(known, answer(now, **rest[0]), shown, new, interval).state  # type: ignore[arg-type]  # as drawn
        assert now < known.due_at <= now + CAPS[interval]


@given(hints, st.floats(60, 86400 * 7), headers)
def test_no_hint_pushes_a_learned_turn_beyond_its_cap(asked: Hints, pace_s: float, said: dict[str, str]) -> None:
    known = read(state(pace_s=pace_s), answer(**said), document([NOW], asked), 1).state
    assert NOW < known.due_at <= NOW + PACE.interval_max


@given(
    st.builds(
        Rhythm,
        at=st.just(NOW.timestamp()),
        watched_s=st.floats(0, 28 * 86400),
        entries=st.floats(0, 1e6),
        hours=st.one_of(st.just(()), st.lists(st.floats(0, 1e4), min_size=24, max_size=24).map(tuple)),
        weekdays=st.one_of(st.just(()), st.lists(st.floats(0, 1e4), min_size=7, max_size=7).map(tuple)),
        recent=st.floats(0, 1e5),
        occasions=st.floats(0, 112),
        newest=st.one_of(st.none(), st.floats(0, NOW.timestamp() + 86400)),
    ),
    st.integers(0, 10**8),
)
def test_something_is_always_expected_and_a_silence_has_a_probability(rhythm: Rhythm, later: int) -> None:
    at = NOW.timestamp()
    assert Forecast(rhythm, at).rate(at + later) > 0
    now = NOW + dt.timedelta(seconds=later)
    quiet = cadence.silence(state(rhythm=rhythm, succeeded_at=now), now)
    assert quiet is None or 0 <= quiet.probability < 1


@given(st.lists(st.integers(1, 40_000), min_size=1, max_size=60), st.sampled_from([600, 3600, 86400]))
def test_a_fixed_interval_keeps_its_phase_through_any_delays(delays: list[int], seconds: int) -> None:
    poll = partial(read, interval=f"{seconds}s")
    known, now = poll(state(polls=0), answer(NOW)).state, NOW
    planned = known.due_at
    for delay in delays:
        now += dt.timedelta(seconds=delay)
        known = poll(known, answer(now)).state
        assert (known.due_at - planned) % dt.timedelta(seconds=seconds) == dt.timedelta()
        assert now < known.due_at <= now + dt.timedelta(seconds=seconds)


def test_a_cron_line_after_a_long_sleep_is_due_at_its_next_turn() -> None:
    late = NOW + 10 * DAY + dt.timedelta(hours=3)
    assert read(state(), answer(late), interval="0 12 * * *").state.due_at == noon("0 12 * * *", late)
