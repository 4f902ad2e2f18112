"""The feed list and backfills over HTTP."""

import asyncio
import json

import httpx
import pytest
from asked import asking
from fakes import FakeClock
from shown import NOW, Browse

from ingest.edge.store import SqlStore
from ingest.model import FeedSpec
from ingest.web.api import feeds, shapes

API = "/api/v1"
SECRET = "do-not-tell"


@pytest.fixture
def client(browse: Browse, store: SqlStore, clock: FakeClock) -> httpx.AsyncClient:
    return browse(ports=asking(store, clock), base=API)


async def of_the_file(store: SqlStore, **more: object) -> int:
    spec = {"url": "https://b.example/rss", "name": "b", "headers": {"x-key": SECRET}, **more}
    await store.sync_feeds([FeedSpec.model_validate(spec)], NOW)
    status = await store.find_feed("b")
    assert status
    return status.feed.id


async def test_a_feed_is_added_by_its_sites_page_shown_switched_and_removed(client: httpx.AsyncClient) -> None:
    async with client:
        added = await client.post("/feeds", json={"url": "https://a.example/", "tags": ["world"]})
        where = added.headers["location"].removeprefix(API)
        off = await client.patch(where, json={"enabled": False})
        shown = await client.get(where)
        listed = await client.get("/feeds")
        removed = await client.delete(where)
        gone = await client.get(where)
    assert (added.status_code, added.json()["feed"]["url"]) == (201, "https://a.example/rss")
    assert (off.json()["feed"]["enabled"], shown.json()) == (False, off.json())
    assert listed.json() == {"feeds": [shown.json()]}
    assert (removed.status_code, removed.content, gone.status_code) == (204, b"", 404)
    shapes.Feed.model_validate(shown.json())


async def test_what_a_feed_is_asked_with_is_shown_to_nobody(client: httpx.AsyncClient, store: SqlStore) -> None:
    await of_the_file(store)
    async with client:
        answer = await client.get("/feeds")
    assert "b.example" in answer.text
    assert SECRET not in answer.text


