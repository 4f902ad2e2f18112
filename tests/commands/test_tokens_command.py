import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from shell import Say


def test_a_token_is_shown_once_and_kept_only_as_its_digest(say: Say, tmp_path: Path) -> None:
    made = say("tokens", "add", "dashboard", "--scope", "write")
    token = made.out.strip()
    assert (made.status, len(token) > 40, token in made.err) == (0, True, False)
    assert token.encode() not in b"".join(path.read_bytes() for path in (tmp_path / "data").iterdir())
    listed = say("tokens", "list", "--json")
    assert token not in listed.out
    assert [(one["name"], one["scope"], one["used_on"]) for one in json.loads(listed.out)] == [
        ("dashboard", "write", None)
    ]


def test_two_tokens_are_never_the_same(say: Say) -> None:
    assert say("tokens", "add", "a").out != say("tokens", "add", "b").out


def test_a_revoked_token_is_gone_from_the_database(say: Say, tmp_path: Path) -> None:
    say("tokens", "add", "dashboard")
    assert say("tokens", "revoke", "dashboard").status == 0
    with closing(sqlite3.connect(tmp_path / "data/ingest.db")) as connection:
        assert connection.execute("SELECT count(*) FROM tokens").fetchone() == (0,)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["add", " "], "is no name of a token"),
        (["add", "x" * 61], "is no name of a token"),
        (["add", "a", "--scope", "all"], "'all' is not one of"),
        (["revoke", "nobody"], "there is no token 'nobody'"),
    ],
)
def test_a_mistake_about_tokens_is_told(say: Say, command: list[str], told: str) -> None:
    say("tokens", "add", "somebody")
    said = say("tokens", *command)
    assert said.status == 2
    assert told in said.err
