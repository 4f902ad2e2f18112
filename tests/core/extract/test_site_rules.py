"""What somebody wrote about a site goes before what is found out about a page."""

import pytest
from html_pages import BODY, NOW, PARAGRAPHS, TEXT, page
from lxml.html import fromstring

from ingest.core.extract.selectors import compiled, select
from ingest.core.extract.sites import rules_for
from ingest.core.extract.text import extract_text
from ingest.model import SiteRules

TREE = (
    '<main><div class="a b" id="x"><p data-role="body">1</p><section><p>2</p></section></div><p class="a">3</p></main>'
)
HIDDEN = f'<div class="teaser" id="story">{BODY}</div>'
OTHER = "<p>Another text of the same page, which is longer than it is good for a reader to have to read.</p>" * 9


def text_of(body: str, rules: SiteRules) -> str:
    return extract_text(page(body=body), "", (), rules, NOW)[0]


@pytest.mark.parametrize("keep", ["#story", "div.teaser", "#story > p", "#nowhere, .teaser"])
def test_what_is_kept_is_the_article(keep: str) -> None:
    assert text_of(f"{OTHER}{HIDDEN}", SiteRules(keep=(keep,))) == TEXT


def test_elements_that_are_kept_come_in_the_order_of_the_rules() -> None:
    body = f"<div class='late'><p>{PARAGRAPHS[1]}</p></div><div class='first'><p>{PARAGRAPHS[0]}</p></div>"
    assert text_of(body, SiteRules(keep=(".first", ".late"))).split("\n\n") == PARAGRAPHS[:2]


def test_a_page_without_what_is_kept_is_read_as_any_other() -> None:
    assert text_of(f"<div>Harbour</div><div>{BODY}</div>", SiteRules(keep=("#nowhere",))) == TEXT


def test_an_element_within_another_that_is_kept_comes_once_and_in_its_place() -> None:
    body = f"<div class='story'>{BODY}<p class='end'>It thawed.</p></div> What follows."
    assert text_of(body, SiteRules(keep=(".end", ".story"))) == f"{TEXT}\n\nIt thawed."


def test_what_is_dropped_is_no_text() -> None:
    assert text_of(f"{BODY}<p class='odd'>Written by nobody.</p>", SiteRules(drop=("p.odd",))) == TEXT


@pytest.mark.parametrize("rules", [SiteRules(drop=(".plea",)), SiteRules(keep=("#lead",))])
def test_rules_hold_where_little_is_found_as_well(rules: SiteRules) -> None:
    plea = f"<p class='plea'>{PARAGRAPHS[1]}</p>"
    assert text_of(f"<p id='lead'>{PARAGRAPHS[0]}</p>{plea}", rules) == PARAGRAPHS[0]


@pytest.mark.parametrize(
    ("rules", "method"),
    [
        (SiteRules(), "main-part"),
        (SiteRules(keep=("article",)), "main-part and sites.yaml"),
        (SiteRules(drop=(".odd",)), "main-part and sites.yaml"),
        (SiteRules(keep=("#nowhere",)), "main-part; keep in sites.yaml finds nothing"),
        (SiteRules(drop=("#nowhere",)), "main-part"),
    ],
)
def test_the_method_tells_what_became_of_the_rules(rules: SiteRules, method: str) -> None:
    assert extract_text(page(body=f"{BODY}<p class='odd'>Odd.</p>"), "", (), rules, NOW)[1] == method


@pytest.mark.parametrize(
    ("selector", "texts"),
    [
        (".a > p", ["1"]),
        ("#x p", ["1", "2"]),
        ("main > .a", ["", "3"]),
        ("section, p.a", ["", "3"]),
        ("section p,p.a", ["2", "3"]),
        ("[data-role]", ["1"]),
        ("p[data-role=body]", ["1"]),
        ("[data-role^='bo']", ["1"]),
        ('[data-role$="dy"]', ["1"]),
        ("[data-role*=od]", ["1"]),
        ("[class~=b]", [""]),
        ("div.a.b#x *", ["1", "", "2"]),
        ("main", [""]),
        ("div.ab", []),
    ],
)
def test_a_selector_names_elements(selector: str, texts: list[str]) -> None:
    assert [element.text or "" for element in select(fromstring(TREE), selector)] == texts


@pytest.mark.parametrize(
    "selector", ["", ">p", "p >", "p,", ",p", "p:not(.x)", "a[b", "p..a", "p + p", "..", "p{}", "*.", "[a='b\"]", "p\\"]
)
def test_what_is_no_selector_or_more_than_is_known_is_refused(selector: str) -> None:
    with pytest.raises(ValueError, match=r"selector|ends where|no element"):
        compiled(selector)


@pytest.mark.parametrize(
    ("url", "drop"),
    [
        ("https://blog.example.co.uk/ice", ".blog"),
        ("https://www.example.co.uk/ice", ".all"),
        ("https://deep.blog.example.co.uk/ice", ".all"),
        ("https://elsewhere.example/ice", None),
    ],
)
def test_the_rules_of_the_host_go_before_those_of_its_domain(url: str, drop: str | None) -> None:
    sites = {"blog.example.co.uk": SiteRules(drop=(".blog",)), "example.co.uk": SiteRules(drop=(".all",))}
    assert rules_for(url, sites).drop == ((drop,) if drop else ())
