"""Which polls leave a gap, over the real store."""

import pytest
from world import HOUR, World, rss


async def test_a_window_that_was_rolled_over_is_a_gap(world: World) -> None:
    feed = await world.feed()
    for numbers in (range(220, 225), range(230, 235)):
        world.web.answers[feed.url] = rss(numbers)
        await world.poll(feed)
        world.clock.advance(10 * HOUR.total_seconds())
    assert (await world.status(feed)).gaps == 1


async def test_entries_that_overlap_are_no_gap(world: World) -> None:
    feed = await world.feed()
    for numbers in (range(1, 5), range(4, 9)):
        world.web.answers[feed.url] = rss(numbers)
        await world.poll(feed)
    assert (await world.status(feed)).gaps == 0


@pytest.mark.parametrize("dated", [True, False])
async def test_an_entry_that_is_pinned_hides_no_gap(world: World, dated: bool) -> None:
    feed = await world.feed()
    gaps = []
    for numbers in (range(201, 205), range(203, 209), range(206, 212), range(220, 225), range(223, 229)):
        world.web.answers[feed.url] = rss([200, *numbers], dated=dated)
        await world.poll(feed)
        gaps.append((await world.status(feed)).gaps)
        world.clock.advance(10 * HOUR.total_seconds())
    assert gaps == [0, 0, 0, 1, 1]


@pytest.mark.parametrize("dated", [True, False])
async def test_a_feed_in_no_order_has_no_gap_where_more_than_the_oldest_stays(world: World, dated: bool) -> None:
    feed = await world.feed()
    for numbers in ((3, 1, 4, 2), (9, 8, 3, 7), (6, 9, 10, 11), (14, 13, 12, 10)):
        world.web.answers[feed.url] = rss(numbers, dated=dated)
        await world.poll(feed)
        world.clock.advance(10 * HOUR.total_seconds())
    assert (await world.status(feed)).gaps == 0


@pytest.mark.parametrize(("full_text", "via"), [("never", ("paged",)), ("auto", ("paged", "sitemap"))])
async def test_a_gap_is_not_closed_by_addresses_where_no_page_is_fetched(
    world: World, full_text: str, via: tuple[str, ...]
) -> None:
    feed = await world.feed(full_text=full_text)
    for numbers in (range(220, 225), range(230, 235)):
        world.web.answers[feed.url] = rss(numbers)
        await world.poll(feed)
        world.clock.advance(10 * HOUR.total_seconds())
    run = await world.store.backfills.begin_for_gap(["paged", "sitemap"], world.clock.now())
    assert run
    assert run.spec.via == via
