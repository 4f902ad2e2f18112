"""Forms: sent by POST, and led on only by redirects that keep them one."""

import pytest
from loopback import Site, redirect, reply

from ingest.edge.fetch.client import HttpFetcher
from ingest.model import Request

FORM = {"hub.mode": "subscribe", "hub.topic": "https://example.org/rss?a=1&b=2"}
SENT = b"hub.mode=subscribe&hub.topic=https%3A%2F%2Fexample.org%2Frss%3Fa%3D1%26b%3D2"


def asking(site: Site) -> Request:
    return Request(url=site.url("/hub"), purpose="hub", form=FORM)


async def test_a_form_is_sent_as_fields(site: Site, fetcher: HttpFetcher) -> None:
    site.answers["/hub"] = reply(status=202)
    assert (await fetcher.fetch(asking(site))).status == 202
    (asked,) = site.asked
    assert (asked.method, asked.body) == ("POST", SENT)
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize("status", [307, 308])
async def test_a_redirect_that_keeps_the_method_is_followed(site: Site, fetcher: HttpFetcher, status: int) -> None:
    site.answers = {"/hub": redirect("/new", status), "/new": reply(status=202)}
    assert (await fetcher.fetch(asking(site))).status == 202
    assert [(asked.path, asked.method, asked.body) for asked in site.asked] == [
        ("/hub", "POST", SENT),
        ("/new", "POST", SENT),
    ]


@pytest.mark.parametrize("status", [301, 302, 303])
async def test_a_redirect_that_would_make_it_a_get_is_the_answer(site: Site, fetcher: HttpFetcher, status: int) -> None:
    site.answers["/hub"] = redirect("/new", status)
    assert (await fetcher.fetch(asking(site))).status == status
    assert site.paths() == ["/hub"]
