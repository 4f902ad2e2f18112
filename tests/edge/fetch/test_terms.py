"""A feed is asked in the way that its settings say, on every hop; what is secret stays with its server."""

import asyncio
import datetime as dt
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from ipaddress import ip_network
from pathlib import Path

import pytest
from certificates import self_signed
from loopback import Asked, Site, redirect, reply
from proxies import Proxy, proxying

from ingest.edge.fetch.client import HttpFetcher
from ingest.edge.fetch.terms import Terms, terms_of
from ingest.edge.net.guard import Guard
from ingest.errors import FetchError
from ingest.model import Asking, Request, Response

Make = Callable[..., HttpFetcher]
ENVIRON = {"KEY": "s3cret", "ODD": "p@ss:wörd/?"}


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    async with proxying(Proxy()) as running:
        yield running


@pytest.fixture
def fetcher(make_fetcher: Make) -> HttpFetcher:
    return make_fetcher(environ=ENVIRON)


def feed(url: str, secrets_for: str = "", **fields: object) -> Request:
    return Request(url, "feed", Asking(**fields), secrets_for)


def basic(credentials: str) -> str:
    return f"Basic {b64encode(credentials.encode()).decode()}"


SENT = [
    ({"cookies": {"consent": "yes", "session": "${KEY}"}}, "cookie", "consent=yes; session=s3cret"),
    ({"basic_auth": "anna:${KEY}"}, "authorization", basic("anna:s3cret")),
    ({"basic_auth": "anna:${ODD}"}, "authorization", basic("anna:p@ss:wörd/?")),
    ({"bearer_token": "${KEY}"}, "authorization", "Bearer s3cret"),
    ({"headers": {"X-Key": "${KEY}"}}, "x-key", "s3cret"),
    ({"headers": {"authorization": "Own"}, "bearer_token": "${KEY}"}, "authorization", "Own"),
]


@pytest.mark.parametrize(("fields", "name", "value"), SENT)
async def test_what_is_secret_is_sent_to_the_server_of_the_feed(
    site: Site, fetcher: HttpFetcher, fields: dict[str, object], name: str, value: str
) -> None:
    await fetcher.fetch(feed(site.url("/"), **fields))
    assert site.asked[0].headers[name] == value


@pytest.mark.parametrize("purpose", ["feed", "page"])
@pytest.mark.parametrize(("fields", "name"), [case[:2] for case in SENT])
async def test_what_is_secret_is_sent_to_no_other_server(
    site: Site, fetcher: HttpFetcher, fields: dict[str, object], name: str, purpose: str
) -> None:
    there = site.url("/there", host="localhost")
    site.answers |= {"/": redirect("/same"), "/same": redirect(there), "/there": redirect(site.url("/back"))}
    await fetcher.fetch(Request(site.url("/"), purpose, Asking(**fields), site.url("/feed")))
    assert [name in asked.headers for asked in site.asked] == [True, True, False, True]


async def test_a_page_on_another_server_than_its_feed_is_told_no_secret(site: Site, fetcher: HttpFetcher) -> None:
    elsewhere = site.url("/page", host="localhost")
    request = Request(elsewhere, "page", Asking(bearer_token="${KEY}"), site.url("/feed"))
    await fetcher.fetch(request)
    assert "authorization" not in site.asked[0].headers


async def test_a_feed_that_moved_to_another_server_is_told_no_secret_there(site: Site, fetcher: HttpFetcher) -> None:
    await fetcher.fetch(feed(site.url("/", host="localhost"), secrets_for=site.url("/"), basic_auth="anna:${KEY}"))
    assert "authorization" not in site.asked[0].headers


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"cookies": {"a": "${NONE}"}}, "a cookie needs the environment variable NONE"),
        ({"basic_auth": "anna:${NONE}"}, "basic_auth needs the environment variable NONE"),
        ({"bearer_token": "${NONE}"}, "bearer_token needs the environment variable NONE"),
        ({"headers": {"X-Key": "${NONE}"}}, "the header X-Key needs the environment variable NONE"),
        ({"proxy": "http://anna:${NONE}@127.0.0.1:3128"}, "the proxy needs the environment variable NONE"),
        ({"proxy": "http://anna:s3cret@[::1"}, "the proxy's address cannot be read"),
    ],
)
async def test_what_cannot_be_filled_in_is_named_and_nobody_asked(
    site: Site, fetcher: HttpFetcher, fields: dict[str, object], what: str
) -> None:
    with pytest.raises(FetchError, match=what) as caught:
        await fetcher.fetch(feed(site.url("/"), **fields))
    assert (caught.value.kind, site.asked) == ("bad-url", [])
    assert "s3cret" not in str(caught.value)


