"""What is told of a story and of a URL: the facts, and their words."""

import datetime as dt

import pytest
from fakes import START

from ingest.core.dedupe.fingerprint import fingerprint
from ingest.core.dedupe.settle import Settle
from ingest.core.dedupe.stored import as_draft
from ingest.core.explained import Explained, of_draft, of_story, of_url
from ingest.core.render.explained import facts
from ingest.model import Article, Candidate, Change, Draft, Hashtag, Life, Moment, Sighting, Story

settle = Settle(dt.timedelta(days=14))
HOUR = dt.timedelta(hours=1)
TITLE = "A ferry for the northern islands"
TEXT = " ".join(f"word{number}" for number in range(200))
ELSE = " ".join(f"other{number}" for number in range(200))


def story(name: str, hours: float = 0, **changes: object) -> Story:
    plain = Story(
        id=name,
        seq=1,
        url=f"https://{name}.example/a",
        title=TITLE,
        text=TEXT,
        summary="",
        authors=("Ada", "Ben"),
        site="",
        language="en",
        published_at=START + hours * HOUR,
        published_date=START.date(),
        modified_at=None,
        first_seen_at=START + 50 * HOUR,
        image=None,
        hashtags=(Hashtag(tag="ferry", source="headline"),),
        version=2,
        cluster="one",
        duplicate_of=None,
        sightings=(Sighting(feed="courier", entry_id="7", url="", seen_at=START, why="its address is already known"),),
        publisher=f"{name}.example",
        source="page",
        note="",
        methods={"title": "json-ld"},
    )
    return plain.model_copy(update=changes)


LIFE = Life(
    changes=(
        Change(seq=1, kind="created", at=START, story_id="1", version=1),
        Change(seq=2, kind="updated", at=START + HOUR, story_id="1", version=2),
    ),
    looks=2,
    look_at=START + 24 * HOUR,
)
ORIGIN = story("one")
COPY = story("two", 1, duplicate_of="one")
LATER_COPY = story("three", 2, duplicate_of="one")
OTHER = story("four", 3, text=ELSE)
CLUSTER = [ORIGIN, COPY, LATER_COPY]


def found(*stories: Story) -> list[Candidate]:
    return [as_draft(one)[1].model_copy(update={"matched": "likeness"}) for one in stories]


def words(told: Explained) -> list[str]:
    return [": ".join(fact) for fact in facts(told)]


def test_a_story_is_not_compared_with_itself() -> None:
    told = of_story(ORIGIN, LIFE, [ORIGIN], found(ORIGIN), settle)
    assert (told.compared, told.cluster, told.origin) == ((), (), None)
    assert told.decision == "new: no other stored story has its text or is like it"


def test_a_copy_is_told_with_its_origin_and_the_other_copies() -> None:
    told = of_story(COPY, LIFE, CLUSTER, found(*CLUSTER), settle)
    assert (told.origin, [kin.story_id for kin in told.cluster]) == ("one", ["one", "three"])
    assert told.decision.startswith("copy: a copy of one: 100%")


def test_an_origin_is_told_with_its_copies() -> None:
    told = of_story(ORIGIN, LIFE, CLUSTER, found(*CLUSTER), settle)
    assert [(kin.story_id, kin.publisher) for kin in told.cluster] == [
        ("two", "two.example"),
        ("three", "three.example"),
    ]
    assert told.decision == "new: the earliest of its copies"


def test_every_comparison_has_its_figures_and_its_objection_the_likest_first() -> None:
    told = of_story(ORIGIN, LIFE, [ORIGIN], found(OTHER, COPY), settle)
    assert [(kin.story_id, kin.comparison.containment, kin.comparison.objection) for kin in told.compared] == [
        ("two", 1.0, ""),
        ("four", 0.0, "too little is shared"),
    ]


