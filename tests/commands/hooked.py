"""A webhook receiver, and a daemon that delivers to it."""

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from shell import SETTINGS, Ingest

from ingest.edge.store.changes import last
from ingest.edge.store.engine import database, opened

SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
Taken = tuple[str, list[int]]
"""A key, and what came under it."""


class Hook:
    """A webhook receiver."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.came: queue.SimpleQueue[Taken] = queue.SimpleQueue()

    def all_that_came(self) -> list[Taken]:
        """So far, in order."""
        return [self.came.get_nowait() for _ in range(self.came.qsize())]


@contextmanager
def a_hook() -> Iterator[Hook]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            hook.came.put((self.headers["webhook-id"], [change["seq"] for change in body["changes"]]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        hook = Hook(server.server_port)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield hook
        finally:
            server.shutdown()
            thread.join()


def last_of(url: str) -> int:
    """The `seq` of the last change in a database."""
    with opened(database(url), "read") as connection:
        return last(connection)


def with_sinks(ingest: Ingest, hook: Hook) -> Ingest:
    lines = [
        SETTINGS + "sinks:",
        f"  - {{name: hook, kind: webhook, url: 'http://127.0.0.1:{hook.port}/', secret: '${{HOOK_SECRET}}',",
        "     start: beginning}",
        "  - {name: lines, kind: files, folder: data/lines, start: beginning}",
    ]
    (ingest.config / "ingest.yaml").write_text("\n".join(lines))
    return ingest
