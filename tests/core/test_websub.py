"""WebSub: which hub an answer names, what hubs are asked, and what their pings prove."""

import datetime as dt
import hmac

import pytest
from fakes import START

from ingest.core import websub
from ingest.model import Document, Response, Subscription

URL = "https://example.org/rss"
HUB = "https://hub.example.com/"


def named(link: str = "", **document: object) -> tuple[str, str]:
    headers = {"link": link} if link else {}
    response = Response(url=URL, final_url=URL, status=200, headers=headers, fetched_at=START)
    return websub.named(response, Document.model_validate({"format": "rss20"} | document))


def subscription(**more: object) -> Subscription:
    usual = {"id": 1, "feed_id": 1, "hub": HUB, "topic": URL, "public_url": "https://me.example.net/in"}
    secrets = {"token": "abc", "secret": "s3cret", "state": "asked", "due_at": START}
    return Subscription.model_validate(usual | secrets | more)


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("", ("", "")),
        (f'<{HUB}>; rel="hub"', (HUB, URL)),
        (f"<{HUB}>; rel=hub, <https://example.org/self>; rel=self", (HUB, "https://example.org/self")),
        (f'<{HUB}>; title="rel=no"; REL="Preload HUB"', (HUB, URL)),
        (f'</style.css>; rel=preload; as=style, <{HUB}>;rel="hub"', (HUB, URL)),
        ('</hub>; rel="hub"', ("https://example.org/hub", URL)),
        ('<mailto:hub@example.com>; rel="hub"', ("", "")),
        (f'<{HUB}>; rel="github"', ("", "")),
        (f"<{HUB}>", ("", "")),
        (f'{"<" * 5000}{HUB}>; rel="hub"', ("", "")),
        ("<https://example.org/self>; rel=self", ("", "")),
    ],
)
def test_the_hub_of_a_link_header(link: str, found: tuple[str, str]) -> None:
    assert named(link) == found


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("", ("https://doc.example/hub", "https://doc.example/self")),
        (f"<{HUB}>; rel=hub", (HUB, "https://doc.example/self")),
        (f"<{HUB}>; rel=hub, <{URL}>; rel=self", (HUB, URL)),
    ],
)
def test_headers_come_before_the_document(link: str, found: tuple[str, str]) -> None:
    hubs = ("https://doc.example/hub", "https://doc.example/other")
    assert named(link, hubs=hubs, self_url="https://doc.example/self") == found


def test_a_hub_is_asked_for_the_topic_with_a_secret_and_a_lease() -> None:
    assert websub.wish(subscription()) == {
        "hub.mode": "subscribe",
        "hub.topic": URL,
        "hub.callback": "https://me.example.net/in/websub/abc",
        "hub.secret": "s3cret",
        "hub.lease_seconds": "864000",
    }


def test_a_hub_is_told_the_end_without_the_secret() -> None:
    assert websub.wish(subscription(state="ended")) == {
        "hub.mode": "unsubscribe",
        "hub.topic": URL,
        "hub.callback": "https://me.example.net/in/websub/abc",
    }


@pytest.mark.parametrize(
    ("state", "mode", "topic", "ours"),
    [
        ("asked", "subscribe", URL, True),
        ("active", "subscribe", URL, True),
        ("active", "denied", URL, True),
        ("ended", "unsubscribe", URL, True),
        ("ended", "subscribe", URL, False),
        ("active", "unsubscribe", URL, False),
        ("asked", "subscribe", f"{URL}?other", False),
        ("asked", "", URL, False),
    ],
)
def test_only_what_was_asked_for_is_ours(state: str, mode: str, topic: str, ours: bool) -> None:
    assert websub.is_ours(subscription(state=state), mode, topic) is ours


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512", "SHA256"])
def test_each_method_of_the_recommendation_is_known(method: str) -> None:
    digest = hmac.new(b"s3cret", b"news", method.lower()).hexdigest()
    signed = websub.signature(f"{method}={digest.upper()}", "s3cret")
    assert signed
    computed, expected = signed
    computed.update(b"ne")
    computed.update(b"ws")
    assert computed.hexdigest() == expected


@pytest.mark.parametrize("header", ["", "sha256", "md5=abc", "=abc", "sha3_256=abc", "none=abc"])
def test_other_methods_prove_nothing(header: str) -> None:
    if header == "sha256":
        signed = websub.signature(header, "s3cret")
        assert signed
        assert signed[1] == ""
    else:
        assert websub.signature(header, "s3cret") is None


@pytest.mark.parametrize(("failures", "minutes"), [(0, 10), (1, 20), (3, 80), (7, 1280), (8, 1440), (10**6, 1440)])
def test_the_waits_for_a_hub_double_up_to_a_day(failures: int, minutes: int) -> None:
    assert websub.next_try(subscription(failures=failures), START) - START == dt.timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("stated", "days"),
    [("86400", 1), ("", 10), ("0", 10), ("-5", 10), ("soon", 10), ("9" * 12, 90), ("9" * 30, 10)],
)
def test_the_lease_is_what_the_hub_says_within_sane_limits(stated: str, days: int) -> None:
    assert websub.lease(stated) == dt.timedelta(days=days)


@pytest.mark.parametrize(("granted_s", "after_s"), [(86400, 64800), (60, 600)])
def test_a_lease_is_renewed_before_its_end_and_never_all_the_time(granted_s: int, after_s: int) -> None:
    assert websub.renewal(dt.timedelta(seconds=granted_s), START) == START + dt.timedelta(seconds=after_s)


def test_neither_token_nor_secret_is_shown() -> None:
    assert not {"abc", "s3cret"} & set(repr(subscription()).split("'"))
