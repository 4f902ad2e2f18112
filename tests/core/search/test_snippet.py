"""What is shown of a text is where the query stands in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.search.query import parse
from ingest.core.search.snippet import LENGTH, LOOKED_AT, marked, snippet

FILLER = "Nothing of note was said by anybody at all on that long day. " * 20


def shown(text: str, query: str) -> str:
    return marked(snippet(text, parse(query)), "«", "»")


SHOWN = [
    ("Rain over the harbour.", "rain", "«Rain» over the harbour."),
    ("Rain over\n\nthe harbour.", "HARBOUR rain", "«Rain» over the «harbour»."),
    ("Heavy rain, light rain.", '"light rain"', "Heavy rain, «light rain»."),
    ("In Zürich regnet es.", "zurich", "In «Zürich» regnet es."),
    ("Iran's cease-fire", "cease-fire", "Iran's «cease-fire»"),
    ("今天大雨，明天晴。", "大雨", "今天«大雨»，明天晴。"),
    ("今天大雨，明天晴。", "雨", "今天大«雨»，明天晴。"),
    ("中国国家", "中国 国国 国家", "«中国国家»"),
    ("ข่าวด่วนวันนี้", "ด่วน", "ข่าว«ด่วน»วันนี้"),
    ("<b>Rain</b>", "rain", "<b>«Rain»</b>"),
    ("Dry.", "rain", "Dry."),
    ("Rain, snow", "rain -snow", "«Rain», snow"),
    ("Rain", "tag:rain", "Rain"),
    ("", "rain", ""),
]


@pytest.mark.parametrize(("text", "query", "expected"), SHOWN)
def test_what_was_searched_for_is_marked(text: str, query: str, expected: str) -> None:
    assert shown(text, query) == expected


def test_the_snippet_is_where_most_of_the_query_stands_together() -> None:
    told = shown(f"Rain. {FILLER} Then snow and hail after rain fell. {FILLER}", "rain snow hail")
    assert "Then «snow» and «hail» after «rain» fell" in told
    assert told.startswith("…")
    assert told.endswith("…")


def test_a_long_text_without_the_query_begins_at_its_beginning() -> None:
    told = shown(FILLER, "rain")
    assert told.startswith("Nothing of note")
    assert len(told) <= LENGTH + 1


@given(st.text(alphabet="ab 大雨.\n", max_size=900), st.sampled_from(["a", "ab", "雨", "大雨", "a b", "大"]))
def test_marks_stand_in_the_snippet_in_order(text: str, query: str) -> None:
    found = snippet(text, parse(query))
    assert len(found.text) <= LENGTH + 2
    places = [place for mark in found.marks for place in mark]
    assert places == sorted(places)
    assert all(0 <= start < end <= len(found.text) for start, end in found.marks)


def test_where_a_text_holds_very_many_hits_the_first_of_them_decide() -> None:
    text = "ferry " * (LOOKED_AT + 500) + "ferry storm"
    assert snippet(text, parse("ferry storm")).text.startswith("ferry ferry")
