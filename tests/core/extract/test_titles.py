"""The headline among its spellings, and the publisher's name at its ends."""

import pytest

from ingest.core.extract.title import choose_title, site_names, without_names

URL = "https://www.example.co.uk/a"


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Harbour freezes over | Example News", "Harbour freezes over"),
        ("Harbour freezes over - Example", "Harbour freezes over"),
        ("Harbour freezes over — EXAMPLE NEWS", "Harbour freezes over"),
        ("Harbour freezes over – example.co.uk", "Harbour freezes over"),
        ("Harbour freezes over · The Example", "Harbour freezes over"),
        ("Harbour freezes over | Example News | Example", "Harbour freezes over"),
        ("Example News: Harbour freezes over", "Harbour freezes over"),
        ("Example | Harbour freezes over", "Harbour freezes over"),
        ("港が凍る：Example News", "港が凍る"),
        ("Harbour freezes over - again", "Harbour freezes over - again"),
        ("Ice: the example of Amble", "Ice: the example of Amble"),
        ("Example-based learning", "Example-based learning"),
        ("Town | Country | Sea", "Town | Country | Sea"),
    ],
)
def test_a_name_of_the_site_leaves_the_title_and_nothing_else_does(title: str, headline: str) -> None:
    assert choose_title([(title, "html")], site_names(URL, "Example News")) == (headline, "html")


@pytest.mark.parametrize("title", ["Example News", "| Example", "Example | " * 100_000])
def test_a_title_of_nothing_but_names_or_too_long_to_be_one_stays(title: str) -> None:
    assert without_names(title, site_names(URL, "Example News")) == title


@pytest.mark.parametrize(
    ("titles", "headline"),
    [
        (["Why the harbour froze", "Harbour freezes over", "Harbour freezes over"], "Harbour freezes over"),
        (["Why the harbour froze", "Harbour freezes over"], "Why the harbour froze"),
        (["", "Harbour freezes over"], "Harbour freezes over"),
        (["Example", "Harbour freezes over"], "Harbour freezes over"),
        (["Harbour freezes over", "“Harbour freezes over”"], "Harbour freezes over"),
        (["Harbour of Amble freezes over | Winter | Amble Post", "Harbour of Amble freezes over"],
         "Harbour of Amble freezes over"),
        (["Ice: harbour freezes over", "Ice"], "Ice: harbour freezes over"),
        ([], ""),
        (["word " * 200], ""),
    ],
)  # fmt: skip
def test_what_two_places_agree_on_is_the_headline(titles: list[str], headline: str) -> None:
    candidates = [(title, str(place)) for place, title in enumerate(titles)]
    assert choose_title(candidates, site_names(URL, "Example News"))[0] == headline
