"""What is read over HTTP: stories, changes, versions and clusters, page by page."""

import datetime as dt

import pytest
from shown import Browse, a_stored_story, story
from sqlalchemy import update

from ingest.core.render.hit_json import hit_dict
from ingest.core.render.story_json import announcement_dict, story_dict, version_dict
from ingest.edge.store import SqlStore
from ingest.edge.store.tables import identity
from ingest.model import Announcement, Change, Hit, Sighting, Snippet, Version
from ingest.web.api import shapes

API = "/api/v1"
PROBLEM = "application/problem+json"


async def with_stories(store: SqlStore, count: int) -> None:
    for number in range(1, count + 1):
        await a_stored_story(store, number)


def test_the_documented_shapes_are_those_of_the_answers() -> None:
    told = story(sightings=(Sighting(feed="a", entry_id="b", url="c", seen_at=dt.datetime.now(dt.UTC)),))
    change = Change(seq=1, kind="created", at=told.first_seen_at, story_id=told.id, version=1)
    version = Version(
        version=1, read_at=told.first_seen_at, title="", text="", summary="", modified_at=told.published_at
    )
    for shape, shown in (
        (shapes.Story, story_dict(told)),
        (shapes.Change, announcement_dict(Announcement(change=change, story=told))),
        (shapes.Change, announcement_dict(Announcement(change=change, story=None))),
        (shapes.Version, version_dict(version)),
        (shapes.Hit, hit_dict(Hit(story=told, rank=-1.5, snippet=Snippet(text="rain", marks=((0, 4),))))),
    ):
        assert list(shape.model_validate(shown).model_dump()) == list(shown)


@pytest.mark.parametrize(("call", "name"), [("stories", "stories"), ("changes", "changes")])
async def test_pages_along_seq_give_each_once_and_end_with_null(
    browse: Browse, store: SqlStore, call: str, name: str
) -> None:
    await with_stories(store, 5)
    seen: list[int] = []
    pages, goes_on = 0, 0
    async with browse() as client:
        while goes_on is not None:
            page = (await client.get(f"{API}/{call}", params={"since_seq": goes_on, "limit": 2})).json()
            seen += [one["seq"] for one in page[name]]
            goes_on, pages = page["next"], pages + 1
    assert (seen, pages) == ([1, 2, 3, 4, 5], 3)


FILTERS = [
    ({"feed": "courier"}, 2),
    ({"feed": "https://example.org/rss"}, 2),
    ({"tag": "#nothing"}, 0),
    ({"lang": "fr"}, 0),
    ({"q": "title -1"}, 1),
    ({"q": "title tag:nothing"}, 0),
    ({"duplicates": "exclude"}, 2),
    ({"from": "2024-01-19"}, 2),
    ({"from": "2024-01-20"}, 0),
    ({"to": "2024-01-18"}, 0),
    ({"to": "2024-01-19"}, 2),
    ({"from": "2024-01-19T08:00:00Z", "to": "2024-01-19T08:00:01Z"}, 2),
]


@pytest.mark.parametrize(("query", "count"), FILTERS)
async def test_stories_are_narrowed_by(browse: Browse, store: SqlStore, query: dict[str, str], count: int) -> None:
    await with_stories(store, 2)
    async with browse() as client:
        answer = await client.get(f"{API}/stories", params=query)
    assert (answer.status_code, len(answer.json()["stories"])) == (200, count)


async def test_changes_are_narrowed_and_the_position_goes_on(browse: Browse, store: SqlStore) -> None:
    await with_stories(store, 3)
    async with browse() as client:
        created = await client.get(f"{API}/changes", params={"kind": ["created", "updated"], "feed": "courier"})
        others = await client.get(f"{API}/changes", params={"kind": "withdrawn", "limit": 2})
    assert len(created.json()["changes"]) == 3
    assert others.json() == {"changes": [], "next": 2}


@pytest.mark.parametrize(
    ("path", "query", "name"),
    [
        ("stories", {"limit": "0"}, "limit"),
        ("stories", {"limit": "501"}, "limit"),
        ("stories", {"since_seq": "-1"}, "since_seq"),
        ("stories", {"since_seq": str(2**63)}, "since_seq"),
        ("stories", {"from": "yesterday"}, "from"),
        ("stories", {"to": "0001-01-01T00:00:00+23:00"}, "to"),
        ("stories", {"duplicates": "no"}, "duplicates"),
        ("stories", {"feed": "nosuch"}, "feed"),
        ("stories", {"tag": "a\x00b"}, "tag"),
        ("stories", {"q": 'an "open quotation'}, "q"),
        ("stories", {"tagg": "x"}, "tagg"),
        ("stories", {"lang": ["en", "de"]}, "lang"),
        ("changes", {"since_seq": ["1", "2"]}, "since_seq"),
        ("search", {}, "q"),
        ("search", {"q": "rain", "offset": "1001"}, "offset"),
        ("changes", {"kind": "moved"}, "kind.0"),
        ("changes", {"feed": "nosuch"}, "feed"),
        ("changes", {"page": "2"}, "page"),
        ("stories/a%20b", {}, "story_id"),
    ],
)
async def test_what_is_wrong_in_a_request_is_named(
    browse: Browse, path: str, query: dict[str, str | list[str]], name: str
) -> None:
    async with browse() as client:
        answer = await client.get(f"{API}/{path}", params=query)
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
    assert [one["name"] for one in answer.json()["mistakes"]] == [name]
    assert "Traceback" not in answer.text


