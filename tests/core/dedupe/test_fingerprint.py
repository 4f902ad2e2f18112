"""What identifies a text."""

import random

import pytest

from ingest.core.dedupe.fingerprint import KEPT_AT_LEAST, SCHEMA_VERSION, fingerprint, is_promising

SENTENCE = "The ferry to the northern islands will sail twice a day from Monday, said the harbour master of Eastport. "
LONG = SENTENCE * 3
SHORT = "Cloudy with some rain."


def text_hash(title: str, text: str) -> str | None:
    return fingerprint(title, text).text_hash


def test_the_stored_value_of_schema_2_is_for_ever() -> None:
    assert SCHEMA_VERSION == 2
    assert (text_hash("Ferries", LONG), text_hash("Weather", SHORT)) == (
        "a9c77eea4751ae8023081efc28fac44a4886dbbc964c4399496d532cb9f66317",
        "b99bc99a951c9c349d6a521eff5b808b3457bded47ab810fb9d6b8012af2c354",
    )


@pytest.mark.parametrize(
    "variant",
    [
        LONG.upper(),
        LONG.replace(" ", "\n\n"),
        LONG.replace(",", " –"),
        LONG.replace("f", "\uff46"),
        f"“{LONG}”",
    ],
    ids=["case", "white space", "punctuation", "compatible forms", "quotation marks"],
)
def test_the_look_of_a_text_is_no_part_of_it(variant: str) -> None:
    assert text_hash("Ferries", variant) == text_hash("Ferries", LONG)


def test_another_word_is_another_text() -> None:
    assert text_hash("Ferries", LONG.replace("twice", "once")) != text_hash("Ferries", LONG)


def test_a_long_text_counts_without_its_title() -> None:
    assert text_hash("Ferries", LONG) == text_hash("More ferries to the islands", LONG)


def test_a_long_text_of_ideographs_counts_without_its_title() -> None:
    text = "港口局长表示从星期一起渡轮每天开往北方岛屿两次" * 5
    assert text_hash("渡轮", text) == text_hash("岛屿", text)


def test_a_short_text_counts_with_its_title() -> None:
    assert text_hash("Weather on Monday", SHORT) != text_hash("Weather on Tuesday", SHORT)


@pytest.mark.parametrize(("title", "text"), [("Ferries", ""), ("Ferries", " … "), ("", SHORT), ("", "")])
def test_too_little_identifies_nothing(title: str, text: str) -> None:
    assert text_hash(title, text) is None


def test_broken_characters_are_hashed_too() -> None:
    assert text_hash("\ud800 a", "b") is not None


def article(count: int) -> list[str]:
    chance = random.Random(count)  # an order, not a secret
    return [f"word{chance.randrange(10_000)}" for _ in range(count)]


def test_the_stored_sketch_of_schema_2_is_for_ever() -> None:
    found = fingerprint("Ferries", " ".join(f"word{number}" for number in range(60)))
    assert (found.size, found.sketch[:3]) == (58, (9741701400351, 11131126003583, 15761809432166))


@pytest.mark.parametrize("count", [80, 200, 700, 3000, 20_000])
def test_a_sketch_is_as_large_for_a_long_text_as_for_a_short_one(count: int) -> None:
    size = len(fingerprint("", " ".join(article(count))).sketch)
    assert KEPT_AT_LEAST / 2 < size < 4 * KEPT_AT_LEAST


def test_a_short_text_has_no_sketch() -> None:
    assert fingerprint("Weather", SHORT).sketch == ()


@pytest.mark.parametrize("part", [1.0, 0.5, 0.25])
def test_the_part_of_a_long_text_is_worth_comparing(part: float) -> None:
    whole = article(1200)
    one, other = fingerprint("", " ".join(whole)), fingerprint("", " ".join(whole[: int(1200 * part)]))
    shared = len(set(one.sketch) & set(other.sketch))
    assert is_promising(one, other.size, shared)
    assert is_promising(other, one.size, shared)


def test_a_common_phrase_is_not_worth_comparing() -> None:
    assert not is_promising(fingerprint("", " ".join(article(400))), 390, 3)
