"""How far a backfill is, in the log."""

import datetime as dt
from collections.abc import Iterator, MutableMapping
from dataclasses import replace
from typing import Any

import pytest
from fakes import START
from structlog.testing import capture_logs
from world import Answer, World, rss

from ingest.model import Backfill, BackfillSpec
from ingest.pipeline import backfill
from ingest.pipeline.logged import Logged

Events = list[MutableMapping[str, Any]]  # Any: as structlog has it
COUNTS = {"found", "fetched", "stored", "seen", "known", "outside", "left", "undated", "failed", "pending"}


@pytest.fixture
def logged() -> Iterator[Events]:
    with capture_logs() as events:
        yield events


def told(logged: Events) -> Events:
    return [event for event in logged if event["event"] == "backfill.progress"]


def at(seconds: int) -> dt.datetime:
    return START + dt.timedelta(seconds=seconds)


def run(place: int = 0, **counts: object) -> Backfill:
    """A backfill along one archive, which it is at, or behind at place 1."""
    known = {"id": 1, "spec": BackfillSpec(via=("paged",)), "feed_id": 1, "feed": "example", "state": "running"}
    return Backfill.model_validate(known | {"started_at": START, "place": place} | counts)


def test_its_counts_its_rate_and_what_remains_are_told(logged: Events) -> None:
    line = Logged(run(), START)
    line.tell(run(1, found=60, known=10, stored=15, left=4, failed={"gone": 1}, pending=30), at(60))
    (event,) = told(logged)
    assert event.keys() >= COUNTS
    assert (event["feed"], event["found"], event["stored"], event["left"]) == ("example", 60, 15, 4)
    assert (event["failed"], event["reasons"]) == (1, {"gone": 1})
    assert (event["rate"], event["remaining_s"]) == (20, 90)


def test_what_remains_is_left_out_while_the_walk_goes_on(logged: Events) -> None:
    Logged(run(), START).tell(run(found=60, pending=30), at(60))
    assert "remaining_s" not in told(logged)[0]


def test_it_is_told_at_a_bounded_pace(logged: Events) -> None:
    line = Logged(run(), START)
    for seconds in range(0, 100, 5):
        line.tell(run(found=seconds), at(seconds))
    assert [event["found"] for event in told(logged)] == [30, 60, 90]


def test_of_the_reasons_of_failures_the_most_frequent_are_told(logged: Events) -> None:
    Logged(run(), START).tell(run(found=60, failed={str(number): number for number in range(1, 9)}), at(60))
    assert told(logged)[0]["reasons"] == {"8": 8, "7": 7, "6": 6, "5": 5, "4": 4}


async def test_a_backfill_tells_how_far_it_is(world: World, logged: Events) -> None:
    feed = await world.feed()
    newest, older = rss(range(4, 8)), f"{feed.url}?page=2"
    link = f"<link xmlns='http://www.w3.org/2005/Atom' rel='next' href='{older}'/><item>".encode()
    world.web.answers[feed.url] = replace(newest, body=newest.body.replace(b"<item>", link, 1))
    world.web.answers[older] = rss(range(4))
    world.web.answers |= {f"https://example.com/{number}": Answer(status=404) for number in range(8)}
    spec = BackfillSpec(feed_id=feed.id, via=("paged",), every=True, rate=1)
    await backfill(world.ports, await world.store.backfills.begin(spec, world.clock.now()))
    assert told(logged)
    last = told(logged)[-1]
    assert last["failed"] == last["found"] - last["pending"] == last.get("reasons", {}).get("the page answers 404", 0)
