"""Hosts are asked at a pace that suits them: over real HTTP, on a clock that only the tests put forward."""

import asyncio
import datetime as dt
import itertools
import socket
from collections.abc import Callable

import pytest
from fakes import START, FakeClock
from loopback import Answer, Asked, Site, redirect, reply, silence
from yarl import URL

from ingest.edge.fetch import politeness
from ingest.edge.fetch.client import HttpFetcher
from ingest.edge.fetch.politeness import Politeness, Visit, domain_of
from ingest.errors import FetchError
from ingest.model import Request, Response

Make = Callable[..., HttpFetcher]


@pytest.fixture(autouse=True)
def names_lead_to_the_site(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(host: str, port: object, **_: object) -> list[tuple[object, ...]]:
        if host == "nowhere.example":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


async def ask(fetcher: HttpFetcher, url: str, purpose: str = "page") -> Response | FetchError:
    try:
        return await fetcher.fetch(Request(url=url, purpose=purpose))
    except FetchError as error:
        return error


def refusal(status: int = 429, retry_after: str = "") -> bytes:
    return reply(status=status, headers=(("Retry-After", retry_after),) if retry_after else ())


def noted(clock: FakeClock, times: list[float], took_s: float = 0.0, answer: bytes = reply()) -> Answer:
    """An answer that takes its time and notes when it was asked for."""

    async def answers(_: Asked, writer: asyncio.StreamWriter) -> None:
        times.append((clock.now() - START).total_seconds())
        clock.advance(took_s)
        writer.write(answer)

    return answers


async def test_a_slow_host_is_asked_at_its_own_pace(site: Site, make_fetcher: Make, clock: FakeClock) -> None:
    times: list[float] = []
    site.answers["/"] = noted(clock, times, took_s=1.0)
    fetcher = make_fetcher(per_host=1)
    for _ in range(3):
        await ask(fetcher, site.url("/"))
    site.answers["/"] = noted(clock, times)
    await asyncio.gather(*(ask(fetcher, site.url("/")) for _ in range(3)))
    assert times == pytest.approx([0.0, 1.0, 2.0, 3.0, 3.75, 4.31], abs=0.01)


async def test_a_fast_host_is_not_waited_for(site: Site, make_fetcher: Make, clock: FakeClock) -> None:
    times: list[float] = []
    site.answers["/"] = noted(clock, times, took_s=0.001)
    fetcher = make_fetcher()
    for _ in range(5):
        await ask(fetcher, site.url("/"))
    assert times == pytest.approx([0.0, 0.001, 0.002, 0.003, 0.004])


@pytest.mark.parametrize("status", [429, 503])
async def test_a_refusal_slows_the_host_until_it_answers_well(
    site: Site, make_fetcher: Make, clock: FakeClock, status: int
) -> None:
    times: list[float] = []
    site.answers["/"] = noted(clock, times, answer=refusal(status))
    fetcher = make_fetcher()
    for _ in range(4):
        await ask(fetcher, site.url("/"))
    site.answers["/"] = noted(clock, times)
    for _ in range(2):
        await ask(fetcher, site.url("/"))
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert gaps == pytest.approx([1.0, 2.0, 4.0, 8.0, 7.2], abs=0.01)


async def test_a_short_retry_after_is_waited_for(site: Site, make_fetcher: Make, clock: FakeClock) -> None:
    times: list[float] = []
    site.answers |= {"/": refusal(503, "9"), "/other": noted(clock, times)}
    fetcher = make_fetcher()
    for path in ("/", "/other"):
        await ask(fetcher, site.url(path))
    assert times == [9.0]


@pytest.mark.parametrize("written", ["600", "Fri, 19 Jan 2024 08:10:00 GMT"])
@pytest.mark.parametrize("purpose", ["page", "feed"])
async def test_a_longer_retry_after_is_a_failure_of_all_that_comes_before_its_end(
    site: Site, make_fetcher: Make, clock: FakeClock, written: str, purpose: str
) -> None:
    site.answers |= {"/": refusal(429, written), "/other": reply(b"well")}
    fetcher = make_fetcher()
    refused = await ask(fetcher, site.url("/"), purpose)
    assert isinstance(refused, Response)
    assert refused.status == 429
    resting = await ask(fetcher, site.url("/other"), purpose)
    assert isinstance(resting, FetchError)
    assert (resting.kind, resting.transient, resting.retry_after_s) == ("resting", True, 600)
    assert str(resting) == f"127.0.0.1:{site.port}: asked for a pause; it is asked again at 2024-01-19 08:10:00 UTC"
    clock.advance(600)
    assert isinstance(await ask(fetcher, site.url("/other"), purpose), Response)
    assert site.paths() == ["/", "/other"]


async def asked_each_minute(site: Site, fetcher: HttpFetcher, clock: FakeClock, hours: int, *urls: str) -> list[str]:
    """Paths that the server saw of what asks for these URLs each minute, in this order."""
    for _ in range(hours * 60):
        for url in urls:
            await ask(fetcher, url, "feed")
        clock.advance(60)
    return site.paths()


@pytest.mark.parametrize("status", [429, 503])
async def test_an_endpoint_that_is_always_refused_silences_its_host_once(
    site: Site, make_fetcher: Make, clock: FakeClock, status: int
) -> None:
    site.answers |= {"/bad": refusal(status, "3600"), "/good": reply(b"well")}
    urls = [site.url(path) for path in ("/bad", "/good")]
    paths = await asked_each_minute(site, make_fetcher(), clock, 5, *urls)
    assert paths[:2] == ["/bad", "/good"]
    assert paths.count("/good") == 4 * 60
    assert 2 <= paths.count("/bad") <= 5


async def test_endpoints_that_are_always_refused_silence_their_host_once_each(
    site: Site, make_fetcher: Make, clock: FakeClock
) -> None:
    bad = [f"/bad{number}" for number in range(3)]
    site.answers |= {**dict.fromkeys(bad, refusal(503, "3600")), "/good": reply(b"well")}
    urls = [site.url(path) for path in (*bad, "/good")]
    paths = await asked_each_minute(site, make_fetcher(per_host=1), clock, 6, *urls)
    assert paths.count("/good") >= 3 * 60 - 3


@pytest.mark.parametrize("other", [reply(b"", 502), redirect("/bad")])
async def test_a_host_of_which_nothing_works_rests_as_long_as_it_says(
    site: Site, make_fetcher: Make, clock: FakeClock, other: bytes
) -> None:
    site.answers |= {"/bad": refusal(503, "3600"), "/other": other}
    paths = await asked_each_minute(site, make_fetcher(), clock, 5, site.url("/bad"), site.url("/other"))
    assert paths.count("/other") <= 6


async def test_the_endpoint_that_is_refused_does_not_slow_its_host_for_ever(
    site: Site, make_fetcher: Make, clock: FakeClock
) -> None:
    times: list[float] = []
    site.answers |= {"/bad": refusal(503), "/good": noted(clock, times)}
    fetcher = make_fetcher()
    for _ in range(60):
        for path in ("/bad", "/good"):
            await ask(fetcher, site.url(path))
    assert times[-1] - times[-2] < 0.1


async def test_a_host_that_refuses_whatever_it_is_asked_rests_as_long_as_it_says(
    site: Site, make_fetcher: Make, clock: FakeClock
) -> None:
    site.answers |= {f"/{number}": refusal(503, "600") for number in range(4)}
    urls = [site.url(path) for path in site.answers]
    assert len(await asked_each_minute(site, make_fetcher(), clock, 5, *urls)) <= 5 * 6


async def test_endpoints_of_two_hosts_that_are_always_refused_do_not_silence_their_domain(
    site: Site, make_fetcher: Make, clock: FakeClock
) -> None:
    site.answers |= {"/bad": refusal(503, "3600"), "/good": reply(b"well")}
    urls = [site.url("/bad", host=f"{name}.one.example") for name in "ab"]
    paths = await asked_each_minute(site, make_fetcher(), clock, 5, *urls, site.url("/good", host="c.one.example"))
    assert paths.count("/good") == 4 * 60


@pytest.mark.parametrize("status", [429, 503])
async def test_what_pages_are_refused_holds_up_no_feed_of_their_host(
    site: Site, make_fetcher: Make, clock: FakeClock, status: int
) -> None:
    pages = [f"/page{number}" for number in range(30)]
    site.answers |= {**dict.fromkeys(pages, refusal(status, "3600")), "/feed": reply(b"well")}
    fetcher = make_fetcher()
    for _ in range(5 * 12):
        assert isinstance(await ask(fetcher, site.url("/feed"), "feed"), Response)
        for path in pages:
            await ask(fetcher, site.url(path))
        clock.advance(300)
    assert site.paths().count("/feed") == 5 * 12
    assert sum(site.paths().count(path) for path in pages) <= 5


async def test_what_a_feed_is_refused_holds_for_the_pages_of_its_host(site: Site, make_fetcher: Make) -> None:
    site.answers |= {"/feed": refusal(429, "600"), "/page": reply(b"well")}
    fetcher = make_fetcher()
    await ask(fetcher, site.url("/feed"), "feed")
    resting = await ask(fetcher, site.url("/page"))
    assert isinstance(resting, FetchError)
    assert resting.kind == "resting"


async def test_pages_that_are_all_refused_are_asked_slowly_though_the_feed_answers_well(
    site: Site, make_fetcher: Make, clock: FakeClock
) -> None:
    times: list[float] = []
    pages = [f"/page{number}" for number in range(20)]
    site.answers |= {**dict.fromkeys(pages, noted(clock, times, answer=refusal(429))), "/feed": reply(b"well")}
    fetcher = make_fetcher()
    for path in pages * 2:
        await ask(fetcher, site.url("/feed"), "feed")
        await ask(fetcher, site.url(path))
    assert times[-1] - times[-2] == pytest.approx(10.0, abs=0.01)


async def test_those_in_line_hear_of_the_pause_too(site: Site, make_fetcher: Make) -> None:
    site.answers["/"] = refusal(429, "600")
    fetcher = make_fetcher(per_host=1)
    outcomes = await asyncio.gather(*(ask(fetcher, site.url("/")) for _ in range(20)))
    assert [isinstance(outcome, Response) for outcome in outcomes] == [True] + [False] * 19
    assert len(site.asked) == 1


async def test_another_host_is_not_concerned(site: Site, make_fetcher: Make) -> None:
    site.answers |= {"/": refusal(429, "600"), "/other": reply(b"well")}
    fetcher = make_fetcher()
    await ask(fetcher, site.url("/", host="a.one.example"))
    assert isinstance(await ask(fetcher, site.url("/other", host="b.one.example")), Response)


async def test_what_two_hosts_of_a_domain_ask_for_holds_for_all_of_it(site: Site, make_fetcher: Make) -> None:
    site.answers |= {"/": refusal(429, "600"), "/other": reply(b"well")}
    fetcher = make_fetcher()
    for host in ("a.one.example", "b.one.example"):
        await ask(fetcher, site.url("/", host=host))
    third = await ask(fetcher, site.url("/other", host="c.one.example"))
    assert isinstance(third, FetchError)
    assert third.kind == "resting"
    assert isinstance(await ask(fetcher, site.url("/other", host="c.two.example")), Response)


async def test_hosts_of_one_domain_share_its_turns(site: Site, make_fetcher: Make) -> None:
    most, present = 0, 0

    async def answers(_: Asked, writer: asyncio.StreamWriter) -> None:
        nonlocal most, present
        present += 1
        most = max(most, present)
        await asyncio.sleep(0.01)
        present -= 1
        writer.write(reply())

    site.answers["/"] = answers
    fetcher = make_fetcher(per_host=2)
    urls = [site.url("/", host=f"{name}.one.example") for name in "abcdef"]
    await asyncio.gather(*(ask(fetcher, url, "feed") for url in urls))
    assert most == 2


async def test_a_feed_goes_before_the_pages_of_its_host(site: Site, make_fetcher: Make) -> None:
    asked, released = asyncio.Event(), asyncio.Event()

    async def slow(_: Asked, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await released.wait()
        writer.write(reply())

    site.answers |= {"/page": slow, "/feed": reply()}
    fetcher = make_fetcher(per_host=3)
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        for _ in range(64):
            group.create_task(ask(fetcher, site.url("/page")))
        await asked.wait()
        assert isinstance(await ask(fetcher, site.url("/feed"), "feed"), Response)
        assert site.paths()[-1] == "/feed" or len(site.paths()) == 3
        released.set()


@pytest.mark.parametrize(("url", "kind"), [("http://nowhere.example/", "dns"), ("http://one.example:1024/", "refused")])
async def test_a_server_out_of_reach_is_asked_for_no_page_for_a_minute(
    site: Site, make_fetcher: Make, clock: FakeClock, url: str, kind: str
) -> None:
    fetcher = make_fetcher()
    first, second = [await ask(fetcher, url) for _ in range(2)]
    assert isinstance(first, FetchError)
    assert isinstance(second, FetchError)
    assert (first.kind, first.retry_after_s) == (kind, None)
    assert (second.kind, second.transient, second.retry_after_s) == (kind, True, 60)
    assert str(second) == f"{first}; a moment ago, so that it is asked for no page for 60 s"
    clock.advance(60)
    third = await ask(fetcher, url)
    assert isinstance(third, FetchError)
    assert third.retry_after_s is None


async def test_hundreds_of_pages_of_a_silent_server_cost_two_waits(site: Site, make_fetcher: Make) -> None:
    site.answers["/"] = silence
    fetcher = make_fetcher(per_host=1, timeout=dt.timedelta(seconds=0.1))
    outcomes = await asyncio.gather(*(ask(fetcher, site.url("/")) for _ in range(200)))
    errors = [outcome for outcome in outcomes if isinstance(outcome, FetchError)]
    assert {error.kind for error in errors} == {"timeout"}
    assert [error.retry_after_s for error in errors] == [None] * 2 + [60.0] * 198


async def test_one_silent_page_says_nothing_of_its_server(site: Site, make_fetcher: Make) -> None:
    site.answers |= {"/silent": silence, "/": reply()}
    fetcher = make_fetcher(timeout=dt.timedelta(seconds=0.1))
    for _ in range(2):
        assert isinstance(await ask(fetcher, site.url("/silent")), FetchError)
        assert isinstance(await ask(fetcher, site.url("/")), Response)


async def test_a_feed_is_asked_of_a_server_out_of_reach(site: Site, make_fetcher: Make) -> None:
    site.answers["/"] = silence
    fetcher = make_fetcher(timeout=dt.timedelta(seconds=0.1))
    outcomes = [await ask(fetcher, site.url("/"), "feed") for _ in range(3)]
    assert [outcome.retry_after_s for outcome in outcomes if isinstance(outcome, FetchError)] == [None] * 3


async def test_what_is_remembered_is_bounded(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(politeness, "MAX_KEPT", 2)
    known = Politeness(1, clock)
    visits = [Visit(URL(f"https://{name}.example/")) for name in ("a", "b", "a", "c")]
    for visit in visits:
        known.heard(visit, 429, "600", 0.0)
    with pytest.raises(FetchError, match="asked for a pause"):
        await known.turn(visits[0]).__aenter__()
    async with known.turn(visits[1]):
        pass


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.example.co.uk", "example.co.uk"),
        ("EXAMPLE.org", "example.org"),
        ("one.github.io", "one.github.io"),
        ("192.0.2.1", "192.0.2.1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("localhost", "localhost"),
    ],
)
def test_a_host_belongs_to_its_registrable_domain(host: str, domain: str) -> None:
    assert domain_of(host) == domain
