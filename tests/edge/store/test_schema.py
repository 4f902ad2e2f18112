"""The schema: made when there is none, brought to the newest once, and refused where it is not ours."""

import errno
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from ingest.edge.store import open_store, schema_problem, upgrade
from ingest.edge.store.schema import HEAD, MIGRATIONS
from ingest.edge.store.tables import metadata
from ingest.errors import ConfigError, StoreError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ingest.db"


@pytest.fixture
def url(path: Path) -> str:
    return f"sqlite:///{path}"


def run(path: Path, statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(statements)


def schema_of(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT sql FROM sqlite_master WHERE sql <> '' ORDER BY 1")]


def is_declared(_: object, name: str | None, kind: str, *__: object) -> bool:
    """The index of search is the database's own (see `search_index`)."""
    return kind != "table" or not (name == "search" or (str(name).startswith("search_") and name != "search_state"))


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
def test_the_migrations_make_the_tables_that_are_declared(database: str) -> None:
    engine = create_engine(database)
    with engine.connect() as connection:
        options = {"include_object": is_declared}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
    engine.dispose()


@pytest.mark.parametrize("kept_by", ["CHECK", "WHERE", "coalesce"])
def test_the_migrations_make_the_checks_and_partial_indexes_that_are_declared(
    blank_database: Path, url: str, path: Path, kept_by: str
) -> None:
    engine = create_engine(url)
    metadata.create_all(engine)
    engine.dispose()

    def lines(of: Path) -> list[str]:
        sql = "\n".join(schema_of(of))
        return sorted(line.strip(" \t,") for line in sql.splitlines() if kept_by in line)

    assert lines(blank_database) == lines(path) != []


def test_the_newest_revision_is_the_one_that_the_code_names() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_a_database_is_made_with_its_folder(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/data/of/ingest.db"
    assert (upgrade(url), schema_problem(url)) == (HEAD, None)


def test_upgrading_twice_changes_nothing(blank_database: Path, path: Path) -> None:
    shutil.copy(blank_database, path)
    upgrade(f"sqlite:///{path}")
    assert schema_of(path) == schema_of(blank_database)


def test_opening_a_new_database_makes_it_write_ahead(url: str, path: Path) -> None:
    upgrade(url)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_processes_that_start_at_once_migrate_once(url: str) -> None:
    program = f"from ingest.edge.store import upgrade; print(upgrade({url!r}))"
    starting = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(3)
    ]
    assert [process.communicate()[0] for process in starting] == [f"{HEAD}\n"] * 3


def test_a_migration_that_dies_leaves_nothing_behind(url: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic import command

    done = command.upgrade

    def die_at_the_end(config: Config, revision: str) -> None:
        done(config, revision)
        raise RuntimeError("killed")

    monkeypatch.setattr(command, "upgrade", die_at_the_end)
    with pytest.raises(RuntimeError, match="killed"):
        upgrade(url)
    assert schema_of(path) == []


def test_a_database_without_a_schema_has_a_problem(url: str, path: Path) -> None:
    path.touch()
    assert schema_problem(url) == f"database {path}: its schema is empty, not {HEAD}; run `ingest db upgrade`"


def test_asking_after_a_database_does_not_make_it(url: str, path: Path) -> None:
    assert schema_problem(url) == f"database {path}: there is none yet; `ingest db upgrade` makes it"
    assert not path.exists()


def test_a_newer_database_is_refused(url: str, path: Path) -> None:
    upgrade(url)
    run(path, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match=r"schema 9999 is newer than this version of Ingest.*install the newer"):
        open_store(url, "host/1/1")


def test_a_newer_database_has_a_problem(url: str, path: Path) -> None:
    upgrade(url)
    run(path, "UPDATE alembic_version SET version_num = '9999'")
    assert "its schema is 9999" in (schema_problem(url) or "")


def test_a_database_of_another_program_is_refused_and_left_as_it_is(url: str, path: Path) -> None:
    run(path, "CREATE TABLE recipes (id INTEGER)")
    before = path.read_bytes()
    with pytest.raises(ConfigError, match="belongs to another program, with tables such as recipes"):
        open_store(url, "host/1/1")
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused(url: str, path: Path) -> None:
    path.write_text("Dear diary, " * 100)
    with pytest.raises(ConfigError, match=f"database {path}: the file is no SQLite database"):
        open_store(url, "host/1/1")


def test_a_damaged_database_is_refused(url: str, path: Path, blank_database: Path) -> None:
    whole = blank_database.read_bytes()
    path.write_bytes(whole[:100] + bytes(len(whole) - 100))
    with pytest.raises(StoreError, match=f"database {path}: it is damaged"):
        open_store(url, "host/1/1")


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"database {tmp_path}: it cannot be opened"):
        open_store(f"sqlite:///{tmp_path}", "host/1/1")


@pytest.mark.parametrize(("call", "what"), [("os.open", "read"), ("fcntl.flock", "locked")])
def test_a_folder_that_cannot_be_locked_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, what: str
) -> None:
    def refused(*_: object) -> int:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(f"ingest.edge.store.sqlite.{call}", refused)
    with pytest.raises(ConfigError, match=rf"its folder cannot be {what} \(No locks available\)"):
        upgrade(f"sqlite:///{tmp_path}/new.db")


@pytest.mark.parametrize("there", [True, False])
def test_a_place_that_may_not_be_written_is_told_to_who_wants_to_write(
    path: Path, url: str, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    if there:
        upgrade(url)
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(ConfigError, match="may not be written; mend its permissions"):
        open_store(url, "host/1/1")


def test_reading_a_database_that_is_not_there_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is none; `ingest run` and `ingest poll` make it"):
        open_store(f"sqlite:///{tmp_path}/mistyped/ingest.db", "host/1/1", make=False)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match=r"its folder cannot be made \(Not a directory\)"):
        open_store(f"sqlite:///{tmp_path}/file/sub/ingest.db", "host/1/1")


@pytest.mark.parametrize(
    "wrong", ["", "ingest.db", "sqlite://", "sqlite:///:memory:", "mysql://root:secret@localhost/ingest"]
)
def test_what_is_no_url_of_a_sqlite_file_is_a_mistake_of_configuration(wrong: str) -> None:
    with pytest.raises(ConfigError, match="write sqlite:///PATH") as told:
        open_store(wrong, "host/1/1")
    assert "secret" not in str(told.value)
