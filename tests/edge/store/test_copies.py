"""Copies and versions, found and kept by the database."""

import datetime as dt
import random
from itertools import permutations

import pytest
from fakes import START
from given import OpenStore, a_draft, a_feed, an_entry, leased, most_on_sqlite, run_sql, settle, written_down

from ingest.core.dedupe.fingerprint import fingerprint
from ingest.core.dedupe.furniture import paragraph_keys
from ingest.edge.store import SqlStore, finding, likeness_index
from ingest.model import Article, Draft, Moment, Outcome, Story, StoryFilter

HOUR = dt.timedelta(hours=1)


def words(count: int, seed: int = 1) -> list[str]:
    chance = random.Random(seed)  # an order, not a secret
    return [f"w{seed}x{chance.randrange(900)}" for _ in range(count)]


TEXT = words(300)


def told_by(publisher: str, text: list[str], hours: float, title: str = "A ferry for the northern islands") -> Draft:
    """An article that appeared some hours after the clock's beginning."""
    at = START + hours * HOUR
    body = " ".join(text)
    url = f"https://{publisher}/{hours}"
    article = Article(url=url, title=title, text=body, published=Moment(at=at, day=at.date()))
    mine = {"article": article, "fingerprint": fingerprint(title, body), "publisher": publisher, "url_key": url}
    return a_draft(**mine)


async def saved(store: SqlStore, *drafts: Draft) -> list[Outcome]:
    """What became of each, in their order."""
    found = await store.find_feed("example")
    feed = found.feed if found else await a_feed(store)
    outcomes = []
    for draft in drafts:
        known = (await store.totals(START)).entries
        await written_down(store, feed, [an_entry(known + 1)])
        (pending,) = await leased(store)
        outcomes.append(await store.save(pending, draft, settle, START))
    return outcomes


def changes(database: str) -> list[str]:
    return [str(kind) for (kind,) in run_sql(database, "SELECT kind FROM changes ORDER BY seq")]


async def by_publisher(store: SqlStore) -> dict[str, Story]:
    return {story.publisher: story async for story in store.stories(StoryFilter())}


ORIGIN = told_by("one.example", TEXT, 0)
SHORTENED = told_by("two.example", TEXT[:120], 1)
EDITED = told_by("three.example", [word for place, word in enumerate(TEXT) if place % 12], 2)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0)])
async def test_copies_lie_in_one_cluster_whose_origin_appeared_first(store: SqlStore, order: tuple[int, ...]) -> None:
    drafts = (ORIGIN, SHORTENED, EDITED)
    await saved(store, *(drafts[place] for place in order))
    stories = await by_publisher(store)
    origin = stories["one.example"]
    assert origin.duplicate_of is None
    assert {stories[name].duplicate_of for name in ("two.example", "three.example")} == {origin.id}
    assert {story.cluster for story in stories.values()} == {origin.id}


async def test_a_copy_is_announced_as_one(store: SqlStore, database: str) -> None:
    await saved(store, ORIGIN, SHORTENED)
    assert changes(database) == ["created", "created", "duplicate"]


async def test_an_origin_that_came_late_is_told_with_every_story_it_moves(store: SqlStore, database: str) -> None:
    await saved(store, EDITED, SHORTENED, ORIGIN)
    kinds = changes(database)
    assert kinds[-3:] == ["created", "duplicate", "duplicate"]
    assert [story.seq async for story in store.stories(StoryFilter())] == [len(kinds) - 2, len(kinds) - 1, len(kinds)]


async def test_another_story_is_none_of_them(store: SqlStore) -> None:
    await saved(store, ORIGIN, told_by("two.example", words(300, seed=2), 1))
    assert (await by_publisher(store))["two.example"].duplicate_of is None


@pytest.mark.parametrize(("days", "kind"), [(13, "copy"), (15, "new"), (-13, "new"), (40, "new")])
async def test_copies_appear_within_the_window(store: SqlStore, days: int, kind: str) -> None:
    _, outcome = await saved(store, ORIGIN, told_by("two.example", TEXT, 24 * days))
    assert outcome.settled == kind


