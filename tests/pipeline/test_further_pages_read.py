"""Articles that are spread over several pages."""

import pytest
from world import Answer, World, rss

from ingest.model import Story
from ingest.pipeline import collect_due, poll_due
from ingest.pipeline.further_pages import PAGES_AT_MOST

PAGE = "https://example.com/1"
SENTENCE = "The harbour froze in the night of {number}, and nobody who lives there had ever seen it do so before."


def text_of(number: int) -> str:
    return f"{SENTENCE.format(number=number)} " * 8


def part(number: int, following: int | None, tags: str = "") -> Answer:
    """The page with this number, and a link to the one that follows."""
    link = f"<a rel='next' href='{PAGE}?page={following}'>Next page</a>" if following else ""
    body = f"<html><body><article><h1>Title 1</h1><p>{text_of(number)}</p>{tags}{link}</article></body></html>"
    return Answer(body.encode(), headers={"content-type": "text/html"})


async def story_of(world: World) -> Story:
    feed = await world.feed()
    world.web.answers[feed.url] = rss([1])
    await poll_due(world.ports)
    await collect_due(world.ports)
    story = await world.store.find_story(PAGE)
    assert story
    return story


async def test_an_article_of_three_pages_is_one_story(world: World) -> None:
    world.web.answers |= {PAGE: part(1, 2), f"{PAGE}?page=2": part(2, 3), f"{PAGE}?page=3": part(3, None)}
    story = await story_of(world)
    assert story.text.split("\n\n") == [text_of(number).strip() for number in (1, 2, 3)]
    assert (story.pages, story.note) == (3, "an article of 3 pages")


async def test_the_tags_at_the_end_of_every_page_are_kept(world: World) -> None:
    first, last = part(1, 2, "<p>#Harbour #Frost</p>"), part(2, None, "<p>#Winter #frost</p>")
    world.web.answers |= {PAGE: first, f"{PAGE}?page=2": last}
    story = await story_of(world)
    assert [tag.tag for tag in story.hashtags if tag.source == "declared"] == ["Harbour", "Frost", "Winter"]


async def test_a_page_that_cannot_be_had_ends_the_article_there(world: World) -> None:
    world.web.answers |= {PAGE: part(1, 2), f"{PAGE}?page=2": part(2, 3), f"{PAGE}?page=3": Answer(status=500)}
    story = await story_of(world)
    assert story.pages == 2
    assert story.note == "an article of 2 pages; page 3 cannot be had: the page answers 500"


async def test_a_server_that_answers_any_number_with_the_same_page_has_one_page(world: World) -> None:
    world.web.answers |= {f"{PAGE}?page={number}": part(1, number + 1) for number in range(2, 40)}
    world.web.answers[PAGE] = part(1, 2)
    story = await story_of(world)
    assert (story.text, story.pages, story.note) == (text_of(1).strip(), 1, "")


async def test_a_second_page_that_cannot_be_had_is_told(world: World) -> None:
    world.web.answers |= {PAGE: part(1, 2), f"{PAGE}?page=2": "dns"}
    assert "page 2 cannot be had" in (await story_of(world)).note


@pytest.mark.parametrize("least", [PAGES_AT_MOST])
async def test_pages_without_end_are_not_followed_for_ever(world: World, least: int) -> None:
    world.web.answers |= {f"{PAGE}?page={number}": part(number, number + 1) for number in range(2, 40)}
    world.web.answers[PAGE] = part(1, 2)
    assert (await story_of(world)).pages == least
