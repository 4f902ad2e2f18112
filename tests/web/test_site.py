"""The site over a real database: its pages, its probes, and what stands before every answer."""

import pytest
from lxml import html
from shown import a_stored_story

PROBLEM = "application/problem+json"
AS_MACHINE = {"accept": "*/*"}
TABLE_LOST = "its tables are missing"


def titles(page: str) -> list[str]:
    return [title.text_content() for title in html.document_fromstring(page).xpath("//article/h3")]


async def test_the_first_page_shows_the_feeds_and_stories_of_the_database(browse, store):
    await a_stored_story(store)
    async with browse() as browser:
        answer = await browser.get("/")
    page = html.document_fromstring(answer.text)
    assert answer.status_code == 200
    assert titles(answer.text) == ["Title 1"]
    assert [name.text_content() for name in page.xpath("//ul[@class='rows feeds']//p[@class='name']/bdi")] == [
        "courier"
    ]


async def test_the_thirty_latest_stories_come_newest_first(browse, store):
    for number in range(1, 33):
        await a_stored_story(store, number)
    async with browse() as browser:
        answer = await browser.get("/")
    assert titles(answer.text) == [f"Title {number}" for number in range(32, 2, -1)]


async def test_the_first_page_stands_without_any_feed(browse):
    async with browse() as browser:
        answer = await browser.get("/")
    assert "Add a first feed" in answer.text


async def test_a_story_of_the_first_page_can_be_read_here(browse, store):
    await a_stored_story(store)
    async with browse() as browser:
        home = html.document_fromstring((await browser.get("/")).text)
        answer = await browser.get(home.xpath("//a[text()='read here']/@href")[0])
    assert answer.status_code == 200
    assert "First paragraph of 1." in answer.text


async def test_an_unknown_story_is_a_page_that_says_so(browse):
    async with browse() as browser:
        answer = await browser.get("/stories/01J999")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "There is no story 01J999." in answer.text


async def test_a_database_that_refuses_is_told_on_a_page_without_traceback(browse, lose):
    lose("feed_states")
    async with browse() as browser:
        answer = await browser.get("/")
    assert answer.status_code == 503
    assert TABLE_LOST in answer.text
    assert "Traceback" not in answer.text


async def test_a_database_that_refuses_is_a_problem_of_one_line_for_a_machine(browse, lose):
    lose("feed_states")
    async with browse() as browser:
        problem = (await browser.get("/", headers=AS_MACHINE)).json()
    assert (problem["status"], problem["title"]) == (503, "Service Unavailable")
    assert TABLE_LOST in problem["detail"]
    assert "\n" not in problem["detail"]


async def test_alive_asks_nothing_of_database_or_scheduler(browse, store):
    await store.close()
    async with browse(trouble="no tick for 75 s") as browser:
        answer = await browser.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_ready_when_the_database_takes_writes_and_the_scheduler_ticks(browse):
    async with browse() as browser:
        answer = await browser.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


async def test_not_ready_while_the_scheduler_stands_still(browse):
    async with browse(trouble="no tick for 75 s") as browser:
        answer = await browser.get("/readyz")
    assert (answer.status_code, answer.headers["content-type"]) == (503, PROBLEM)
    assert answer.json()["reasons"] == ["no tick for 75 s"]


async def test_not_ready_gives_every_reason(browse, lose):
    lose("alembic_version")
    async with browse(trouble="no tick for 75 s") as browser:
        answer = await browser.get("/readyz")
    assert answer.json()["reasons"] == ["the database takes no writes", "no tick for 75 s"]


async def test_whoever_asks_often_costs_no_write_each_time(browse, store, clock, monkeypatch):
    tried = []
    writable = store.upkeep.writable

    async def counted():
        tried.append(clock.now())
        return await writable()

    monkeypatch.setattr(store.upkeep, "writable", counted)
    async with browse(host="0.0.0.0", token="t" * 16) as browser:
        statuses = {(await browser.get("/readyz")).status_code for _ in range(5)}
        clock.advance(1)
        await browser.get("/readyz")
    assert (statuses, len(tried)) == ({200}, 2)


