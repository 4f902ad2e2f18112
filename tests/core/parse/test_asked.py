"""What a document asks of those who poll it."""

import datetime as dt

import pytest

from ingest.core.parse import parse
from ingest.model import Hints, Response


def asked(channel: str) -> Hints:
    rss = f"""<?xml version="1.0"?><rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>
        <title>Example</title>{channel}<item><title>Rain</title></item></channel></rss>"""
    at = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    url = "https://example.org/rss"
    return parse(Response(url=url, final_url=url, status=200, body=rss.encode(), fetched_at=at)).hints


@pytest.mark.parametrize(
    ("channel", "wait_s"),
    [
        ("", 0),
        ("<ttl>60</ttl>", 3600),
        ("<ttl> 5 </ttl>", 300),
        ("<ttl>soon</ttl>", 0),
        ("<ttl>-5</ttl>", 0),
        ("<ttl>999999999</ttl>", 365 * 86400),
        ("<ttl>99999999999999999999</ttl>", 365 * 86400),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", 3600),
        ("<sy:updatePeriod> Daily </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 6 * 3600),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 86400),
        ("<sy:updatePeriod>fortnightly</sy:updatePeriod>", 0),
        ("<ttl>10</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", 3600),
    ],
)
def test_the_longest_wait_that_a_document_names_counts(channel: str, wait_s: float) -> None:
    assert asked(channel).wait_s == wait_s


@pytest.mark.parametrize(
    ("channel", "hours", "days"),
    [
        ("<skipHours><hour>3</hour><hour> 02 </hour></skipHours>", (2, 3), ()),
        ("<skipHours><hour>24</hour><hour>25</hour><hour>x</hour></skipHours>", (0,), ()),
        ("<skipDays><day>Sunday</day><day>saturday</day><day>Caturday</day></skipDays>", (), (5, 6)),
        ("<skipHours><hour>1</hour>", (1,), ()),
        ("<hour>1</hour>", (), ()),
    ],
)
def test_hours_and_days_without_news_are_read(channel: str, hours: tuple[int, ...], days: tuple[int, ...]) -> None:
    assert (asked(channel).skip_hours, asked(channel).skip_days) == (hours, days)


@pytest.mark.parametrize(
    ("channel", "unheard"),
    [
        ("<ttl>60</ttl>", []),
        ("<ttl>0</ttl>", []),
        ("<ttl>-5</ttl>", ["its ttl, '-5', is no whole number of minutes"]),
        ("<ttl>soon</ttl>", ["its ttl, 'soon', is no whole number of minutes"]),
        (f"<ttl>{'x' * 500}</ttl>", [f"its ttl, '{'x' * 40}…', is no whole number of minutes"]),
        (
            "<sy:updatePeriod>fortnightly</sy:updatePeriod>",
            ["its sy:updatePeriod, 'fortnightly', is none of hourly, daily, weekly, monthly, yearly"],
        ),
    ],
)
def test_a_wish_of_which_nothing_can_be_made_is_kept_in_words(channel: str, unheard: list[str]) -> None:
    assert list(asked(channel).unheard) == unheard
