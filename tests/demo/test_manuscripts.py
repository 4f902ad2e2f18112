"""The written material and its notation."""

from collections import Counter

import pytest

from ingest.demo.manuscripts import parse_manuscript, read_manuscripts
from ingest.demo.publishers import PUBLISHERS
from ingest.errors import ConfigError

HEAD = "publisher: courier\ntitle: Gulls: a history\nauthor: A. Tern\ncategories: Town, Birds"


def test_a_file_is_a_head_and_paragraphs() -> None:
    manuscript = parse_manuscript("07-gulls.txt", f"{HEAD}\n\nFirst\nline.\n\nSecond.\n")

    assert manuscript.paragraphs == ("First line.", "Second.")


def test_only_the_first_colon_of_a_line_parts_key_and_value() -> None:
    assert parse_manuscript("07-gulls.txt", f"{HEAD}\n\nText.").title == "Gulls: a history"


def test_the_file_name_gives_order_and_slug() -> None:
    manuscript = parse_manuscript("07-herring-gulls.txt", f"{HEAD}\n\nText.")

    assert (manuscript.number, manuscript.slug) == (7, "herring-gulls")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("07-gulls.txt", f"{HEAD}\ncolour: grey\n\nText.", "07-gulls.txt, colour"),
        ("07-gulls.txt", "publisher: courier\n\nText.", "07-gulls.txt, title"),
        ("07-gulls.txt", f"{HEAD}\ntrouble: weather\n\nText.", "07-gulls.txt, trouble"),
        ("07-gulls.txt", f"{HEAD}\njust words\n\nText.", "'just words'"),
        ("gulls.txt", f"{HEAD}\n\nText.", "gulls.txt, number"),
    ],
)
def test_a_mistake_names_the_file_and_the_key(name: str, text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        parse_manuscript(name, text)


def test_all_publishers_are_known() -> None:
    assert {manuscript.publisher for manuscript in read_manuscripts()} == {one.key for one in PUBLISHERS}


@pytest.mark.parametrize("field", ["slug", "number", "title"])
def test_no_two_articles_share(field: str) -> None:
    values = Counter(getattr(manuscript, field) for manuscript in read_manuscripts())

    assert values.most_common(1)[0][1] == 1


def test_every_article_has_at_least_four_paragraphs() -> None:
    assert [one.slug for one in read_manuscripts() if len(one.paragraphs) < 4] == []


def test_a_revision_comes_after_what_it_revises() -> None:
    order = {manuscript.slug: manuscript.number for manuscript in read_manuscripts()}

    assert [one.slug for one in read_manuscripts() if one.revises and order[one.revises] >= one.number] == []


def test_a_carried_text_is_that_of_the_wire() -> None:
    by_slug = {manuscript.slug: manuscript for manuscript in read_manuscripts()}

    assert by_slug["seaweed-courier"].paragraphs == by_slug["seaweed-ferries"].paragraphs


def test_there_are_at_least_six_languages() -> None:
    own = {publisher.key: publisher.language for publisher in PUBLISHERS}

    assert len({manuscript.language or own[manuscript.publisher] for manuscript in read_manuscripts()}) >= 6


def test_every_text_can_be_written_in_its_publishers_encoding() -> None:
    encodings = {publisher.key: publisher.encoding for publisher in PUBLISHERS}

    for manuscript in read_manuscripts():
        "".join((manuscript.title, *manuscript.paragraphs)).encode(encodings[manuscript.publisher])
