"""Asking and being answered: what is sent, what comes back, where redirects lead."""

import asyncio
import gzip
from collections.abc import Callable, Mapping
from dataclasses import asdict
from types import MappingProxyType

import brotli
import pytest
from fakes import FakeClock
from loopback import Asked, Site, redirect, reply

from ingest.edge.fetch.client import HttpFetcher
from ingest.edge.fetch.headers import compose
from ingest.edge.fetch.journey import MAX_REDIRECTS
from ingest.edge.net.urls import parse_url
from ingest.errors import FetchError
from ingest.model import Asking, Request

Make = Callable[..., HttpFetcher]


def feed(url: str, headers: Mapping[str, str] = MappingProxyType({}), **fields: str) -> Request:
    return Request(url, "feed", Asking(headers=dict(headers)), **fields)


async def test_an_answer_comes_back_as_it_is(site: Site, fetcher: HttpFetcher, clock: FakeClock) -> None:
    site.answers["/feed"] = reply(b"<rss/>", headers=(("ETag", '"1"'), ("Link", "<a>"), ("LINK", "<b>")))
    response = await fetcher.fetch(feed(site.url("/feed#top")))
    assert asdict(response) == {
        "url": site.url("/feed#top"),
        "final_url": site.url("/feed"),
        "status": 200,
        "headers": {"content-length": "6", "etag": '"1"', "link": "<a>, <b>"},
        "body": b"<rss/>",
        "fetched_at": clock.now(),
        "redirects": (),
    }


@pytest.mark.parametrize("status", [201, 300, 404, 410, 429, 500, 503])
async def test_every_status_is_an_answer(site: Site, fetcher: HttpFetcher, status: int) -> None:
    site.answers["/"] = reply(b"why", status)
    response = await fetcher.fetch(feed(site.url("/")))
    assert (response.status, response.body) == (status, b"why")


async def test_what_is_known_is_asked_for_conditionally(site: Site, fetcher: HttpFetcher) -> None:
    site.answers["/"] = reply(status=304).replace(b"Content-Length: 0\r\n", b"")
    response = await fetcher.fetch(feed(site.url("/"), etag='W/"1"', last_modified="Fri, 19 Jan 2024 08:30:00 GMT"))
    assert (response.status, response.body) == (304, b"")
    assert site.asked[0].headers["if-none-match"] == 'W/"1"'
    assert site.asked[0].headers["if-modified-since"] == "Fri, 19 Jan 2024 08:30:00 GMT"


@pytest.mark.parametrize(("purpose", "wanted"), [("feed", "application/atom+xml"), ("page", "text/html")])
async def test_the_request_says_who_asks_and_for_what(
    site: Site, fetcher: HttpFetcher, purpose: str, wanted: str
) -> None:
    await fetcher.fetch(Request(url=site.url("/"), purpose=purpose))
    sent = site.asked[0].headers
    assert sent["user-agent"] == "ingest/1.0 (+https://example.org/bot)"
    assert sent["accept"].startswith(wanted)
    assert sent["accept-encoding"] == "gzip, deflate, br, zstd"
    assert not {"if-none-match", "if-modified-since", "cookie"} & set(sent)


async def test_a_header_that_is_no_utf8_is_given_as_far_as_it_can_be_read(site: Site, fetcher: HttpFetcher) -> None:
    site.answers["/"] = reply(headers=(("X-City", "M?nchen"),)).replace(b"?", b"\xfc")
    assert (await fetcher.fetch(feed(site.url("/")))).headers["x-city"] == "M\ufffdnchen"


async def test_an_etag_with_control_characters_can_go_back(site: Site, fetcher: HttpFetcher) -> None:
    site.answers["/"] = reply(headers=(("ETag", '"?a\x7fb"'),)).replace(b"?", b"\x01\x0b\xc2\x85")
    etag = (await fetcher.fetch(feed(site.url("/")))).headers["etag"]
    await fetcher.fetch(feed(site.url("/"), etag=etag))
    assert site.asked[1].headers["if-none-match"] == '"   a b"'


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_followed_and_told(site: Site, fetcher: HttpFetcher, status: int) -> None:
    site.answers |= {"/old/": redirect("../new", status), "/new": reply(b"here")}
    response = await fetcher.fetch(feed(site.url("/old/")))
    assert (response.final_url, response.body) == (site.url("/new"), b"here")
    assert response.redirects == ((status, site.url("/new")),)


