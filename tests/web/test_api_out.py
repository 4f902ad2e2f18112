"""The feeds of stories over HTTP: the filters, the pages, the links."""

import datetime as dt
import re

import feedparser
import httpx
import pytest
from fakes import START
from shown import Browse, a_stored_story
from sqlalchemy import Connection

from ingest.edge.store import SqlStore, steps
from ingest.model import StoryFilter

API = "/api/v1"


async def with_stories(store: SqlStore, count: int) -> None:
    for number in range(1, count + 1):
        await a_stored_story(store, number)


async def pages(client: httpx.AsyncClient, url: str) -> list[httpx.Response]:
    """A page, and all that its `next` lead to."""
    answers = []
    while url:
        answers.append(await client.get(url))
        assert answers[-1].status_code == 200
        url = next_of(answers[-1])
    return answers


def next_of(answer: httpx.Response) -> str:
    if "json" in answer.headers["content-type"]:
        return str(answer.json().get("next_url", ""))
    links = feedparser.parse(answer.content).feed.links
    return next((link.href for link in links if link.rel == "next"), "")


def titles(answer: httpx.Response) -> list[str]:
    if "json" in answer.headers["content-type"]:
        return [item["title"] for item in answer.json()["items"]]
    return [entry.title for entry in feedparser.parse(answer.content).entries]


@pytest.mark.parametrize(
    ("ending", "media_type"),
    [("json", "application/feed+json"), ("atom", "application/atom+xml"), ("rss", "application/rss+xml")],
)
async def test_a_feed_gives_all_stories_newest_first_page_by_page(
    browse: Browse, store: SqlStore, ending: str, media_type: str
) -> None:
    await with_stories(store, 5)
    async with browse() as client:
        answers = await pages(client, f"{API}/out.{ending}?limit=2&feed=courier")
    assert answers[0].headers["content-type"] == f"{media_type}; charset=utf-8"
    assert [titles(answer) for answer in answers] == [["Title 5", "Title 4"], ["Title 3", "Title 2"], ["Title 1"]]
    assert all("feed=courier" in str(answer.url) for answer in answers)


async def test_a_story_that_changes_is_updated_then_whatever_its_publisher_says(
    browse: Browse, store: SqlStore
) -> None:
    await with_stories(store, 1)
    (told,) = [one async for one in store.stories(StoryFilter())]
    later = START + dt.timedelta(days=1)

    def change(connection: Connection) -> None:
        steps.tell(connection, told.id, ["updated"], 1, later)

    await store.writer.run(change)
    async with browse() as client:
        (item,) = (await client.get("/api/v1/out.json")).json()["items"]
        (as_atom, as_entry) = re.findall("<updated>(.*?)</updated>", (await client.get("/api/v1/out.atom")).text)
    assert [item["date_modified"], as_atom, as_entry] == ["2024-01-20T08:00:00Z"] * 3


async def test_a_page_stays_as_it_is_while_stories_come(browse: Browse, store: SqlStore) -> None:
    await with_stories(store, 3)
    async with browse() as client:
        second = next_of(await client.get(f"{API}/out.json?limit=2"))
        before = await client.get(second)
        await a_stored_story(store, 4)
        after = await client.get(second, headers={"if-none-match": before.headers["etag"]})
    assert (titles(before), after.status_code) == (["Title 1"], 304)


async def test_links_lead_to_where_the_service_is_reached_from_outside(browse: Browse, store: SqlStore) -> None:
    await with_stories(store, 2)
    async with browse(public_url="https://ingest.example/news") as client:
        feed = (await client.get(f"{API}/out.json?limit=1")).json()
    base = f"https://ingest.example/news{API}/out.json?limit=1"
    assert feed["feed_url"] == base
    assert feed["next_url"].startswith(f"{base}&before_seq=")


@pytest.mark.parametrize("query", ["tag=nothing", "lang=fr", "to=2024-01-18"])
async def test_a_feed_is_narrowed_by_the_filters_of_stories(browse: Browse, store: SqlStore, query: str) -> None:
    await with_stories(store, 1)
    async with browse() as client:
        assert titles(await client.get(f"{API}/out.atom?{query}")) == []
        assert (await client.get(f"{API}/out.atom?{query}&limt=1")).status_code == 422