async def test_strangers_are_not_told_where_the_database_is(browse, lose, database):
    lose("tokens")
    lose("stories")
    place = database.removeprefix("sqlite:///")
    elsewhere = {"host": "0.0.0.0", "token": "t" * 16, "public_read": True, "trouble": f"database {place}: is locked"}
    async with browse(**elsewhere) as browser:
        ready, looked_up, read = [
            await browser.get(path, headers=AS_MACHINE | headers)
            for path, headers in (
                ("/readyz", {}),
                ("/api/v1/stories", {"authorization": "Bearer other"}),
                ("/api/v1/stories", {}),
            )
        ]
        known = await browser.get("/api/v1/stories", headers=AS_MACHINE | {"authorization": "Bearer " + "t" * 16})
    assert [answer.status_code for answer in (ready, looked_up, read, known)] == [503] * 4
    assert [place in answer.text for answer in (ready, looked_up, read, known)] == [False, False, False, True]


async def test_probes_answer_head_too(browse):
    async with browse() as browser:
        assert (await browser.head("/readyz")).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("GET", "/stories/unknown", 404), ("POST", "/", 405), ("GET", "/openapi.json", 404)],
)
async def test_errors_are_problems_for_who_asks_for_no_page(browse, method, path, status):
    async with browse() as browser:
        answer = await browser.request(method, path, headers=AS_MACHINE)
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    assert answer.json()["status"] == status


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/", {"GET", "HEAD"}),
        ("/api/v1/feeds", {"GET", "HEAD", "POST"}),
        ("/api/v1/feeds/1", {"GET", "HEAD", "PATCH", "DELETE"}),
        ("/api/v1/out.atom", {"GET", "HEAD"}),
    ],
)
async def test_a_refused_method_names_those_that_are_not(browse, path, methods):
    async with browse() as browser:
        answer = await browser.put(path)
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == methods


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:8080", "127.9.8.7:1", "[::1]", "[::1]:8080", "localhost:"],
)
async def test_loopback_names_are_answered_to(browse, host):
    async with browse() as browser:
        assert (await browser.get("/healthz", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "example.org",
        "example.org:8080",
        "localhost.example.org",
        "127.0.0.1.example.org",
        "127.0.0.1@example.org",
        "192.168.1.7:8080",
        "[::2]",
        "[::1",
        "::1",
        "",
    ],
)
async def test_strangers_names_are_refused_on_loopback(browse, host):
    async with browse() as browser:
        answer = await browser.get("/", headers={"host": host})
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)


async def test_a_second_host_header_does_not_open_the_door(browse):
    async with browse() as browser:
        answer = await browser.get("/", headers=[("host", "localhost"), ("host", "example.org")])
    assert answer.status_code == 400


@pytest.mark.parametrize("address", ["localhost", "::1", "127.0.0.2"])
async def test_every_loopback_address_is_guarded(browse, address):
    async with browse(host=address) as browser:
        assert (await browser.get("/healthz", headers={"host": "example.org"})).status_code == 400


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.7"])
async def test_beyond_loopback_any_name_is_answered_to(browse, address):
    async with browse(host=address) as browser:
        assert (await browser.get("/healthz", headers={"host": "news.example.org"})).status_code == 200


@pytest.mark.parametrize(
    ("path", "host"), [("/", "localhost"), ("/healthz", "localhost"), ("/nowhere", "localhost"), ("/", "example.org")]
)
async def test_every_answer_carries_the_security_headers(browse, path, host):
    async with browse() as browser:
        headers = (await browser.get(path, headers={"host": host})).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    policy = headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} <= set(policy)


async def test_the_policy_allows_the_style_sheet_of_the_page(browse, pages):
    async with browse() as browser:
        policy = (await browser.get("/")).headers["content-security-policy"]
    assert f"style-src {pages.style_source};" in policy
