"""A web server on loopback that answers exactly what a test writes for each path, well-formed or not."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    method: str = "GET"
    body: bytes = b""


Answer = bytes | Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


def reply(body: bytes = b"", status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> bytes:
    """A well-formed answer."""
    lines = [
        f"HTTP/1.1 {status} Status",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def redirect(target: str, status: int = 302) -> bytes:
    """An answer that leads elsewhere."""
    return reply(status=status, headers=(("Location", target),))


async def silence(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """No answer at all."""
    await asyncio.Event().wait()


@dataclass
class Site:
    """The server; unknown paths are answered with 404."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    port: int = 0
    serving: set[asyncio.Task[None]] = field(default_factory=set)

    def url(self, path: str, host: str = "127.0.0.1", scheme: str = "http") -> str:
        """Where a path can be asked; `localhost` is another host on the same server."""
        return f"{scheme}://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [asked.path for asked in self.asked]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection and close it."""
        task = asyncio.current_task()
        assert task
        self.serving.add(task)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            asked = read(await reader.readuntil(b"\r\n\r\n"))
            asked = replace(asked, body=await reader.readexactly(int(asked.headers.get("content-length", 0))))
            self.asked.append(asked)
            answer = self.answers.get(asked.path, reply(status=404))
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(asked, writer)
        self.serving.discard(task)
        writer.close()


def read(head: bytes) -> Asked:
    """The request line and the headers."""
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = (line.split(": ", 1) for line in lines if line)
    method, path, _ = first.split(" ", 2)
    return Asked(path, {name.lower(): value for name, value in headers}, method)


@contextlib.asynccontextmanager
async def serving(site: Site):
    """Run a site."""
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    async with server:
        yield site
        for task in list(site.serving):
            task.cancel()
        await asyncio.gather(*site.serving)
