"""Pages obey robots.txt; feeds are published to be polled."""

import asyncio
import datetime as dt
import tracemalloc
from collections.abc import Callable

import pytest
from fakes import START, FakeClock
from loopback import Answer, Asked, Site, redirect, reply
from yarl import URL

from ingest.edge.fetch import robots
from ingest.edge.fetch.client import HttpFetcher
from ingest.edge.fetch.terms import Terms
from ingest.edge.net.urls import parse_url
from ingest.errors import FetchError
from ingest.model import Asking, Request

CLOSED = reply(b"User-agent: *\nDisallow: /private\n")


@pytest.fixture
def fetcher(make_fetcher: Callable[..., HttpFetcher]) -> HttpFetcher:
    return make_fetcher(robots=True, timeout=dt.timedelta(seconds=1), per_host=8)


def page(url: str) -> Request:
    return Request(url=url, purpose="page")


async def test_a_page_that_robots_txt_disallows_is_not_asked_for(site: Site, fetcher: HttpFetcher) -> None:
    site.answers["/robots.txt"] = CLOSED
    with pytest.raises(FetchError, match=r"its robots\.txt disallows the page") as caught:
        await fetcher.fetch(page(site.url("/private/a")))
    assert (caught.value.kind, caught.value.transient) == ("robots", False)
    assert site.paths() == ["/robots.txt"]


async def test_a_page_that_it_does_not_name_is_asked_for(site: Site, fetcher: HttpFetcher) -> None:
    site.answers |= {"/robots.txt": CLOSED, "/public": reply(b"page")}
    assert (await fetcher.fetch(page(site.url("/public")))).body == b"page"


async def test_a_feed_is_asked_for_regardless(site: Site, fetcher: HttpFetcher) -> None:
    site.answers |= {"/robots.txt": CLOSED, "/private/feed": reply(b"feed")}
    assert (await fetcher.fetch(Request(url=site.url("/private/feed"), purpose="feed"))).body == b"feed"
    assert site.paths() == ["/private/feed"]


@pytest.mark.parametrize(
    ("group", "obeyed"), [("ingest", True), ("Ingest", True), ("bot", False), ("example", False), ("other", False)]
)
async def test_rules_for_our_name_are_ours(site: Site, fetcher: HttpFetcher, group: str, obeyed: bool) -> None:
    site.answers |= {"/robots.txt": reply(f"User-agent: {group}\nDisallow: /\n".encode()), "/a": reply()}
    try:
        await fetcher.fetch(page(site.url("/a")))
    except FetchError:
        assert obeyed
    else:
        assert not obeyed


OURS = frozenset({"ingest", "1", "0"})
GROUPS = [
    ("User-agent: *\nDisallow: /", False),
    ("User-agent: other\nDisallow: /", True),
    ("User-agent: in\nDisallow: /", True),
    ("User-agent: ingest-news\nDisallow: /", True),
    ("user-agent : INGEST/2.0 (all of it) # a note\nDisallow: /", False),
    ("Useragent ingest*\nDisallow: /", False),
    ("User-agent: other\nUser-agent: ingest\nUser-agent: third\nDisallow: /", False),
    ("User-agent: ingest\nAllow: /\n\nUser-agent: *\nDisallow: /", True),
    ("User-agent: *\nAllow: /\n\nUser-agent: ingest\nDisallow: /", False),
    ("User-agent: ingest\nDisallow:\n\nUser-agent: *\nDisallow: /", True),
    ("User-agent: ingest\nDisallow: /b\n\nUser-agent: other\nAllow: /\n\nUser-agent: ingest\nDisallow: /a", False),
    ("User-agent: ingest\nDisallow: /a\nAllow: /a/b", True),
    ("User-agent: ingest\nDisallow: /*/c$", False),
    ("User-agent:\nDisallow: /", True),
    ("Disallow: /", True),
]


@pytest.mark.parametrize(("text", "allowed"), GROUPS)
def test_the_rules_are_those_of_the_groups_that_name_us_or_else_of_all(text: str, allowed: bool) -> None:
    assert robots.parse(text, OURS).can_fetch("https://example.org/a/b/c", robots.US) is allowed


def test_many_names_with_many_rules_cost_no_more_than_their_length() -> None:
    text = "".join(f"User-agent: a{n}\nUser-agent: {'*' * n}ingest\n" for n in range(50)) + "Disallow: /a\n" * 3000
    tracemalloc.start()
    try:
        robots.parse(text, OURS)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 100 * len(text)


@pytest.mark.parametrize(
    "answer",
    [
        reply(status=404),
        reply(CLOSED, status=403),
        reply(b"<html>no rules</html>"),
        reply(b"\xff\xfe\x00"),
        redirect("/robots.txt"),
        redirect("http://10.0.0.1/"),
        redirect("ftp://example.org/"),
    ],
)
async def test_where_there_are_no_rules_all_may_be_fetched(site: Site, fetcher: HttpFetcher, answer: Answer) -> None:
    site.answers |= {"/robots.txt": answer, "/a": reply(b"page")}
    assert (await fetcher.fetch(page(site.url("/a")))).body == b"page"


@pytest.mark.parametrize("answer", [reply(status=500), reply(status=503), reply(status=429), b"", b"garbage\r\n\r\n"])
async def test_where_the_rules_cannot_be_had_nothing_is_fetched_for_now(
    site: Site, fetcher: HttpFetcher, answer: Answer
) -> None:
    site.answers |= {"/robots.txt": answer, "/a": reply()}
    with pytest.raises(FetchError, match=r"robots\.txt") as caught:
        await fetcher.fetch(page(site.url("/a")))
    assert caught.value.transient
    assert "/a" not in site.paths()


