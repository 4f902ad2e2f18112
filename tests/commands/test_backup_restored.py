"""`ingest db backup` beside the daemon, and the way back."""

import shutil
import urllib.request

from shell import Ingest
from test_poll import stored


def asked(ingest: Ingest, *meanwhile: str) -> tuple[str, str]:
    """What the daemon's API tells of its database: (identity, seq); and a command that runs beside it."""
    daemon = ingest.start("run")
    try:
        url = daemon.stdout.readline().split()[3]
        with urllib.request.urlopen(f"{url}api/v1/feeds", timeout=10) as answer:
            told = answer.headers["Ingest-Store"], answer.headers["Ingest-Seq"]
        if meanwhile:
            done = ingest.run(*meanwhile)
            assert (done.returncode, done.stderr) == (0, "")
    finally:
        daemon.terminate()
        daemon.communicate(timeout=20)
    return told


def test_a_backup_of_a_running_daemon_is_restored_and_readers_see_another_database(polled: Ingest) -> None:
    path, before = polled.folder / "backup.db", stored(polled)
    identity, seq = asked(polled, "db", "backup", str(polled.folder / "backup.db"))
    polled.run("stories", "delete", str(before[0]["id"]))
    data = polled.folder / "data"
    shutil.rmtree(data)
    data.mkdir()
    shutil.copy(path, data / "ingest.db")
    restored, seq_then = asked(polled)
    assert (restored != identity, seq_then) == (True, seq)
    assert stored(polled) == before
    assert polled.run("db", "check").returncode == 0


def test_a_file_that_is_there_is_replaced_only_if_that_is_asked(polled: Ingest) -> None:
    path = polled.folder / "backup.db"
    path.write_text("precious")
    refused = polled.run("db", "backup", str(path))
    assert (refused.returncode, path.read_text()) == (2, "precious")
    assert "say --force" in refused.stderr
    assert polled.run("db", "backup", str(path), "--force").returncode == 0
    assert path.read_bytes().startswith(b"SQLite format 3")


def test_a_database_can_be_said_to_be_restored(polled: Ingest) -> None:
    done = polled.run("db", "restored")
    assert (done.returncode, "is another database to its readers" in done.stdout) == (0, True)
