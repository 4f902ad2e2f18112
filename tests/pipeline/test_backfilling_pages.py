"""The pages of what a backfill brings: which one is read, what is said of it, and how long a server is waited for."""

import asyncio
from pathlib import Path

import pytest
from newsroom import filled, newsroom, numbers, url
from world import DAY, Answer, World

from ingest.errors import FetchError
from ingest.model import Request, Response
from ingest.pipeline import poll_due


def saved(folder: Path, name: str, body: bytes) -> str:
    """The path of a folder that holds this page."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(body)
    return str(folder)


async def test_a_saved_page_that_said_nothing_does_not_hide_the_live_one(world: World, tmp_path: Path) -> None:
    feed = await newsroom(world)
    await poll_due(world.ports)  # it tells the feed's site
    empty = f"<html><head><title>Story 3</title><link rel='canonical' href='{url(3)}'></head><body></body></html>"
    pages = saved(tmp_path / "pages", "3.html", empty.encode())
    assert sum((await filled(world, feed, via=("urls",), files=(pages,))).failed.values()) == 1
    done = await filled(world, feed)
    assert done.failed == {}
    assert 3 in await numbers(world)


@pytest.mark.parametrize("pause_s", [3600, 86400])
async def test_a_page_whose_server_asks_for_a_long_pause_is_left_to_another_day(world: World, pause_s: int) -> None:
    feed = await newsroom(world)
    world.web.answers[url(7)] = Answer(status=429, headers={"retry-after": str(pause_s)})
    begun_at = world.clock.now()
    async with asyncio.timeout(30):
        done = await filled(world, feed)
    assert (done.state, done.stored, done.failed) == ("done", 14, {"the page answers 429": 1})
    assert (world.clock.now() - begun_at).total_seconds() < 600


async def test_a_page_whose_server_asks_for_a_short_pause_is_waited_for(world: World) -> None:
    feed = await newsroom(world)
    fetch = world.web.fetch
    came: list[float] = []

    async def busy_at_first(request: Request) -> Response:
        if request.url == url(7):
            came.append(world.clock.now().timestamp())
            world.web.answers[url(7)] = Answer(status=429, headers={"retry-after": "600"}) if not came[1:] else good
        return await fetch(request)

    good, world.web.fetch = world.web.answers[url(7)], busy_at_first  # type: ignore[method-assign]
    async with asyncio.timeout(30):
        done = await filled(world, feed)
    assert (done.stored, len(came), came[-1] - came[0] >= 600) == (15, 2, True)


async def test_pages_of_a_host_that_rests_for_long_fail_and_are_tried_again_when_asked_for(world: World) -> None:
    feed = await newsroom(world)
    fetch = world.web.fetch

    async def resting(request: Request) -> Response:
        if request.url == url(7):
            raise FetchError("resting", "example.com: asked for a pause", 6 * 3600.0)
        return await fetch(request)

    world.web.fetch = resting  # type: ignore[method-assign]
    async with asyncio.timeout(30):
        done = await filled(world, feed)
    assert (done.stored, done.failed) == (14, {"example.com: asked for a pause": 1})
    world.web.fetch = fetch  # type: ignore[method-assign]
    world.clock.advance(DAY.total_seconds())
    assert (await filled(world, feed)).stored == 1


async def test_a_saved_page_without_an_address_is_told_by_its_file(world: World, tmp_path: Path) -> None:
    pages = saved(tmp_path / "sv", "no.html", b"<html><body><p>nothing</p></body></html>")
    done = await filled(world, None, via=("urls",), files=(pages,))
    ((why, count),) = done.failed.items()
    assert count == 1
    assert why.startswith("the page says nothing (empty); it was saved without an address, as file:sv/no.html#")
