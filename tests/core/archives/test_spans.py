"""What the dates in addresses say."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.archives.spans import Span, day_of_article, span_of_article, span_of_list, span_of_time

H = "https://example.org"


def days(span: Span | None) -> tuple[str, str] | None:
    """The days of a span, without what zones add to it: the first, and the one behind the last."""
    if span is None or span.since is None or span.until is None:
        return None
    first, after = span.since + dt.timedelta(hours=14), span.until - dt.timedelta(hours=12)
    return f"{first:%Y-%m-%d}", f"{after:%Y-%m-%d}"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/2024/05/17/title", ("2024-05-17", "2024-05-18")),
        ("/2024/5/7/title", ("2024-05-07", "2024-05-08")),
        ("/world/2024/may/17/title", ("2024-05-17", "2024-05-18")),
        ("/2024-05-17/title", ("2024-05-17", "2024-05-18")),
        ("/blog/2024-05-17-title.html", ("2024-05-17", "2024-05-18")),
        ("/20240517/title", ("2024-05-17", "2024-05-18")),
        ("/2024/05/title", ("2024-05-01", "2024-06-01")),
        ("/2024/12/title", ("2024-12-01", "2025-01-01")),
        ("/2024/05/17-million-people", ("2024-05-01", "2024-06-01")),
        ("/202405/title", ("2024-05-01", "2024-06-01")),
        ("/2024/mai/title", ("2024-05-01", "2024-06-01")),
        ("/2024/title", None),
        ("/2024/13/40/title", None),
        ("/election-2024-05-17-live", None),
        ("/story/120240517", None),
        ("/1824/05/17/title", None),
        ("/", None),
    ],
)
def test_an_article_is_of_the_day_or_month_of_its_folders(path: str, told: tuple[str, str] | None) -> None:
    assert days(span_of_article(H + path)) == told


def test_a_day_is_told_only_where_the_address_has_one() -> None:
    told = day_of_article(f"{H}/2024/05/17/title")
    assert told is not None
    assert told.at == dt.datetime(2024, 5, 17, tzinfo=dt.UTC)
    assert day_of_article(f"{H}/2024/05/title") is None


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/sitemap-2024-05.xml", ("2024-05-01", "2024-06-01")),
        ("/sitemap_20240517.xml.gz", ("2024-05-17", "2024-05-18")),
        ("/sitemap-2024.xml", ("2024-01-01", "2025-01-01")),
        ("/2024/05/sitemap.xml", ("2024-05-01", "2024-06-01")),
        ("/sitemap.xml?yyyy=2024&mm=05&dd=17", ("2024-05-17", "2024-05-18")),
        ("/sitemap.xml?year=2024&month=5", ("2024-05-01", "2024-06-01")),
        ("/sitemap.xml?from=2024-01-01&to=2024-01-31", ("2024-01-01", "2024-02-01")),
        ("/post-sitemap12.xml", None),
        ("/sitemap.xml?page=3", None),
        ("/sitemap.xml?month=5", None),
        ("/sitemap-123456.xml", None),
    ],
)
def test_a_list_is_of_the_time_that_its_name_tells(path: str, told: tuple[str, str] | None) -> None:
    assert days(span_of_list(H + path)) == told


def test_a_time_at_midnight_may_be_any_of_its_day() -> None:
    span = span_of_time(dt.datetime(2024, 5, 17, tzinfo=dt.UTC))
    assert days(span) == ("2024-05-17", "2024-05-18")
    assert not span.misses(Span(dt.datetime(2024, 5, 17, 20, tzinfo=dt.UTC)))


def test_spans_that_only_touch_have_nothing_in_common() -> None:
    noon = dt.datetime(2024, 5, 17, 12, tzinfo=dt.UTC)
    assert Span(None, noon).is_before(Span(noon, None))
    assert Span(noon, None).misses(Span(None, noon))
    assert not Span().misses(Span(noon, None))


@given(st.text(alphabet="/-_.0123456789may?=&ymd", max_size=40))
def test_any_path_is_read_without_an_error(path: str) -> None:
    for span in (span_of_article(f"{H}/{path}"), span_of_list(f"{H}/{path}")):
        assert span is None or (span.since is not None and span.until is not None and span.since < span.until)
