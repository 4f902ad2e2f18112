import signal
import urllib.error
import urllib.request

import pytest
from shell import Ingest


def test_the_daemon_serves_its_page_and_leaves_cleanly_on_sigterm(ingest: Ingest) -> None:
    daemon = ingest.start_anew("run")
    try:
        assert daemon.stdout
        url = daemon.stdout.readline().split()[3]
        with urllib.request.urlopen(f"{url}healthz", timeout=10) as answer:
            assert answer.status == 200
        daemon.send_signal(signal.SIGTERM)
        _, told = daemon.communicate(timeout=30)
    finally:
        daemon.kill()
        daemon.wait()
    assert daemon.returncode == 0, told
    assert "Traceback" not in told


def test_a_taken_address_is_told_in_one_line(ingest: Ingest, press: object) -> None:
    told = ingest.run("run", INGEST_WEB__PORT=str(press.port))  # type: ignore[attr-defined]  # a Press
    assert told.returncode == 2
    assert "set web.host and web.port" in told.stderr
    assert "Traceback" not in told.stderr


def test_sighup_begins_anew_with_the_configuration_as_it_then_is(ingest: Ingest) -> None:
    daemon = ingest.start("run")
    try:
        assert daemon.stdout.readline().startswith("Ingest is running")
        (ingest.config / "feeds.yaml").write_text("feeds: []")
        daemon.send_signal(signal.SIGHUP)
        assert daemon.stdout.readline().startswith("Ingest is running")
        daemon.send_signal(signal.SIGTERM)
        _, told = daemon.communicate(timeout=30)
    finally:
        daemon.kill()
        daemon.wait()
    assert daemon.returncode == 0, told
    assert "\tdisabled\t" in ingest.run("feeds", "list").stdout


def test_sigterm_ends_an_open_stream_at_once(ingest: Ingest) -> None:
    daemon = ingest.start("run")
    try:
        url = daemon.stdout.readline().split()[3]
        with urllib.request.urlopen(f"{url}api/v1/stories/stream", timeout=10) as stream:
            assert stream.readline().startswith(b"retry:")
            daemon.send_signal(signal.SIGTERM)
            _, told = daemon.communicate(timeout=4)  # uvicorn would wait for five seconds
            assert stream.read().endswith(b"\n")
    finally:
        daemon.kill()
        daemon.wait()
    assert daemon.returncode == 0, told
    assert "Traceback" not in told


def test_a_service_for_the_public_is_read_by_all_and_written_to_by_nobody(ingest: Ingest) -> None:
    (ingest.config / "feeds.yaml").write_text("feeds: []")
    daemon = ingest.start("run", INGEST_WEB__HOST="0.0.0.0", INGEST_WEB__PUBLIC_READ="true")
    try:
        url = daemon.stdout.readline().split()[3].replace("0.0.0.0", "127.0.0.1")
        with urllib.request.urlopen(f"{url}api/v1/stories", timeout=10) as answer:
            assert answer.status == 200
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(urllib.request.Request(f"{url}api/v1/feeds/1/poll", method="POST"), timeout=10)
        daemon.send_signal(signal.SIGTERM)
        daemon.communicate(timeout=10)
    finally:
        daemon.kill()
        daemon.wait()
