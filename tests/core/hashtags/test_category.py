"""The feed's and the page's own tags."""

import pytest

from ingest.core.hashtags.category import category
from ingest.model import Article, Entry, FeedSpec

FEED = FeedSpec(url="https://example.com/rss", name="example")


def tags_of(*categories: str) -> list[str]:
    return list(category(Article(url="", categories=categories), Entry(), FEED))


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ("Iran", ["Iran"]),
        ("foreign affairs", ["ForeignAffairs"]),
        ("#Iran", ["Iran"]),
        ("Kingston, Ontario; Ferries | Ships", ["Kingston", "Ontario", "Ferries", "Ships"]),
        ("World > Asia", ["World", "Asia"]),
        ("Sport / Sailing", ["Sport", "Sailing"]),
        ("example-news/person/jane-doe", ["JaneDoe"]),
        ("machine-learning", ["MachineLearning"]),
        ("A/B testing", ["ABTesting"]),
        ("TCP/IP", ["TCPIP"]),
        ("Gross domestic product (GDP)", ["GrossDomesticProduct"]),
        ("Society &amp; Culture", ["SocietyCulture"]),
    ],
)
def test_categories_become_tags(written: str, tags: list[str]) -> None:
    assert tags_of(written) == tags


@pytest.mark.parametrize(
    "written",
    [
        "Uncategorized",
        "Non classé",
        "Без рубрики",
        "News",
        "2024-01-19",
        "https://example.com/tag/iran",
        "arXiv:2507.20190v2",
        "sub-section:World affairs",
        "Category: World affairs",
        "2840258b-adfc-538f-a571-df789a0627bc",
        "desk@example.com",
        "everything that we know about the storm",
        "C++",
        "",
    ],
)
def test_what_says_nothing_of_the_article_is_left_out(written: str) -> None:
    assert tags_of(written) == []


def test_what_is_far_too_long_is_no_tag() -> None:
    assert tags_of("(" * 200_000, "Harbours") == ["Harbours"]
