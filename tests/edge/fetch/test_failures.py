"""Each way in which there is no answer has its kind, and a line that says which host and why."""

import asyncio
import datetime as dt
import gzip
import ssl
import zlib
from collections.abc import Callable

import brotli
import pytest
from loopback import Answer, Asked, Site, redirect, reply, silence

from ingest.core.coding import zstd
from ingest.edge.fetch.client import HttpFetcher
from ingest.edge.net.failures import failure
from ingest.edge.net.guard import Guard
from ingest.edge.net.urls import parse_url
from ingest.errors import FetchError, FetchFailure
from ingest.model import Request

Make = Callable[..., HttpFetcher]
MAX_BYTES = 100_000
BOMB = bytes(5_000_000)
GZIPPED = gzip.compress(b"text " * 1000)
OK = b"HTTP/1.1 200 OK\r\n"


def coded(body: bytes, coding: str) -> bytes:
    return reply(body, headers=(("Content-Encoding", coding),))


async def endless(_: Asked, writer: asyncio.StreamWriter) -> None:
    """A body without an end or a stated length."""
    writer.write(OK + b"\r\n")
    while True:
        writer.write(bytes(10_000))
        await writer.drain()


async def endless_nothing(_: Asked, writer: asyncio.StreamWriter) -> None:
    """gzip files without content, one after the other."""
    writer.write(OK + b"Content-Encoding: gzip\r\n\r\n")
    while True:
        writer.write(gzip.compress(b"") * 100)
        await writer.drain()


async def drip(_: Asked, writer: asyncio.StreamWriter) -> None:
    """A byte now and then, never so late that it counts as silence."""
    writer.write(OK + b"\r\n")
    while True:
        writer.write(b".")
        await writer.drain()
        await asyncio.sleep(0.01)


async def pause(_: Asked, writer: asyncio.StreamWriter) -> None:
    """Half a body, and then nothing."""
    writer.write(OK + b"Content-Length: 100\r\n\r\nhalf")
    await writer.drain()
    await asyncio.Event().wait()


async def reset(_: Asked, writer: asyncio.StreamWriter) -> None:
    """Half a body, and then a reset."""
    writer.write(OK + b"Content-Length: 100\r\n\r\nhalf")
    await writer.drain()
    writer.transport.abort()


