"""Who may do what over HTTP: a table of cases, by address, tokens, origin and kind of call."""

import httpx
import pytest
from asked import asking
from fakes import START, FakeClock
from shown import Browse

from ingest.core.access import token_digest
from ingest.edge.store import SqlStore
from ingest.settings import WebSettings
from ingest.web import create_app

SETTINGS, READER, WRITER = "of-the-settings-file", "ingest_reader", "ingest_writer"
READ, WRITE = ("GET", "/api/v1/stories"), ("POST", "/api/v1/backfills/7/cancel")
DONE = {READ: 200, WRITE: 404}
"""What is answered once the guard lets a call through: there is no backfill 7."""
ELSEWHERE = {"host": "0.0.0.0"}
SET = {"token": SETTINGS}
PUBLIC = {"public_read": True}

CASES: list[tuple[dict[str, object], bool, str | None, tuple[str, str], int | None]] = [
    # settings, whether tokens were handed out, the token sent, the call, the status (None: let through)
    ({}, False, None, READ, None),
    ({}, False, None, WRITE, None),
    ({}, False, "wrong", READ, None),
    ({}, True, None, READ, None),
    ({}, True, None, WRITE, 401),
    ({}, True, READER, WRITE, 403),
    ({}, True, WRITER, WRITE, None),
    (SET, False, None, READ, None),
    (SET, False, None, WRITE, 401),
    (SET, False, "wrong", WRITE, 401),
    (SET, False, SETTINGS, WRITE, None),
    (SET, False, WRITER, WRITE, 401),
    (ELSEWHERE, False, None, READ, 401),
    (ELSEWHERE, False, None, WRITE, 403),
    (ELSEWHERE, False, "wrong", WRITE, 403),
    (ELSEWHERE, True, None, READ, 401),
    (ELSEWHERE, True, READER, READ, None),
    (ELSEWHERE, True, READER, WRITE, 403),
    (ELSEWHERE, True, WRITER, READ, None),
    (ELSEWHERE, True, WRITER, WRITE, None),
    (ELSEWHERE | SET, False, None, READ, 401),
    (ELSEWHERE | SET, False, "wrong", READ, 401),
    (ELSEWHERE | SET, False, SETTINGS, READ, None),
    (ELSEWHERE | SET, False, SETTINGS, WRITE, None),
    (ELSEWHERE | SET, False, None, WRITE, 401),
    (ELSEWHERE | PUBLIC, False, None, READ, None),
    (ELSEWHERE | PUBLIC, False, None, WRITE, 403),
    (ELSEWHERE | PUBLIC | SET, False, None, READ, None),
    (ELSEWHERE | PUBLIC | SET, False, None, WRITE, 401),
    (ELSEWHERE | PUBLIC | SET, False, SETTINGS, WRITE, None),
]


@pytest.mark.parametrize(("web", "handed_out", "token", "call", "status"), CASES)
async def test_a_call_is_answered_or_refused(
    browse: Browse,
    store: SqlStore,
    web: dict[str, object],
    handed_out: bool,
    token: str | None,
    call: tuple[str, str],
    status: int | None,
) -> None:
    if handed_out:
        await store.tokens.add("reader", token_digest(READER), "read", START)
        await store.tokens.add("writer", token_digest(WRITER), "write", START)
    async with browse(**web) as client:
        answer = await client.request(*call, headers={"authorization": f"Bearer {token}"} if token else {})
    assert answer.status_code == (status or DONE[call])
    assert ("www-authenticate" in answer.headers) == (status == 401 or (token == READER and status == 403))
    assert not {SETTINGS, READER, WRITER} & set(answer.text.split())


@pytest.mark.parametrize("path", ["/", "/stories/01X", "/metrics", "/api/v1/openapi.json", "/api/v1/stories/stream"])
async def test_all_but_the_probes_ask_for_a_token_elsewhere(browse: Browse, path: str) -> None:
    async with browse(host="0.0.0.0", token=SETTINGS) as client:
        assert (await client.get(path)).status_code == 401
        assert (await client.get("/healthz")).status_code == 200


async def test_a_revoked_token_is_refused_at_once(browse: Browse, store: SqlStore) -> None:
    await store.tokens.add("reader", token_digest(READER), "read", START)
    headers = {"authorization": f"Bearer {READER}"}
    async with browse(host="0.0.0.0") as client:
        before = await client.get("/api/v1/stories", headers=headers)
        await store.tokens.revoke("reader")
        after = await client.get("/api/v1/stories", headers=headers)
    assert (before.status_code, after.status_code) == (200, 401)


ORIGINS = [
    # origin, Sec-Fetch-Site, the status of a writing call (404: let through)
    (None, None, 404),
    ("http://127.0.0.1:8080", "same-origin", 404),
    ("HTTP://127.0.0.1:8080", None, 404),
    (None, "none", 404),
    ("https://reader.example", "cross-site", 404),
    ("https://ingest.example", "cross-site", 404),
    ("https://evil.example", "cross-site", 403),
    ("https://evil.example", None, 403),
    ("http://127.0.0.1:9999", "same-site", 403),
    ("http://127.0.0.1", None, 403),
    ("null", None, 403),
    ("http://[", None, 403),
    (None, "cross-site", 403),
    (None, "same-site", 403),
]


