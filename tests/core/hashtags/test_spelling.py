"""One spelling of a hashtag."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.hashtags.spelling import spell, tag_key

SPELLED = [
    ("Iran", "Iran"),
    ("united states", "UnitedStates"),
    ("iPhone 15", "iPhone15"),
    ("US politics", "USPolitics"),
    ("Women’s Rights", "WomensRights"),
    ("COVID-19", "COVID19"),
    ("U.S.", "US"),
    ("AT&T", "ATT"),
    ("snake_case", "snake_case"),
    ("straße", "straße"),
    ("ßtadt am meer", "ßtadtAmMeer"),
    ("istanbul haber", "IstanbulHaber"),
    ("مُحَمَّد اليوم", "مُحَمَّداليوم"),
    ("हिन्दी समाचार", "हिन्दीसमाचार"),
    ("東京 大阪", "東京大阪"),
    ("Ｔｏｋｙｏ", "Tokyo"),
    ("ｶﾞｽ", "ガス"),
    ("m²", "m2"),
    ("Ⅷ", "VIII"),
    ("ﬁnance", "finance"),
    ("ﻣﺼﺮ", "مصر"),
    ("น้ำท่วม", "น้ำท่วม"),
    ("ນ້ຳ", "ນ້ຳ"),
    ("Երևան", "Երևան"),
    ("ㅋㅋ", "ㅋㅋ"),
    ("cafe\u0301", "café"),
    ("paral·lel", "parallel"),
    ('צה"ל', "צהל"),
    ("תל־אביב", "תלאביב"),
    ("soft\u00adhyphen", "softhyphen"),
    ("Fire 🔥", "Fire"),
    ("x" * 80, "x" * 80),
]


@pytest.mark.parametrize(("phrase", "tag"), SPELLED)
def test_a_phrase_becomes_one_hashtag(phrase: str, tag: str) -> None:
    assert spell(phrase) == tag


@pytest.mark.parametrize("phrase", ["", " ", "2024", "1 000", "C++", "C#", "…", "__", "🔥", "x" * 81])
def test_some_phrases_are_no_hashtag(phrase: str) -> None:
    assert spell(phrase) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("UnitedStates", "#united states"),
        ("STRASSE", "Straße"),
        ("ISPARTA", "Isparta"),
        ("İSTANBUL", "istanbul"),
        ("IŞIK", "ışık"),
        ("ΟΔΟΣ", "οδος"),
        ("GROẞE", "große"),
        ("दिल्\u200dली", "दिल्ली"),
        ("قطر", "ﻗﻄﺮ"),
        ("㍿", "株式会社"),
        ("Ｔｏｋｙｏ", "tokyo"),
        ("น้ำ", "น้\u0e4d\u0e32"),
        ("Երևան", "երեւան"),
        ("ﻣﺼﺮ", "مصر"),
        ("ﬁnance", "Finance"),
        ("café", "cafe\u0301"),
    ],
)
def test_spellings_of_one_tag_have_one_key(one: str, other: str) -> None:
    assert tag_key(one) == tag_key(other)


def test_accents_tell_tags_apart() -> None:
    assert tag_key("pará") != tag_key("para")


@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    assert tag_key(tag_key(text)) == tag_key(text)


@given(st.text())
def test_a_spelled_tag_stays_as_it_is(text: str) -> None:
    tag = spell(text)
    assert tag is None or spell(tag) == tag
