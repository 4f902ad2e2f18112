"""What identifies a text."""

import pytest

from ingest.core.dedupe.fingerprint import SCHEMA_VERSION, fingerprint

SENTENCE = "The ferry to the northern islands will sail twice a day from Monday, said the harbour master of Eastport. "
LONG = SENTENCE * 3
SHORT = "Cloudy with some rain."


def text_hash(title: str, text: str) -> str | None:
    return fingerprint(title, text).text_hash


def test_the_stored_value_of_schema_1_is_for_ever() -> None:
    assert SCHEMA_VERSION == 1
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