@pytest.mark.parametrize(
    ("written", "encode"),
    [
        ((("Content-Encoding", "gzip, br"),), lambda text: brotli.compress(gzip.compress(text))),
        ((("Content-Encoding", "gzip"), ("Content-Encoding", "BR")), lambda text: brotli.compress(gzip.compress(text))),
        ((("Content-Encoding", "br, gzip, gzip"),), lambda text: gzip.compress(gzip.compress(brotli.compress(text)))),
        ((("Content-Encoding", "identity, gzip"),), gzip.compress),
        ((("Content-Encoding", "gzip, utf-8"),), gzip.compress),
    ],
)
async def test_codings_in_a_row_are_undone_from_the_last_to_the_first(
    site: Site, fetcher: HttpFetcher, written: tuple[tuple[str, str], ...], encode: Callable[[bytes], bytes]
) -> None:
    text = bytes(range(256)) * 1000
    site.answers["/"] = reply(encode(text), headers=written)
    assert (await fetcher.fetch(feed(site.url("/")))).body == text


async def test_as_many_redirects_as_the_budget_has_are_followed(site: Site, fetcher: HttpFetcher) -> None:
    site.answers |= {f"/{n}": redirect(f"/{n + 1}") for n in range(MAX_REDIRECTS)}
    site.answers[f"/{MAX_REDIRECTS}"] = reply(b"the end")
    assert (await fetcher.fetch(feed(site.url("/0")))).body == b"the end"


async def test_one_redirect_more_is_a_failure(site: Site, fetcher: HttpFetcher) -> None:
    site.answers |= {f"/{n}": redirect(f"/{n + 1}") for n in range(MAX_REDIRECTS + 1)}
    with pytest.raises(FetchError, match="more than 8 times") as caught:
        await fetcher.fetch(feed(site.url("/0")))
    assert caught.value.kind == "redirects"


async def test_a_circle_of_redirects_is_noticed_at_once(site: Site, fetcher: HttpFetcher) -> None:
    site.answers |= {"/a": redirect("/b"), "/b": redirect("/a#again")}
    with pytest.raises(FetchError, match="in a circle") as caught:
        await fetcher.fetch(feed(site.url("/a")))
    assert caught.value.kind == "redirects"
    assert site.paths() == ["/a", "/b"]


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("http://10.0.0.1/", "blocked"),
        ("http://[::ffff:192.168.0.1]/", "blocked"),
        ("http://169.254.169.254/latest/meta-data/", "blocked"),
        ("http://0xa.1/", "blocked"),
        ("http://[64:ff9b::a00:1]/", "blocked"),
        ("http://[2002:a00:1::]/", "blocked"),
        ("http://127.0.0.1:25/", "blocked"),
        ("//10.0.0.1/", "blocked"),
        ("file:///etc/passwd", "bad-url"),
        ("gopher://example.org/", "bad-url"),
        ("http://user:secret@127.0.0.1/", "bad-url"),
        ("http://example.org:80@10.0.0.1/", "bad-url"),
        ("http://10.0.0.1\\@example.org/", "bad-url"),
        ("http://example.org%40@10.0.0.1/", "bad-url"),
        ("http://[::1/", "bad-url"),
        ("http://example.org:99999/", "bad-url"),
    ],
)
async def test_a_redirect_leads_nowhere_that_may_not_be_asked(
    site: Site, fetcher: HttpFetcher, target: str, kind: str
) -> None:
    site.answers["/"] = redirect(target)
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(feed(site.url("/")))
    assert caught.value.kind == kind
    assert "secret" not in str(caught.value)


SECRET = {"Authorization": "Bearer ${KEY}", "X-Plain": "yes"}


async def test_a_header_of_the_feed_is_filled_from_the_environment(site: Site, make_fetcher: Make) -> None:
    await make_fetcher(environ={"KEY": "s3cret"}).fetch(feed(site.url("/"), headers=SECRET))
    assert site.asked[0].headers["authorization"] == "Bearer s3cret"
    assert site.asked[0].headers["x-plain"] == "yes"


