"""Stories are taken down over HTTP."""

from shown import Browse, a_stored_story

from ingest.edge.store import SqlStore
from ingest.model import StoryFilter

API = "/api/v1"


async def test_a_story_that_is_deleted_is_gone_and_told(browse: Browse, store: SqlStore) -> None:
    await a_stored_story(store, 1)
    async with browse() as client:
        (story,) = (await client.get(f"{API}/stories")).json()["stories"]
        path = f"{API}/stories/{story['id']}"
        done = await client.delete(path, params={"reason": "asked for"})
        assert (done.status_code, done.content) == (204, b"")
        assert [(await client.get(f"{path}{more}")).status_code for more in ("", "/versions")] == [404, 404]
        last = (await client.get(f"{API}/changes")).json()["changes"][-1]
        again = await client.delete(path)
    assert (last["kind"], last["story"]) == ("deleted", {"id": story["id"]})
    assert (again.status_code, again.headers["content-type"]) == (404, "application/problem+json")
    tombstone = await store.removals.find(story["id"])
    assert tombstone
    assert tombstone.reason == "asked for"


async def test_a_deletion_needs_the_right_to_write(browse: Browse, store: SqlStore) -> None:
    await a_stored_story(store, 1)
    (story,) = [one async for one in store.stories(StoryFilter())]
    async with browse(token="of-the-settings-file") as client:
        assert (await client.delete(f"{API}/stories/{story.id}")).status_code == 401
    assert await store.story(story.id) == story
