"""Words and their runs."""

import pytest

from ingest.core.dedupe.shingles import shared, shingles, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ferry, said U.S. officials.", ["the", "ferry", "said", "u", "s", "officials"]),
        ("l’Île-d’Yeu", ["l", "île", "d", "yeu"]),
        ("ＦＵＬＬ width １２", ["full", "width", "12"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("渡輪每天開", ["渡輪", "輪每", "每天", "天開"]),
        ("21日の船", ["21", "日の", "の船"]),
        ("नमस्ते दुनिया।", ["नमस्ते", "दुनिया"]),
        ("co\u00adoperation", ["cooperation"]),
        (" … — ", []),
    ],
)
def test_the_words_of_a_text(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_the_stored_hashes_are_for_ever() -> None:
    assert shingles(["the", "ferry", "sails", "today"], 3).tolist() == [27936431605145872, 18425085079618381448]


def test_the_order_of_the_words_counts() -> None:
    assert shared(shingles(["a", "b"], 2), shingles(["b", "a"], 2)) == 0


def test_a_run_that_comes_twice_counts_once() -> None:
    assert shingles(["a", "b", "a", "b"], 2).size == 2


def test_too_few_words_have_no_shingles() -> None:
    assert shingles(["a", "b"], 3).size == 0
