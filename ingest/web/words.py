"""How the page says things: spans of time, the health of a feed, links, first words.

Rule 1: a time is said in words that are read at a glance; the exact time stands beside it for who asks.
Rule 2: only http and https addresses become links. All others stay text, whatever a feed says.
"""

import datetime as dt
from collections.abc import Sequence
from typing import get_args
from urllib.parse import urlsplit, urlunsplit

from ingest.core.amounts import counted, span
from ingest.core.health import health_of
from ingest.model import FeedStatus, Hashtag, Outage, Story, TagSource

MOST_URGENT_FIRST = (
    "broken",
    "gone",
    "failing",
    "waiting",
    "empty",
    "quiet",
    "never polled",
    "merged",
    "fine",
    "disabled",
)
IN_TROUBLE = ("broken", "gone", "failing")


def ago(then: dt.datetime, now: dt.datetime) -> str:
    """How long a time has passed."""
    passed = (now - then).total_seconds()
    return "just now" if passed < 5 else f"{span(passed)} ago"


def due(then: dt.datetime, now: dt.datetime) -> str:
    """When it is a feed's turn."""
    left = (then - now).total_seconds()
    return f"next in {span(left)}" if left > 0 else "due now"


def exact(time: dt.datetime) -> str:
    """A time to the second, in UTC."""
    return f"{time.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC"


def by_health(
    feeds: Sequence[FeedStatus], now: dt.datetime, outage: Outage | None
) -> list[tuple[str, list[FeedStatus]]]:
    """The feeds under each health that occurs, the most urgent first."""
    healths = [(health_of(status, now, outage), status) for status in feeds]
    groups = [(name, [status for health, status in healths if health == name]) for name in MOST_URGENT_FIRST]
    return [(name, members) for name, members in groups if members]


def verdict(groups: Sequence[tuple[str, Sequence[FeedStatus]]]) -> str:
    """All feeds in one sentence; `groups` as `by_health` gives them."""
    counts = {name: len(members) for name, members in groups if name not in ("disabled", "merged")}
    watched = sum(counts.values())
    total = counted(watched, "feed")
    if not watched:
        return "No feed is enabled" if groups else "No feeds yet"
    if troubled := sum(counts.get(name, 0) for name in IN_TROUBLE):
        return f"{troubled} of {total} {'is' if troubled == 1 else 'are'} failing"
    if waiting := counts.get("never polled", 0):
        return f"{waiting} of {total} not polled yet"
    return "The one feed is fine" if watched == 1 else f"All {total} are fine"


def times(count: int) -> str:
    """How often in a row."""
    return "once" if count == 1 else f"{count} times in a row"


def link(url: str | None) -> str | None:
    """The address where it may be followed, without user name and password; None where it may not."""
    try:
        parts = urlsplit(url or "")
        host = parts.hostname
    except ValueError:  # such as an unclosed bracket
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def bare(url: str) -> str:
    """An address as people read it: without scheme, and without user name and password."""
    return (link(url) or url).removeprefix("https://").removeprefix("http://").removesuffix("/")


def first_words(text: str, length: int) -> str:
    """The beginning of a text on one line of at most `length` characters, cut between words where there are any."""
    line = " ".join(text[: 4 * length].split())
    if len(line) <= length:
        return line
    cut = line[:length]
    whole_words = cut[: cut.rfind(" ")] if " " in cut[length // 2 :] else cut[:-1]
    return f"{whole_words.rstrip(' ,;:–—-')}…"


def slug(name: str) -> str:
    """The name of a health as an identifier in the page."""
    return name.replace(" ", "-")


def by_source(hashtags: Sequence[Hashtag]) -> list[tuple[TagSource, list[Hashtag]]]:
    """The hashtags under each source that occurs, in the sources' order of rank."""
    groups = [(source, [tag for tag in hashtags if tag.source == source]) for source in get_args(TagSource)]
    return [(source, members) for source, members in groups if members]


def seen_in(story: Story) -> list[str]:
    """The names of the feeds that a story was seen in, each once, the first first."""
    return list(dict.fromkeys(sighting.feed for sighting in story.sightings))


def paragraphs(text: str) -> list[str]:
    """A story's text, paragraph by paragraph."""
    return [paragraph for paragraph in text.split("\n\n") if paragraph.strip()]
