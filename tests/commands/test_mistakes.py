"""What a mistyped path, name or number comes to; the commands run in this process, which takes no second each."""

from pathlib import Path

import pytest
from shell import Say, configure

from ingest.cli.options import select


@pytest.mark.parametrize(
    "command",
    [
        "db check",
        "db vacuum",
        "status",
        "stories list",
        "stories show x",
        "export",
        "explain https://example.org/",
        "reprocess",
    ],
)
def test_a_command_that_reads_makes_no_database(say: Say, command: str, tmp_path: Path) -> None:
    said = say(*command.split(), "--database", "sqlite:///mistyped/ingest.db")
    assert (said.status, said.err.count("\n"), said.out) == (2, 1, "")
    assert f"{tmp_path}/mistyped/ingest.db: there is none" in said.err
    assert not (tmp_path / "mistyped").exists()


def test_the_feeds_of_a_fresh_install_are_those_of_the_file(say: Say) -> None:
    assert "\tmine\t" in say("feeds", "list").out


@pytest.mark.parametrize("command", ["list", "export", "disable theirs", "enable theirs"])
def test_no_command_about_feeds_takes_over_another_folders_file(say: Say, command: str, tmp_path: Path) -> None:
    configure("production/config", "theirs")
    say("feeds", "list", "--config", "production/config")
    database = f"sqlite:///{tmp_path}/production/data/ingest.db"
    assert say("feeds", *command.split(), "--database", database).status == 0
    say("feeds", "enable", "theirs", "--database", database)
    listed = say("feeds", "list", "--database", database).out
    assert "theirs\tnever polled" in listed
    assert "mine" not in listed


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("feeds add notaurl", "'notaurl' is no feed's address; write it from http:// or https:// on"),
        ("feeds check nosuch", "nosuch is neither a feed here nor a URL from http:// or https:// on"),
        ("feeds disable nosuch", "there is no feed 'nosuch'"),
        ("stories list --feed nosuch", "there is no feed 'nosuch'"),
        ("export --feed nosuch", "there is no feed 'nosuch'"),
        ("status --database sqlite:///config", "it cannot be opened; the path must lead to a file"),
        ("feeds list --database sqlite:///config/feeds.yaml/x.db", "its folder cannot be made (File exists)"),
        ("demo --port 99999", "less than or equal to 65535"),
        ("demo --port -1", "greater than or equal to 0"),
        ("demo --pace -1", "greater than or equal to 0"),
        ("stories list --limit 0", "greater than or equal to 1"),
    ],
)
def test_a_mistake_is_told_and_the_status_is_2(say: Say, command: str, told: str) -> None:
    say("feeds", "list")
    said = say(*command.split())
    assert said.status == 2
    assert told in said.err
    assert "Traceback" not in said.err


SECRETIVE = """feeds:
  - {url: 'https://mine.example/rss', name: mine}
  - {url: 'https://paid.example/rss', name: paid, bearer_token: '${PAID}'}
  - {url: 'https://off.example/rss', name: off, bearer_token: '${OFF}', enabled: false}
"""
UNSET = "ingest: config/feeds.yaml:3: feeds[1].bearer_token: the environment has no variable PAID; set it\n"


@pytest.mark.parametrize(
    "command", ["feeds list", "feeds export", "feeds disable paid", "status", "stories list", "export -o x", "db check"]
)
def test_a_command_that_asks_no_feed_needs_no_secrets(say: Say, command: str) -> None:
    Path("config/feeds.yaml").write_text(SECRETIVE)
    say("feeds", "list")
    said = say(*command.split())
    assert (said.status, "PAID" in said.err) == (0, False)


@pytest.mark.parametrize("command", ["run", "poll", "poll --all", "poll paid"])
def test_a_command_that_asks_feeds_needs_the_secrets_of_those_that_are_enabled(say: Say, command: str) -> None:
    Path("config/feeds.yaml").write_text(SECRETIVE)
    said = say(*command.split())
    assert said.status == 2
    assert said.err.endswith(UNSET)
    assert "OFF" not in said.err


def test_a_poll_needs_no_secret_of_a_feed_that_was_switched_off(say: Say) -> None:
    Path("config/feeds.yaml").write_text(SECRETIVE.replace("https://mine.example", "http://127.0.0.1"))
    say("feeds", "disable", "paid")
    said = say("poll")
    assert (said.status, "PAID" in said.err) == (1, False)


def test_a_check_tells_what_a_feed_misses_and_goes_on_with_the_others(say: Say) -> None:
    Path("config/feeds.yaml").write_text(SECRETIVE.replace("https://mine.example", "http://127.0.0.1"))
    said = say("feeds", "check")
    assert said.status == 1
    assert "bearer_token needs the environment variable PAID, which is not set" in said.out
    assert "mine: not fine" in said.out


def test_a_folder_without_configuration_is_told(say: Say, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    said = say("feeds", "list", "--config", "empty")
    assert f"{tmp_path}/empty holds neither ingest.yaml nor feeds.yaml" in said.err


def test_a_file_that_cannot_be_written_is_told_in_words(say: Say) -> None:
    said = say("feeds", "export", "-o", "nowhere/feeds.opml")
    assert (said.status, said.err) == (1, "ingest: nowhere/feeds.opml: No such file or directory\n")


def test_importing_tells_what_is_left_out_and_why(say: Say, tmp_path: Path) -> None:
    (tmp_path / "feeds.opml").write_text(
        "<opml><body><outline text='Folder'>\n<outline text='Mine' xmlUrl='https://mine.example/rss'/>\n"
        "<outline text='Old' xmlUrl='gopher://old.example/'/>\n<outline text='Link'/>\n"
        "<outline text='New' xmlUrl='https://new.example/rss'/></outline></body></opml>"
    )
    said = say("feeds", "import", "feeds.opml")
    assert said.err.splitlines() == [
        "known already: https://mine.example/rss",
        "left out: line 3, Old: 'gopher://old.example/' is no address from http:// or https:// on",
        "left out: line 4, Link: it has no xmlUrl",
    ]
    assert said.out == "1 feed added, 1 known already, 2 left out.\n"


def test_the_version_is_told(say: Say) -> None:
    assert say("--version").out.startswith("ingest 0.")


def test_a_language_is_found_in_any_case() -> None:
    assert select(None, None, None, None, "EN").language == "en"


def test_the_last_day_there_is_has_an_end() -> None:
    until = select(None, "9999-12-31", None, None, None).until
    assert until is not None
    assert until.year == 9999
