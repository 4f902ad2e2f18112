"""What a search goes through, and what it finds."""

from ingest.model.noun import Noun
from ingest.model.story import Story


class Unindexed(Noun):
    """A story that no search finds yet, since it was stored before there was an index."""

    number: int
    title: str
    text: str
    summary: str


class Snippet(Noun):
    """The part of a text in which most of what was searched for stands close together."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()
    """Where it stands, as (start, end) in `text`, in their order and apart from one another."""


class Hit(Noun):
    """A story that a search found."""

    story: Story
    rank: float
    """The lower, the better; comparable within one search alone."""
    snippet: Snippet
