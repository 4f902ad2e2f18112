"""A poll that is asked to end before it is done."""

import signal
import socket

import pytest
from shell import Ingest


@pytest.mark.parametrize(("asked", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_poll_that_a_signal_ends_says_what_was_done(ingest: Ingest, asked: signal.Signals, status: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(60)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/feed.xml"
        feeds = ingest.config / "feeds.yaml"
        feeds.write_text(feeds.read_text().replace("feeds: [", f"feeds: [{{url: '{url}', name: silent}}, "))
        poll = ingest.start_anew("poll", "--all")
        try:
            connection, _ = silent.accept()  # it is being polled, and waits for an answer
            poll.send_signal(asked)
            _, told = poll.communicate(timeout=30)
            connection.close()
        finally:
            poll.kill()
            poll.wait()
    assert poll.returncode == status
    assert "Stopped before the end: " in told
    assert "left for the next `ingest poll`" in told
    assert "Traceback" not in told
    assert "resource_tracker" not in told
    assert ingest.run("db", "check").returncode == 0