async def test_rules_are_found_behind_a_redirect(site: Site, fetcher: HttpFetcher) -> None:
    site.answers |= {"/robots.txt": redirect("/rules"), "/rules": CLOSED}
    with pytest.raises(FetchError, match="disallows"):
        await fetcher.fetch(page(site.url("/private")))


async def test_each_hop_obeys_the_rules_of_its_host(site: Site, fetcher: HttpFetcher) -> None:
    site.answers |= {"/a": redirect(site.url("/private", host="localhost")), "/robots.txt": CLOSED}
    with pytest.raises(FetchError, match=r"localhost.*disallows"):
        await fetcher.fetch(page(site.url("/a")))
    assert site.paths() == ["/robots.txt", "/a", "/robots.txt"]


async def test_the_beginning_of_a_long_robots_txt_counts(site: Site, fetcher: HttpFetcher) -> None:
    site.answers["/robots.txt"] = reply(b"User-agent: *\nDisallow: /private\n#" + b"#" * 2_000_000)
    with pytest.raises(FetchError, match="disallows"):
        await fetcher.fetch(page(site.url("/private")))


async def test_rules_are_asked_for_once_a_day(site: Site, fetcher: HttpFetcher, clock: FakeClock) -> None:
    site.answers |= {"/robots.txt": CLOSED, "/a": reply()}
    asked = []
    for hours in (0, 23, 2):
        clock.advance(hours * 3600)
        await fetcher.fetch(page(site.url("/a")))
        asked.append(site.paths().count("/robots.txt"))
    assert asked == [1, 1, 2]


async def test_rules_that_could_not_be_had_are_asked_for_again_soon(
    site: Site, fetcher: HttpFetcher, clock: FakeClock
) -> None:
    site.answers |= {"/robots.txt": reply(status=503), "/a": reply(b"page")}
    for _ in range(2):
        with pytest.raises(FetchError):
            await fetcher.fetch(page(site.url("/a")))
    assert site.paths() == ["/robots.txt"]
    site.answers["/robots.txt"] = CLOSED
    clock.advance(robots.TRIED_AGAIN_AFTER.total_seconds())
    assert (await fetcher.fetch(page(site.url("/a")))).body == b"page"


async def test_requests_at_the_same_moment_ask_for_the_rules_once(site: Site, fetcher: HttpFetcher) -> None:
    async def rules(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(CLOSED)

    site.answers |= {"/robots.txt": rules, "/a": reply()}
    await asyncio.gather(*(fetcher.fetch(page(site.url("/a"))) for _ in range(5)))
    assert site.paths().count("/robots.txt") == 1


async def test_what_is_remembered_is_bounded(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def ask(url: URL, _: Terms) -> tuple[int, bytes]:
        asked.append(url.host)
        return 404, b""

    monkeypatch.setattr(robots, "MAX_KEPT", 2 * robots.WEIGHT)
    known = robots.Robots(ask, clock)
    for name in ("a", "b", "a", "c", "a", "b"):
        await known.check(parse_url(f"https://{name}.example/"), Terms("ingest/1.0", 20))
    assert asked == ["a.example", "b.example", "c.example", "b.example"]


DELAYS = [
    ("User-agent: *\nCrawl-delay: 5", 5.0),
    ("User-agent: *\nCrawl-delay: 0.5", 0.5),
    ("User-agent: other\nCrawl-delay: 5", 0.0),
    ("User-agent: *\nCrawl-delay: 86400", robots.DELAY_MOST_S),
    ("User-agent: *\nCrawl-delay: -5", 0.0),
    ("User-agent: *\nCrawl-delay: nan", 0.0),
    ("User-agent: *\nCrawl-delay: soon", 0.0),
]


@pytest.mark.parametrize(("text", "delay_s"), DELAYS)
def test_a_crawl_delay_is_heard_within_bounds(text: str, delay_s: float) -> None:
    assert robots.delay_of(robots.parse(text, OURS)) == delay_s


async def test_pages_of_a_host_with_a_crawl_delay_are_asked_for_one_after_the_other(
    site: Site, fetcher: HttpFetcher, clock: FakeClock
) -> None:
    times = []

    async def page_at(_: Asked, writer: asyncio.StreamWriter) -> None:
        times.append((clock.now() - START).total_seconds())
        writer.write(reply())

    site.answers |= {"/robots.txt": reply(b"User-agent: *\nCrawl-delay: 20\n"), "/a": page_at}
    await asyncio.gather(*(fetcher.fetch(page(site.url("/a"))) for _ in range(3)))
    assert times == [20.0, 40.0, 60.0]


async def test_a_crawl_delay_is_for_pages(site: Site, fetcher: HttpFetcher, clock: FakeClock) -> None:
    site.answers |= {"/robots.txt": reply(b"User-agent: *\nCrawl-delay: 20\n"), "/a": reply(), "/feed": reply()}
    await fetcher.fetch(page(site.url("/a")))
    before = clock.now()
    await fetcher.fetch(Request(url=site.url("/feed"), purpose="feed"))
    assert clock.now() == before


async def test_a_feed_that_goes_by_another_name_obeys_the_rules_for_that(site: Site, fetcher: HttpFetcher) -> None:
    site.answers |= {"/robots.txt": reply(b"User-agent: ingest\nDisallow: /\n"), "/a": reply(b"page")}
    other = Request(site.url("/a"), "page", Asking(user_agent="other/2"))
    assert (await fetcher.fetch(other)).body == b"page"
    with pytest.raises(FetchError, match="disallows"):
        await fetcher.fetch(page(site.url("/a")))
    assert [asked.headers["user-agent"].split("/")[0] for asked in site.asked] == ["other", "other", "ingest"]
