import json

import pytest
from press import SUBJECTS
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


@pytest.mark.parametrize("command", ["run", "poll", "explain", "export", "status", "demo"])
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


def test_explain_tells_how_a_stored_story_and_a_strange_url_were_treated(ingest: Ingest, press: object) -> None:
    ingest.run("poll", "--all")
    url = f"http://127.0.0.1:{press.port}/news/ferry"  # type: ignore[attr-defined]  # a Press
    assert "#coast" in ingest.run("explain", url).stdout
    assert "404" in ingest.run("explain", url + "-gone").stdout


def test_explain_in_json_keeps_facts_of_one_name_apart(ingest: Ingest, press: object) -> None:
    ingest.run("poll", "--all")
    told = ingest.run("explain", f"http://127.0.0.1:{press.port}/news/ferry", "--json")  # type: ignore[attr-defined]
    facts = [(one["fact"], one["value"]) for one in json.loads(told.stdout)]
    assert {("#ferry", "headline"), ("#coast", "feed")} <= set(facts)


def test_explain_tells_what_kind_of_page_it_is_and_whether_it_is_free(ingest: Ingest, press: object) -> None:
    told = ingest.run("explain", f"http://127.0.0.1:{press.port}/news/ferry", "--json")  # type: ignore[attr-defined]
    facts = {one["fact"]: one["value"] for one in json.loads(told.stdout)}
    assert (facts["kind"], facts["free"]) == ("article", "unknown")
