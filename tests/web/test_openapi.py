"""The OpenAPI document, and that nothing that it allows, or does not, brings out a defect."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from asked import asking
from fakes import FakeClock
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance
from shown import Browse, a_stored_story

from ingest.edge.store import SqlStore
from ingest.settings import WebSettings
from ingest.web import create_app

STORIES = {"tag", "feed", "lang", "q", "from", "to", "duplicates"}
CHANGES = {"kind", "tag", "feed", "lang", "since_seq"}
PAGE_OF_OUT = STORIES | {"before_seq", "limit"}
CALLS: dict[str, set[str]] = {
    "get /stories": STORIES | {"since_seq", "limit"},
    "get /stories/stream": CHANGES | {"Last-Event-ID"},
    "get /stories/{story_id}": {"story_id"},
    "delete /stories/{story_id}": {"story_id", "reason"},
    "get /stories/{story_id}/versions": {"story_id"},
    "get /search": STORIES | {"limit", "offset"},
    "get /changes": CHANGES | {"limit"},
    "get /clusters/{cluster_id}": {"cluster_id"},
    "get /feeds": set(),
    "post /feeds": {"url", "name", "interval", "tags"},
    "get /feeds/{feed_id}": {"feed_id"},
    "patch /feeds/{feed_id}": {"feed_id", "enabled"},
    "delete /feeds/{feed_id}": {"feed_id"},
    "post /feeds/{feed_id}/poll": {"feed_id"},
    "get /backfills": {"limit"},
    "post /backfills": {"feed", "since", "until", "via", "limit", "rate"},
    "get /backfills/{backfill_id}": {"backfill_id"},
    "post /backfills/{backfill_id}/cancel": {"backfill_id"},
    "get /out.json": PAGE_OF_OUT,
    "get /out.atom": PAGE_OF_OUT,
    "get /out.rss": PAGE_OF_OUT,
}
"""Call → all that may be said with it, in the address, a header or the body."""
OTHER_THAN_JSON = {
    "get /stories/stream": "text/event-stream",
    "get /out.json": "application/feed+json",
    "get /out.atom": "application/atom+xml",
    "get /out.rss": "application/rss+xml",
}
CHECKED = [not_a_server_error, content_type_conformance, response_schema_conformance]
EXAMPLES = 12
"""Requests a call: more find nothing new, and the whole stays within some seconds."""


@pytest.fixture
async def document(browse: Browse) -> dict[str, Any]:
    async with browse() as client:
        answer = await client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_the_document_has_the_calls_of_the_contract(document: dict[str, Any]) -> None:
    assert {name: asked_of(document, call) for name, call in calls_of(document)} == CALLS


def calls_of(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, calls in document["paths"].items():
        for method, call in calls.items():
            yield f"{method} {path.removeprefix('/api/v1')}", call


def asked_of(document: dict[str, Any], call: dict[str, Any]) -> set[str]:
    names = {parameter["name"] for parameter in call.get("parameters", [])}
    if "requestBody" in call:
        shape = call["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        names |= set(document["components"]["schemas"][shape]["properties"])
    return names


def test_what_a_call_answers_with_is_of_one_kind(document: dict[str, Any]) -> None:
    for name, call in calls_of(document):
        (done,) = [answer for status, answer in call["responses"].items() if status.startswith("2")]
        expected = [OTHER_THAN_JSON.get(name, "application/json")] if "204" not in call["responses"] else []
        assert list(done.get("content", [])) == expected, name


def test_every_call_tells_what_it_answers_and_what_goes_wrong(document: dict[str, Any]) -> None:
    for calls in document["paths"].values():
        for call in calls.values():
            assert call["description"]
            done = [answer for status, answer in call["responses"].items() if status.startswith("2")]
            assert len(done) == 1
            assert set(call["responses"]["422"]["content"]) == {"application/problem+json"}


def refs(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        yield from [value for name, value in part.items() if name == "$ref"]
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from refs(each)


def test_everything_that_the_document_refers_to_is_in_it(document: dict[str, Any]) -> None:
    there = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert {"#/components/schemas/Problem", "#/components/schemas/Mistake"} <= set(refs(document)) <= there


def test_the_shapes_have_examples(document: dict[str, Any]) -> None:
    shapes = document["components"]["schemas"]
    for name in ("Story", "NewFeed", "NewBackfill"):
        assert shapes[name]["examples"]


async def test_no_page_of_documentation_loads_scripts_from_elsewhere(browse: Browse) -> None:
    async with browse() as client:
        statuses = [(await client.get(path)).status_code for path in ("/docs", "/redoc", "/api/v1/docs")]
    assert statuses == [404, 404, 404]


async def test_no_request_brings_out_a_defect(store: SqlStore, clock: FakeClock) -> None:
    for number in (1, 2, 3):
        await a_stored_story(store, number)
    app = create_app(asking(store, clock), lambda: None, WebSettings(rate=1_000_000))
    schema = schemathesis.openapi.from_dict(app.openapi())
    loop = asyncio.get_running_loop()
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:

        def ask(case: schemathesis.Case) -> None:
            """From the thread in which requests are made up; the database lives in the loop of the test."""
            wanted = case.as_transport_kwargs(base_url="http://127.0.0.1")
            wanted.pop("cookies", None)
            if "data" in wanted:
                wanted["content"] = wanted.pop("data")
            done = asyncio.run_coroutine_threadsafe(client.request(**wanted), loop).result(20)
            case.validate_response(done, checks=CHECKED)

        for result in schema.exclude(path="/api/v1/stories/stream").get_all_operations():
            operation = result.ok()
            strategy = operation.as_strategy() | operation.as_strategy(
                generation_mode=schemathesis.GenerationMode.NEGATIVE
            )
            tried = settings(
                max_examples=EXAMPLES,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
                database=None,
            )(given(case=strategy)(ask))
            await asyncio.to_thread(tried)
