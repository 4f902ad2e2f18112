"""The figures for Prometheus."""

import re

import pytest
from asked import Here
from fakes import FakeClock
from prometheus_client.parser import text_string_to_metric_families
from shown import NOW, Browse, a_stored_story

from ingest.core.access import token_digest
from ingest.edge.store import SqlStore
from ingest.model import DeadLetter, FolderTarget, Outcome, Polled, Rechecked, SinkSpec
from ingest.web import Metrics
from ingest.web.metrics import TimedPool

POLLED = Polled(feed="secret-feed", result="read", due_at=None)


def figures(text: str) -> dict[str, float]:
    return {
        re.sub(r"[^a-z_]+", " ", f"{one.name} {' '.join(one.labels.values())}").strip(): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


async def test_what_there_is_and_what_was_done_is_told(browse: Browse, store: SqlStore) -> None:
    await a_stored_story(store)
    metrics = Metrics(by_feed=False)
    for result in (POLLED, POLLED, POLLED.model_copy(update={"result": "failed"})):
        metrics.count(result)
    metrics.count(Outcome(entry_id=1, state="stored", settled="copy"))
    metrics.count(Outcome(entry_id=2, state="failed"))
    metrics.count(Rechecked(entry_id=1, story_id="01J", result="changed"))
    async with browse(metrics=metrics) as client:
        answer = await client.get("/metrics")
    told = figures(answer.text)
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert (told["ingest_polls_total read"], told["ingest_polls_total failed"]) == (2, 1)
    assert (told["ingest_entries_done_total copy"], told["ingest_entries_done_total failed"]) == (1, 1)
    assert (told["ingest_rechecks_total changed"], told["ingest_stories"], told["ingest_entries_pending"]) == (1, 1, 0)
    assert told["ingest_changes_seq"] == 1


@pytest.mark.parametrize("by_feed", [True, False])
async def test_names_of_feeds_are_told_only_where_that_is_wanted(browse: Browse, by_feed: bool) -> None:
    metrics = Metrics(by_feed=by_feed)
    metrics.count(POLLED)
    async with browse(metrics=metrics) as client:
        assert ("secret-feed" in (await client.get("/metrics")).text) == by_feed


async def test_totals_are_counted_now_and_then(browse: Browse, store: SqlStore, clock: FakeClock) -> None:
    async with browse() as client:
        told = []
        for wait_s in (0, 9, 1):
            clock.advance(wait_s)
            told.append(figures((await client.get("/metrics")).text)["ingest_stories"])
            await a_stored_story(store, len(told))
    assert told == [0, 0, 2]


async def test_two_services_count_apart() -> None:
    one, other = Metrics(by_feed=False), Metrics(by_feed=False)
    one.count(POLLED)
    assert one._registry.get_sample_value("ingest_polls_total", {"result": "read"}) == 1
    assert other._registry.get_sample_value("ingest_polls_total", {"result": "read"}) is None


async def test_work_is_timed_whether_it_succeeds_or_fails() -> None:
    metrics = Metrics(by_feed=False)
    pool = TimedPool(Here(), metrics._work)
    assert await pool.run(abs, -1) == 1
    with pytest.raises(TypeError):
        await pool.run(abs, "x")  # type: ignore[arg-type]  # it is to fail
    assert metrics._registry.get_sample_value("ingest_work_seconds_count", {"work": "abs"}) == 2


async def test_figures_are_shown_to_who_may_read(browse: Browse, store: SqlStore) -> None:
    await store.tokens.add("prometheus", token_digest("ingest_p"), "read", NOW)
    async with browse(host="0.0.0.0") as client:
        assert (await client.get("/metrics")).status_code == 401
        assert (await client.get("/metrics", headers={"authorization": "Bearer ingest_p"})).status_code == 200


async def test_sinks_are_told_by_their_names(browse: Browse, store: SqlStore) -> None:
    spec = SinkSpec(name="archive", kind="files", start="beginning", target=FolderTarget(folder="/nowhere"))
    await store.deliveries.sync([spec], NOW)
    await a_stored_story(store)
    async with browse() as client:
        told = figures((await client.get("/metrics")).text)
    names = ("behind", "delivered", "failing", "dead_letters")
    assert [told[f"ingest_sink_{name} archive"] for name in names] == [1, 0, 0, 0]


async def test_what_a_sink_gave_up_is_counted(browse: Browse, store: SqlStore) -> None:
    spec = SinkSpec(name="archive", kind="files", start="beginning", target=FolderTarget(folder="/nowhere"))
    await store.deliveries.sync([spec], NOW)
    await a_stored_story(store)
    (before,) = await store.deliveries.list()
    letter = DeadLetter(sink="archive", seq=1, story_id="x", kind="created", why="refused", tries=3, at=NOW)
    await store.deliveries.write(before, before.model_copy(update={"position": 1}), lambda: NOW, letter)
    async with browse() as client:
        told = figures((await client.get("/metrics")).text)
    assert [told[f"ingest_sink_{name} archive"] for name in ("behind", "dead_letters")] == [0, 1]
