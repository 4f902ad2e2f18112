"""The day of publication as a page shows it, and the publisher's own day of an instant."""

import pytest
from html_pages import BODY, NOW, day, ld, page, response, told

from ingest.core.extract import extract_page
from ingest.core.extract.dateline import dateline
from ingest.core.extract.heading import main_heading
from ingest.model import Entry

STANDFIRST = f"<p>{'A standfirst of one long sentence. ' * 5}</p>"


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("", "<p>19 January 2024</p>"),
        ("", "<p>Published: 19.01.2024</p>"),
        ("", "<b>Date:</b> <span>2024-01-19</span>"),
        ("", "<p>Amble • 19.01.2024 • 3 min</p>"),
        ("", f"{STANDFIRST}<p>19 January 2024</p>"),
        ("", "<p>01.19.2024</p>"),
        ("<p>19 January 2024</p>", ""),
        ("<div><span>Winter</span><span>19 January 2024</span></div>", "<p>Updated: 3 February 2024</p>"),
    ],
)
def test_the_day_is_read_beside_the_headline(above: str, below: str) -> None:
    shown = dateline(main_heading(page(body=f"{above}<h1>Ice</h1>{below}{BODY}")), NOW)
    assert shown is not None
    assert shown.day.isoformat() == "2024-01-19"


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Ice</h1><span>Last updated:</span> <span>19 January 2024</span>",
        f"<h1>Ice</h1>{STANDFIRST}{STANDFIRST}<p>19 January 2024</p>",
        "<h1>Ice</h1><script>19 January 2024</script>",
        "<p>19 January 2024</p>",
    ],
    ids=["a change", "within the text", "code", "no headline"],
)
def test_other_days_are_not_that_of_the_publication(body: str) -> None:
    assert dateline(main_heading(page(body=body)), NOW) is None


def test_what_day_it_is_in_the_head_of_the_site_is_no_dateline() -> None:
    html = f"<div><p>1 March 2026</p></div><main><article><h1>Ice</h1>{BODY}</article></main>"
    assert day(extract_page(response(body=html), Entry())) == ""


UTC = ld('{"@type": "NewsArticle", "datePublished": "2024-01-19T03:30:00Z"}')


@pytest.mark.parametrize(
    ("head", "shown", "published"),
    [
        (UTC, "", "2024-01-19"),
        (UTC + "<meta property='article:published_time' content='2024-01-18T22:30:00-05:00'>", "", "2024-01-18"),
        (UTC + "<meta property='article:published_time' content='2024-01-18T23:30:00-05:00'>", "", "2024-01-19"),
        (UTC, "<p>18 January 2024</p>", "2024-01-18"),
        (UTC, "<p>17 January 2024</p>", "2024-01-19"),
        (UTC.replace("Z", "+09:00"), "<p>18 January 2024</p>", "2024-01-19"),
        (UTC.replace("03:30", "00:00"), "<p>18 January 2024</p>", "2024-01-19"),
    ],
    ids=["alone", "same instant", "another instant", "shown", "another day", "its own zone", "a mere day"],
)
def test_an_instant_in_utc_has_the_publishers_own_day_where_the_page_tells_it(
    head: str, shown: str, published: str
) -> None:
    article = extract_page(response(head, f"<h1>Ice</h1>{shown}{BODY}"), Entry())
    assert day(article) == published


def test_the_feeds_zone_tells_the_day_of_the_same_instant() -> None:
    assert day(extract_page(response(UTC), told("2024-01-18T22:30:00-05:00"))) == "2024-01-18"


def test_a_day_that_is_declared_to_be_the_last_changes_is_no_guess_at_the_publication() -> None:
    head = "<meta property='article:modified_time' content='2024-01-19T08:00:00+00:00'>"
    assert day(extract_page(response(head, f"{BODY}<footer>2024-01-19</footer>"), Entry())) == ""


@pytest.mark.parametrize(
    "time",
    [
        "<time datetime='PT3M'>3 min</time><time>19 January 2024</time>",
        "<aside><time datetime='2020-01-01'></time></aside><time datetime='2024-01-19'></time>",
    ],
)
def test_the_first_time_element_that_is_a_date_of_the_article_counts(time: str) -> None:
    assert day(extract_page(response(body=f"{BODY}{time}"), Entry())) == "2024-01-19"
