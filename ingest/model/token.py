"""What lets somebody use the HTTP API."""

import datetime as dt
from typing import Literal

from ingest.model.noun import Noun

Scope = Literal["read", "write"]


class Token(Noun):
    """A bearer token that was handed out; what it reads is kept nowhere."""

    name: str
    """Unique; tells who has it."""
    scope: Scope
    """`write` includes reading."""
    made_at: dt.datetime
    used_on: dt.date | None = None
    """The last day on which it was used, in UTC."""
