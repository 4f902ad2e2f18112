"""What one archive or one backfill brings out costs nobody else, and a survey walks as a backfill does."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest
from mapped_site import asked, mapped, part
from newsroom import FEED, begun, day, filled, newsroom, numbers, paged
from world import Answer, World

from ingest.errors import StoreError
from ingest.model import Backfill, BackfillSpec, Cursor, Found, Outcome, PendingEntry, Step
from ingest.pipeline import backfill_due, survey, surveying
from ingest.pipeline.walking import Walk
from ingest.ports import Ports


class Broken:
    """An archive with a defect."""

    async def step(self, cursor: Cursor | None) -> Step:
        raise ValueError("no such thing")


def with_defect(world: World) -> Ports:
    """The paged archive is broken, the others are not."""
    usual = world.ports.archives
    return replace(world.ports, archives=lambda kind, search: Broken() if kind == "paged" else usual(kind, search))


async def test_a_defect_of_one_archive_is_told_by_a_survey_which_goes_on(world: World) -> None:
    feed = await mapped(world, 3)
    told = await survey(with_defect(world), BackfillSpec(feed_id=feed.id, via=("paged", "sitemap"), every=True))
    assert told.walked[0].note == "unexpected ValueError: no such thing"
    assert (told.found, told.walked[1].via) == (3, "sitemap")


async def test_a_survey_waits_and_tries_again(world: World) -> None:
    feed = await mapped(world, 4, down=[2])
    await survey(world.ports, BackfillSpec(feed_id=feed.id, via=("sitemap",)))
    assert asked(world, part(4), part(2)) == [1, 2]


async def test_a_survey_leaves_a_server_that_wants_a_long_pause(world: World) -> None:
    feed = await mapped(world, 4)
    world.web.answers[part(3)] = Answer(status=503, headers={"retry-after": "86400"})
    told = await survey(world.ports, BackfillSpec(feed_id=feed.id, via=("sitemap",)))
    assert (told.found, asked(world, part(4), part(3), part(2))) == (1, [1, 1, 0])


async def test_what_a_survey_remembers_is_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    feed = await mapped(world, 4)
    world.web.answers[part(1)] = world.web.answers[part(2)] = world.web.answers[part(4)]
    for most, found in ((surveying.REMEMBERED, 2), (1, 2), (0, 4)):
        monkeypatch.setattr(surveying, "REMEMBERED", most)
        assert (await survey(world.ports, BackfillSpec(feed_id=feed.id, via=("sitemap",)))).found == found


async def two_of_which_one_raises(
    world: World, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> Sequence[Backfill]:
    """The backfills of two feeds, left to the daemon, whose first cannot lease its entries."""
    feed, other = await newsroom(world), await world.feed("other")
    world.web.answers["https://other.example/rss"] = paged([], "https://other.example/rss?page=2")
    world.web.answers["https://other.example/rss?page=2"] = paged([3])
    runs = [await begun(world, feed), await begun(world, other)]
    await world.store.release()
    usual = world.store.backfills.lease_entries

    async def lease(run: Backfill, *args: object) -> list[PendingEntry]:
        if run.id == runs[0].id:
            raise error
        return await usual(run, *args)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(world.store.backfills, "lease_entries", lease)
    return runs


async def test_a_defect_of_one_backfill_ends_that_one_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await two_of_which_one_raises(world, monkeypatch, ValueError("no such thing"))
    await backfill_due(world.ports, ())
    other, first = await world.store.backfills.list()
    assert (first.state, other.state, await numbers(world)) == ("failed", "done", [3])


async def test_a_store_that_fails_ends_all(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await two_of_which_one_raises(world, monkeypatch, StoreError("the disk is full"))
    with pytest.raises(StoreError):
        await backfill_due(world.ports, ())


async def test_what_is_counted_while_a_step_is_written_down_is_counted_once(world: World) -> None:
    run = await begun(world, await newsroom(world))
    walk = Walk(world.ports, run)
    write_down = world.store.backfills.write_down

    async def looked_at(of: Backfill, after: Backfill, found: Sequence[Found], now: dt.datetime) -> Backfill | None:
        """The collection looks between the commit and the end of the call, if it may."""
        written = await write_down(of, after, found, now)
        if not walk.counting.locked() and (kept := await world.store.backfills.get(run.id)):
            walk.saw(kept)
        return written

    world.store.backfills.write_down = looked_at  # type: ignore[method-assign]
    await walk.to_the_end()
    assert walk.waiting == 15


async def test_what_is_done_once_is_counted_once_though_its_lease_was_over_meanwhile(world: World) -> None:
    run = await begun(world, await newsroom(world))
    walk = Walk(world.ports, run.model_copy(update={"found": 1, "pending": 1}))
    for state in ("failed", "lost"):  # it was leased twice
        walk.is_done_with(Outcome.model_validate({"entry_id": 1, "state": state}))
    assert (walk.waiting, walk.as_it_is.failed) == (0, {"": 1})


async def test_an_archive_that_fails_once_there_is_enough_costs_nothing(world: World) -> None:
    feed = await newsroom(world)
    world.web.answers |= {FEED: paged(range(15, 5, -1), f"{FEED}?page=2"), f"{FEED}?page=2": "bad-url"}
    done = await filled(world, feed, limit=3, since=day(1))
    assert done.walked[0].failed
    assert (done.state, done.stored, done.pending) == ("done", 3, 0)
