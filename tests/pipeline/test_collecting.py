"""What becomes of an entry whose page does not come."""

import datetime as dt
from dataclasses import replace

import pytest
from world import Answer, World, rss

from ingest.core.cadence.failure import OTHERS_FIRST
from ingest.model import Outcome, SiteRules
from ingest.pipeline import collect_due, poll_due

PAGE = "https://example.com/1"


@pytest.fixture
async def entry(world: World) -> None:
    """One entry is written down; its page is PAGE."""
    feed = await world.feed()
    world.web.answers[feed.url] = rss([1])
    await poll_due(world.ports)


async def collected(world: World) -> Outcome:
    (outcome,) = await collect_due(world.ports)
    return outcome


@pytest.mark.usefixtures("entry")
async def test_a_page_is_tried_again_after_each_of_the_waits_and_then_the_feed_must_do(world: World) -> None:
    world.web.answers[PAGE] = Answer(status=503)
    outcomes = []
    for wait in (*world.ports.pace.retries, None):
        outcomes.append((await collected(world)).state)
        if wait:
            world.clock.advance(wait.total_seconds() - 1)
            assert await collect_due(world.ports) == []
            world.clock.advance(1)
    assert outcomes == ["pending"] * 4 + ["stored"]


@pytest.mark.usefixtures("entry")
async def test_a_page_whose_server_rests_loses_no_try(world: World) -> None:
    world.web.answers[PAGE] = "resting"
    for _ in range(20):
        assert (await collected(world)).state == "pending"
        world.clock.advance(60)
    (pending,) = await world.store.lease_entries(world.clock.now(), 1)
    assert pending.attempts == 0


@pytest.mark.usefixtures("entry")
async def test_a_page_that_was_refused_comes_once_the_others_of_its_host_had_their_turn(world: World) -> None:
    world.web.answers[PAGE] = Answer(status=503, headers={"retry-after": "600"})
    outcome = await collected(world)
    assert outcome.due_at == world.clock.now() + dt.timedelta(seconds=600) + OTHERS_FIRST


@pytest.mark.usefixtures("entry")
async def test_a_page_is_read_by_the_rules_of_its_site(world: World) -> None:
    odd = "The harbour froze, and nobody who lives there had ever seen it do so before this one Thursday. " * 3
    body = f"<html><body><p>{odd}</p><p class='odd'>Written by nobody.</p></body></html>"
    world.web.answers[PAGE] = Answer(body.encode(), headers={"content-type": "text/html"})
    ports = replace(world.ports, sites={"example.com": SiteRules(drop=("p.odd",))})
    (outcome,) = await collect_due(ports)
    story = await world.store.find_story(PAGE)
    assert (outcome.state, story and story.text) == ("stored", odd.strip())
