"""`ingest backfill`, from the command line to the database, against a publisher whose feed has many pages.

Where no process must die, the commands run in this one, which takes no second each.
"""

import json
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from archived import caught
from chronicle import Chronicle
from shell import Ingest, Say

RANGE = ("--since", "2024-01-04", "--until", "2024-01-08")
PAGED = ("backfill", "saltmere", "--via", "paged")


Answer = Any  # a document of JSON


def asked(say: Say, *arguments: str, status: int = 0) -> Answer:
    """What a command answers in JSON."""
    said = say(*arguments, "--json")
    assert (said.status, said.err) == (status, "")
    answer: Answer = json.loads(said.out)
    return answer


def stored(chronicled: Ingest) -> dict[int, str]:
    """The articles that are stored, and the archives that they are from."""
    with closing(sqlite3.connect(chronicled.folder / "data/ingest.db")) as connection:
        rows = connection.execute("SELECT title, via FROM stories").fetchall()
    found = {int(title.removeprefix("Day ")): via for title, via in rows}
    assert len(found) == len(rows)
    return found


def articles(chronicle: Chronicle) -> list[str]:
    """The addresses of articles that were asked for."""
    return sorted(path for path in chronicle.asked if path.startswith("/news/"))


def test_the_range_is_stored_marked_and_dated_and_nothing_else_is_asked_for(
    chronicled: Ingest, chronicle: Chronicle
) -> None:
    done = chronicled.run(*PAGED, *RANGE)
    assert (done.returncode, done.stderr) == (0, "")
    assert "backfill  1 of saltmere: done\n" in done.stdout
    assert "paged     5 entries, back to 2024-01-01T09:30:00Z; the feed names pages with older entries\n" in done.stdout
    assert "stored    5 stories; 0 seen again\n" in done.stdout
    stories = [json.loads(line) for line in chronicled.run("export", "--format", "jsonl").stdout.splitlines()]
    assert sorted(story["published_at"] for story in stories) == [f"2024-01-0{n}T09:30:00Z" for n in range(4, 9)]
    assert {(story["via"], story["sightings"][0]["via"]) for story in stories} == {("paged", "paged")}
    assert articles(chronicle) == [chronicle.path(number) for number in range(4, 9)]
    assert chronicled.run("db", "check").returncode == 0


def test_a_second_backfill_asks_for_no_article_again(say: Say, chronicled: Ingest, chronicle: Chronicle) -> None:
    asked(say, *PAGED, *RANGE)
    again = asked(say, *PAGED, "--since", "2024-01-07")
    assert (again["known"], again["stored"]) == (2, 4)
    assert sorted(stored(chronicled)) == list(range(4, 13))
    assert chronicle.asked_again("/news/") == 0


def test_pages_that_fail_are_told_and_mended_by_resume_failed(
    say: Say, chronicled: Ingest, chronicle: Chronicle
) -> None:
    chronicle.missing = {5, 6}
    said = say(*PAGED, *RANGE)
    assert (said.status, sorted(stored(chronicled))) == (1, [4, 7, 8])
    assert "failed    2: the page answers 404\n" in said.out
    chronicle.missing = set()
    mended = say("backfill", "resume", "1", "--failed")
    assert (mended.status, mended.err) == (0, "2 entries tried once more.\n")
    assert sorted(stored(chronicled)) == [4, 5, 6, 7, 8]
    assert chronicle.asked_again("/feed.xml") == 0


def test_a_dry_run_tells_what_there_is_and_asks_for_no_article(
    say: Say, chronicled: Ingest, chronicle: Chronicle
) -> None:
    said = say(*PAGED, *RANGE, "--dry-run")
    assert (said.status, said.err) == (0, "")
    assert said.out.splitlines() == [
        "paged: 5 entries, back to 2024-01-01T09:30:00Z; the feed names pages with older entries",
        "5 entries within the range by the archives' word, 0 of them known; 7 outside.",
        *(f"  {chronicle.url(number)}" for number in range(8, 3, -1)),
    ]
    assert (articles(chronicle), stored(chronicled), say("backfill", "list").out) == ([], {}, "")


def test_a_dry_run_answers_in_json_too(say: Say, chronicled: Ingest) -> None:
    told = asked(say, *PAGED, *RANGE, "--dry-run")
    assert (told["found"], told["known"], told["outside"], len(told["sample"])) == (5, 0, 7, 5)


def test_json_has_the_range_the_counts_and_how_each_archive_went(say: Say, chronicled: Ingest) -> None:
    told = asked(say, *PAGED, *RANGE)
    assert (told["id"], told["feed"], told["state"], told["pending"]) == (1, "saltmere", "done", 0)
    assert (told["found"], told["stored"], told["outside"], told["failed"]) == (5, 5, 7, {})
    assert told["spec"]["since"] == "2024-01-04T00:00:00Z"
    assert [(one["via"], one["found"], one["failed"]) for one in told["walked"]] == [("paged", 5, False)]
    assert asked(say, "backfill", "show", "1") == told


