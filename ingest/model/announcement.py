"""How changes are told to those who wait for them."""

from ingest.model.change import Change, ChangeKind
from ingest.model.noun import Noun
from ingest.model.story import Story


class Announcement(Noun):
    """A change, with its story as it is now: who reads late gets each change, and no text that was replaced since."""

    change: Change
    story: Story | None
    """None where it was deleted, be it after this change."""


class ChangeFilter(Noun):
    """Which changes to tell; every field that is not empty narrows, to any of its values."""

    kinds: tuple[ChangeKind, ...] = ()
    feeds: tuple[str, ...] = ()
    """Names of feeds that saw the story."""
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


class Announced(Noun):
    """Some announcements in the order of `seq`."""

    announcements: tuple[Announcement, ...]
    position: int
    """Where to go on: the `seq` of the last change that was looked at, be it told or not."""
    is_end: bool
    """Whether there was no later change."""