async def test_a_cookie_that_a_server_sets_is_kept_for_nobody(site: Site, fetcher: HttpFetcher) -> None:
    crumb = (("Set-Cookie", "crumb=1; Path=/"),)
    site.answers |= {"/": reply(status=302, headers=(("Location", "/next"), *crumb)), "/next": reply(headers=crumb)}
    for _ in range(2):
        await fetcher.fetch(feed(site.url("/"), cookies={"own": "1"}))
    assert {asked.headers["cookie"] for asked in site.asked} == {"own=1"}


async def test_a_user_agent_holds_for_all_hops(site: Site, fetcher: HttpFetcher) -> None:
    site.answers |= {"/": redirect(site.url("/there", host="localhost")), "/there": reply()}
    await fetcher.fetch(feed(site.url("/"), user_agent="other/2"))
    assert [asked.headers["user-agent"] for asked in site.asked] == ["other/2", "other/2"]


def test_a_timeout_of_the_feed_replaces_ours() -> None:
    assert terms_of(Asking(timeout="1m30s"), Terms("ingest/1.0", 20), {}).timeout_s == 90


async def test_a_feed_may_be_given_more_time_than_others(site: Site, make_fetcher: Make) -> None:
    async def slow(_: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.15)
        writer.write(reply())

    site.answers["/"] = slow
    fetcher = make_fetcher(timeout=dt.timedelta(seconds=0.05))
    with pytest.raises(FetchError, match="no answer within"):
        await fetcher.fetch(feed(site.url("/")))
    assert (await fetcher.fetch(feed(site.url("/"), timeout="1h"))).status == 200


