import signal
import urllib.request

from shell import Ingest


def test_the_daemon_serves_its_page_and_leaves_cleanly_on_sigterm(ingest: Ingest) -> None:
    daemon = ingest.start("run")
    try:
        assert daemon.stdout
        url = daemon.stdout.readline().split()[3]
        with urllib.request.urlopen(f"{url}healthz", timeout=10) as answer:
            assert answer.status == 200
        daemon.send_signal(signal.SIGTERM)
        _, told = daemon.communicate(timeout=10)
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
        assert daemon.stdout
        assert daemon.stdout.readline().startswith("Ingest is running")
        (ingest.config / "feeds.yaml").write_text("feeds: []")
        daemon.send_signal(signal.SIGHUP)
        assert daemon.stdout.readline().startswith("Ingest is running")
        daemon.send_signal(signal.SIGTERM)
        _, told = daemon.communicate(timeout=10)
    finally:
        daemon.kill()
        daemon.wait()
    assert daemon.returncode == 0, told
    assert "\tdisabled\t" in ingest.run("feeds", "list").stdout
