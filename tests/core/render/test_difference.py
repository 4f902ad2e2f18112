"""What a version changed, paragraph by paragraph."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.render.difference import diff_text, difference
from ingest.model import Version

TEXT = "One.\n\nTwo.\n\nThree.\n\nFour.\n\nFive."


def version(text: str = TEXT, title: str = "Ice") -> Version:
    at = dt.datetime(2024, 1, 19, tzinfo=dt.UTC)
    return Version(version=1, read_at=at, title=title, text=text, summary="", modified_at=None)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (version(), []),
        (version(title="Thaw"), ["- Ice", "+ Thaw", "  One.", "…"]),
        (version(TEXT.replace("Three.", "3.")), ["…", "  Two.", "- Three.", "+ 3.", "  Four.", "…"]),
        (version(TEXT.replace("Five.", "Five.\n\nSix.")), ["…", "  Five.", "+ Six."]),
        (version(TEXT.replace("\n\nTwo.", "")), ["…", "  One.", "- Two.", "  Three.", "…"]),
        (version(""), ["  Ice", "- One.", "- Two.", "- Three.", "- Four.", "- Five.", "+"]),
    ],
    ids=["nothing", "the title", "a paragraph", "a new one at the end", "one that is gone", "no text any more"],
)
def test_a_change_is_shown_with_what_is_around_it(after: Version, expected: list[str]) -> None:
    assert diff_text(version(), after) == expected


def test_two_changes_far_apart_are_parted() -> None:
    paragraphs = [f"Paragraph {number}." for number in range(9)]
    before = version("\n\n".join(paragraphs))
    after = version("\n\n".join(["A.", *paragraphs[1:8], "B."]))
    assert [line.sign for line in difference(before, after)] == [" ", "-", "+", " ", "…", " ", "-", "+"]


@given(st.lists(st.sampled_from("abc"), max_size=8), st.lists(st.sampled_from("abc"), max_size=8))
def test_what_is_new_and_what_is_gone_add_up(old: list[str], new: list[str]) -> None:
    before, after = version("\n\n".join(old)), version("\n\n".join(new))
    signs = [line.sign for line in difference(before, after)]
    grown = len(after.text.split("\n\n")) - len(before.text.split("\n\n"))
    assert signs.count("+") - signs.count("-") == grown
