import json
import subprocess
import sys

import pytest
from press import SUBJECTS, Press
from shell import Ingest


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("fetch: {timeut: 3s}", "timeut"),
        ("fetch: {timeout: soon}", "timeout"),
        ("database: {url: 'sqlite:////proc/nowhere/x.db'}", "/proc/nowhere"),
    ],
)
def test_wrong_settings_are_told_in_one_line_without_a_traceback(ingest: Ingest, written: str, told: str) -> None:
    (ingest.config / "ingest.yaml").write_text(written)
    failed = ingest.run("poll", "--all")
    assert failed.returncode in (1, 2)
    assert told in failed.stderr
    assert failed.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["run", "poll", "reprocess", "explain", "export", "status", "demo"])
def test_every_command_shows_an_example(ingest: Ingest, command: str) -> None:
    assert "Example: ingest" in ingest.run(command, "--help").stdout


def test_text_documents_have_a_folder_or_are_parted_by_a_form_feed(ingest: Ingest) -> None:
    ingest.run("poll", "--all")
    folder = ingest.folder / "documents"
    assert ingest.run("export", "--format", "text", "-o", str(folder)).returncode == 0
    documents = [path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())]
    assert len(documents) == len(SUBJECTS)
    assert all(document.startswith(" date 2024-01-19 #") for document in documents)
    assert sorted(ingest.run("export", "--format", "text").stdout.split("\n\f\n")) == sorted(documents)


def test_a_feed_is_found_added_listed_and_removed(ingest: Ingest, press: object) -> None:
    (ingest.config / "feeds.yaml").write_text("feeds: []")
    assert ingest.run("feeds", "add", press.feed, "--name", "added").returncode == 0  # type: ignore[attr-defined]
    assert "added" in ingest.run("feeds", "list").stdout
    assert ingest.run("feeds", "check", "added").returncode == 0
    exported = ingest.run("feeds", "export").stdout
    assert ingest.run("feeds", "remove", "added").returncode == 0
    (ingest.folder / "feeds.opml").write_text(exported, encoding="utf-8")
    assert (
        "1 feed added, 0 known already, 0 left out"
        in ingest.run("feeds", "import", str(ingest.folder / "feeds.opml")).stdout
    )


def test_explain_tells_how_a_stored_story_and_a_strange_url_were_treated(polled: Ingest, press: Press) -> None:
    url = f"http://127.0.0.1:{press.port}/news/ferry"
    told = polled.run("explain", url).stdout
    assert "\n#coast         feed\n" in told
    assert "\nsettled now    copy: a copy of " in told
    assert "404" in polled.run("explain", url + "-gone").stdout


def test_explain_in_json_gives_the_facts_by_name(polled: Ingest, press: Press) -> None:
    told = json.loads(polled.run("explain", f"http://127.0.0.1:{press.port}/news/ferry", "--json").stdout)
    assert {"tag": "coast", "source": "feed"} in told["hashtags"]
    assert {"field": "title", "value": "The ferry opens again", "method": "heading"} in told["fields"]
    assert {"containment", "resemblance", "titles", "objection"} <= set(told["compared"][0]["comparison"])
    assert told["sightings"][0]["why"]


def test_explain_tells_what_kind_of_page_it_is_and_whether_it_is_free(polled: Ingest, press: Press) -> None:
    told = polled.run("explain", f"http://127.0.0.1:{press.port}/news/ferry").stdout
    assert "\nkind           article\n" in told
    assert "\nfree           unknown\n" in told


def test_the_command_line_loads_nothing_that_only_some_commands_need() -> None:
    heavy = "sqlmodel", "sqlalchemy", "pydantic", "lxml", "aiohttp", "asyncio", "rich.table", "trafilatura"
    loaded = f"import sys, ingest.cli; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
