"""A webhook receiver in a process of its own, which may be killed: `late_receiver.py FILE [late]`.

It prints its port, keeps what it takes in FILE, says so, and then acknowledges; `late`: never.
"""

import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


class Handler(BaseHTTPRequestHandler):
    """Takes batches."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        taken = {"key": self.headers["webhook-id"], "seqs": [change["seq"] for change in body["changes"]]}
        with Path(sys.argv[1]).open("a") as kept:
            kept.write(json.dumps(taken) + "\n")
            kept.flush()
            os.fsync(kept.fileno())
        print("taken", flush=True)  # noqa: T201  # to whom started it
        if "late" in sys.argv:
            threading.Event().wait()
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)  # noqa: T201
    server.serve_forever()
