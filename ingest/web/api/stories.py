"""Stories and their changes, page by page along `seq`; and how one is taken down."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from ingest.core.dedupe.settle import Settle
from ingest.core.render.hit_json import hit_dict
from ingest.core.render.story_json import announcement_dict, story_dict, version_dict
from ingest.ports import Ports
from ingest.web.api import shapes
from ingest.web.api.answers import answer
from ingest.web.api.params import LAST_HIT, ChangePage, Removal, SearchPage, StoryPage
from ingest.web.api.routing import read, write

Id = Annotated[str, Path(pattern="^[0-9A-Za-z]{1,40}$", examples=["01HMGQ2Z7D8F3K5M9N1P4R6S8T"])]


class StoryCalls:
    """What is read of the store, and taken from it."""

    def __init__(self, ports: Ports) -> None:
        self._store = ports.store
        self._clock = ports.clock
        self._settle = Settle(ports.pace.window)

    def add_to(self, router: APIRouter) -> None:
        """Add these calls."""
        read(router, "/stories", self.stories, shapes.Stories, 410)
        read(router, "/search", self.search, shapes.Hits)
        read(router, "/changes", self.changes, shapes.Changes, 410)
        read(router, "/stories/{story_id}", self.story, shapes.Story, 404)
        read(router, "/stories/{story_id}/versions", self.versions, shapes.Versions, 404)
        write(router, "DELETE", "/stories/{story_id}", self.delete, None, 204, (404,))
        read(router, "/clusters/{cluster_id}", self.cluster, shapes.Cluster, 404)

    async def stories(self, request: Request, page: Annotated[StoryPage, Query()]) -> Response:
        """Stories by `seq`, each as it is now: who remembers the last `seq` misses nothing.

        410 where the database has not come to that `seq`, as one that was put back from a copy.
        """
        where = await page.where(self._store)
        found = [story async for story in self._store.stories(where, limit=page.limit)]
        if not found:
            await self._store.changes.expect(page.since_seq)
        goes_on = found[-1].seq if len(found) == page.limit else None
        return answer(request, {"stories": [story_dict(story) for story in found], "next": goes_on})

    async def search(self, request: Request, page: Annotated[SearchPage, Query()]) -> Response:
        """The stories that a search finds, the best first, with the part of each text in which most of it stands."""
        where, query = await page.where(self._store), page.query
        found = await self._store.search.find(query, where, page.limit + 1, page.offset)
        seen = page.offset + page.limit
        goes_on = seen if len(found) > page.limit and seen <= LAST_HIT else None
        return answer(request, {"hits": [hit_dict(hit) for hit in found[: page.limit]], "next": goes_on})

    async def changes(self, request: Request, page: Annotated[ChangePage, Query()]) -> Response:
        """Every change by `seq`, with its story as it is now; 410 where some of them were dropped already."""
        some = await self._store.changes.after(page.since_seq, await page.where(self._store), page.limit)
        told = [announcement_dict(one) for one in some.announcements]
        return answer(request, {"changes": [*told], "next": None if some.is_end else some.position})

    async def story(self, request: Request, story_id: Id) -> Response:
        """One story."""
        found = await self._store.story(story_id)
        if found is None:
            raise HTTPException(404, f"there is no story {story_id}")
        return answer(request, story_dict(found))

    async def versions(self, request: Request, story_id: Id) -> Response:
        """The texts of a story, the first one first and the present one last."""
        found = await self._store.versions(story_id)
        if not found:
            raise HTTPException(404, f"there is no story {story_id}")
        return answer(request, {"versions": [version_dict(one) for one in found]})

    async def delete(self, story_id: Id, removal: Annotated[Removal, Query()]) -> Response:
        """Take a story down for good: its text goes, `deleted` is announced, and nothing brings it back."""
        if await self._store.removals.delete(story_id, removal.reason, self._settle, self._clock.now()) is None:
            raise HTTPException(404, f"there is no story {story_id}")
        return Response(status_code=204)

    async def cluster(self, request: Request, cluster_id: Id) -> Response:
        """A story and its copies at other publishers, the origin first."""
        found = await self._store.cluster(cluster_id)
        if not found:
            raise HTTPException(404, f"there is no cluster {cluster_id}")
        return answer(request, {"cluster": cluster_id, "stories": [story_dict(story) for story in found]})
