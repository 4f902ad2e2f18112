import json

import pytest
from press import SUBJECTS, paragraphs
from shell import Ingest

POINTS = [
    "poll.fetched",
    "poll.parsed",
    "store.write-down.entries",
    "poll.written",
    "collect.fetched",
    "collect.read:2",
    "store.save.change:2",
    "store.save.story:3",
    "store.save.aliases:4",
    "store.before-commit:5",
    "store.after-commit:6",
]
SIGKILLED = -9


def stored(ingest: Ingest) -> list[dict[str, object]]:
    exported = ingest.run("export", "--format", "jsonl")
    assert exported.returncode == 0, exported.stderr
    return [json.loads(line) for line in exported.stdout.splitlines()]


def assert_each_story_once(ingest: Ingest) -> None:
    stories = stored(ingest)
    assert sorted(str(story["title"]) for story in stories) == sorted(f"The {name} opens again" for name in SUBJECTS)
    assert all(len(story["sightings"]) == 1 for story in stories)  # type: ignore[arg-type]  # a list in JSON
    checked = ingest.run("db", "check")
    assert checked.returncode == 0, checked.stdout


def test_a_poll_stores_each_story_with_its_text_date_and_hashtags(ingest: Ingest) -> None:
    polled = ingest.run("poll", "--all")
    assert polled.returncode == 0, polled.stderr
    assert_each_story_once(ingest)
    ferry = next(story for story in stored(ingest) if "ferry" in str(story["title"]))
    assert ferry["text"] == "\n\n".join(paragraphs("ferry"))
    assert ferry["published_at"] == "2024-01-19T05:30:00Z"
    assert ferry["hashtags"] == [
        {"tag": "ferry", "source": "headline"},
        {"tag": "opens", "source": "headline"},
        {"tag": "again", "source": "headline"},
        {"tag": "coast", "source": "feed"},
    ]


def test_polling_three_times_stores_nothing_new(ingest: Ingest) -> None:
    for _ in range(3):
        assert ingest.run("poll", "--all").returncode == 0
    assert_each_story_once(ingest)


def test_two_polls_at_the_same_moment_store_nothing_twice(ingest: Ingest) -> None:
    both = [ingest.start("poll", "--all") for _ in range(2)]
    told = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert_each_story_once(ingest)


@pytest.mark.parametrize("point", POINTS)
def test_a_poll_that_is_killed_loses_nothing_and_stores_nothing_twice(ingest: Ingest, point: str) -> None:
    killed = ingest.run("poll", "--all", INGEST_FAIL_AT=point)
    assert killed.returncode == SIGKILLED, killed.stderr
    after = ingest.run("poll", "--all")
    assert after.returncode == 0, after.stderr
    assert_each_story_once(ingest)


def test_a_page_that_fails_for_now_waits_for_its_next_try(ingest: Ingest) -> None:
    feeds = ingest.config / "feeds.yaml"
    feeds.write_text(feeds.read_text().replace("/feed.xml", "/busy.xml"))
    polled = ingest.run("poll", "--all")
    assert polled.returncode == 1
    assert "1 entry waits: the page answers 503" in polled.stderr
    assert "is tried again at" in polled.stderr
    assert stored(ingest) == []
