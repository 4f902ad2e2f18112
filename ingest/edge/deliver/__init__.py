"""Sinks: receivers of changes. A new one is a module here and its line in SINKS.

What a kind needs beside its target is in Around; imports stand inside, so that only what is used is loaded.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ingest.edge.net.guard import Guard
from ingest.model import FolderTarget, NatsTarget, SinkKind, SinkSpec, WebhookTarget
from ingest.ports import Clock, Sink


@dataclass(frozen=True)
class Around:
    """What sinks are made with."""

    store_id: str
    """Of the database: with it, a `seq` is a key for ever."""
    guard: Guard
    clock: Clock


def _webhook(spec: SinkSpec, around: Around) -> Sink:
    from ingest.edge.deliver.webhook import Webhook

    assert isinstance(spec.target, WebhookTarget)
    return Webhook(spec, spec.target, around.store_id, around.guard, around.clock)


def _files(spec: SinkSpec, around: Around) -> Sink:
    from ingest.edge.deliver.files import Files

    assert isinstance(spec.target, FolderTarget)
    return Files(spec, spec.target, around.store_id, around.clock)


def _documents(spec: SinkSpec, around: Around) -> Sink:
    from ingest.edge.deliver.documents import Documents

    assert isinstance(spec.target, FolderTarget)
    return Documents(spec, spec.target, around.store_id)


def _nats(spec: SinkSpec, around: Around) -> Sink:
    from ingest.edge.deliver.jetstream import JetStream

    assert isinstance(spec.target, NatsTarget)
    return JetStream(spec, spec.target, around.store_id)


SINKS: dict[SinkKind, Callable[[SinkSpec, Around], Sink]] = {
    "webhook": _webhook,
    "nats": _nats,
    "files": _files,
    "documents": _documents,
}
"""Kind as in `ingest.yaml` → sink."""


def open_sink(spec: SinkSpec, around: Around) -> Sink:
    """A sink as somebody wrote it; nothing is connected yet."""
    return SINKS[spec.kind](spec, around)