async def test_slow_redirects_are_bounded_as_a_whole(site: Site, make_fetcher: Make) -> None:
    async def slow(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 302 Found\r\n")
        for _ in range(5):
            await writer.drain()
            await asyncio.sleep(0.025)
            writer.write(b"X-Wait: 1\r\n")
        writer.write(f"Location: {asked.path}x\r\n\r\n".encode())

    site.answers |= {"/" + "x" * n: slow for n in range(9)}
    with pytest.raises(FetchError, match="the answer was not whole after") as caught:
        await make_fetcher(timeout=dt.timedelta(seconds=0.15)).fetch(feed(site.url("/")))
    assert caught.value.kind == "timeout"


@pytest.mark.parametrize("host", ["news.example", "93.184.216.34"])
async def test_a_proxy_is_asked_in_place_of_the_server(fetcher: HttpFetcher, proxy: Proxy, host: str) -> None:
    response = await fetcher.fetch(feed(f"http://{host}/feed", proxy=f"http://127.0.0.1:{proxy.port}"))
    assert response.body == b"through the proxy"
    assert proxy.heads[0].startswith(f"GET http://{host}/feed HTTP/1.1\r\n")
    assert "authorization" not in proxy.heads[0].lower()


async def test_a_proxy_is_told_its_password(fetcher: HttpFetcher, proxy: Proxy) -> None:
    await fetcher.fetch(feed("http://news.example/", proxy=f"http://anna:${{ODD}}@127.0.0.1:{proxy.port}"))
    assert f"Proxy-Authorization: {basic('anna:p@ss:wörd/?')}\r\n" in proxy.heads[0]
    assert "\r\nAuthorization" not in proxy.heads[0]


async def test_https_goes_through_a_tunnel_that_the_proxy_cannot_read(fetcher: HttpFetcher, proxy: Proxy) -> None:
    request = feed(
        "https://news.example/secret", proxy=f"http://anna:${{KEY}}@127.0.0.1:{proxy.port}", bearer_token="${KEY}"
    )
    proxy.answer = b"HTTP/1.1 502 Bad Gateway\r\n\r\n"
    with pytest.raises(FetchError, match="the proxy does not connect: Bad Gateway") as caught:
        await fetcher.fetch(request)
    assert caught.value.kind == "refused"
    assert proxy.heads[0].startswith("CONNECT news.example:443 HTTP/1.1\r\n")
    assert f"Proxy-Authorization: {basic('anna:s3cret')}\r\n" in proxy.heads[0]
    assert "User-Agent: ingest/1.0" in proxy.heads[0]
    assert "/secret" not in proxy.heads[0]
    assert "\r\nAuthorization" not in proxy.heads[0]


async def test_within_a_tunnel_the_server_has_to_prove_who_it_is(fetcher: HttpFetcher, proxy: Proxy) -> None:
    greetings = []

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        greetings.append(await reader.read(1000))
        writer.write(reply())
        writer.close()

    async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
        proxy.target = server.sockets[0].getsockname()[1]
        with pytest.raises(FetchError, match=r"news\.example: no secure connection") as caught:
            await fetcher.fetch(feed("https://news.example/", proxy=f"http://127.0.0.1:{proxy.port}"))
    assert caught.value.kind == "tls"
    assert b"news.example" in greetings[0]


@pytest.fixture
def certified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """How a server proves that it is news.example to a fetcher, which trusts it as it does a public authority."""
    server, client = self_signed("news.example", tmp_path)
    monkeypatch.setattr("aiohttp.connector._SSL_CONTEXT_VERIFIED", client)  # made once, when the library is loaded
    return server


async def tunnelled(fetcher: HttpFetcher, proxy: Proxy, certified: ssl.SSLContext, url: str, site: Site) -> Response:
    """The answer of a site behind TLS, asked through a tunnel."""
    async with await asyncio.start_server(site.serve, "127.0.0.1", 0, ssl=certified) as server:
        proxy.target = server.sockets[0].getsockname()[1]
        address = f"http://anna:${{KEY}}@127.0.0.1:{proxy.port}"
        return await fetcher.fetch(feed(url, proxy=address, bearer_token="${KEY}"))


async def test_a_server_that_proves_who_it_is_answers_through_the_tunnel(
    fetcher: HttpFetcher, proxy: Proxy, certified: ssl.SSLContext
) -> None:
    site = Site({"/secret": reply(b"within")})
    response = await tunnelled(fetcher, proxy, certified, "https://news.example/secret", site)
    assert (response.status, response.body) == (200, b"within")
    assert site.asked[0].headers["authorization"] == "Bearer s3cret"
    assert "proxy-authorization" not in site.asked[0].headers
    assert [head.split("\r\n")[0] for head in proxy.heads] == ["CONNECT news.example:443 HTTP/1.1"]


async def test_a_certificate_of_another_host_is_refused_through_the_tunnel(
    fetcher: HttpFetcher, proxy: Proxy, certified: ssl.SSLContext
) -> None:
    with pytest.raises(FetchError, match=r"other\.example: its certificate is not valid: Hostname mismatch") as caught:
        await tunnelled(fetcher, proxy, certified, "https://other.example/", Site())
    assert caught.value.kind == "tls"


async def test_a_proxy_holds_for_all_hops_and_for_robots_txt(make_fetcher: Make, proxy: Proxy) -> None:
    proxy.answer = redirect("http://other.example/page")
    with pytest.raises(FetchError, match="in a circle"):
        await make_fetcher(robots=True).fetch(
            Request("http://news.example/", "page", Asking(proxy=f"http://127.0.0.1:{proxy.port}"))
        )
    assert [head.split(" ")[1] for head in proxy.heads] == [
        "http://news.example/robots.txt",
        "http://other.example/page",
        "http://news.example/",
        "http://other.example/robots.txt",
        "http://other.example/page",
        "http://other.example/page",
    ]


async def test_a_proxy_that_wants_another_password_says_nothing_of_the_server(
    fetcher: HttpFetcher, proxy: Proxy
) -> None:
    proxy.answer = reply(status=407)
    with pytest.raises(FetchError, match="the proxy wants another user name or password"):
        await fetcher.fetch(feed("http://news.example/", proxy=f"http://127.0.0.1:{proxy.port}"))


async def test_a_proxy_out_of_reach_is_named(fetcher: HttpFetcher) -> None:
    with pytest.raises(FetchError, match=r"^news\.example: the proxy 127\.0\.0\.1:1024: refused the connection"):
        await fetcher.fetch(feed("http://news.example/", proxy="http://127.0.0.1:1024"))


async def test_a_proxy_at_a_special_address_has_to_be_allowed(make_fetcher: Make, proxy: Proxy) -> None:
    with pytest.raises(FetchError, match=r"the address 127\.0\.0\.1 is loopback") as caught:
        await make_fetcher(guard=Guard(())).fetch(feed("http://news.example/", proxy=f"http://127.0.0.1:{proxy.port}"))
    assert (caught.value.kind, proxy.heads) == ("blocked", [])


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1/",
        "http://0xa.1/",
        "http://167772161/",
        "http://[::ffff:10.0.0.1]/",
        "https://192.168.0.1./",
        "http://news.example:25/",
    ],
)
async def test_what_can_be_told_from_the_url_is_judged_where_a_proxy_would_connect(
    make_fetcher: Make, proxy: Proxy, url: str
) -> None:
    guard = Guard((ip_network("127.0.0.0/8"),))
    with pytest.raises(FetchError) as caught:
        await make_fetcher(guard=guard).fetch(feed(url, proxy=f"http://127.0.0.1:{proxy.port}"))
    assert (caught.value.kind, proxy.heads) == ("blocked", [])
