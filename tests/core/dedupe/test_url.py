"""One key for all spellings of an address, and the publisher behind it."""

import re
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.core.dedupe.url import canonical, publisher, same_publisher, untracked

SPELLINGS = {
    "scheme": ("http://example.com/a", "https://example.com/a"),
    "case of the host": ("HTTPS://News.Example.COM/A", "https://news.example.com/A"),
    "last dot of the host": ("https://example.com./a", "https://example.com/a"),
    "international host": ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
    "default port of http": ("http://example.com:80/a", "https://example.com/a"),
    "default port of https": ("https://example.com:443/a", "https://example.com/a"),
    "other port stays": ("http://example.com:8080/a", "https://example.com:8080/a"),
    "user name": ("https://me:secret@example.com/a", "https://example.com/a"),
    "white space around": ("  https://example.com/a\n", "https://example.com/a"),
    "fragment": ("https://example.com/a#comments", "https://example.com/a"),
    "hashbang stays": ("https://example.com/#!/news/1", "https://example.com/#!/news/1"),
    "empty path": ("https://example.com", "https://example.com/"),
    "slash at the end": ("https://example.com/a/", "https://example.com/a"),
    "doubled slashes": ("https://example.com//news//a", "https://example.com/news/a"),
    "address in a path": ("https://example.com/at/http://example.org/a", "https://example.com/at/http://example.org/a"),
    "dot segments": ("https://example.com/x/../news/./a", "https://example.com/news/a"),
    "needless percent-encoding": ("https://example.com/%7Eme/%e4%b8%ad", "https://example.com/~me/%E4%B8%AD"),
    "letters of other scripts": ("https://example.com/中", "https://example.com/%E4%B8%AD"),
    "bytes that are no UTF-8": ("https://example.com/caf%e9", "https://example.com/caf%E9"),
    "order of parameters": ("https://example.com/?b=2&a=1", "https://example.com/?a=1&b=2"),
    "space in a parameter": ("https://example.com/?q=a%20b", "https://example.com/?q=a+b"),
    "parameter without a value": ("https://example.com/?123", "https://example.com/?123="),
    "empty query": ("https://example.com/a?", "https://example.com/a"),
    "empty parameters": ("https://example.com/a?&&id=1&", "https://example.com/a?id=1"),
    "session in the path": ("https://example.com/a;jsessionid=0F3B?id=1", "https://example.com/a?id=1"),
    "IPv6": ("http://[0:0::1]:8080/a", "https://[::1]:8080/a"),
}


@pytest.mark.parametrize(("url", "key"), SPELLINGS.values(), ids=SPELLINGS)
def test_spellings_of_an_address_have_one_key(url: str, key: str) -> None:
    assert canonical(url) == key


@pytest.mark.parametrize(
    "query",
    [
        "utm_source=rss&utm_medium=feed&UTM_Campaign=x",
        "fbclid=IwAR0",
        "gclid=1&dclid=2&gbraid=3",
        "msclkid=1",
        "mc_cid=1&mc_eid=2",
        "igshid=1",
        "at_medium=RSS&at_campaign=rss",
        "xtor=RSS-3208",
        "cmpid=rss1",
        "ns_mchannel=rss&ns_campaign=1490&ito=1490",
        "wt_mc=rss.news",
        "traffic_source=rss",
        "ref=rss",
        "ref=newsletter.example",
        "from=rss",
        "source=rss-b1f3d322dadf------2",
        "rss=1",
        "mod=rss_world",
        "amp;utm_source=rss",
        "PHPSESSID=abc",
    ],
)
def test_parameters_that_follow_the_reader_are_no_part_of_the_key(query: str) -> None:
    assert canonical(f"https://example.com/a?id=7&{query}") == "https://example.com/a?id=7"


@pytest.mark.parametrize(
    "query",
    [
        "id=123",
        "p=123",
        "article=123",
        "sid=05%2F11",
        "cid=9",
        "storyId=4",
        "page=2",
        "v=mOEYWw",
        "ref=main",
        "source=kitchen",
        "from=2024-01-19",
        "amp=1",
        "lang=en",
    ],
)
def test_parameters_that_may_name_an_article_stay(query: str) -> None:
    assert canonical(f"https://example.com/?{query}") == f"https://example.com/?{query}"


