"""Contract of the Store: one story for one text at one publisher, whoever saves it, and however often."""

import asyncio
import datetime as dt
import random
from collections.abc import Sequence

import pytest
from fakes import START
from given import PAGE, OpenStore, a_draft, a_feed, an_entry, leased, one_pending, published, settle, written_down

from ingest.core.dedupe.settle import Settle
from ingest.edge.store import SqlStore
from ingest.errors import StoreError
from ingest.model import (
    Answer,
    Candidate,
    Draft,
    Fingerprint,
    Hashtag,
    Outcome,
    RawPage,
    Settlement,
    Sighting,
    Story,
    StoryFilter,
)

SEEN_LATER = START + dt.timedelta(minutes=5)


async def saved(store: SqlStore, entry: int, draft: Draft) -> Outcome:
    return await store.save(await one_pending(store, entry), draft, settle, SEEN_LATER)


async def stored(store: SqlStore) -> list[Story]:
    return [story async for story in store.stories(StoryFilter())]


async def test_a_story_comes_back_as_it_was_saved(store: SqlStore) -> None:
    draft = a_draft()
    outcome = await saved(store, 1, draft)
    assert outcome.story_id is not None
    assert await store.story(outcome.story_id) == Story(
        id=outcome.story_id,
        seq=1,
        url="https://example.com/news/1",
        title="Title 1",
        text="First paragraph of 1.\n\nSecond.",
        summary="",
        authors=("Ada Example", "Ben Example"),
        site="",
        language="en",
        published_at=published(1).at,
        published_date=published(1).day,
        modified_at=None,
        first_seen_at=START,
        image=None,
        hashtags=draft.hashtags,
        version=1,
        cluster=outcome.story_id,
        duplicate_of=None,
        changed_at=SEEN_LATER,
        sightings=(
            Sighting(
                feed="example",
                entry_id="id-1",
                url="https://example.com/news/1",
                seen_at=START,
                why="no stored story has its address or is like its text",
            ),
        ),
        publisher="example.com",
        source="page",
        note="",
        methods={"title": "json-ld"},
    )


async def test_a_new_story_is_told_as_one(store: SqlStore) -> None:
    outcome = await saved(store, 1, a_draft())
    assert (outcome.state, outcome.settled) == ("stored", "new")


async def test_stories_are_numbered_in_the_order_in_which_they_are_saved(store: SqlStore) -> None:
    for number in (3, 1, 2):
        await saved(store, number, a_draft(number))
    assert [(story.seq, story.title) for story in await stored(store)] == [
        (1, "Title 3"),
        (2, "Title 1"),
        (3, "Title 2"),
    ]


async def test_ids_rise_though_the_clock_goes_back(store: SqlStore) -> None:
    for number in range(5):
        pending = await one_pending(store, number)
        await store.save(pending, a_draft(number), settle, START - dt.timedelta(hours=number))
    ids = [story.id for story in await stored(store)]
    assert ids == sorted(ids)


async def test_an_entry_without_a_link_gives_a_story_without_a_url(store: SqlStore) -> None:
    draft = a_draft(url_key="feed:1:id-1")
    outcome = await saved(store, 1, draft.model_copy(update={"article": draft.article.model_copy(update={"url": ""})}))
    story = await store.story(outcome.story_id or "")
    assert story is not None
    assert story.url is None


def other_text(number: int, **more: object) -> Draft:
    """The article NUMBER at its own address, with the first one's title and a text that no other has."""
    draft = a_draft(number, fingerprint=Fingerprint(schema_version=1, text_hash=f"other {number}"), **more)
    return draft.model_copy(update={"article": draft.article.model_copy(update={"title": "Title 1"})})


SAME = {
    "its address": (a_draft(1), other_text(1)),
    "what the feed linked to": (a_draft(1), other_text(2, alias_keys=("https://example.com/news/1",))),
    "an alias of the first": (a_draft(1, alias_keys=("https://example.com/news/2",)), other_text(2)),
    "an alias of both": (
        a_draft(1, alias_keys=("https://x.example/",)),
        other_text(2, alias_keys=("https://x.example/",)),
    ),
    "the canonical link of the first": (a_draft(1, canonical_key="https://example.com/news/2"), other_text(2)),
    "its text": (a_draft(1), a_draft(2, fingerprint=a_draft(1).fingerprint)),
    "the canonical link and the text": (
        a_draft(1),
        a_draft(2, canonical_key="https://example.com/news/1", fingerprint=a_draft(1).fingerprint),
    ),
}


