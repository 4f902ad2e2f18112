"""Reading again what stories were made from."""

import datetime as dt

from pydantic import JsonValue

from ingest.model.entry import Entry
from ingest.model.feed import Feed
from ingest.model.noun import Noun
from ingest.model.story import StoryFilter


class KeptPage(Noun):
    """The raw page of a story, with what else it was read with."""

    story_id: str
    url: str | None
    """Of the story: the address that answered."""
    feed: Feed
    entry: Entry | None
    """What led to the page; None where its row cannot be read."""
    fetched_at: dt.datetime
    type: str
    """Content-Type."""
    body: bytes
    """Compressed as `core.packing` does it."""
    pages: int = 1
    """How many the article was read from; this is the first."""
    text: str = ""
    """Of the story, where there are more pages."""
    note: str = ""
    """Of the story."""


class Difference(Noun):
    """A field of a story that is given otherwise than before, as JSON has it."""

    field: str
    before: JsonValue
    after: JsonValue


class Reprocessed(Noun):
    """What came of reading a story's page again."""

    story_id: str
    title: str = ""
    differences: tuple[Difference, ...] = ()
    is_version: bool = False
    """Whether the text or the title really changed."""
    moved: int = 0
    """Stories, this one among them, that belong to another origin now."""
    entered: bool = False
    """Whether copies of it are findable since, as they were not before."""
    failed: str = ""
    """Why the story stays as it was; empty if it does not."""


class Tally(Noun):
    """What came of many."""

    read: int = 0
    changed: int = 0
    fields: dict[str, int] = {}
    """Field → stories in which it changed."""
    versions: int = 0
    moved: int = 0
    entered: int = 0
    failed: dict[str, int] = {}
    """Reason → stories."""


class Reprocessing(Noun):
    """A run over the kept pages, in the order of the stories' ids."""

    id: int
    where: StoryFilter
    """Which stories."""
    started_at: dt.datetime
    """Pages that were fetched later are not read again."""
    position: str = ""
    """Id of the last story that is done."""
    tally: Tally = Tally()