ALL_SHARED = "shares 100% of the shorter text, 100% of both; titles 100% alike"
NONE_SHARED = "shares 0% of the shorter text, 0% of both; titles 100% alike"
WORDS = [
    "url: https://two.example/a",
    "canonical: https://two.example/a",
    "publisher: two.example",
    "stored: two, version 2, first seen 2024-01-21T10:00:00Z",
    "change: 2024-01-19T08:00:00Z created, version 1",
    "change: 2024-01-19T09:00:00Z updated, version 2",
    "looked at: 2 times since it was stored; next at 2024-01-20T08:00:00Z",
    "seen in: courier: 7 (its address is already known)",
    "made from: the page",
    f"title: {TITLE} (by json-ld)",
    "text: 200 words",
    "summary: unknown",
    "authors: Ada, Ben",
    "published: 2024-01-19T09:00:00Z",
    "#ferry: headline",
    "duplicate of: one",
    f"origin: one at one.example, “{TITLE}”: {ALL_SHARED}",
    f"copy: three at three.example, “{TITLE}”: {ALL_SHARED}",
    f"compared with: one at one.example, “{TITLE}”, found by likeness: {ALL_SHARED}; its origin",
    f"compared with: four at four.example, “{TITLE}”, found by likeness: {NONE_SHARED}; too little is shared",
]


@pytest.mark.parametrize("line", WORDS)
def test_a_stored_story_is_told_in_words(line: str) -> None:
    assert line in words(of_story(COPY, LIFE, CLUSTER, found(ORIGIN, COPY, OTHER), settle))


def draft(**changes: object) -> Draft:
    article = Article(
        url="https://five.example/a",
        title=TITLE,
        text=TEXT,
        published=Moment(at=START + 5 * HOUR, day=START.date()),
        methods={"published": "open-graph"},
    )
    plain = {
        "article": article,
        "hashtags": (Hashtag(tag="coast", source="feed"),),
        "fingerprint": fingerprint(article.title, article.text),
        "url_key": article.url,
        "publisher": "five.example",
        "source": "feed",
        "note": "the page answers 404",
    }
    return Draft.model_validate(plain | changes)


STRANGE = [
    "stored: no",
    "entry: courier: failed: the page answers 404",
    "made from: the feed's own content: the page answers 404",
    "published: 2024-01-19T13:00:00Z (by open-graph)",
    "modified: unknown",
    "#coast: feed",
    "would be: copy: a copy of one: 100% of the shorter text is in the longer",
]


@pytest.mark.parametrize("line", STRANGE)
def test_a_url_that_is_not_stored_is_told_by_what_would_become_of_it(line: str) -> None:
    known = of_url("https://five.example/a", ["courier: failed: the page answers 404"])
    assert line in words(of_draft(known, draft(), START + 5 * HOUR, found(ORIGIN), settle))


def test_a_url_without_a_page_is_told_with_the_reason() -> None:
    assert words(of_url("https://five.example/A?utm_source=x", (), "the page answers 404")) == [
        "url: https://five.example/A?utm_source=x",
        "canonical: https://five.example/A",
        "publisher: five.example",
        "stored: no",
        "page: the page answers 404",
    ]


def test_a_title_of_several_lines_is_one_fact_on_one_line() -> None:
    told = of_story(story("one", title="Two\nlines"), LIFE, [], [], settle)
    assert "title: Two lines (by json-ld)" in words(told)


def test_a_withdrawn_story_is_told_to_be_one() -> None:
    gone = story("one", withdrawn_at=START + HOUR)
    told = words(of_story(gone, LIFE.model_copy(update={"looks": 0, "look_at": None}), [gone], [], settle))
    assert "withdrawn: its publisher had taken it away at 2024-01-19T09:00:00Z; the text stays readable" in told
    assert "looked at: never since it was stored; not again, unless its feed shows it edited" in told


def test_an_origin_is_told_to_be_the_earliest_before_what_it_is_not_like() -> None:
    told = words(of_story(ORIGIN, LIFE, CLUSTER, found(OTHER, COPY), settle))
    assert (
        "settled now: new: the earliest of its copies; not four: too little is shared (0% of the shorter text)" in told
    )
    assert f"compared with: two at two.example, “{TITLE}”, found by likeness: {ALL_SHARED}; another copy" in told


def test_what_a_story_is_like_and_no_copy_of_is_told_with_the_rule() -> None:
    twin = story("five", 4)
    told = words(of_story(COPY, LIFE, CLUSTER, found(ORIGIN, twin), settle))
    assert any("five.example" in line and "but not the origin" in line for line in told)
