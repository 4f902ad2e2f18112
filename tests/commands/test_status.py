"""What `ingest status` tells people, and the same under stable keys to their programs."""

import datetime as dt
import json

import pytest
from fakes import START

from ingest.cli.status import Status, facts, print_status
from ingest.model import Feed, FeedState, FeedStatus, Gap, Outage, Totals, Wall

HOUR = dt.timedelta(hours=1)
TOTALS = Totals(
    stories=3,
    stories_last_hour=1,
    stories_last_day=2,
    copies=0,
    walls=(),
    entries=4,
    pending=1,
    leased=0,
    failed=0,
    lag_s=None,
    failures=(),
    bytes=1_000_000,
    seq=3,
)
OUTAGE = Outage(since=START - HOUR, seen_at=START, hosts=7)


def feed(name: str, enabled: bool = True, gap: Gap | None = None, **state: object) -> FeedStatus:
    usual = {"feed_id": 1, "due_at": START + HOUR, "polled_at": START, "succeeded_at": START, "window": 10}
    return FeedStatus(
        feed=Feed(id=1, name=name, url=f"https://{name}.example/rss", enabled=enabled),
        state=FeedState.model_validate(usual | state),
        gaps=1 if gap else 0,
        last_gap=gap,
    )


FINE = feed("fine")
FAILING = feed("failing", failures=2, failing_since=START - HOUR, problem="no route")
MOVED = feed("moved", notice="moved for good to https://new.example/")
GAPPED = feed("gapped", gap=Gap(since=START - HOUR, until=START))
GAP_TOLD = "1 gap: it dropped entries between two polls, the last between 2024-01-19 07:00 and 2024-01-19 08:00 UTC"
OFF = feed("off", enabled=False, failures=1, problem="no name")


def status(*feeds: FeedStatus, outage: Outage | None = None) -> Status:
    return Status(START, TOTALS.model_copy(update={"outage": outage}), list(feeds), "sqlite:////ingest.db")


def shown(capsys: pytest.CaptureFixture[str], told: Status) -> list[str]:
    print_status(told)
    return capsys.readouterr().out.splitlines()


def test_feeds_that_failed_or_have_a_remark_are_told_one_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, status(FINE, FAILING, MOVED, GAPPED, OFF))
    assert [line for line in lines if line.startswith("feed ")] == [
        "feed failing failed its last 2 polls: no route; next in 60 min",
        "feed moved: moved for good to https://new.example/",
        f"feed gapped: {GAP_TOLD}",
        "feed off failed its last poll: no name",
    ]


def test_programs_are_told_of_the_same_feeds_under_stable_keys() -> None:
    told = facts(status(FINE, FAILING, MOVED, GAPPED, OFF))
    quiet: dict[str, object] = {
        "failing_since": None,
        "notice": "",
        "proposal": "",
        "gaps": 0,
        "last_gap": None,
        "remarks": [],
    }
    in_an_hour = "2024-01-19T09:00:00Z"
    failing, moved, gapped, off = json.loads(json.dumps(told["noteworthy"]))
    assert failing == quiet | {
        "feed": "failing",
        "health": "failing",
        "problem": "no route",
        "failures": 2,
        "failing_since": "2024-01-19T07:00:00Z",
        "due_at": in_an_hour,
    }
    assert (moved["notice"], moved["remarks"]) == (MOVED.state.notice, [MOVED.state.notice])
    assert gapped["last_gap"] == {"since": "2024-01-19T07:00:00Z", "until": "2024-01-19T08:00:00Z"}
    assert (gapped["gaps"], gapped["remarks"], told["gaps"]) == (1, [GAP_TOLD], 1)
    assert off == quiet | {"feed": "off", "health": "disabled", "problem": "no name", "failures": 1, "due_at": None}


def test_copies_and_what_stood_in_place_of_articles_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    walls = (Wall(problem="paywall", count=3), Wall(problem="consent", count=1))
    print_status(Status(START, TOTALS.model_copy(update={"copies": 1, "walls": walls}), [], "sqlite:////ingest.db"))
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "copies 1 story of these another told before" in lines
    assert "walls 3 paywall, 1 consent in place of articles (in a day)" in lines


def test_an_outage_of_our_own_network_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = [line for line in shown(capsys, status(FINE, outage=OUTAGE)) if line.startswith("network")]
    assert line == (
        "network   down since 2024-01-19 07:00:00 UTC, for 60 min: 7 hosts failed and none answers. "
        "No feed is charged; one is asked every 15 s, and all within a minute once one answers"
    )


def test_feeds_that_wait_for_our_network_have_no_line_of_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, status(feed("a", failure="outage"), feed("b", failure="outage"), outage=OUTAGE))
    assert "feeds     2 waiting" in lines
    assert not [line for line in lines if line.startswith("feed ")]


def test_a_feed_whose_host_rests_waits(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, status(feed("rests", problem="asked for a pause")))
    assert "feed rests waits: asked for a pause; next in 60 min" in lines


def test_what_takes_the_room_on_the_disk_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    full = TOTALS.model_copy(update={"raw_page_bytes": 600_000, "text_bytes": 200_000})
    print_status(Status(START, full, [], "sqlite:////ingest.db"))
    assert "(1.0 MB, of these about 0.6 MB raw pages and about 0.2 MB texts, seq 3)" in capsys.readouterr().out
    assert facts(Status(START, full, [], ""))["raw_page_bytes"] == 600_000


def test_a_network_that_works_is_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert not [line for line in shown(capsys, status(FINE)) if line.startswith("network")]


@pytest.mark.parametrize(
    ("outage", "told"),
    [(None, None), (OUTAGE, {"since": "2024-01-19T07:00:00Z", "seen_at": "2024-01-19T08:00:00Z", "hosts": 7})],
)
def test_programs_are_told_of_an_outage(outage: Outage | None, told: object) -> None:
    assert facts(status(outage=outage))["outage"] == told