async def test_what_appeared_long_ago_finds_its_copies_of_that_time(store: SqlStore) -> None:
    old = 24 * -1000
    await saved(store, told_by("one.example", TEXT, old), told_by("two.example", TEXT, old + 5))
    stories = await by_publisher(store)
    assert stories["two.example"].duplicate_of == stories["one.example"].id


async def test_a_notice_under_very_many_stories_hides_no_copy(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likeness_index, "OFTEN", 3)
    notice = words(60, seed=9)
    others = [told_by(f"p{number}.example", words(80, seed=20 + number) + notice, number) for number in range(6)]
    await saved(store, *others)
    _, copy = await saved(store, told_by("one.example", TEXT + notice, 7), told_by("two.example", TEXT + notice, 8))
    assert copy.settled == "copy"


ISLANDS, COAST = words(100, seed=5), words(100, seed=6)
ROUND_UP = (
    told_by("early.example", ISLANDS[25:], 0, title="Quite another heading for this"),
    told_by("islands.example", ISLANDS, 1, title="Harbour tax goes to vote today"),
    told_by("coast.example", COAST, 2, title="Storm hits western coast again"),
    told_by("both.example", COAST + ISLANDS[:75], 3, title="Ten things that we learned yesterday"),
)
"""The last is like the two before it, of which the first is a copy: once that is known, it belongs to the other."""


@most_on_sqlite("order", list(permutations(range(4))))
async def test_a_copy_whose_origin_turns_out_to_be_one_finds_another(store: SqlStore, order: tuple[int, ...]) -> None:
    await saved(store, *(ROUND_UP[place] for place in order))
    found = await by_publisher(store)
    origins = {name: story.duplicate_of and found_at(found, story.duplicate_of) for name, story in found.items()}
    assert origins == {
        "early.example": None,
        "islands.example": "early.example",
        "coast.example": None,
        "both.example": "coast.example",
    }
    assert await store.upkeep.check() == []


def found_at(found: dict[str, Story], story_id: str) -> str:
    return next(name for name, story in found.items() if story.id == story_id)


VERY_TEXT = (
    told_by("one.example", words(40, seed=4) + TEXT[40:], 0, title="Evening: hall falls silent"),
    told_by("one.example", TEXT, 1, title="Council votes on the mill"),
    told_by("two.example", TEXT, 2, title="Council votes on the mill"),
)


@most_on_sqlite("order", list(permutations(range(3))))
async def test_a_copy_belongs_to_the_story_with_its_very_text(store: SqlStore, order: tuple[int, ...]) -> None:
    await saved(store, *(VERY_TEXT[place] for place in order))
    stories = {story.url: story async for story in store.stories(StoryFilter())}
    origin = stories["https://one.example/1"]
    assert [story.duplicate_of for story in stories.values() if story is not stories["https://two.example/2"]] == [
        None,
        None,
    ]
    assert stories["https://two.example/2"].duplicate_of == origin.id


TWICE = (
    told_by("one.example", TEXT, 0),
    told_by("two.example", TEXT, 5),
    told_by("one.example", TEXT, 10),
)


@most_on_sqlite("order", list(permutations(range(3))))
async def test_a_text_that_its_publisher_gave_twice_appeared_when_it_first_did(
    store: SqlStore, order: tuple[int, ...]
) -> None:
    await saved(store, *(TWICE[place] for place in order))
    stories = await by_publisher(store)
    assert stories["two.example"].duplicate_of == stories["one.example"].id
    assert stories["one.example"].published_at == START
    assert await store.upkeep.check() == []


async def test_one_text_at_very_many_publishers_is_told_apart_by_publisher(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "WITH_TEXT", finding.WITH_TEXT.limit(3))
    await saved(store, *(told_by(f"p{number}.example", TEXT, number) for number in range(6)))
    (again,) = await saved(store, told_by("p5.example", TEXT, 7))
    assert again.settled == "same"


