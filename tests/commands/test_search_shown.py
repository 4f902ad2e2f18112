"""`ingest stories search`, and what brings older stories into its index."""

import json
import sqlite3
from contextlib import closing

from shell import Ingest, Say


def test_a_search_shows_title_day_publisher_and_where_the_words_stand(polled: Ingest) -> None:
    told = polled.run("stories", "search", "ferry warden")
    title, facts, snippet = told.stdout.splitlines()
    assert (told.returncode, title) == (0, "The ferry opens again")
    assert facts.split()[:2] == ["2024-01-19", "127.0.0.1"]
    assert "«ferry» would stand again,” said the «warden»" in snippet


def test_a_search_in_json_gives_stories_with_their_snippets(polled: Ingest) -> None:
    hits = json.loads(polled.run("stories", "search", "tag:coast", '"painted the gate"', "-ferry", "--json").stdout)
    assert len(hits) == 5
    for hit in hits:
        text, ((start, end),) = hit["snippet"]["text"], hit["snippet"]["marks"]
        assert (text[start:end], hit["kind"]) == ("painted the gate", "article")


def test_the_number_of_hits_is_bounded_by_the_limit(polled: Ingest) -> None:
    assert len(json.loads(polled.run("stories", "search", "volunteers", "--limit", "2", "--json").stdout)) == 2


def test_a_search_that_finds_nothing_says_so_and_is_done(polled: Ingest) -> None:
    told = polled.run("stories", "search", "zeppelin")
    assert (told.returncode, told.stdout) == (0, "No story matches.\n")


def test_a_query_that_cannot_be_read_is_bad_usage(say: Say) -> None:
    said = say("stories", "search", 'rain "heavy')
    assert said.status == 2
    assert "open quotation mark at character 6" in said.err


def test_stories_from_before_the_index_are_told_and_brought_in(polled: Ingest) -> None:
    with closing(sqlite3.connect(polled.folder / "data/ingest.db")) as database:
        database.execute("INSERT INTO search(search) VALUES ('delete-all')")
        database.execute("UPDATE search_state SET below = (SELECT max(number) + 1 FROM stories)")
        database.commit()
    before = polled.run("stories", "search", "ferry")
    assert (before.stdout, "6 stories of an earlier version" in before.stderr) == ("No story matches.\n", True)
    assert polled.run("db", "upgrade").returncode == 0
    after = polled.run("stories", "search", "ferry")
    assert ("The ferry opens again" in after.stdout, after.stderr) == (True, "")