def test_a_limit_is_kept(say: Say, chronicled: Ingest) -> None:
    assert asked(say, *PAGED, "--limit", "3")["stored"] == len(stored(chronicled)) == 3


def test_backfills_are_listed_the_newest_first(say: Say, chronicled: Ingest) -> None:
    asked(say, *PAGED, *RANGE)
    asked(say, *PAGED, "--limit", "1")
    assert [one["id"] for one in asked(say, "backfill", "list")] == [2, 1]
    lines = [line.split("\t") for line in say("backfill", "list").out.splitlines()]
    assert [(line[0], line[1], line[2], line[6]) for line in lines] == [
        ("2", "saltmere", "done", "1"),
        ("1", "saltmere", "done", "5"),
    ]


def test_a_stopped_backfill_that_is_cancelled_keeps_what_it_stored(
    say: Say, chronicled: Ingest, chronicle: Chronicle
) -> None:
    stop(chronicled, chronicle)
    there = stored(chronicled)
    said = say("backfill", "cancel", "1")
    assert (said.status, said.out) == (0, "")
    assert said.err == f"Backfill 1 of saltmere is cancelled; {len(there)} stories of it stay.\n"
    assert (asked(say, "backfill", "show", "1")["pending"], stored(chronicled)) == (0, there)
    assert say("backfill", "resume", "1").status == 2
    assert say("db", "check").status == 0


def stop(chronicled: Ingest, chronicle: Chronicle, *more: str) -> tuple[str, str]:
    """Begin a backfill, and stop it by Ctrl-C while it waits for its third page; gives what it prints and tells."""
    chronicle.held = "/feed.xml?page=3"
    running = chronicled.start(*PAGED, *more)
    try:
        assert chronicle.reached.wait(60)
        running.send_signal(signal.SIGINT)
        printed, told = running.communicate(timeout=30)
    finally:
        running.kill()
        running.wait()
        chronicle.held = ""
        chronicle.released.set()
    assert running.returncode == 128 + signal.SIGINT
    return printed, told


def test_one_that_is_stopped_answers_in_json_too(chronicled: Ingest, chronicle: Chronicle) -> None:
    printed, _ = stop(chronicled, chronicle, "--json")
    assert json.loads(printed)["state"] == "stopped"


def test_one_that_another_process_cancels_answers_in_json_too(
    say: Say, chronicled: Ingest, chronicle: Chronicle
) -> None:
    chronicle.held = "/feed.xml?page=3"
    running = chronicled.start(*PAGED, "--json")
    try:
        assert chronicle.reached.wait(60)
        assert say("backfill", "cancel", "1").status == 0
        chronicle.released.set()
        printed, told = running.communicate(timeout=30)
    finally:
        running.kill()
        running.wait()
    assert (running.returncode, json.loads(printed)["state"]) == (2, "cancelled")
    assert "backfill 1 was cancelled" in told


def test_one_that_waits_for_another_of_its_feed_says_so(say: Say, chronicled: Ingest, chronicle: Chronicle) -> None:
    stop(chronicled, chronicle)
    chronicle.reached.clear()
    chronicle.released.clear()
    chronicle.held = "/feed.xml?page=3"
    running = chronicled.start(*PAGED)
    try:
        assert chronicle.reached.wait(60)
        said = say("backfill", "resume", "1")
    finally:
        running.kill()
        running.communicate()
        chronicle.released.set()
    assert (said.status, said.out) == (2, "")
    assert "backfill 1 is stopped, and waits for backfill 2 of the same feed, which is running" in said.err


def test_what_failed_is_not_tried_again_where_the_limit_is_reached(
    say: Say, chronicled: Ingest, chronicle: Chronicle
) -> None:
    chronicle.missing = {11, 12}
    assert say(*PAGED, "--limit", "3").status == 1
    said = say("backfill", "resume", "1", "--failed")
    assert said.status == 2
    assert "backfill 1 has the 3 stories of its --limit" in said.err
    run = asked(say, "backfill", "show", "1")
    assert (run["state"], run["failed"]) == ("done", {"the page answers 404": 2})


def test_ctrl_c_stops_it_and_resume_goes_on(say: Say, chronicled: Ingest, chronicle: Chronicle) -> None:
    _, told = stop(chronicled, chronicle)
    assert told == "Stopped before the end; `ingest backfill resume 1` goes on from here.\n"
    assert asked(say, "backfill", "show", "1")["state"] == "stopped"
    done = asked(say, "backfill", "resume", "1")
    assert (done["state"], done["stored"], done["found"], done["failed"]) == ("done", 12, 12, {})
    assert sorted(stored(chronicled)) == list(range(1, 13))
    assert chronicle.asked_again("/feed.xml") == 1


