"""Publishers on loopback, served from threads."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol

Answer = tuple[int, str, str | bytes]
"""Status, content type and body; a 429 asks for a pause of a second."""


class Publisher(Protocol):
    """Whoever answers requests."""

    port: int

    def answer(self, path: str) -> Answer:
        """What is answered to a path with its query."""
        ...


@contextmanager
def serving(publisher: Publisher) -> Iterator[None]:
    """Serve at a free port, which the publisher is told, until the block is left."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, kind, text = publisher.answer(self.path)
            body = text.encode() if isinstance(text, str) else text
            self.send_response(status)
            if status == 429:
                self.send_header("Retry-After", "1")
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = Server(("127.0.0.1", 0), Handler)
    publisher.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Server(ThreadingHTTPServer):
    """Clients may be killed while they are answered."""

    def handle_error(self, *_: object) -> None:
        """Say nothing."""
