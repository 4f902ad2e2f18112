"""`ingest stories delete`, and what is told of it."""

import json

import pytest
from shell import Ingest
from test_poll import stored


def ferry(ingest: Ingest) -> dict[str, object]:
    return next(story for story in stored(ingest) if "ferry" in str(story["title"]))


def test_a_story_that_was_taken_down_is_gone_and_no_poll_brings_it_back(polled: Ingest) -> None:
    story = ferry(polled)
    done = polled.run("stories", "delete", str(story["id"]), "--reason", "the publisher asked for it")
    assert (done.returncode, done.stdout) == (0, f"{story['id']} is deleted: {story['title']} ({story['url']})\n")
    again = polled.run("poll", "--all")
    assert again.returncode == 0, again.stderr
    assert len(stored(polled)) == 5
    for listed in ("list", "search ferry"):
        assert str(story["id"]) not in polled.run("stories", *listed.split()).stdout
    assert polled.run("db", "check").returncode == 0


@pytest.mark.parametrize("by", ["id", "url"])
def test_explain_tells_when_and_why_it_was_taken_down(polled: Ingest, by: str) -> None:
    story = ferry(polled)
    polled.run("stories", "delete", str(story["url"]), "--reason", "a mistake")
    told = polled.run("explain", str(story[by]))
    assert told.returncode == 0, told.stderr
    assert f"taken down  {story['id']} at 20" in told.stdout
    assert "a mistake; no feed brings it back" in told.stdout
    facts = json.loads(polled.run("explain", str(story[by]), "--json").stdout)
    assert facts["tombstone"]["reason"] == "a mistake"
    kinds = [one["kind"] for one in facts["changes"]]
    assert (kinds[0], kinds[-1]) == ("created", "deleted")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(["nowhere"], "there is no story 'nowhere'"), (["x", "--reason", "a\nb"], "characters on one line")],
)
def test_a_mistake_about_a_deletion_is_told(polled: Ingest, arguments: list[str], told: str) -> None:
    done = polled.run("stories", "delete", *arguments)
    assert (done.returncode, told in done.stderr) == (2, True)
