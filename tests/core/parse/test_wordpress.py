"""What WordPress tells of its posts, and where it says that it does."""

import json

import pytest
from answers import NOW, answer
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.parse.wordpress import MOST, api_root, lists_all, pages_in_all, posts, says_no_more
from ingest.errors import ParseError
from ingest.model import Entry, Response

BODY = "".join(f"<p>Paragraph {number} tells of the ferry at some length.</p>\n" for number in range(5))
POST = {
    "date": "2024-01-19T23:30:00",
    "date_gmt": "2024-01-20T04:30:00",
    "modified": "2024-01-21T10:00:00",
    "modified_gmt": "2024-01-21T15:00:00",
    "guid": {"rendered": "https://example.org/?post_type=post&#038;p=7"},
    "link": "https://example.org/ferry/",
    "title": {"rendered": "Ferries &#8211; <em>late</em>"},
    "excerpt": {"rendered": "<p>The ferry is late [&hellip;]</p>\n", "protected": False},
    "content": {"rendered": BODY, "protected": False},
    "_embedded": {
        "author": [{"name": "Ada Brine"}],
        "wp:term": [
            [{"taxonomy": "category", "name": "Port &amp; sea"}],
            [{"taxonomy": "post_tag", "name": "Ferries"}],
            [{"taxonomy": "series", "name": "x1"}],
        ],
    },
}


def only(**more: object) -> Entry:
    (entry,) = posts(answer(json.dumps([POST | more])), "Amble")
    return entry


def test_a_post_becomes_an_entry() -> None:
    assert json.loads(only().model_dump_json(exclude_defaults=True)) == {
        "guid": "https://example.org/?post_type=post&p=7",
        "url": "https://example.org/ferry/",
        "site": "Amble",
        "title": "Ferries – late",
        "summary": "The ferry is late […]",
        "content": BODY,
        "authors": ["Ada Brine"],
        "categories": ["Port & sea", "Ferries"],
        "published": {"at": "2024-01-20T04:30:00Z", "day": "2024-01-19"},
        "updated": {"at": "2024-01-21T15:00:00Z", "day": "2024-01-21"},
    }


@pytest.mark.parametrize(
    "content",
    [
        {"rendered": "", "protected": True},
        {"rendered": "<p>The ferry is late [&hellip;]</p>"},
        {"rendered": "<p>The ferry is late, as was the one before, and the one before that. [&hellip;]</p>"},
        {"rendered": ["x"]},
        None,
    ],
)
def test_content_that_is_empty_or_shortened_is_left_to_the_page(content: object) -> None:
    assert only(content=content).content == ""


@pytest.mark.parametrize(
    ("dates", "at"),
    [
        ({"date_gmt": None}, "2024-01-19T23:30:00+00:00"),
        ({"date_gmt": "2011-01-01T00:00:00"}, "2011-01-01T00:00:00+00:00"),
        ({"date_gmt": "2124-01-20T04:30:00", "date": "x"}, None),
        ({"date_gmt": 5, "date": ["x"]}, None),
    ],
)
def test_a_date_is_that_of_greenwich_if_it_is_one(dates: dict[str, object], at: str | None) -> None:
    published = only(**dates).published
    assert (published.at.isoformat() if published else None) == at


def test_an_empty_list_is_one_and_what_has_no_address_is_no_post() -> None:
    assert posts(answer("[]")) == ()
    assert len(posts(answer(json.dumps([POST, {"id": 5}, "x", POST | {"link": "javascript:x"}])))) == 1


def test_a_server_that_gives_thousands_at_once_is_cut_short() -> None:
    assert len(posts(answer(json.dumps([{"link": f"/{number}"} for number in range(MOST + 9)])))) == MOST


@pytest.mark.parametrize("body", ["", "<html>", "{}", '{"code": "rest_no_route"}', "[1]", "[{}]", "null", "[" * 99_999])
def test_anything_else_is_refused(body: str) -> None:
    with pytest.raises(ParseError):
        posts(answer(body))


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inside: st.lists(inside) | st.dictionaries(st.sampled_from([*POST, "rendered"]), inside),
        max_leaves=20,
    )
)
def test_no_value_of_any_type_upsets_the_reading(value: object) -> None:
    item = POST | dict.fromkeys(("_embedded", "title", "content", "date", "excerpt"), value)
    assert len(posts(answer(json.dumps([item])))) == 1


# Where it lies


def linked(link: str = "", body: str = "") -> Response:
    url = "https://example.org/feed/"
    return Response(url, url, 200, NOW, {"link": link}, body.encode())


@pytest.mark.parametrize(
    ("response", "root"),
    [
        (linked('<https://example.org/wp-json/>; rel="https://api.w.org/"'), "https://example.org/wp-json/"),
        (linked('</style.css>; rel=preload, </blog/wp-json/>; rel="https://api.w.org/"'), "https://example.org/blog/wp-json/"),
        (linked("<https://example.org/?rest_route=/>; rel=https://api.w.org/"), "https://example.org/?rest_route=/"),
        (linked(body='<head><link rel="https://api.w.org/" href="/wp-json/" /></head>'), "https://example.org/wp-json/"),
        (linked(body="<LINK href='/index.php?rest_route=/&amp;x=1' rel='https://api.w.org/'>"), "https://example.org/index.php?rest_route=/&x=1"),
        (linked('<https://example.org/hub>; rel="hub"', '<link rel="alternate" href="/wp-json/">'), ""),
        (linked('<ftp://example.org/>; rel="https://api.w.org/"'), ""),
        (linked("<" * 9000, "<link" * 9000), ""),
    ],
)  # fmt: skip
def test_the_interface_is_where_a_link_says(response: Response, root: str) -> None:
    assert api_root(response) == root


@pytest.mark.parametrize(
    ("feed", "root", "everything"),
    [
        ("https://example.org/feed/", "https://example.org/wp-json/", True),
        ("https://example.org/feed/atom/", "https://example.org/wp-json/", True),
        ("https://example.org/wp-rss2.php", "https://example.org/wp-json/", True),
        ("https://example.org/?feed=rss2", "https://example.org/?rest_route=/", True),
        ("https://example.org/blog/feed", "https://example.org/blog/wp-json/", True),
        ("https://feeds.example.net/amble-blog", "https://example.org/wp-json/", True),
        ("https://example.org/blog/feed", "https://example.org/wp-json/", False),
        ("https://example.org/category/port/feed/", "https://example.org/wp-json/", False),
        ("https://example.org/comments/feed/", "https://example.org/wp-json/", False),
        ("https://example.org/?feed=comments-rss2", "https://example.org/wp-json/", False),
        ("https://example.org/feed/?cat=7", "https://example.org/wp-json/", False),
    ],
)
def test_only_the_feed_of_the_whole_site_is_what_the_interface_lists(feed: str, root: str, everything: bool) -> None:
    assert lists_all(feed, root) is everything


@pytest.mark.parametrize(("stated", "pages"), [("7", 7), ("0", 0), ("-1", None), ("9" * 5000, None), ("", None)])
def test_the_number_of_pages_is_read_if_it_is_one(stated: str, pages: int | None) -> None:
    response = Response("", "", 200, NOW, {"x-wp-totalpages": stated})
    assert pages_in_all(response) == pages


def test_the_end_of_the_pages_is_told_from_other_refusals() -> None:
    assert says_no_more(Response("", "", 400, NOW, {}, b'{"code":"rest_post_invalid_page_number"}'))
    assert not says_no_more(Response("", "", 400, NOW, {}, b'{"code":"rest_invalid_param"}'))