async def test_a_feed_of_the_file_can_be_switched_and_not_removed(client: httpx.AsyncClient, store: SqlStore) -> None:
    feed_id = await of_the_file(store)
    async with client:
        refused = await client.delete(f"/feeds/{feed_id}")
        switched = await client.patch(f"/feeds/{feed_id}", json={"enabled": False})
    assert refused.status_code == 409
    assert "stands in the feeds file" in refused.json()["detail"]
    assert switched.json()["feed"]["enabled"] is False


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({}, 422, "url: Field required"),
        ({"url": "https://b.example/rss"}, 409, "is watched already, as b"),
        ({"url": "https://a.example/rss", "name": "b"}, 409, "the name is taken"),
        ({"url": "https://nowhere.example/"}, 422, "url: https://nowhere.example/: its name does not resolve"),
        ({"url": "file:///etc/passwd"}, 422, "is no feed's address"),
        ({"url": "https://a.example/rss", "interval": "soon"}, 422, "interval: 'soon' is no interval"),
        ({"url": "https://a.example/rss", "headers": {}}, 422, "headers: there is none of this name"),
        ({"url": "https://a.example/rss", "name": "7"}, 422, "would be taken for a feed's id"),
        ({"url": "\ud800"}, 422, "url: "),
        ([], 422, ""),
    ],
)
async def test_a_feed_that_cannot_be_added_is_a_problem_that_says_why(
    client: httpx.AsyncClient, store: SqlStore, body: object, status: int, told: str
) -> None:
    await of_the_file(store)
    async with client:
        headers = {"content-type": "application/json"}
        answer = await client.post("/feeds", content=json.dumps(body), headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert told in answer.json()["detail"]
    assert len(await store.feeds()) == 1


async def test_a_body_that_is_no_json_is_a_problem(client: httpx.AsyncClient) -> None:
    async with client:
        answer = await client.post("/feeds", content=b"{", headers={"content-type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["mistakes"] == [{"name": "", "place": "body", "reason": "JSON decode error"}]


async def test_a_poll_is_answered_with_what_it_came_to(client: httpx.AsyncClient, store: SqlStore) -> None:
    feed_id = await of_the_file(store)
    async with client:
        polled = await client.post(f"/feeds/{feed_id}/poll")
        unknown = await client.post("/feeds/99/poll")
    assert (polled.status_code, polled.json()["result"], polled.json()["new"]) == (200, "read", 1)
    shapes.Polled.model_validate(polled.json())
    assert unknown.status_code == 404


async def test_a_feed_that_is_polled_just_now_is_not_polled_twice(client: httpx.AsyncClient, store: SqlStore) -> None:
    feed_id = await of_the_file(store)
    await store.claim_feeds(NOW, 1, only=[feed_id])
    async with client:
        assert (await client.post(f"/feeds/{feed_id}/poll")).status_code == 409


async def test_a_poll_that_takes_too_long_is_told(
    browse: Browse, store: SqlStore, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed_id = await of_the_file(store)
    monkeypatch.setattr(feeds, "ANSWERED_WITHIN_S", 0.05)

    async def silent(_: object) -> None:
        await asyncio.Event().wait()

    ports = asking(store, clock)
    monkeypatch.setattr(ports.fetcher, "fetch", silent)
    async with browse(ports=ports) as client:
        assert (await client.post(f"{API}/feeds/{feed_id}/poll")).status_code == 504


async def test_a_backfill_is_begun_for_the_daemon_shown_and_cancelled(
    client: httpx.AsyncClient, store: SqlStore
) -> None:
    await of_the_file(store)
    async with client:
        begun = await client.post("/backfills", json={"feed": "b", "since": "2024-01-01", "until": "2024-01-31"})
        twice = await client.post("/backfills", json={"feed": "b"})
        where = begun.headers["location"].removeprefix(API)
        shown, listed = await client.get(where), await client.get("/backfills")
        taken = await store.backfills.take(None, NOW)
        cancelled = await client.post(f"{where}/cancel")
        again = await client.post(f"{where}/cancel")
    assert (begun.status_code, twice.status_code) == (201, 409)
    assert shown.json() == begun.json()
    assert listed.json() == {"backfills": [shown.json()]}
    assert (shown.json()["since"], shown.json()["until"]) == ("2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z")
    assert shown.json()["via"] == ["paged", "wordpress", "sitemap", "wayback"]
    shapes.Backfill.model_validate(shown.json())
    assert taken is not None
    assert (cancelled.json()["state"], again.status_code) == ("cancelled", 409)


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"feed": "nosuch"}, 422, "feed: there is no feed 'nosuch'"),
        ({"feed": "b", "via": ["urls"]}, 422, "via.0"),
        ({"feed": "b", "files": ["/etc/passwd"]}, 422, "files: there is none"),
        ({"feed": "b", "since": "2024-02-01", "until": "2024-01-01"}, 422, "since: the range is empty"),
        ({"feed": "b", "since": 7}, 422, "since: is no text"),
        ({"feed": "b", "limit": 0}, 422, "limit: "),
        ({"feed": "off"}, 409, "is disabled"),
    ],
)
async def test_a_backfill_that_cannot_be_begun_is_a_problem_that_says_why(
    client: httpx.AsyncClient, store: SqlStore, body: object, status: int, told: str
) -> None:
    await of_the_file(store)
    await store.add_feed(FeedSpec(url="https://off.example/rss", name="off", enabled=False), NOW)
    async with client:
        answer = await client.post("/backfills", json=body)
    assert (answer.status_code, await store.backfills.list()) == (status, [])
    assert told in answer.json()["detail"]


async def test_a_feed_whose_pages_are_never_fetched_is_brought_back_from_archives_with_texts_alone(
    client: httpx.AsyncClient, store: SqlStore
) -> None:
    await of_the_file(store, full_text="never")
    async with client:
        refused = await client.post("/backfills", json={"feed": "b", "via": ["sitemap"]})
        begun = await client.post("/backfills", json={"feed": "b"})
    assert (refused.status_code, refused.json()["mistakes"][0]["name"]) == (422, "via")
    assert "full_text: never, and sitemap would bring addresses alone" in refused.json()["detail"]
    assert (begun.status_code, begun.json()["via"]) == (201, ["paged", "wordpress", "wayback"])
