"""The site on a real server on loopback, for what streams."""

import asyncio
import contextlib
import math
import socket
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from typing import cast

import httpx
import uvicorn

from ingest.daemon import Server
from ingest.ports import Archives, Clock, Cron, Fetcher, Outlook, Pool, Ports, Store
from ingest.settings import WebSettings
from ingest.web import create_app


@dataclass(frozen=True)
class Served:
    """A running server."""

    client: httpx.AsyncClient
    port: int
    leaving: asyncio.Event
    server: uvicorn.Server


@contextlib.asynccontextmanager
async def served(store: Store, clock: Clock, **web: object) -> AsyncIterator[Served]:
    """Serve a store until the end."""
    unused = object()
    doors = cast(Pool, unused), cast(Cron, unused), cast(Outlook, unused), cast(Archives, unused)
    leaving = asyncio.Event()
    app = create_app(
        Ports(cast(Fetcher, unused), store, clock, *doors), lambda: None, WebSettings.model_validate(web), leaving
    )
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=5)
    server = Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=20) as client:
            yield Served(client, port, leaving, server)
        leaving.set()
        server.should_exit = True
        await serving


@dataclass(frozen=True)
class Event:
    """A server-sent event."""

    id: str
    kind: str
    data: str


async def events(answer: httpx.Response, most_lines: float = math.inf) -> AsyncGenerator[Event, None]:
    """The events of a stream, as the standard reads them: a block without data, or without its end, is none.

    Args:
        most_lines: after which the reader is gone, within an event or between two.
    """
    fields: dict[str, str] = {}
    last_id = ""
    read = 0
    async for line in answer.aiter_lines():
        read += 1
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
            last_id = fields.get("id", last_id)
        else:
            if "data" in fields:
                yield Event(last_id, fields.get("event", "message"), fields["data"])
            fields = {}
        if read >= most_lines:
            return