async def test_a_story_has_its_versions_and_its_cluster(browse: Browse, store: SqlStore) -> None:
    await with_stories(store, 1)
    async with browse() as client:
        listed = (await client.get(f"{API}/stories")).json()["stories"][0]
        one = (await client.get(f"{API}/stories/{listed['id']}")).json()
        versions = (await client.get(f"{API}/stories/{listed['id']}/versions")).json()["versions"]
        cluster = (await client.get(f"{API}/clusters/{listed['cluster']}")).json()
    assert one == listed
    assert [version["title"] for version in versions] == ["Title 1"]
    assert [kin["id"] for kin in cluster["stories"]] == [listed["id"]]


@pytest.mark.parametrize("path", ["stories/01X", "stories/01X/versions", "clusters/01X", "nothing"])
async def test_what_is_not_there_is_a_problem_also_for_a_browser(browse: Browse, path: str) -> None:
    async with browse() as client:
        answer = await client.get(f"{API}/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)


async def test_a_reader_that_comes_too_late_is_told(browse: Browse, store: SqlStore) -> None:
    await with_stories(store, 3)
    await store.writer.run(lambda connection: connection.execute(update(identity).values(dropped=2)))
    async with browse() as client:
        late = await client.get(f"{API}/changes", params={"since_seq": 1})
        stream = await client.get(f"{API}/stories/stream", params={"since_seq": 1})
    for answer in (late, stream):
        assert (answer.status_code, answer.headers["content-type"]) == (410, PROBLEM)
        assert "changes up to 2 were dropped" in answer.json()["detail"]


@pytest.mark.parametrize("call", ["stories", "changes", "stories/stream"])
async def test_a_reader_of_a_later_state_of_the_database_is_told(browse: Browse, store: SqlStore, call: str) -> None:
    await with_stories(store, 2)
    async with browse() as client:
        at_the_end = await client.get(f"{API}/stories", params={"since_seq": 2})
        beyond = await client.get(f"{API}/{call}", params={"since_seq": 3})
    assert (at_the_end.status_code, beyond.status_code) == (200, 410)
    assert "has only come to 2" in beyond.json()["detail"]


async def test_a_search_gives_the_best_first_with_snippets_page_by_page(browse: Browse, store: SqlStore) -> None:
    await with_stories(store, 3)
    async with browse() as client:
        first = (await client.get(f"{API}/search", params={"q": '"paragraph of 2"'})).json()
        pages = [
            (await client.get(f"{API}/search", params={"q": "title", "limit": 2, "offset": n})).json() for n in (0, 2)
        ]
        narrowed = (await client.get(f"{API}/search", params={"q": "title", "lang": "fr"})).json()
    (hit,) = first["hits"]
    (start, end), *_ = hit["snippet"]["marks"]
    assert (hit["title"], hit["snippet"]["text"][start:end]) == ("Title 2", "paragraph of 2")
    assert [[one["seq"] for one in page["hits"]] for page in pages] == [[3, 2], [1]]
    assert [page["next"] for page in pages] == [2, None]
    assert narrowed == {"hits": [], "next": None}


async def test_a_search_leads_to_no_page_that_is_refused(
    browse: Browse, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.web.api.stories.LAST_HIT", 1)
    await with_stories(store, 3)
    async with browse() as client:
        found = [await client.get(f"{API}/search", params={"q": "title", "limit": 1, "offset": n}) for n in (0, 1)]
    assert [page.json()["next"] for page in found] == [1, None]


async def test_each_answer_tells_its_store_and_how_far_that_was(browse: Browse, store: SqlStore) -> None:
    await with_stories(store, 2)
    async with browse() as client:
        answers = [await client.get(f"{API}/{path}") for path in ("stories", "changes", "stories/01X", "stories?x=1")]
    identity = await store.changes.identity()
    assert [(one.headers["ingest-store"], one.headers["ingest-seq"]) for one in answers] == [(identity, "2")] * 4


async def test_what_is_known_is_not_sent_again_until_it_changes(browse: Browse, store: SqlStore) -> None:
    await with_stories(store, 1)
    async with browse() as client:
        etag = (await client.get(f"{API}/stories")).headers["etag"]
        again = await client.get(f"{API}/stories", headers={"if-none-match": f'"other", {etag}'})
        await a_stored_story(store, 2)
        changed = await client.get(f"{API}/stories", headers={"if-none-match": etag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert (changed.status_code, changed.headers["cache-control"]) == (200, "private, no-cache")
    assert changed.headers["etag"] != etag


async def test_long_answers_come_compressed(browse: Browse, store: SqlStore) -> None:
    await with_stories(store, 3)
    async with browse() as client:
        answer = await client.get(f"{API}/stories")
        plain = await client.get(f"{API}/stories", headers={"accept-encoding": "identity"})
    assert answer.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert answer.json() == plain.json()


async def test_a_database_that_refuses_is_a_problem(browse: Browse, lose: object) -> None:
    lose("stories")  # type: ignore[operator]
    async with browse() as client:
        answer = await client.get(f"{API}/stories")
    assert (answer.status_code, answer.headers["content-type"]) == (503, PROBLEM)
