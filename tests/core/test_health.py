"""How a feed does, in a word and in remarks."""

import datetime as dt

import pytest
from fakes import START

from ingest.core.health import HEALTHS, health_of, remarks
from ingest.model import Feed, FeedState, FeedStatus, Gap, Outage, Rhythm

DAY = dt.timedelta(days=1)
SECONDS = START.timestamp()
DAILY = Rhythm(at=SECONDS, watched_s=20 * 86400, entries=20, occasions=20, newest=SECONDS - 9 * 86400)


def status(enabled: bool = True, gaps: int = 0, last_gap: Gap | None = None, **state: object) -> FeedStatus:
    usual = {"feed_id": 1, "due_at": START, "polled_at": START, "succeeded_at": START, "window": 10}
    return FeedStatus(
        feed=Feed(id=1, name="a", url="https://a.example/", enabled=enabled),
        state=FeedState.model_validate(usual | state),
        gaps=gaps,
        last_gap=last_gap,
    )


@pytest.mark.parametrize(
    ("found", "health"),
    [
        (status(), "fine"),
        (status(enabled=False, problem="no answer"), "disabled"),
        (status(problem="no answer", failures=1, failing_since=START), "failing"),
        (status(problem="no answer"), "waiting"),
        (status(problem="no answer", failures=9, failing_since=START - 9 * DAY), "broken"),
        (status(ended="gone"), "gone"),
        (status(ended="merged"), "merged"),
        (status(polled_at=None), "never polled"),
        (status(window=0), "empty"),
        (status(rhythm=DAILY), "quiet"),
    ],
)
def test_a_feed_has_one_health(found: FeedStatus, health: str) -> None:
    assert health_of(found, START, None) == health
    assert health in [name for name, _ in HEALTHS]


DROPPED = "1 gap: it dropped entries between two polls"
OUTAGE = Outage(since=START, seen_at=START, hosts=9)


@pytest.mark.parametrize(
    ("found", "within", "after"),
    [
        (status(failure="outage"), "waiting", "fine"),
        (status(failure="outage", succeeded_at=None), "waiting", "waiting"),
        (status(failure="outage", failures=2, failing_since=START, problem="no answer"), "failing", "failing"),
        (status(), "fine", "fine"),
    ],
)
def test_a_feed_that_fails_with_our_network_waits_as_long_as_that_is_down(
    found: FeedStatus, within: str, after: str
) -> None:
    assert (health_of(found, START, OUTAGE), health_of(found, START, None)) == (within, after)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (status(), []),
        (status(notice="moved"), ["moved"]),
        (
            status(gaps=1, last_gap=Gap(since=START - DAY, until=START)),
            [f"{DROPPED}, the last between 2024-01-18 08:00 and 2024-01-19 08:00 UTC"],
        ),
        (
            status(gaps=1, last_gap=Gap(since=START, until=START + dt.timedelta(seconds=9))),
            [f"{DROPPED}, the last between 2024-01-19 08:00:00 and 2024-01-19 08:00:09 UTC"],
        ),
    ],
)
def test_what_should_be_known_is_remarked(found: FeedStatus, said: list[str]) -> None:
    assert remarks(found, START) == said


def test_silence_is_remarked_with_its_chance() -> None:
    (remark,) = remarks(status(rhythm=DAILY), START)
    assert remark.startswith("silent for 9 days; by its own rhythm the chance of that is one in ")