def test_a_list_of_addresses_is_asked_for(say: Say, chronicled: Ingest, chronicle: Chronicle, tmp_path: Path) -> None:
    lines = ["# mine", *(chronicle.url(number) for number in (2, 3, 11)), "no address"]
    (tmp_path / "list.txt").write_text("\n".join(lines))
    done = asked(say, "backfill", "saltmere", "--via", "urls", "--file", "list.txt", "--until", "2024-01-03")
    assert (done["stored"], done["left"]) == (2, 1)
    assert done["walked"][0]["note"] == "files and folders: 1; lines that are no web address: 1"
    assert stored(chronicled) == {2: "urls", 3: "urls"}


def test_a_folder_of_saved_pages_is_read_without_a_request_and_without_a_feed(
    say: Say, chronicled: Ingest, chronicle: Chronicle, tmp_path: Path
) -> None:
    (tmp_path / "saved").mkdir()
    for number in (1, 7):
        (tmp_path / f"saved/{number}.html").write_text(chronicle.article(number))
    done = asked(say, "backfill", "--via", "urls", "--file", "saved")
    assert (done["feed"], done["stored"], stored(chronicled)) == ("files", 2, {1: "urls", 7: "urls"})
    assert chronicle.asked == []


def test_a_warc_is_read_for_the_pages_of_the_feeds_site(
    say: Say, chronicled: Ingest, chronicle: Chronicle, tmp_path: Path
) -> None:
    pages = {chronicle.url(number): chronicle.article(number) for number in (3, 9)}
    pages["http://elsewhere.example/news/what-happened-on-day-5-of-the-year"] = chronicle.article(5)
    (tmp_path / "crawl.warc").write_bytes(b"".join(caught(url, html) for url, html in pages.items()))
    done = asked(say, "backfill", "saltmere", "--via", "warc", "--file", "crawl.warc", *RANGE[2:])
    assert (done["stored"], done["left"], stored(chronicled)) == (1, 1, {3: "warc"})
    assert chronicle.asked == []


def test_a_damaged_file_is_named_its_pages_are_stored_and_the_status_is_1(
    say: Say, chronicled: Ingest, chronicle: Chronicle, tmp_path: Path
) -> None:
    whole, cut = (caught(chronicle.url(number), chronicle.article(number)) for number in (3, 9))
    (tmp_path / "crawl.warc").write_bytes(whole + cut[:-50])
    said = say("backfill", "--via", "warc", "--file", "crawl.warc")
    assert (said.status, stored(chronicled)) == (1, {3: "warc"})
    assert f"WARC files: 1; {tmp_path / 'crawl.warc'} breaks off after " in said.out


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("saltmere --via gopher", "--via gopher: there is no such archive; there are auto, paged, wordpress, sitemap"),
        ("saltmere --file list.txt", "--file belongs to --via warc or --via urls; say both"),
        ("saltmere --via urls", "--file belongs to --via warc or --via urls; say both"),
        ("--since 2024-01-04", "name a feed; only --via warc and --via urls know what to read without one"),
        ("--via paged --via urls --file config", "name a feed; only --via warc and --via urls"),
        ("nowhere --since 2024-01-04", "there is no feed 'nowhere'; `ingest feeds list` shows those there are"),
        ("saltmere --via warc --file gone.warc", "--file gone.warc: there is no such file or folder"),
        ("saltmere --since 2024-01-09 --until 2024-01-08", "the range is empty: --since 2024-01-09 is not before"),
        ("saltmere --since yesterday", "'yesterday' is no date"),
        ("saltmere --limit 0", "greater than or equal to 1"),
        ("saltmere --rate 0", "greater than or equal to 0.1"),
        ("show 7", "there is no backfill 7; `ingest backfill list` shows those there are"),
        ("resume 7", "there is no backfill 7"),
        ("resume 7 --failed", "there is no backfill 7"),
        ("cancel 7", "there is no backfill 7"),
        ("show first", "should be a valid integer"),
    ],
)
def test_a_mistake_is_told_the_status_is_2_and_nothing_begins(
    say: Say, chronicled: Ingest, chronicle: Chronicle, command: str, told: str
) -> None:
    said = say("backfill", *command.split())
    assert (said.status, said.out) == (2, "")
    assert told in said.err
    assert "Traceback" not in said.err
    assert (say("backfill", "list").out, chronicle.asked) == ("", [])


@pytest.mark.parametrize("command", ["resume 1", "cancel 1"])
def test_a_backfill_that_is_done_is_not_gone_on_with(say: Say, chronicled: Ingest, command: str) -> None:
    asked(say, *PAGED, "--limit", "1")
    said = say("backfill", *command.split())
    assert (said.status, "backfill 1 is done" in said.err) == (2, True)
