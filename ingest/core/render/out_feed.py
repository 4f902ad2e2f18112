"""Stories as a feed for other readers: what JSON Feed, Atom and RSS have in common.

Ids are of the story, not of its address: an address may change hands, and two stories of one page are two. What no XML
may hold (control characters) is left out.
"""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from ingest.model import Story

TITLE = "Ingest"
ABOUT = "Stories as Ingest stored them, the last changed first"
NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""When a feed without any entry was updated: Atom wants a date, and the present would make it new each time."""

_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2


@dataclass(frozen=True)
class Channel:
    """A page of a feed."""

    store: str
    """The identity of the database."""
    selection: str
    """What tells this choice of stories from every other; empty for all of them."""
    home_url: str
    self_url: str
    first_url: str
    """Its first page (RFC 5005)."""
    next_url: str | None
    """The page with older entries, if there is one."""

    @property
    def id(self) -> str:
        """The same for all pages of one choice of stories, and for no other."""
        return uuid5(UUID(self.store), self.selection).urn


Render = Callable[[Channel, Sequence[Story]], bytes]


def story_urn(story: Story) -> str:
    """The id of an entry."""
    return f"urn:ingest:story:{story.id}"


def updated(story: Story) -> dt.datetime:
    """When a story was last changed: by our own word, since the publisher's may stay, or lie in the future."""
    return story.changed_at or max(filter(None, [story.first_seen_at, story.modified_at, story.withdrawn_at]))


def title(story: Story) -> str:
    """The title on one line; readers show nothing where there is none."""
    return line(story.title) or "Untitled"


def authors(story: Story) -> list[str]:
    """Their names; no format takes an empty one."""
    return [name for name in map(line, story.authors) if name]


def line(text: str) -> str:
    """A text on one line; what XML may not hold parts no words and makes none."""
    return " ".join(filter(None, map(fit, text.split())))


def fit(text: str) -> str:
    """A text without what XML may not hold."""
    return _UNFIT.sub("", text)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text."""
    return [paragraph for paragraph in map(fit, text.split("\n\n")) if paragraph.strip()]