@pytest.mark.parametrize(("origin", "site", "status"), ORIGINS)
async def test_no_page_elsewhere_writes_through_a_visitors_browser(
    browse: Browse, origin: str | None, site: str | None, status: int
) -> None:
    sent = {"origin": origin, "sec-fetch-site": site}
    web = {"cors": ["https://reader.example"], "public_url": "https://ingest.example"}
    async with browse(**web) as client:
        answer = await client.request(*WRITE, headers={name: value for name, value in sent.items() if value})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 422),
        ("application/json; charset=utf-8", 422),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=application/json", 415),
        (None, 415),
    ],
)
async def test_a_body_has_to_say_that_it_is_json(browse: Browse, content_type: str | None, status: int) -> None:
    headers = {"content-type": content_type} if content_type else {}
    async with browse() as client:
        answer = await client.post("/api/v1/feeds", content=b'{"x": 1}', headers=headers)
    assert answer.status_code == status


async def test_a_long_body_is_refused_by_its_length_and_as_it_comes(browse: Browse) -> None:
    headers = {"content-type": "application/json"}

    async def pieces():  # type: ignore[no-untyped-def]  # of bytes, without a stated length
        for _ in range(100):
            yield b" " * 1000

    async with browse() as client:
        stated = await client.post("/api/v1/feeds", content=b" " * 70_000, headers=headers)
        unstated = await client.post("/api/v1/feeds", content=pieces(), headers=headers)
    assert (stated.status_code, unstated.status_code) == (413, 413)


async def test_who_asks_too_often_waits_and_others_do_not(browse: Browse, store: SqlStore, clock: FakeClock) -> None:
    await store.tokens.add("reader", token_digest(READER), "read", START)
    async with browse(rate=2) as client:
        statuses = [(await client.get("/api/v1/stories")).status_code for _ in range(2)]
        refused = await client.get("/api/v1/stories")
        other = await client.get("/api/v1/stories", headers={"authorization": f"Bearer {READER}"})
        probe = await client.get("/healthz")
        clock.advance(int(refused.headers["retry-after"]))
        again = await client.get("/api/v1/stories")
    assert (statuses, refused.status_code, refused.headers["retry-after"]) == ([200, 200], 429, "30")
    assert (other.status_code, probe.status_code, again.status_code) == (200, 200, 200)


@pytest.mark.parametrize(("listed", "allowed"), [([], None), (["https://reader.example"], "https://reader.example")])
async def test_pages_of_other_origins_read_only_where_they_are_listed(
    browse: Browse, listed: list[str], allowed: str | None
) -> None:
    headers = {"origin": "https://reader.example", "access-control-request-method": "GET"}
    async with browse(cors=listed) as client:
        asked = await client.options("/api/v1/stories", headers=headers)
        answer = await client.get("/api/v1/stories", headers={"origin": "https://reader.example"})
        other = await client.get("/api/v1/stories", headers={"origin": "https://evil.example"})
    assert (asked.headers.get("access-control-allow-origin"), answer.headers.get("access-control-allow-origin")) == (
        allowed,
        allowed,
    )
    assert "access-control-allow-origin" not in other.headers


PREFLIGHT = {"origin": "https://reader.example", "access-control-request-method": "GET"}


async def test_a_preflight_is_answered_under_our_own_names_alone_and_like_all_else(browse: Browse) -> None:
    async with browse(cors=["https://reader.example"]) as client:
        ours = await client.options("/api/v1/stories", headers=PREFLIGHT)
        rebound = await client.options("/api/v1/stories", headers=PREFLIGHT | {"host": "evil.example"})
    assert (ours.status_code, rebound.status_code) == (200, 400)
    assert "access-control-allow-origin" not in rebound.headers
    assert {answer.headers["x-content-type-options"] for answer in (ours, rebound)} == {"nosniff"}


async def test_a_page_that_is_listed_is_told_why_it_is_refused(browse: Browse) -> None:
    headers = {"origin": "https://reader.example"}
    async with browse(cors=["https://reader.example"], host="0.0.0.0", token=SETTINGS, rate=1) as client:
        answers = [await client.get("/api/v1/stories", headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [401, 429]
    assert {answer.headers["access-control-allow-origin"] for answer in answers} == {"https://reader.example"}


async def test_a_defect_is_answered_like_all_else(
    store: SqlStore, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def defect(_: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(store, "story", defect)
    app = create_app(asking(store, clock), lambda: None, WebSettings(cors=("https://reader.example",)))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.get("/api/v1/stories/1", headers={"origin": "https://reader.example"})
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "a secret" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["access-control-allow-origin"] == "https://reader.example"
