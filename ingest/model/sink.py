"""Where changes are delivered to, how far each is, and what could not be delivered."""

import datetime as dt
from pathlib import Path
from typing import Literal

from pydantic import SecretStr

from ingest.model.announcement import ChangeFilter
from ingest.model.change import ChangeKind
from ingest.model.noun import Noun

SinkKind = Literal["webhook", "nats", "files", "documents"]


class WebhookTarget(Noun):
    """A receiver that is sent batches by POST."""

    url: str
    secrets: tuple[SecretStr, ...]
    """Each signs, so that a receiver can change from one to the next."""


class NatsTarget(Noun):
    """A JetStream server."""

    url: str
    prefix: str
    """What all subjects begin with."""
    stream: str = ""
    """That takes them; empty: whichever does."""
    create: bool = False
    """Whether that stream is made where it is not there."""
    user: str = ""
    password: SecretStr | None = None
    token: SecretStr | None = None


class FolderTarget(Noun):
    """A folder that files are written to."""

    folder: Path


class SinkSpec(Noun):
    """A sink, as somebody wrote it."""

    name: str
    kind: SinkKind
    start: Literal["now", "beginning"] = "now"
    """Where it begins when it is seen for the first time."""
    where: ChangeFilter = ChangeFilter()
    target: WebhookTarget | NatsTarget | FolderTarget


class SinkState(Noun):
    """How far a sink is; it is kept by the sink's name, whatever becomes of its line in the settings."""

    name: str
    kind: str
    position: int
    """The `seq` up to which everything that it wants was delivered, or is a dead letter."""
    forgone: int = 0
    """The `seq` up to which changes had been dropped when it began, or was put here: it does without them."""
    until: int | None = None
    """Up to where the batch in hand goes: what is repeated is the same batch, whatever came since."""
    size: int
    """Changes of the next batch at most: halved where a batch is refused, doubled where one is taken."""
    due_at: dt.datetime
    tries: int = 0
    """Of the batch in hand that failed, one after the other."""
    refusals: int = 0
    """Of these, for a reason that lies in the batch."""
    refused_since: dt.datetime | None = None
    error: str = ""
    """Why the last try failed; empty: it did not."""
    stopped: str = ""
    """Why nothing is delivered any more, until somebody says so; empty: it goes on."""
    delivered: int = 0
    """Changes that were taken, repetitions among them."""
    delivered_at: dt.datetime | None = None


class DeadLetter(Noun):
    """A change that a sink would not take."""

    sink: str
    seq: int
    kind: ChangeKind
    story_id: str
    why: str
    tries: int
    at: dt.datetime
    """When it was given up."""
