"""Text and query are taken apart alike, in all scripts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.search import tokens as module
from ingest.core.search.tokens import INDEXED, LONGEST, ROOM, indexed, placed, term, tokens

TEXTS = [
    ("Rain over Harbour", ["rain", "over", "harbour"]),
    ("Iran's cease-fire, COVID-19!", ["iran", "s", "cease", "fire", "covid", "19"]),
    ("U.S. and e.g. J.K.", ["us", "and", "eg", "jk"]),
    ("example.org costs 3.5", ["example", "org", "costs", "3", "5"]),
    ("Zürich Straße Łódź", ["zurich", "strasse", "lodz"]),
    ("İstanbul ISPARTA ısparta", ["istanbul", "isparta", "isparta"]),
    ("Ёлка и мой май", ["елка", "и", "мой", "май"]),
    ("العَرَبِيَّة أحمد", ["العربية", "احمد"]),
    ("שָׁלוֹם", ["שלום"]),
    ("हिन्दी समाचार", ["हिन्दी", "समाचार"]),
    ("大雨", ["大雨", "雨"]),
    ("雨", ["雨"]),
    ("A股大跌", ["a", "股大", "大跌", "跌"]),
    ("ガードﾛｰﾄﾞ", ["ガー", "ード", "ド", "ロー", "ード", "ド"]),
    ("ข่าว", ["ข่", "่า", "าว", "ว"]),
    ("한국은 비", ["한국", "국은", "은", "비"]),
    ("ＺＵＲＩＣＨ ﬁre m²", ["zurich", "fire", "m2"]),
    ("soft\u00adhyphen zero\u200bwidth \u2066bidi\u2069", ["softhyphen", "zero", "width", "bidi"]),
    ("½ … ㏂ \x00 \ud800", ["1", "2", "am"]),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_a_text_has_the_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


def test_of_a_story_without_a_text_the_summary_is_indexed() -> None:
    assert indexed("Rain", "", "It pours").text == "it pours"
    assert indexed("Rain", "It stops", "It pours").text == "it stops"


def test_what_is_indexed_of_a_story_is_bounded() -> None:
    endless = indexed("\ufdfa " * 10_000, "\ufdfa" * 100_000 + " é" * 100_000 + " " + "ж" * 100_000, "")
    assert len(endless.title) <= 10_000
    assert len(endless.text) <= ROOM
    assert max(map(len, endless.text.split(" "))) <= LONGEST


@given(st.text())
def test_no_token_holds_what_a_database_would_take_for_syntax(text: str) -> None:
    found = tokens(text)
    assert all(char.isalnum() or ord(char) > 127 for token in found for char in token)
    "".join(found).encode()  # raises for what no database takes
    assert placed(text)[0] == found


@given(st.text())
def test_a_token_stands_where_it_is_said_to_stand(text: str) -> None:
    tokens, places = placed(text)
    assert len(tokens) == len(places)
    assert all(0 <= start < end <= len(text) for start, end in places)


@given(st.text(alphabet="大雨中国あかさノーัข่าว한국", min_size=1), st.text(alphabet="大雨中国", max_size=5))
def test_where_words_are_not_parted_a_term_is_found_wherever_it_stands(part: str, before: str) -> None:
    found, sought = tokens(f"{before}{part}{before}"), term(part)
    assert sought
    assert list(sought.found_in(found))


def test_a_term_is_not_found_where_its_letters_stand_apart() -> None:
    sought = term("中国")
    assert sought
    assert not list(sought.found_in(tokens("中等国家")))


def test_of_a_very_long_text_no_more_is_taken_apart_than_is_indexed(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []

    def counted(run: str) -> list[str]:
        taken.append(run)
        return [run]

    monkeypatch.setattr(module, "_tokens_of", counted)
    indexed("", "rain " * 100_000, "")
    assert len(taken) == INDEXED