FAILURES: list[tuple[str, Answer, FetchFailure, str]] = [
    ("silence", silence, "timeout", "no answer within 0.2 s"),
    ("silence in mid-body", pause, "timeout", "no answer within 0.2 s"),
    ("slow drip", drip, "timeout", "not whole after 0.4 s"),
    ("endless", endless, "too-large", "over 100,000 bytes"),
    ("endless gzip files of nothing", endless_nothing, "protocol", "cannot be decoded"),
    ("large by its own word", OK + b"Content-Length: 100001\r\n\r\n", "too-large", "over 100,000 bytes"),
    ("large", reply(bytes(100_001)), "too-large", "over 100,000 bytes"),
    ("gzip bomb", coded(gzip.compress(BOMB), "gzip"), "too-large", "over 100,000 bytes"),
    ("deflate bomb", coded(zlib.compress(BOMB), "deflate"), "too-large", "over 100,000 bytes"),
    ("brotli bomb", coded(brotli.compress(BOMB), "br"), "too-large", "over 100,000 bytes"),
    ("zstd bomb", coded(zstd.compress(BOMB), "zstd"), "too-large", "over 100,000 bytes"),
    ("reset in mid-body", reset, "reset", "broke off"),
    ("end in mid-body", OK + b"Content-Length: 100\r\n\r\nhalf", "reset", "broke off"),
    ("end in mid-chunk", OK + b"Transfer-Encoding: chunked\r\n\r\n10\r\nhalf", "reset", "broke off"),
    ("end in mid-gzip", coded(GZIPPED[:-9], "gzip"), "reset", "broke off"),
    ("end in mid-deflate", coded(zlib.compress(b"text")[:-5], "deflate"), "reset", "broke off"),
    ("end in mid-brotli", coded(brotli.compress(b"text" * 99)[:-2], "br"), "reset", "broke off"),
    ("end before an answer", b"", "reset", "without an answer"),
    ("end in the headers", OK + b"Content-Le", "reset", "without an answer"),
    ("garbage", b"SSH-2.0-OpenSSH_9.6\r\n", "protocol", "not HTTP as it should be: Bad status line"),
    ("bad header", OK + b"Set Cookie: secret\r\n\r\n", "protocol", "Invalid header token"),
    ("bad chunk", OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", "protocol", "Invalid character in chunk size"),
    ("long header", OK + b"X: " + b"secret" * 20_000 + b"\r\n\r\n", "protocol", "Got more than"),
    ("no gzip", coded(b"plain", "gzip"), "protocol", "cannot be decoded"),
    ("no deflate", coded(b"\xff\xff\xff\xff\xff", "deflate"), "protocol", "cannot be decoded"),
    ("no brotli", coded(b"<html>plain</html>", "br"), "protocol", "cannot be decoded"),
    ("four codings", coded(b"x", "gzip, gzip, br, gzip"), "protocol", "coded as gzip, gzip, br, gzip, which we"),
    ("bomb in gzip", coded(gzip.compress(gzip.compress(BOMB)), "gzip, gzip"), "too-large", "over 100,000 bytes"),
    ("padding of nothing", coded(brotli.compress(GZIPPED + BOMB), "gzip, br"), "too-large", "over 100,000 bytes"),
    ("end in mid-gzip in br", coded(brotli.compress(GZIPPED[:-9]), "gzip, br"), "reset", "broke off"),
    ("no gzip in br", coded(brotli.compress(b"plain"), "gzip, br"), "protocol", "cannot be decoded"),
    ("redirect to nowhere", reply(status=302), "redirects", "answers 302, a redirect, but not where to"),
    ("unknown coding", coded(b"x", "dcz"), "protocol", "coded as dcz"),
]


@pytest.mark.parametrize(
    ("answer", "kind", "words"), [case[1:] for case in FAILURES], ids=[case[0] for case in FAILURES]
)
async def test_a_bad_answer_is_a_failure_of_its_kind(
    site: Site, make_fetcher: Make, answer: Answer, kind: FetchFailure, words: str
) -> None:
    site.answers["/"] = answer
    fetcher = make_fetcher(timeout=dt.timedelta(seconds=0.2), max_bytes=MAX_BYTES)
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(Request(url=site.url("/"), purpose="feed"))
    assert caught.value.kind == kind
    assert str(caught.value).startswith(f"127.0.0.1:{site.port}: ")
    assert words in str(caught.value)
    assert "secret" not in str(caught.value)


URLS: list[tuple[str, FetchFailure, str]] = [
    ("http://nowhere.invalid/", "dns", "nowhere.invalid: the name does not resolve"),
    ("http://127.0.0.1:1024/", "refused", "127.0.0.1:1024: refused the connection"),
    ("http://127.0.0.1:25/", "blocked", "127.0.0.1:25: port 25 is not among those of fetch.ports"),
    ("https://nowhere.invalid:22/", "blocked", "port 22 is not among those of fetch.ports; add it there"),
    ("http://10.0.0.1/", "blocked", "the address 10.0.0.1 is private; name its network in fetch.allow_networks"),
    ("http://[fe80::1]/", "blocked", "the address fe80::1 is link-local"),
    ("http://2130706433/", "bad-url", "2130706433: a number that is no address; addresses are written as 192.0.2.1"),
    ("http://example..org/", "bad-url", "names no host"),
    ("http://xn--a.invalid/", "dns", "xn--a.invalid: the name does not resolve"),
    (f"http://{'a' * 64}.example/", "dns", "no host can be named so"),
]


@pytest.mark.parametrize(("url", "kind", "words"), URLS)
async def test_a_host_that_cannot_be_asked_is_a_failure_of_its_kind(
    fetcher: HttpFetcher, url: str, kind: FetchFailure, words: str
) -> None:
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(Request(url=url, purpose="feed"))
    assert caught.value.kind == kind
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("target", "kind", "words"),
    [
        ("http://10.1/", "bad-url", "10.1: a number that is no address"),
        ("http://0xa000001/", "blocked", "the address 10.0.0.1 is private"),
        ("http://127.0.0.1:25/", "blocked", "port 25 is not among those of fetch.ports"),
        ("ftp://example.org/", "bad-url", "only http and https can be asked, not ftp"),
        ("http://user:secret@example.org/", "bad-url", "the URL holds a user name or password"),
        ("http://nowhere.invalid/", "dns", "nowhere.invalid: the name does not resolve"),
    ],
)
async def test_what_fails_behind_a_redirect_is_told_with_who_led_there(
    site: Site, fetcher: HttpFetcher, target: str, kind: FetchFailure, words: str
) -> None:
    site.answers["/"] = redirect(target)
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(Request(url=site.url("/"), purpose="feed"))
    assert caught.value.kind == kind
    assert words in str(caught.value)
    assert str(caught.value).endswith(f"; 127.0.0.1:{site.port} redirects there")
    assert "secret" not in str(caught.value)