@pytest.mark.parametrize(("first", "second"), SAME.values(), ids=SAME.keys())
async def test_a_story_is_known_again_by(store: SqlStore, first: Draft, second: Draft) -> None:
    one, two = await saved(store, 1, first), await saved(store, 2, second)
    (story,) = await stored(store)
    assert (two.settled, two.story_id, story.seq, len(story.sightings)) == ("same", one.story_id, 1, 2)


NEW = {
    "another address and text": (a_draft(1), a_draft(2)),
    "too little text to tell": (
        a_draft(1, fingerprint=Fingerprint(schema_version=1, text_hash=None)),
        a_draft(2, fingerprint=Fingerprint(schema_version=1, text_hash=None)),
    ),
    "a canonical link and nothing else": (a_draft(1), a_draft(2, canonical_key="https://example.com/news/1")),
}


@pytest.mark.parametrize(("first", "second"), NEW.values(), ids=NEW.keys())
async def test_a_story_is_another_one_with(store: SqlStore, first: Draft, second: Draft) -> None:
    await saved(store, 1, first)
    assert ((await saved(store, 2, second)).settled, len(await stored(store))) == ("new", 2)


async def test_every_address_of_a_story_leads_to_it(store: SqlStore) -> None:
    draft = a_draft(1, alias_keys=("https://feeds.example/1",), canonical_key="https://example.com/canonical")
    story_id = (await saved(store, 1, draft)).story_id
    for key in (draft.url_key, *draft.alias_keys, draft.canonical_key or ""):
        assert await story_at(store, key) == story_id


async def story_at(store: SqlStore, address: str) -> str | None:
    story = await store.find_story(address)
    return story.id if story else None


CLAIMED = "https://example.com/canonical"


async def test_an_address_that_a_page_only_names_as_its_own_is_not_known_for_sure(store: SqlStore) -> None:
    draft = a_draft(1, alias_keys=("https://feeds.example/1",), canonical_key=CLAIMED)
    story_id = (await saved(store, 1, draft)).story_id
    pending = await one_pending(store, 2)
    assert await store.known_story(pending, "https://feeds.example/1") == story_id
    assert await store.known_story(pending, CLAIMED) is None


async def test_an_address_that_leads_to_another_story_is_that_ones(store: SqlStore) -> None:
    await saved(store, 1, a_draft(1, canonical_key=CLAIMED))
    other = await saved(store, 2, a_draft(2, url_key=CLAIMED))
    assert (other.settled, await story_at(store, CLAIMED)) == ("new", other.story_id)


async def test_a_claimed_address_that_leads_to_the_same_text_is_the_storys(store: SqlStore) -> None:
    first = await saved(store, 1, a_draft(1, canonical_key=CLAIMED))
    again = await saved(store, 2, a_draft(2, url_key=CLAIMED, fingerprint=a_draft(1).fingerprint))
    assert again.settled == "same"
    assert await store.known_story(await one_pending(store, 3), CLAIMED) == first.story_id


async def test_an_address_that_its_feed_gave_to_two_entries_is_not_known_for_sure(store: SqlStore) -> None:
    here = "https://example.com/now"
    feed, one = await a_feed(store), an_entry(1, url=here)
    await written_down(store, feed, [one])
    (pending,) = await leased(store)
    await store.save(pending, a_draft(1, url_key=here), settle, START)
    await written_down(store, feed, [one, an_entry(2, url=here)])
    (other,) = await leased(store)
    assert await store.known_story(other, here) is None


async def test_a_sighting_brings_its_addresses_along(store: SqlStore) -> None:
    one = await saved(store, 1, a_draft(1))
    await saved(store, 2, a_draft(2, fingerprint=a_draft(1).fingerprint, alias_keys=("https://feeds.example/2",)))
    assert await story_at(store, "https://feeds.example/2") == one.story_id


async def test_an_address_stays_with_the_story_that_had_it_first(store: SqlStore) -> None:
    one = await saved(store, 1, a_draft(1, alias_keys=("https://hub.example/",)))
    await saved(store, 2, a_draft(2, publisher="example.org", alias_keys=("https://hub.example/",)))
    assert await story_at(store, "https://hub.example/") == one.story_id


