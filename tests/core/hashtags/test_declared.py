"""Tags written in the text."""

import pytest

from ingest.core.hashtags.declared import declared, without_tag_lines
from ingest.model import Article, Entry, FeedSpec

FEED = FeedSpec(url="https://example.com/rss", name="example")


def tags_in(text: str) -> list[str]:
    return list(declared(Article(url="", text=text), Entry(), FEED))


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("Talks in #Tehran, (#Iran) and “#Pakistan”.", ["Tehran", "Iran", "Pakistan"]),
        ("#first word", ["first"]),
        ("#snake_case and #G7", ["snake_case", "G7"]),
        ("＃東京 で #地震 が", ["東京", "地震"]),
        ("حول #السلام، غدا", ["السلام"]),
        ("#हिन्दी में", ["हिन्दी"]),
        ("#کتاب‌ها در", ["کتابها"]),
        ("#BBC plans a #decade", ["BBC", "decade"]),
    ],
)
def test_tags_are_found_in_order(text: str, tags: list[str]) -> None:
    assert tags_in(text) == tags


@pytest.mark.parametrize(
    "text",
    [
        "We are #1 and live at Apt #3B",
        "C# and F# programmers",
        "https://example.com/page#top https://example.com/#top https://example.com/?#top",
        "It&#39;s &#x27;here&#x27;",
        "p {color: #fff; border: #FFCC00 #0a0b0c80}",
        "## Heading",
        "a # b",
    ],
    ids=["numbers", "languages", "addresses", "entities", "colours", "heading", "alone"],
)
def test_other_uses_of_the_sign_are_no_tags(text: str) -> None:
    assert tags_in(text) == []


@pytest.mark.parametrize(
    "ending",
    ["\n\n#Iran #Peace", "\n\n#Iran, ＃平和 · #Peace_Talks\n", "\n\n#Iran\n\n#Peace\n"],
    ids=["one line", "with commas", "two lines"],
)
def test_closing_lines_of_tags_leave_the_text(ending: str) -> None:
    assert without_tag_lines(f"They met.{ending}") == "They met."


@pytest.mark.parametrize(
    "text", ["They met.\n\n#Iran is here", "They met.\n\n#1", "They met.\n\n#Iran and", "#Iran\n\nThey met."]
)
def test_lines_with_more_than_tags_stay(text: str) -> None:
    assert without_tag_lines(text) == text


def test_a_text_of_nothing_but_tags_leaves_nothing() -> None:
    assert without_tag_lines("#Iran\n" * 5000) == ""
