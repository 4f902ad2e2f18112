"""What somebody types is read as a query, or refused with one error that says where."""

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.core.search.query import LONGEST_QUERY, parse
from ingest.errors import ConfigError
from ingest.model import Query, Sought


def day(number: int) -> dt.datetime:
    return dt.datetime(2024, 1, number, tzinfo=dt.UTC)


QUERIES = [
    ("rain harbour", Query(wanted=Sought(words=("rain", "harbour")))),
    ('"heavy rain" sea', Query(wanted=Sought(words=("heavy rain", "sea")))),
    ("“heavy rain”", Query(wanted=Sought(words=("heavy rain",)))),
    ('rain -snow -"light rain"', Query(wanted=Sought(words=("rain",)), unwanted=Sought(words=("snow", "light rain")))),
    ("tag:#Iran -TAG:sport", Query(wanted=Sought(tags=("Iran",)), unwanted=Sought(tags=("sport",)))),
    ('tag:"New York"', Query(wanted=Sought(tags=("New York",)))),
    ("lang:DE lang:pt-BR", Query(wanted=Sought(languages=("de", "pt")))),
    ("site:www.example.co.uk", Query(wanted=Sought(sites=("example.co.uk",)))),
    ("site:https://news.example.org/a site:127.0.0.1", Query(wanted=Sought(sites=("example.org", "127.0.0.1")))),
    ("since:2024-01-19 until:2024-01-21", Query(since=day(19), until=day(22))),
    ("after:2024-01-18 before:2024-01-22", Query(since=day(19), until=day(22))),
    ("since:2024-01-19 after:2024-01-20 before:2024-01-22 until:2024-01-24", Query(since=day(21), until=day(22))),
    ("since:2024-01-19T00:00Z", Query(since=day(19))),
    ("rain rain", Query(wanted=Sought(words=("rain",)))),
    ("rain & ... - storm", Query(wanted=Sought(words=("rain", "storm")))),
    ("cease-fire 12:30 foo:bar", Query(wanted=Sought(words=("cease-fire", "12:30", "foo:bar")))),
    ("rain　storm", Query(wanted=Sought(words=("rain", "storm")))),
    ('rain"heavy"snow', Query(wanted=Sought(words=("rain", "heavy", "snow")))),
    ("NOT rain* OR (snow", Query(wanted=Sought(words=("NOT", "rain*", "OR", "(snow")))),
]


@pytest.mark.parametrize(("text", "expected"), QUERIES)
def test_a_query_is_read(text: str, expected: Query) -> None:
    assert parse(text) == expected


MISTAKES = [
    ("", "names nothing to search for"),
    (" & -! ", "names nothing to search for"),
    ("-rain", "only excludes"),
    ("-tag:sport -snow", "only excludes"),
    ('rain "heavy', "open quotation mark at character 6"),
    ('-"', "open quotation mark at character 2"),
    ("rain tag:", "tag: without a value at character 6"),
    ('lang:""', "lang: without a value at character 1"),
    ("rain since:yesterday", "since: at character 6, and 'yesterday' is no date"),
    ("until:2024-02-30", "until: at character 1, and '2024-02-30' is no date"),
    ("rain -since:2024-01-01", "excludes a date at character 6"),
    ("site:/", "names the site '/' at character 1"),
    ("a" * (LONGEST_QUERY + 1), "has 1,001 characters"),
    ("a " * 33, "has 33 parts"),
]


@pytest.mark.parametrize(("text", "message"), MISTAKES)
def test_what_cannot_be_read_is_told_with_its_place(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as told:
        parse(text)
    assert message in str(told.value)


PIECES = [
    '"',
    "-",
    "tag:",
    "lang:",
    "site:",
    "since:",
    "before:",
    "rain",
    "雨",
    " ",
    "2024-01-19",
    "9999-12-31",
    ":",
    "[",
]


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
@example("until:0001-01-01T00:00+14:00")
@example("until:9999-12-31")
@example("site:[")
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        query = parse(text)
    except ConfigError:
        return
    assert query.wanted != Sought() or query.since or query.until
