"""NATS JetStream: a message a change, on the subject PREFIX.FEED.LANGUAGE.

Rule 1: a change is published once the server has confirmed the one before, so that the stream has the order of `seq`.
Rule 2: `Nats-Msg-Id` is the database and the `seq`: what comes again within the stream's window is dropped there, and
        is known by it afterwards.
Rule 3: a connection that fails is left, and the next try makes a new one: how long to wait is the sink's to say.
"""

import datetime as dt
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.errors import NoServersError
from nats.js import JetStreamContext
from nats.js.api import StreamConfig
from nats.js.errors import APIError, NoStreamResponseError, NotFoundError

from ingest.core.render.story_json import announcement_line
from ingest.errors import DeliveryError, Fault
from ingest.model import Announcement, NatsTarget, SinkSpec

TIMEOUT_S = 5
"""For connecting, and for one confirmation."""
WINDOW_S = 3600.0
"""In which a stream that we make drops what comes again; longer than a sink waits between two tries."""
TOO_LARGE = 10054
"""What a stream says of a message over its `max_msg_size`: the server's errors.json."""
HEADERS = 128
"""Bytes of ours but for the stream's name: the server counts them, the library does not, and it would break off."""
OTHER_LETTERS = re.compile(r"[^A-Za-z0-9_-]+")
FEEDLESS, UNDETERMINED = "_", "und"


class JetStream:
    """Implements `ports.Sink` over NATS JetStream.

    Args:
        store_id: see `ports.Changes.identity`.
    """

    closes_at: dt.datetime | None = None

    def __init__(self, spec: SinkSpec, target: NatsTarget, store_id: str) -> None:
        self.spec = spec
        self._target = target
        self._store_id = store_id
        self._client: Client | None = None

    async def deliver(self, announcements: Sequence[Announcement], key: str) -> None:
        """Publish them one after the other, each confirmed."""
        async with self._connected() as stream:
            for one in announcements:
                await self._publish(stream, one)

    async def close_open(self) -> None:
        """Nothing stands open."""

    async def test(self) -> str:
        """Whether the server answers and a stream takes our subjects."""
        async with self._connected() as stream:
            try:
                name = await stream.find_stream_name_by_subject(f"{self._target.prefix}.>")
            except NotFoundError as error:
                raise DeliveryError("away", self._no_stream()) from error
        return f"the stream {name} takes {self._target.prefix}.>"

    async def close(self) -> None:
        """Let go of the connection."""
        client, self._client = self._client, None
        if client:
            await client.close()

    async def _publish(self, stream: JetStreamContext, one: Announcement) -> None:
        headers = {"Nats-Msg-Id": f"{self._store_id}-{one.change.seq}"}
        wanted = self._target.stream or None
        body = announcement_line(one).encode()
        if self._client and len(body) + HEADERS + len(self._target.stream) > self._client.max_payload:
            raise DeliveryError("refused", f"{len(body):,} bytes are more than the server takes")
        try:
            await stream.publish(subject(self._target.prefix, one), body, TIMEOUT_S, wanted, headers)
        except NoStreamResponseError as error:
            await self.close()  # the next try connects anew, and makes the stream where that was asked for
            raise DeliveryError("away", self._no_stream()) from error
        except APIError as error:
            fault: Fault = "refused" if error.err_code == TOO_LARGE else "away"
            raise DeliveryError(fault, f"the stream refuses: {error.description}") from error

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[JetStreamContext]:
        try:
            if self._client is None or not self._client.is_connected:
                await self.close()
                self._client = await self._connect()
                await self._find_stream(self._client.jetstream(timeout=TIMEOUT_S))
            yield self._client.jetstream(timeout=TIMEOUT_S)
        except DeliveryError:
            raise
        except (TimeoutError, NatsError, OSError) as error:
            await self.close()
            why = str(error) or type(error).__name__
            raise DeliveryError("away", f"NATS at {self._target.url}: {why}") from error

    async def _connect(self) -> Client:
        failures: list[Exception] = []

        async def noted(error: Exception) -> None:
            failures.append(error)

        target, client = self._target, Client()
        try:
            await client.connect(
                target.url,
                name=f"ingest {self.spec.name}",
                user=target.user or None,
                password=target.password.get_secret_value() if target.password else None,
                token=target.token.get_secret_value() if target.token else None,
                allow_reconnect=False,
                max_reconnect_attempts=1,
                reconnect_time_wait=0,
                connect_timeout=TIMEOUT_S,
                error_cb=noted,
            )
        except BaseException as error:
            await client.close()
            if isinstance(error, NoServersError) and failures:  # which does not say why
                raise failures[0] from error
            raise
        return client

    async def _find_stream(self, stream: JetStreamContext) -> None:
        """Make sure of the stream that was named, or make it where that was asked for."""
        name, subjects = self._target.stream, [f"{self._target.prefix}.>"]
        if not name:
            return
        try:
            await stream.stream_info(name)
        except NotFoundError as error:
            if not self._target.create:
                raise DeliveryError("away", self._no_stream()) from error
            await stream.add_stream(StreamConfig(name=name, subjects=subjects, duplicate_window=WINDOW_S))

    def _no_stream(self) -> str:
        name, prefix = self._target.stream or "NAME", self._target.prefix
        named = f" {name}" if self._target.stream else ""
        return (
            f"NATS at {self._target.url}: no stream{named} takes {prefix}.>; make it "
            f"by `nats stream add {name} --subjects '{prefix}.>'`, or name it as `stream` with `create: true`"
        )


def subject(prefix: str, announcement: Announcement) -> str:
    """Where a change is published: by the feed that saw its story first, and its language, as far as they are known."""
    story = announcement.story
    feed = story.sightings[0].feed if story and story.sightings else ""
    language = (story.language if story else None) or UNDETERMINED
    return f"{prefix}.{token(feed)}.{token(language)}"


def token(text: str) -> str:
    """A text as a part of a subject, where points, blanks, `*` and `>` mean something."""
    return OTHER_LETTERS.sub("_", text) or FEEDLESS