@pytest.mark.parametrize("url", ["https://m.example.com/a", "https://www.example.com/a", "https://example.com/a/amp"])
def test_variants_that_only_the_page_can_join_stay_apart(url: str) -> None:
    assert canonical(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "news",
        "mailto:me@example.com",
        "feed:7:guid",
        "https:///a",
        "https://[bad/a",
        "http://a.example:99999/",
        "//x/a",
    ],
)
def test_what_is_no_readable_address_comes_back_as_it_is(url: str) -> None:
    assert canonical(f" {url} ") == url


ODD = st.text(alphabet=string.printable + "äß中\u0301\ud800\u200f", max_size=40)
ADDRESSES = st.builds("{}://{}/{}?{}#{}".format, st.sampled_from(["http", "https"]), ODD, ODD, ODD, ODD)


@given(ODD | ADDRESSES | st.builds("http://a.example/{}".format, ODD))
@example("http://a.example:443/")
@example("http://a.example/%252e%252e/b")
@example("http://a.example/:;jsessionid=1//b")
def test_a_key_is_its_own_key(url: str) -> None:
    assert canonical(canonical(url)) == canonical(url)


UNTRACKED = {
    "all parameters": ("https://example.com/a?utm_source=rss&fbclid=x", "https://example.com/a"),
    "some parameters": ("https://example.com/a?b=2&utm_source=rss&a=1", "https://example.com/a?b=2&a=1"),
    "escaped too often": ("https://example.com/a?id=7&amp;utm_source=rss", "https://example.com/a?id=7"),
    "in code": ("https://example.com/a?utm%5Fsource=rss", "https://example.com/a"),
    "fragment": ("https://example.com/a#comments", "https://example.com/a"),
    "hashbang": ("https://example.com/?utm_source=rss#!/a", "https://example.com/#!/a"),
    "own spelling": ("HTTP://WWW.Example.com:80//A/%7e/?q=a%20b&p", "HTTP://WWW.Example.com:80//A/%7e/?q=a%20b&p"),
    "unreadable": ("https://example.com/?a=\ud800&utm_source=x", "https://example.com/?a=\ud800&utm_source=x"),
    "none": ("", ""),
}


@pytest.mark.parametrize(("url", "shown"), UNTRACKED.values(), ids=UNTRACKED)
def test_a_url_is_shown_as_it_is_without_what_follows_the_reader(url: str, shown: str) -> None:
    assert untracked(url) == shown


@given(st.builds("http://a.example/{}?{}#{}".format, ODD, ODD, ODD).map(lambda url: re.sub(r"[\s\ud800]", "", url)))
def test_what_is_shown_leads_to_the_same_page(url: str) -> None:
    assert canonical(untracked(url)) == canonical(url)
    assert untracked(untracked(url)) == untracked(url)


PUBLISHERS = [
    ("https://www.example.com/a", "example.com"),
    ("https://news.example.co.uk/a", "example.co.uk"),
    ("https://EXAMPLE.com.:443/", "example.com"),
    ("https://somebody.github.io/a", "somebody.github.io"),
    ("https://www.somebody.blogspot.com/a", "somebody.blogspot.com"),
    ("https://github.io/", "github.io"),
    ("https://www.bücher.example/", "xn--bcher-kva.example"),
    ("http://127.0.0.1:8000/a", "127.0.0.1"),
    ("http://[::1]:8000/a", "::1"),
    ("http://localhost:8000/a", "localhost"),
    ("feed:7:guid", ""),
    ("", ""),
    ("https://[bad/", ""),
]


@pytest.mark.parametrize(("url", "domain"), PUBLISHERS)
def test_the_publisher_is_the_registrable_domain(url: str, domain: str) -> None:
    assert publisher(url) == domain


def test_subdomains_are_one_publisher() -> None:
    assert same_publisher("https://m.example.com/a", "http://www.example.com/b")


def test_two_blogs_of_one_hoster_are_two_publishers() -> None:
    assert not same_publisher("https://a.github.io/", "https://b.github.io/")


def test_what_has_no_publisher_has_none_in_common() -> None:
    assert not same_publisher("", "")
