"""The headline among its spellings, and the publisher's name at its ends."""

import pytest
from html_pages import page

from ingest.core.extract.declared import heading
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
        (["Example"], "Example"),
    ],
)  # fmt: skip
def test_what_two_places_agree_on_is_the_headline(titles: list[str], headline: str) -> None:
    candidates = [(title, str(place)) for place, title in enumerate(titles)]
    assert choose_title(candidates, site_names(URL, "Example News"))[0] == headline


SEARCHED, SEEN = "7 Facts about the Frozen Harbour of Amble", "What we know of the frozen harbour of Amble"


@pytest.mark.parametrize(
    ("candidates", "headline"),
    [
        ({"open-graph": SEARCHED, "meta": SEARCHED, "heading": SEEN, "html": SEARCHED}, SEEN),
        ({"json-ld": SEARCHED, "open-graph": SEARCHED, "heading": SEEN}, SEARCHED),
        ({"json-ld": SEEN, "open-graph": SEARCHED, "heading": SEEN}, SEEN),
        ({"open-graph": SEARCHED, "heading": "A letter from the editor in chief"}, SEARCHED),
        ({"open-graph": SEARCHED, "heading": "Frozen Harbour"}, SEARCHED),
        ({"heading": "Ice"}, "Ice"),
    ],
    ids=["metas", "two that are believed", "json-ld", "another subject", "a subject alone", "nothing else"],
)
def test_what_a_reader_sees_outweighs_what_is_written_for_search_engines(
    candidates: dict[str, str], headline: str
) -> None:
    assert choose_title([(title, place) for place, title in candidates.items()], site_names(URL))[0] == headline


@pytest.mark.parametrize(
    ("written", "heading"),
    [
        ("Frozen harbour - Some Other Paper", "Frozen harbour"),
        ("Winter sports | Two out of three walk to school", "Two out of three walk to school"),
    ],
)
def test_what_a_separator_parts_from_the_heading_is_no_part_of_the_title(written: str, heading: str) -> None:
    assert choose_title([(written, "open-graph"), (heading, "heading")], site_names(URL))[0] == heading


@pytest.mark.parametrize("cut", ["The harbour of Amble froze for the…", "The harbour of Amble froze for the ..."])
def test_a_title_that_is_cut_off_is_taken_whole_from_elsewhere(cut: str) -> None:
    whole = "The harbour of Amble froze for the first time since records began"
    assert choose_title([(cut, "json-ld"), (whole, "html")], site_names(URL))[0] == whole


@pytest.mark.parametrize("name", ["Amble - All of the north", "North Amble Post"])
def test_a_part_of_a_sites_name_and_its_initials_leave_the_title(name: str) -> None:
    tail = "Amble" if " - " in name else "NAP"
    assert (
        choose_title([(f"Harbour freezes over | {tail}", "html")], site_names(URL, name))[0] == "Harbour freezes over"
    )


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("<h1>The Example</h1><h1>Harbour of Amble freezes</h1>", "Harbour of Amble freezes"),
        ("<h1><span>Winter</span> Harbour of Amble freezes over</h1>", "Harbour of Amble freezes over"),
        ("<h1>Harbour of Amble freezes over <small>12 comments</small></h1>", "Harbour of Amble freezes over"),
    ],
    ids=["of the site", "a kicker", "a tail"],
)
def test_the_heading_is_the_one_like_the_title_without_what_only_stands_in_it(body: str, title: str) -> None:
    assert heading(page("<title>Harbour of Amble freezes over</title>", body)).title == title


def test_a_title_of_colons_is_parted_however_many_there_are() -> None:
    title = f"Harbour {':' * 400}freezes over"
    assert without_names(title, site_names(URL, "Example News")) == title