async def test_an_origin_that_comes_last_takes_all_copies_however_many_there_are(store: SqlStore) -> None:
    copies = [told_by(f"p{number}.example", TEXT, number) for number in range(1, 70)]
    await saved(store, *copies, told_by("first.example", TEXT, 0))
    stories = await by_publisher(store)
    assert {story.cluster for story in stories.values()} == {stories["first.example"].id}
    assert await store.upkeep.check() == []


CHANGED = told_by("one.example", [*TEXT[:200], *words(60, seed=3)], 0, title="Two ferries for the northern islands")


async def test_a_changed_story_keeps_its_id_and_its_earlier_text(store: SqlStore) -> None:
    first, second = await saved(store, ORIGIN, CHANGED)
    (story,) = [one async for one in store.stories(StoryFilter())]
    assert (second.settled, story.id, story.version, story.title) == (
        "version",
        first.story_id,
        2,
        CHANGED.article.title,
    )
    earlier, present = await store.versions(story.id)
    assert (earlier.version, earlier.title, earlier.text) == (1, ORIGIN.article.title, ORIGIN.article.text)
    assert (present.version, present.title, present.text) == (2, story.title, story.text)


async def test_a_changed_story_is_found_by_its_new_text(store: SqlStore) -> None:
    await saved(store, ORIGIN, CHANGED)
    (_, copy) = await saved(
        store, told_by("two.example", words(300, seed=4), 1), told_by("three.example", CHANGED.article.text.split(), 2)
    )
    assert copy.settled == "copy"
    assert await store.upkeep.check() == []


async def test_a_changed_story_keeps_the_page_and_the_tags_of_its_newest_text(store: SqlStore) -> None:
    await saved(store, ORIGIN, CHANGED.model_copy(update={"hashtags": ()}))
    (story,) = [one async for one in store.stories(StoryFilter())]
    assert story.hashtags == ()
    assert await store.raw_page(story.id) is not None


async def test_what_a_later_version_says_of_the_publication_changes_nothing(store: SqlStore) -> None:
    later = Moment(at=START + 30 * HOUR, day=START.date())
    article = CHANGED.article.model_copy(update={"published": later})
    await saved(store, ORIGIN, CHANGED.model_copy(update={"article": article}))
    assert (await by_publisher(store))["one.example"].published_at == START


async def test_two_stories_of_a_publisher_that_come_to_the_same_text_stay_two(store: SqlStore) -> None:
    other = told_by("one.example", words(300, seed=5), 3)
    now_the_same = told_by("one.example", TEXT, 3)
    *_, outcome = await saved(store, other, ORIGIN, now_the_same)
    assert (outcome.settled, (await store.totals(START)).stories, await store.upkeep.check()) == ("version", 2, [])


APPEAL = "Read every story by joining the circle of our readers today."


def with_appeal(number: int) -> Draft:
    """A story of one publisher that ends with what all its stories end with."""
    draft = told_by("one.example", words(60, seed=40 + number), number)
    text = f"{draft.article.text}\n\n{APPEAL}"
    article = draft.article.model_copy(update={"text": text})
    print_ = fingerprint(article.title, text)
    return draft.model_copy(update={"article": article, "fingerprint": print_, "paragraphs": paragraph_keys(text)})


async def test_what_a_publisher_writes_under_every_story_is_dropped_once_it_is_told(store: SqlStore) -> None:
    await saved(store, *(with_appeal(number) for number in range(14)))
    stories = [story async for story in store.stories(StoryFilter())]
    assert [APPEAL in story.text for story in stories] == [True] * 4 + [False] * 10


async def test_a_story_that_was_stored_with_furniture_has_not_changed_without_it(store: SqlStore) -> None:
    await saved(store, *(with_appeal(number) for number in range(6)))
    (again,) = await saved(store, with_appeal(0))
    assert again.settled == "same"


async def test_processes_that_save_copies_at_once_make_one_cluster(open_another: OpenStore) -> None:
    stores = [open_another(f"host/{number}/1") for number in range(3)]
    for store, draft in zip(stores, (EDITED, ORIGIN, SHORTENED), strict=True):
        await saved(store, draft)
    assert len({story.cluster for story in (await by_publisher(stores[0])).values()}) == 1
