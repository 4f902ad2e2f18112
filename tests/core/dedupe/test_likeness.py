"""What makes one text a copy of another."""

import datetime as dt
import random

import pytest

from ingest.core.dedupe.likeness import compared, likeness, objection

HOUR = dt.timedelta(hours=1)
TITLE = "Harbour gets a second ferry after long dispute"
OTHER = "Island schools close for lack of teachers"


def some_words(count: int, seed: int) -> list[str]:
    """Words that no other seed gives."""
    chance = random.Random(seed)  # an order, not a secret
    return [f"w{seed}x{chance.randrange(400)}" for _ in range(count)]


def text(*parts: list[str]) -> str:
    return " ".join(word for part in parts for word in part)


def edited(words: list[str], share: float) -> list[str]:
    chance = random.Random(9)  # an order, not a secret
    return [f"edited{place}" if chance.random() < share else word for place, word in enumerate(words)]


LONG, SHORT = some_words(500, 1), some_words(90, 2)
NOTICE = some_words(40, 3)
BACKGROUND = some_words(120, 4)

COPIES = {
    "whole": (TITLE, text(LONG), TITLE, text(LONG)),
    "a tenth of the words edited": (TITLE, text(LONG), TITLE, text(edited(LONG, 0.1))),
    "edited, under another title": (TITLE, text(LONG), OTHER, text(edited(LONG, 0.1))),
    "its first half": (TITLE, text(LONG), OTHER, text(LONG[:250])),
    "the first half of a short one": (TITLE, text(SHORT), "", text(SHORT[:45])),
    "with another lead": (TITLE, text(LONG), OTHER, text(some_words(60, 5), LONG[60:])),
    "rewritten under the same title": (TITLE, text(LONG), TITLE, text(LONG[:150], some_words(200, 6))),
    "inside a longer report": (TITLE, text(LONG[:200]), OTHER, text(some_words(300, 7), LONG[:200])),
}


@pytest.mark.parametrize(("title", "one", "other_title", "other"), COPIES.values(), ids=COPIES.keys())
def test_a_copy_is(title: str, one: str, other_title: str, other: str) -> None:
    assert objection(likeness(compared(title, one), compared(other_title, other)), False, HOUR) == ""


FIGURES = [str(number) for number in range(100, 140)]
TEMPLATE = [
    word for place, word in enumerate(some_words(160, 8)) for word in ((word, "{}") if place % 4 == 0 else (word,))
]


def issue(first: int) -> str:
    """A daily report that keeps its words and changes its figures."""
    figures = iter(range(first, first + len(TEMPLATE)))
    return " ".join(str(next(figures)) if word == "{}" else word for word in TEMPLATE)


APART = {
    "a follow-up that quotes the background": (
        TITLE,
        text(LONG, BACKGROUND),
        OTHER,
        text(some_words(200, 10), BACKGROUND),
    ),
    "other stories with one notice": (TITLE, text(SHORT, NOTICE), OTHER, text(some_words(90, 11), NOTICE)),
    "little more than one notice": (TITLE, text(some_words(12, 12), NOTICE), OTHER, text(some_words(12, 13), NOTICE)),
    "one title over other texts": (TITLE, text(LONG), TITLE, text(some_words(500, 14))),
    "a template with other figures": (TITLE, issue(1000), TITLE, issue(5000)),
    "a flash of the same title": (TITLE, text(LONG), TITLE, text(LONG[:40], some_words(30, 15))),
    "nothing at all": ("", "", "", ""),
}


@pytest.mark.parametrize(("title", "one", "other_title", "other"), APART.values(), ids=APART.keys())
def test_no_copy_is(title: str, one: str, other_title: str, other: str) -> None:
    assert objection(likeness(compared(title, one), compared(other_title, other)), False, HOUR) != ""


def test_a_publishers_next_issue_is_no_copy() -> None:
    like = likeness(compared(TITLE, text(LONG)), compared(TITLE, text(edited(LONG, 0.02))))
    assert objection(like, True, HOUR) == ""
    assert objection(like, True, dt.timedelta(days=1)) == "the same publisher issued it another day"


def test_a_publishers_live_page_under_another_title_is_no_copy() -> None:
    like = likeness(compared(TITLE, text(LONG)), compared(OTHER, text(LONG, some_words(100, 16))))
    assert objection(like, True, HOUR) == "the same publisher gave it another title"


def test_likeness_does_not_depend_on_which_is_asked_first() -> None:
    one, other = compared(TITLE, text(LONG)), compared(OTHER, text(LONG[:300], SHORT))
    assert likeness(one, other) == likeness(other, one)
