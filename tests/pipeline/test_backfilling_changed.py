"""A backfill that another process goes on with, along lists that changed meanwhile."""

from collections import Counter

import pytest
from mapped_site import BEGIN, article, listing, mapped, part, taken_to_its_end, url
from world import DAY, Answer, World

from ingest.edge.archives import sitemaps
from ingest.model import BackfillSpec
from ingest.pipeline.walking import Way


def listed(newest: int) -> Answer:
    """A sitemap of the first eight articles, of which that one was changed last."""
    order = [newest, *(number for number in range(8, 0, -1) if number != newest)]
    days = "".join(
        f"<url><loc>{url(number)}</loc><lastmod>{BEGIN + (30 - place) * DAY:%Y-%m-%d}</lastmod></url>"
        for place, number in enumerate(order)
    )
    empty = listing("url", [])
    return Answer(empty.body.replace(b"</urlset>", days.encode() + b"</urlset>"), headers=empty.headers)


async def test_a_list_that_changed_meanwhile_is_had_whole_and_nothing_of_it_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps, "PAGES_A_STEP", 3)
    feed = await mapped(world, 1)
    world.web.answers |= {url(number): article(number) for number in range(1, 9)} | {part(1): listed(8)}
    spec = BackfillSpec(feed_id=feed.id, via=("sitemap",), every=True)
    run = await world.store.backfills.begin(spec, world.clock.now())
    way = Way(world.ports, spec)
    for _ in ("robots.txt", "the index", "three of the list"):
        after, step = await way.on(run)
        written = await world.store.backfills.write_down(run, after, step.found, world.clock.now())
        assert written
        run = written
    world.web.answers[part(1)] = listed(1)
    await world.store.release()
    done = await taken_to_its_end(world, await world.store.backfills.take(run.id, world.clock.now()))
    assert (done.state, done.found, done.known, done.stored) == ("done", 8, 0, 8)
    asked = Counter(request.url for request in world.web.asked)
    assert {number: asked[url(number)] for number in range(1, 9)} == dict.fromkeys(range(1, 9), 1)