async def test_settle_is_told_each_story_once_by_its_strongest_match(store: SqlStore) -> None:
    one = await saved(store, 1, a_draft(1))
    two = await saved(store, 2, a_draft(2))
    told: list[Candidate] = []

    class Listen(Settle):
        def __call__(self, draft: Draft, appeared_at: dt.datetime, candidates: Sequence[Candidate]) -> Settlement:
            told.extend(candidates)
            return super().__call__(draft, appeared_at, candidates)

    draft = a_draft(1, canonical_key="https://example.com/news/2")
    await store.save(await one_pending(store, 3), draft, Listen(settle.window), START)
    assert [(one.story_id, "url"), (two.story_id, "canonical")] == [(c.story_id, c.matched) for c in told]


async def test_a_draft_can_be_compared_without_being_saved(store: SqlStore) -> None:
    one = await saved(store, 1, a_draft(1))
    draft = a_draft(2, fingerprint=a_draft(1).fingerprint)
    (candidate,) = await store.candidates(draft, START, settle.window)
    assert (candidate.story_id, candidate.matched) == (one.story_id, "text")
    assert len(await stored(store)) == 1


async def test_the_page_of_a_story_is_kept(store: SqlStore) -> None:
    outcome = await saved(store, 1, a_draft())
    told = RawPage(fetched_at=SEEN_LATER, type="text/html; charset=utf-8", body=PAGE)
    assert await store.raw_page(outcome.story_id or "") == told


async def test_how_a_page_came_is_kept_with_it(store: SqlStore) -> None:
    at = START - dt.timedelta(days=400)
    answer = Answer(url="https://example.com/news/1?old=1", status=200, at=at, headers={"etag": '"1"'})
    outcome = await saved(store, 1, a_draft(answer=answer))
    page = await store.raw_page(outcome.story_id or "")
    assert page is not None
    assert (page.answer, page.fetched_at) == (answer, SEEN_LATER)


async def test_a_story_of_the_feeds_own_content_has_no_page(store: SqlStore) -> None:
    outcome = await saved(store, 1, a_draft(raw=b"", source="feed"))
    assert await store.raw_page(outcome.story_id or "") is None


async def test_hashtags_keep_their_order_and_source(store: SqlStore) -> None:
    tags = tuple(Hashtag(tag=tag, source="headline") for tag in ("Zulu", "alpha", "Mike"))
    await saved(store, 1, a_draft(hashtags=tags))
    assert (await stored(store))[0].hashtags == tags


async def test_a_settle_that_fails_leaves_the_entry_pending(store: SqlStore) -> None:
    pending = await one_pending(store)

    class Defect(Settle):
        def __call__(self, draft: Draft, appeared_at: dt.datetime, candidates: Sequence[Candidate]) -> Settlement:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store.save(pending, a_draft(), Defect(settle.window), START)
    assert (await store.save(pending, a_draft(), settle, START)).settled == "new"


async def test_the_database_itself_refuses_a_text_twice(store: SqlStore) -> None:
    await saved(store, 1, a_draft(1))
    pending = await one_pending(store, 2)

    class AlwaysNew(Settle):
        def __call__(self, draft: Draft, appeared_at: dt.datetime, candidates: Sequence[Candidate]) -> Settlement:
            return Settlement(kind="new", why="a defect")

    with pytest.raises(StoreError, match=r"(?i)unique constraint"):
        await store.save(pending, a_draft(2, fingerprint=a_draft(1).fingerprint), AlwaysNew(settle.window), START)
    assert (len(await stored(store)), await store.upkeep.check()) == (1, [])


async def test_many_savers_at_once_store_each_story_once(open_another: OpenStore) -> None:
    stores = [open_another(f"host/{number}/1") for number in range(3)]
    feed = await a_feed(stores[0])
    await written_down(stores[0], feed, [an_entry(number) for number in range(60)])
    work = [(store, pending, a_draft(pending.id % 7)) for store in stores for pending in await leased(store, limit=20)]
    random.Random(7).shuffle(work)  # an order, not a secret
    outcomes = await asyncio.gather(*(store.save(pending, draft, settle, START) for store, pending, draft in work))
    stories = await stored(stores[0])
    assert [story.seq for story in stories] == list(range(1, 8))
    assert sum(outcome.settled == "new" for outcome in outcomes) == 7
    assert sum(len(story.sightings) for story in stories) == 60
    assert await stores[0].upkeep.check() == []
