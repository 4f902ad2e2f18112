"""Databases of earlier releases keep what they hold."""

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from fakes import START
from sqlalchemy import create_engine

from ingest.edge.store import open_store
from ingest.edge.store.schema import MIGRATIONS
from ingest.model import Hints

A_FEED_OF_0001 = """
INSERT INTO feeds (id, name, url, interval, tags, full_text, headers, enabled, origin, removed)
VALUES (1, 'a', 'https://a.example/rss', 'auto', '[]', 'auto', '{}', 1, 'command', 0);
INSERT INTO feed_states (feed_id, due_at, etag, last_modified, body_hash, failures, problem, title, site_url)
VALUES (1, '2024-01-19 08:00:00', 'x', '', '', 0, '', '', '');
"""


def upgrade_to(revision: str, path: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


AN_ENTRY = """
INSERT INTO entries (id, feed_id, guid, url, url_key, publisher, title_key, seen_at, recency, state, attempts, due_at,
    why, edition, checks, page_etag, page_last_modified, page_missing, via, copy_url, data)
VALUES ({}, 1, 'g', 'u', 'u', 'p', '', '2024-01-19 08:00:00', '2024-01-19 08:00:00', 'failed', 1, '2024-01-19 08:00:00',
    'the page answers 404', '', 0, '', '', 0, '', '', x'00');
"""
OF_0014 = f"{A_FEED_OF_0001}{AN_ENTRY.format(7)} DELETE FROM entries; {AN_ENTRY.format(5)}"
"""An entry, and the memory of one with a higher id."""


async def test_a_database_of_the_first_version_keeps_its_feeds(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    upgrade_to("0001", path)
    with closing(sqlite3.connect(path)) as old, old:
        old.executescript(A_FEED_OF_0001)
    store = open_store(f"sqlite:///{path}", "here/1/1")
    ((feed, state),) = await store.claim_feeds(START, 1)
    await store.close()
    assert (feed.name, feed.cookies, state.polls, state.hints) == ("a", {}, 0, Hints())
    assert state.etag == "", "its document is read again, to learn from"


async def test_entries_keep_their_ids_and_indexes_when_their_table_is_made_anew(tmp_path: Path, sqlite: str) -> None:
    path = tmp_path / "old.db"
    upgrade_to("0014", path)
    with closing(sqlite3.connect(path)) as old, old:
        old.executescript(OF_0014)
    store = open_store(f"sqlite:///{path}", "here/1/1")
    assert await store.entry_outcomes("u") == ["a: failed: the page answers 404"]
    assert await store.upkeep.check() == []
    await store.close()
    with closing(sqlite3.connect(path)) as new:
        assert new.execute("SELECT seq FROM sqlite_sequence WHERE name = 'entries'").fetchall() == [(7,)]
        assert indexes(new) == indexes(sqlite3.connect(sqlite.removeprefix("sqlite:///")))


def indexes(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    return connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql <> '' ORDER BY 1"
    ).fetchall()
