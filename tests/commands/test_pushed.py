"""Which feeds a hub pings us about is seen by people and their programs."""

import json
import sqlite3
from contextlib import closing

from shell import Ingest

PROMISE = """
INSERT INTO subscriptions (feed_id, hub, topic, public_url, token, secret, state, ends_at, due_at, failures)
VALUES (1, 'https://hub.example/', '', '', 'hidden', 'hidden', 'active', '2999-01-01 00:00:00', '2999-01-01', 0)
"""


def pushed(ingest: Ingest) -> list[bool]:
    return [feed["pushed"] for feed in json.loads(ingest.run("feeds", "list", "--json").stdout)]


def test_lists_and_status_show_what_hubs_have_promised(ingest: Ingest) -> None:
    before = pushed(ingest)
    with closing(sqlite3.connect(ingest.folder / "data/ingest.db")) as database, database:
        database.execute(PROMISE)
    status = ingest.run("status").stdout
    assert (before, pushed(ingest)) == ([False], [True])
    assert json.loads(ingest.run("status", "--json").stdout)["pushed"] == 1
    assert "1 feed whose hub tells us of news" in status
    assert "hidden" not in ingest.run("feeds", "list", "--json").stdout
