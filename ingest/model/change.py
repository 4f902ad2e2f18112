"""The committed steps in the life of a story."""

import datetime as dt
from typing import Literal

from ingest.model.noun import Noun

ChangeKind = Literal["created", "updated", "duplicate", "withdrawn", "deleted"]


class Change(Noun):
    """One committed step in the life of a story."""

    seq: int
    """Greater than that of every change that was committed before."""
    kind: ChangeKind
    at: dt.datetime
    story_id: str
    version: int
    """That the story had then."""
