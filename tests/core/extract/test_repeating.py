"""What repeats under a publisher's stories is dropped, and never the story."""

from html_pages import PARAGRAPHS, TEXT
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.extract.furniture import paragraph_keys, without_repeating

FOOTER = "Write to us at the harbour office."
TEXTS = st.lists(st.text(min_size=1, max_size=40).map(lambda text: text.replace("\n", " ")), max_size=8).map(
    "\n\n".join
)


def test_the_keys_are_those_that_stores_hold() -> None:
    assert paragraph_keys(f"{FOOTER}\n\nIce") == (-142612357881330941, 3357035960487931913)


def test_a_key_is_blind_to_case_spaces_and_punctuation() -> None:
    assert paragraph_keys("Write to us!") == paragraph_keys("write  to US …")


def test_a_paragraph_has_one_key_however_often_it_comes() -> None:
    assert len(paragraph_keys("Ice\n\nIce\n\n***")) == 1


def test_what_repeats_is_dropped() -> None:
    assert without_repeating(f"{TEXT}\n\n{FOOTER}", set(paragraph_keys(FOOTER))) == TEXT


def test_a_text_that_would_lose_most_of_itself_stays_whole() -> None:
    assert without_repeating(TEXT, set(paragraph_keys("\n\n".join(PARAGRAPHS[1:])))) == TEXT


@given(TEXTS, TEXTS)
def test_never_is_more_dropped_than_half(text: str, repeating: str) -> None:
    left = without_repeating(text, set(paragraph_keys(repeating)))
    assert len(left) * 2 >= len(text)
    assert set(left.split("\n\n")) <= set(text.split("\n\n"))