async def test_a_header_of_the_feed_replaces_ours(site: Site, fetcher: HttpFetcher) -> None:
    await fetcher.fetch(feed(site.url("/"), headers={"user-agent": "other/2"}))
    assert site.asked[0].headers["user-agent"] == "other/2"


async def test_a_missing_variable_is_named(site: Site, fetcher: HttpFetcher) -> None:
    with pytest.raises(FetchError, match="Authorization needs the environment variable KEY"):
        await fetcher.fetch(feed(site.url("/"), headers=SECRET))
    assert site.asked == []


async def test_a_value_that_would_break_the_request_is_refused_unseen(site: Site, make_fetcher: Make) -> None:
    with pytest.raises(FetchError, match="line break") as caught:
        await make_fetcher(environ={"KEY": "s3cret\r\nX: y"}).fetch(feed(site.url("/"), headers=SECRET))
    assert "s3cret" not in str(caught.value)


async def test_headers_of_the_feed_stay_with_its_host(site: Site, make_fetcher: Make) -> None:
    site.answers |= {"/": redirect("/same"), "/same": redirect(site.url("/other", host="localhost"))}
    await make_fetcher(environ={"KEY": "s3cret"}).fetch(feed(site.url("/"), headers=SECRET))
    assert ["authorization" in asked.headers for asked in site.asked] == [True, True, False]


@pytest.mark.parametrize(
    ("first", "hop", "sent"),
    [
        ("http://a.example/", "http://a.example:80/b", True),
        ("http://a.example/", "https://a.example/", True),
        ("http://a.example/", "https://A.example./", False),
        ("http://a.example/", "http://a.example:8080/", False),
        ("http://a.example:8080/", "https://a.example/", False),
        ("https://a.example:8443/", "https://a.example/", False),
        ("https://a.example/", "http://a.example/", False),
        ("https://a.example/", "http://a.example:443/", False),
        ("https://a.example/", "https://www.a.example/", False),
    ],
)
def test_headers_of_the_feed_stay_with_its_server(first: str, hop: str, sent: bool) -> None:
    headers = compose(feed(first, headers={"X-Key": "k"}), parse_url(hop), parse_url(first), "ingest/1.0", {})
    assert ("x-key" in headers) is sent


@pytest.mark.parametrize("per_host", [1, 3])
async def test_a_host_is_asked_so_many_times_at_once(site: Site, make_fetcher: Make, per_host: int) -> None:
    crowd = Crowd(expected=per_host)
    site.answers["/"] = crowd.answer
    fetcher = make_fetcher(per_host=per_host)
    await asyncio.gather(*(fetcher.fetch(feed(site.url("/"))) for _ in range(8)))
    assert crowd.most == per_host


async def test_all_hosts_together_are_asked_so_many_times_at_once(site: Site, make_fetcher: Make) -> None:
    crowd = Crowd(expected=3)
    site.answers["/"] = crowd.answer
    fetcher = make_fetcher(per_host=2, concurrency=3)
    hosts = ["127.0.0.1", "localhost"] * 4
    await asyncio.gather(*(fetcher.fetch(feed(site.url("/", host=host))) for host in hosts))
    assert crowd.most == 3


async def test_waiting_for_a_slow_host_takes_no_connection_from_others(site: Site, make_fetcher: Make) -> None:
    asked, released = asyncio.Event(), asyncio.Event()

    async def slow(_: Asked, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await released.wait()
        writer.write(reply())

    site.answers |= {"/slow": slow, "/quick": reply()}
    fetcher = make_fetcher(per_host=1, concurrency=2)
    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(fetcher.fetch(feed(site.url("/slow"))))
        await asked.wait()
        assert (await fetcher.fetch(feed(site.url("/quick", host="localhost")))).status == 200
        released.set()


class Crowd:
    """Holds requests until as many as expected are there, and counts how many there were at once."""

    def __init__(self, expected: int) -> None:
        self.expected, self.present, self.most = expected, 0, 0
        self.full = asyncio.Event()

    async def answer(self, _: Asked, writer: asyncio.StreamWriter) -> None:
        self.present += 1
        self.most = max(self.most, self.present)
        if self.present >= self.expected:
            self.full.set()
        await self.full.wait()
        await asyncio.sleep(0)  # gives one too many the time to show
        self.present -= 1
        writer.write(reply())