async def test_behind_a_redirect_too_it_is_told_how_long_to_wait(site: Site, fetcher: HttpFetcher) -> None:
    site.answers["/"] = redirect("http://nowhere.invalid/")
    waits = []
    for _ in range(2):
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(Request(url=site.url("/"), purpose="page"))
        waits.append(caught.value.retry_after_s)
    assert waits == [None, 60]


async def test_plain_http_on_a_secure_port_is_a_failure_of_tls(site: Site, fetcher: HttpFetcher) -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(reply())
        writer.close()

    async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(FetchError, match="no secure connection") as caught:
            await fetcher.fetch(Request(url=f"https://127.0.0.1:{port}/", purpose="feed"))
    assert caught.value.kind == "tls"


def test_a_certificate_that_is_not_valid_is_a_failure_of_tls() -> None:
    error = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")
    error.verify_message = "self-signed certificate"
    told = failure(error, parse_url("https://example.org/"), 20, 40)
    assert (told.kind, str(told)) == ("tls", "example.org: its certificate is not valid: self-signed certificate")


@pytest.mark.parametrize("host", ["localhost", "0x7f.1", "0x7f000001", "[::ffff:7f00:1]"])
async def test_a_name_for_a_private_address_is_blocked(site: Site, make_fetcher: Make, host: str) -> None:
    site.answers["/"] = reply()
    with pytest.raises(FetchError, match="loopback") as caught:
        await make_fetcher(guard=Guard(())).fetch(Request(url=site.url("/", host=host), purpose="feed"))
    assert (caught.value.kind, site.asked) == ("blocked", [])


async def test_an_error_page_is_cut_rather_than_refused(site: Site, make_fetcher: Make) -> None:
    site.answers["/"] = reply(b"x" * 1000, 404)
    response = await make_fetcher(max_bytes=100).fetch(Request(url=site.url("/"), purpose="feed"))
    assert (response.status, response.body) == (404, b"x" * 100)


async def test_a_failed_question_leaves_room_for_the_next(site: Site, make_fetcher: Make) -> None:
    site.answers |= {"/bad": b"garbage\r\n\r\n", "/good": reply(b"fine")}
    fetcher = make_fetcher(concurrency=1, per_host=1)
    with pytest.raises(FetchError):
        await fetcher.fetch(Request(url=site.url("/bad"), purpose="feed"))
    assert (await fetcher.fetch(Request(url=site.url("/good"), purpose="feed"))).body == b"fine"
