import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.core import cadence
from ingest.model import Document, Feed, FeedState, Response
from ingest.ports import Pace

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
PACE = Pace(interval_min=dt.timedelta(minutes=5), interval_max=dt.timedelta(hours=24))


def noon_tomorrow(line: str, after: dt.datetime) -> dt.datetime:
    assert line == "0 12 * * *"
    return after + dt.timedelta(days=1)


def feed(interval: str = "auto") -> Feed:
    return Feed(id=1, url="https://example.org/feed", name="example", interval=interval)


def state(**known: object) -> FeedState:
    return FeedState(feed_id=1, due_at=NOW, **known)


def answer(status: int = 200, **headers: str) -> Response:
    return Response(
        url="https://example.org/feed",
        final_url="https://example.org/feed",
        status=status,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        fetched_at=NOW,
    )


def succeeded(before: FeedState, interval: str = "auto", found_new: bool = False, **kwargs: object) -> FeedState:
    response = answer(**kwargs)
    return cadence.after_success(feed(interval), before, response, "hash", found_new, PACE, noon_tomorrow)


def failed(before: FeedState, interval: str = "auto", retry_after_s: float | None = None) -> FeedState:
    return cadence.after_failure(feed(interval), before, "no answer", retry_after_s, NOW, PACE, noon_tomorrow)


@pytest.mark.parametrize(
    ("interval", "wait"),
    [("1s", dt.timedelta(seconds=1)), ("15m", dt.timedelta(minutes=15)), ("0 12 * * *", dt.timedelta(days=1))],
)
def test_a_written_interval_is_kept_as_written(interval: str, wait: dt.timedelta) -> None:
    assert succeeded(state(), interval).due_at == NOW + wait


def test_auto_polls_sooner_after_news_and_later_after_none() -> None:
    before = state(pace_s=1000.0)
    assert succeeded(before, found_new=True).pace_s == 500.0
    assert succeeded(before, found_new=False).pace_s == 1200.0


@given(st.lists(st.sampled_from(["news", "nothing", "failure"]), max_size=80))
def test_a_feed_on_auto_is_always_due_within_its_bounds_or_a_day(history: list[str]) -> None:
    known = state()
    for poll in history:
        known = failed(known) if poll == "failure" else succeeded(known, found_new=poll == "news")
        assert dt.timedelta(minutes=5) <= known.due_at - NOW <= dt.timedelta(hours=24)


@given(st.integers(0, 500), st.one_of(st.none(), st.floats(0, 1e12)), st.sampled_from(["auto", "2s", "40d", "5200w"]))
def test_no_failure_and_no_server_pushes_a_feed_beyond_a_day_or_its_own_interval(
    failures: int, retry_after_s: float | None, interval: str
) -> None:
    limit = {"40d": dt.timedelta(days=40), "5200w": dt.timedelta(weeks=5200)}.get(interval, dt.timedelta(days=1))
    assert NOW < failed(state(failures=failures), interval, retry_after_s).due_at <= NOW + limit


def test_failures_in_a_row_double_the_wait() -> None:
    once = failed(state(), "10m")
    twice = failed(once, "10m")
    assert (once.due_at - NOW, twice.due_at - NOW) == (dt.timedelta(minutes=10), dt.timedelta(minutes=20))


def test_what_was_learned_yields_to_bounds_that_were_narrowed() -> None:
    assert failed(state(pace_s=100 * 3600.0)).due_at == NOW + PACE.interval_max


def test_a_server_that_asks_us_to_wait_is_heard() -> None:
    assert failed(state(), "1m", retry_after_s=3600).due_at == NOW + dt.timedelta(hours=1)


def test_a_success_forgets_the_failures() -> None:
    after = succeeded(state(failures=7, problem="no answer"))
    assert (after.failures, after.problem) == (0, "")


def test_a_failure_keeps_what_was_learned() -> None:
    before = state(etag='"a"', body_hash="hash", pace_s=600.0, succeeded_at=NOW, title="Example")
    after = failed(before)
    assert (after.etag, after.body_hash, after.pace_s, after.succeeded_at, after.title) == (
        '"a"',
        "hash",
        600.0,
        NOW,
        "Example",
    )


def test_validators_stay_over_a_304_that_does_not_repeat_them() -> None:
    before = state(etag='"a"', last_modified="Sun, 01 Mar 2026 10:00:00 GMT")
    after = succeeded(before, status=304)
    assert (after.etag, after.last_modified) == ('"a"', "Sun, 01 Mar 2026 10:00:00 GMT")


def test_validators_that_a_full_answer_no_longer_gives_are_dropped() -> None:
    after = succeeded(state(etag='"a"', last_modified="x"), last_modified="y")
    assert (after.etag, after.last_modified) == ("", "y")


def test_the_state_takes_what_the_document_says_of_the_feed() -> None:
    after = cadence.described(state(), Document(format="rss20", title="Example", site_url="https://example.org/"))
    assert (after.title, after.site_url) == ("Example", "https://example.org/")
