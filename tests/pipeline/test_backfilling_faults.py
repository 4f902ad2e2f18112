"""Backfills whose archives fail, in part or as a whole, or lead nowhere."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from mapped_site import BEGIN, article, asked, filled, gapped, listing, mapped, part, taken_to_its_end, url
from world import DAY, HOUR, Answer, World

from ingest.core.backfill import MOST_MISSED, MOST_TOLD
from ingest.model import Backfill, BackfillSpec, Cursor, Entry, Found, Step
from ingest.pipeline import backfill_due, survey
from ingest.ports import Archive


async def test_a_part_that_always_fails_costs_itself_and_the_archive_has_failed(world: World) -> None:
    done = await filled(world, await mapped(world, 4, down=[2]), since=BEGIN)
    (walked,) = done.walked
    assert (done.stored, done.state, done.covers) == (3, "failed", False)
    assert (walked.missed, walked.failed) == (1, True)
    assert walked.note == f"4 sitemaps read, 1 could not be; {part(2)}: the server answers 503"
    assert asked(world, part(1), part(2), part(3), part(4)) == [1, 2, 1, 1]


async def test_an_archive_that_missed_a_part_is_not_the_last_to_be_walked(world: World) -> None:
    feed = await mapped(world, 3, down=[2])
    done = await filled(world, feed, via=("sitemap", "paged"), every=False, since=BEGIN + 2 * DAY)
    assert [one.via for one in done.walked] == ["sitemap", "paged"]


async def test_the_parts_that_were_missed_are_tried_when_the_backfill_is_taken_up_again(world: World) -> None:
    failed = await filled(world, await mapped(world, 5, down=[4, 2]), since=BEGIN + DAY)
    world.web.answers |= {part(number): listing("url", [url(number)]) for number in (4, 2)}
    world.web.asked.clear()
    done = await taken_to_its_end(world, await world.store.backfills.take(failed.id, world.clock.now()))
    assert (done.stored, done.state, done.covers) == (5, "done", True)
    assert done.walked[0].note == "6 sitemaps read"
    assert asked(world, part(5), part(4), part(2), url(4), url(2), url(3)) == [0, 1, 1, 1, 1, 0]


async def test_what_is_walked_again_is_counted_once(world: World) -> None:
    feed = await mapped(world, 6, down=[5])
    failed = await filled(world, feed, since=BEGIN + 4 * DAY)
    world.web.answers[part(5)] = listing("url", [url(5)])
    done = await taken_to_its_end(world, await world.store.backfills.take(failed.id, world.clock.now()))
    assert (done.found, done.known, done.walked[0].note) == (failed.found + 1, 0, "7 sitemaps read")
    assert done.outside == failed.outside > 0
    assert done.walked[0].found == done.found


async def test_a_gap_is_not_closed_by_an_archive_that_missed_a_part(world: World) -> None:
    feed = await mapped(world, 4, down=[2])
    await gapped(world, feed)
    await backfill_due(world.ports, ["sitemap"])
    (run,) = await world.store.backfills.list()
    assert (run.state, (await world.status(feed)).gaps) == ("failed", 1)
    world.web.answers[part(2)] = listing("url", [url(2)])
    world.clock.advance(7 * HOUR.total_seconds())
    await backfill_due(world.ports, ["sitemap"])
    assert (await world.status(feed)).gaps == 0


async def test_an_archive_whose_parts_fail_one_after_the_other_is_left(world: World) -> None:
    parts = 3 * MOST_MISSED
    down = range(1, parts - 1)
    done = await filled(world, await mapped(world, parts, down=down))
    assert (done.stored, done.state) == (2, "failed")
    assert sum(asked(world, *map(part, down))) == 2 * (MOST_MISSED + 1)
    told = done.walked[0].note.split("; ")
    assert len(told) == 1 + 1 + MOST_TOLD + 1
    assert (told[1].split(":")[0], told[-1]) == ("broken off", f"and {MOST_MISSED - MOST_TOLD} more such faults")


async def test_parts_that_fail_between_others_do_not_end_the_walk(world: World) -> None:
    parts = 4 * MOST_MISSED
    done = await filled(world, await mapped(world, parts, down=range(1, parts, 2)))
    assert (done.stored, done.walked[0].missed) == (parts / 2, parts / 2)


async def test_a_server_that_wants_a_long_pause_is_not_asked_for_the_next_part(world: World) -> None:
    feed = await mapped(world, 4)
    world.web.answers[part(3)] = Answer(status=503, headers={"retry-after": "86400"})
    done = await filled(world, feed)
    assert (done.stored, done.state) == (1, "failed")
    assert asked(world, part(4), part(3), part(2)) == [1, 1, 0]


async def test_a_survey_goes_past_a_part_that_fails(world: World) -> None:
    feed = await mapped(world, 4, down=[2])
    told = await survey(world.ports, BackfillSpec(feed_id=feed.id, via=("sitemap",)))
    assert (told.found, told.walked[0].failed, told.walked[0].missed) == (3, True, 1)


async def test_damaged_files_are_named_and_what_can_be_read_is_stored(world: World, tmp_path: Path) -> None:
    world.clock.advance(40 * DAY.total_seconds())
    world.web.answers[url(1)] = article(1)
    listed = url(1).encode()
    contents = [b"", gzip.compress(listed * 99)[:-9], b"", b"", listed, b""]
    paths = [tmp_path / f"{number}.txt" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    files = tuple(map(str, paths))
    spec = BackfillSpec(via=("urls",), files=files, every=True)
    run = await world.store.backfills.begin(spec, world.clock.now())
    done = await taken_to_its_end(world, run)
    (walked,) = done.walked
    assert (done.stored, done.state, walked.missed) == (1, "failed", 5)
    told = walked.note.split("; ")
    assert (told[0], told[-2], told[-1]) == ("files and folders: 6", f"{files[2]} is empty", "and 2 more such faults")
    assert [one.split()[0] for one in told if one.startswith(str(tmp_path))] == list(files[:3])


async def test_a_file_that_was_cut_is_tried_again_once_it_is_whole(world: World, tmp_path: Path) -> None:
    world.clock.advance(40 * DAY.total_seconds())
    world.web.answers |= {url(number): article(number) for number in (1, 2)}
    path = tmp_path / "list.txt.gz"
    whole = gzip.compress(f"{url(1)}\n".encode()) + gzip.compress(f"{url(2)}\n".encode())
    path.write_bytes(whole[:-30])
    spec = BackfillSpec(via=("urls",), files=(str(path),), every=True)
    failed = await taken_to_its_end(world, await world.store.backfills.begin(spec, world.clock.now()))
    assert (failed.stored, failed.state) == (1, "failed")
    path.write_bytes(whole)
    done = await taken_to_its_end(world, await world.store.backfills.take(failed.id, world.clock.now()))
    assert (done.stored, done.state, done.walked[0].note) == (2, "done", "files and folders: 1")


class Circle:
    """An archive that stays where it is, after its first step."""

    def __init__(self) -> None:
        self.steps = 0

    async def step(self, cursor: Cursor | None) -> Step:
        self.steps += 1
        return Step((Found(Entry(url=url(self.steps))),), {"at": 1})


async def with_archive(world: World, open_archive: Callable[[], Archive]) -> Backfill:
    """A backfill along an archive of the test's own, then along the sitemaps."""
    feed, usual = await mapped(world, 3), world.ports.archives
    ports = replace(world.ports, archives=lambda kind, s: open_archive() if kind == "paged" else usual(kind, s))
    return await filled(replace(world, ports=ports), feed, via=("paged", "sitemap"))


async def test_an_archive_that_leads_back_to_where_it_was_is_left(world: World) -> None:
    circle = Circle()
    done = await with_archive(world, lambda: circle)
    assert (circle.steps, done.state, done.stored) == (2, "failed", 3)
    assert (done.walked[0].note, done.walked[0].found) == ("the archive leads back to where it just was", 2)


async def test_an_archive_that_cannot_be_opened_costs_itself_alone(world: World) -> None:
    def stumble() -> Archive:
        raise ValueError("no such thing")

    done = await with_archive(world, stumble)
    assert (done.state, done.stored) == ("failed", 3)
    assert done.walked[0].note == "unexpected ValueError: no such thing"


async def test_what_fails_before_an_archive_is_opened_is_told_as_its_failure(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stumble(*_: object) -> None:
        raise ValueError("no such thing")

    feed = await mapped(world, 1)
    monkeypatch.setattr("ingest.pipeline.walking.search_for", stumble)
    done = await filled(world, feed)
    assert (done.state, done.walked[0].note) == ("failed", "unexpected ValueError: no such thing")
