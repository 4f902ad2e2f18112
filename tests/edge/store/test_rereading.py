"""Contract of the Store: what becomes of stories whose kept pages are read again."""

import datetime as dt
import random
from collections.abc import Sequence

import pytest
from fakes import START
from given import OpenStore, a_draft, a_feed, an_entry, leased, most_on_sqlite, run_sql, settle, written_down

from ingest.core.dedupe.fingerprint import fingerprint
from ingest.core.dedupe.furniture import paragraph_keys
from ingest.edge.store import SqlStore
from ingest.edge.store.tables import metadata
from ingest.model import Article, Draft, Hashtag, KeptPage, Moment, Reprocessed, Story, StoryFilter

HOUR = dt.timedelta(hours=1)
LATER = START + 24 * HOUR
ALL = StoryFilter()
RULES = "as today"


def words(count: int, seed: int = 1) -> list[str]:
    chance = random.Random(seed)  # an order, not a secret
    return [f"w{seed}x{chance.randrange(900)}" for _ in range(count)]


TEXT = words(300)
TITLE = "A ferry for the northern islands"


def told_by(publisher: str, text: Sequence[str], hours: float, title: str = TITLE, **more: object) -> Draft:
    """An article that appeared some hours after the clock's beginning."""
    at, body, url = START + hours * HOUR, " ".join(text), f"https://{publisher}/article"
    article = Article(url=url, title=title, text=body, published=Moment(at=at, day=at.date()))
    usual = {"article": article, "fingerprint": fingerprint(title, body), "publisher": publisher, "url_key": url}
    return a_draft(**(usual | more))


def changed(draft: Draft, **article: object) -> Draft:
    """The same page, read otherwise."""
    read = draft.article.model_copy(update=article)
    return draft.model_copy(update={"article": read, "fingerprint": fingerprint(read.title, read.text)})


ORIGIN = told_by("one.example", TEXT, 0)
SHORTENED = told_by("two.example", TEXT[:150], 1)
EDITED = told_by("three.example", [word for place, word in enumerate(TEXT) if place % 12], 2)
ELSE = " ".join(words(300, seed=8))


async def saved(store: SqlStore, *drafts: Draft, now: dt.datetime = START) -> None:
    found = await store.find_feed("example")
    feed = found.feed if found else await a_feed(store)
    for draft in drafts:
        known = (await store.totals(START)).entries
        await written_down(store, feed, [an_entry(known + 1)])
        (pending,) = await leased(store)
        await store.save(pending, draft, settle, now)


async def by_publisher(store: SqlStore) -> dict[str, Story]:
    return {story.publisher: story async for story in store.stories(ALL)}


async def kept(store: SqlStore, publisher: str) -> KeptPage:
    run = await store.reprocessings.begin(ALL, RULES, LATER)
    pages = await store.reprocessings.pages(run, "", 100)
    story = (await by_publisher(store))[publisher]
    return next(page for page in pages if page.story_id == story.id)


async def reread(store: SqlStore, *drafts: Draft) -> list[Reprocessed]:
    """Reads the pages of these publishers again, in the order of their stories' ids."""
    run = await store.reprocessings.begin(ALL, RULES, LATER)
    found: list[Reprocessed] = []
    for page in await store.reprocessings.pages(run, "", 100):
        for draft in drafts:
            if draft.publisher in (page.url or ""):
                done = await store.reprocessings.write(run, page, draft, settle, LATER)
                assert done
                found.append(done)
    await store.reprocessings.finish(run, LATER)
    return found


def whole(database: str) -> list[list[tuple[object, ...]]]:
    """All that a database holds."""
    return [sorted(run_sql(database, f'SELECT * FROM "{name}"'), key=repr) for name in metadata.tables]


def kinds(database: str) -> list[object]:
    return [kind for (kind,) in run_sql(database, "SELECT kind FROM changes ORDER BY seq")]


async def test_a_page_that_reads_as_before_changes_nothing(store: SqlStore, database: str) -> None:
    await saved(store, ORIGIN)
    (done,) = await reread(store, ORIGIN)
    assert (done.differences, done.is_version, done.moved, done.failed) == ((), False, 0, "")
    assert kinds(database) == ["created"]


async def test_other_hashtags_are_an_update_of_the_same_version(store: SqlStore, database: str) -> None:
    await saved(store, ORIGIN)
    tags = (Hashtag(tag="Ferry", source="headline"),)
    (done,) = await reread(store, ORIGIN.model_copy(update={"hashtags": tags}))
    story = (await by_publisher(store))["one.example"]
    assert [one.field for one in done.differences] == ["hashtags"]
    assert (kinds(database), story.version, story.hashtags) == (["created", "updated"], 1, tags)


OTHERWISE = {
    "another title": changed(ORIGIN, title="Two ferries for the southern islands"),
    "another text": changed(ORIGIN, text=ELSE),
    "less text": changed(ORIGIN, text=" ".join(TEXT[:40])),
}


@pytest.mark.parametrize("read", OTHERWISE.values(), ids=OTHERWISE.keys())
async def test_another_text_or_title_is_a_new_version_beside_the_earlier_one(store: SqlStore, read: Draft) -> None:
    await saved(store, ORIGIN)
    await reread(store, read)
    story = (await by_publisher(store))["one.example"]
    earlier, *_ = await store.versions(story.id)
    assert (story.version, story.title, story.text) == (2, read.article.title, read.article.text)
    assert (earlier.title, earlier.text) == (ORIGIN.article.title, ORIGIN.article.text)
    assert await store.upkeep.check() == []


async def test_short_lines_that_come_or_go_are_an_update_of_the_same_version(store: SqlStore) -> None:
    await saved(store, ORIGIN)
    (done,) = await reread(store, changed(ORIGIN, text=f"{ORIGIN.article.text}\n\nRead more"))
    assert ([one.field for one in done.differences], done.is_version) == (["text"], False)


async def test_what_no_reader_of_the_story_sees_is_written_without_a_change(store: SqlStore, database: str) -> None:
    await saved(store, ORIGIN)
    await reread(store, changed(ORIGIN, methods={"title": "open-graph"}))
    story = (await by_publisher(store))["one.example"]
    assert (story.methods, kinds(database)) == ({"title": "open-graph"}, ["created"])


async def test_a_reading_without_text_is_not_believed(store: SqlStore) -> None:
    await saved(store, ORIGIN)
    (done,) = await reread(store, changed(ORIGIN, text=""))
    assert (done.failed, (await by_publisher(store))["one.example"].text) == (
        "its page gives no text any more",
        ORIGIN.article.text,
    )


async def test_a_page_that_was_replaced_meanwhile_is_left(store: SqlStore) -> None:
    await saved(store, ORIGIN)
    page = await kept(store, "one.example")
    newer = changed(ORIGIN, text=ELSE)
    await saved(store, newer, now=START + HOUR)
    run = await store.reprocessings.begin(ALL, RULES, LATER)
    done = await store.reprocessings.write(run, page, ORIGIN, settle, LATER)
    assert done
    assert (done.failed, (await by_publisher(store))["one.example"].text) == (
        "its page was replaced meanwhile",
        newer.article.text,
    )


async def test_the_date_of_the_first_page_is_believed_and_that_of_a_later_one_is_not(store: SqlStore) -> None:
    at = START + 5 * HOUR
    other_date = {"published": Moment(at=at, day=at.date())}
    await saved(store, ORIGIN, SHORTENED)
    await saved(store, changed(ORIGIN, text=ELSE), now=START + HOUR)
    await reread(store, changed(ORIGIN, text=ELSE, **other_date), changed(SHORTENED, **other_date))
    stories = await by_publisher(store)
    assert (stories["one.example"].published_at, stories["two.example"].published_at) == (START, at)


async def test_a_copy_that_reads_otherwise_leaves_its_cluster(store: SqlStore, database: str) -> None:
    await saved(store, ORIGIN, SHORTENED)
    (done,) = await reread(store, changed(SHORTENED, text=ELSE))
    copy = (await by_publisher(store))["two.example"]
    assert (copy.duplicate_of, copy.cluster, done.moved) == (None, copy.id, 1)
    assert kinds(database)[3:] == ["updated"]


async def test_the_copies_of_an_origin_that_reads_otherwise_stay_together(store: SqlStore, database: str) -> None:
    await saved(store, ORIGIN, SHORTENED, EDITED)
    (done,) = await reread(store, changed(ORIGIN, text=ELSE))
    stories = await by_publisher(store)
    left = stories["two.example"]
    assert (left.duplicate_of, stories["three.example"].duplicate_of) == (None, left.id)
    assert (stories["one.example"].duplicate_of, done.moved) == (None, 2)
    assert sorted(map(str, kinds(database)[5:])) == ["duplicate", "updated", "updated"]
    assert await store.upkeep.check() == []


async def test_an_origin_whose_date_is_read_otherwise_becomes_a_copy(store: SqlStore) -> None:
    await saved(store, ORIGIN, SHORTENED, EDITED)
    at = START + 3 * HOUR
    await reread(store, changed(ORIGIN, published=Moment(at=at, day=at.date())))
    stories = await by_publisher(store)
    origin = stories["two.example"]
    assert {story.cluster for story in stories.values()} == {origin.id}
    assert stories["one.example"].duplicate_of == origin.id
    assert await store.upkeep.check() == []


async def test_two_stories_of_a_publisher_that_read_the_same_stay_two_and_one_is_the_copy(store: SqlStore) -> None:
    other = told_by("one.example", words(300, seed=5), 3, url_key="https://one.example/other")
    await saved(store, ORIGIN, other)
    run = await store.reprocessings.begin(ALL, RULES, LATER)
    second = (await store.reprocessings.pages(run, "", 100))[1]
    await store.reprocessings.write(run, second, changed(other, text=ORIGIN.article.text), settle, LATER)
    first, copy = sorted([story async for story in store.stories(ALL)], key=lambda story: story.id)
    assert (copy.text, copy.duplicate_of, await store.upkeep.check()) == (first.text, first.id, [])


TOLD = [
    ORIGIN,
    SHORTENED,
    EDITED,
    told_by("four.example", words(200, seed=4), 0, "An owl was seen above the old town"),
    told_by("five.example", words(200, seed=4)[20:], 5, "Above the old town an owl was seen"),
    told_by("six.example", words(90, seed=6), 7, "Nothing happened"),
]


@most_on_sqlite("seed", range(6))
async def test_whatever_the_clusters_were_they_are_those_that_the_texts_make(
    store: SqlStore, database: str, seed: int
) -> None:
    chance = random.Random(seed)  # an order, not a secret
    drafts = chance.sample(TOLD, len(TOLD))
    await saved(store, *drafts)
    expected = {story.id: story.duplicate_of for story in (await by_publisher(store)).values()}
    some = chance.choice(sorted(expected))
    run_sql(database, "DELETE FROM shingles")
    run_sql(database, "UPDATE stories SET shingles = 0, duplicate_of = NULL, cluster = id")
    if seed % 2:
        run_sql(database, f"UPDATE stories SET duplicate_of = '{some}', cluster = '{some}' WHERE id <> '{some}'")
    await reread(store, *drafts)
    assert {story.id: story.duplicate_of for story in (await by_publisher(store)).values()} == expected
    assert await store.upkeep.check() == []


async def test_stories_without_a_sketch_are_entered_and_told(store: SqlStore, database: str) -> None:
    await saved(store, ORIGIN, SHORTENED)
    index = run_sql(database, "SELECT * FROM shingles")
    run_sql(database, "DELETE FROM shingles")
    run_sql(database, "UPDATE stories SET shingles = 0")
    assert [one.entered for one in await reread(store, ORIGIN, SHORTENED)] == [True, True]
    assert run_sql(database, "SELECT * FROM shingles") == index


async def test_no_trace_of_an_earlier_reading_stays_in_the_index(store: SqlStore, database: str) -> None:
    await saved(store, ORIGIN)
    index = run_sql(database, "SELECT * FROM shingles")
    await reread(store, changed(ORIGIN, text=ELSE))
    await reread(store, ORIGIN)
    assert run_sql(database, "SELECT * FROM shingles") == index


async def test_trying_out_finds_what_writing_does_and_keeps_nothing(store: SqlStore, database: str) -> None:
    await saved(store, ORIGIN, SHORTENED, EDITED)
    read = changed(ORIGIN, text=ELSE)
    page = await kept(store, "one.example")
    before = whole(database)
    tried = await store.reprocessings.try_out(page, read, settle, LATER)
    assert whole(database) == before
    assert [tried] == await reread(store, read)
    assert tried.moved == 2


async def test_a_run_goes_on_where_another_process_left_it(open_another: OpenStore) -> None:
    first, second = open_another("host/1/1"), open_another("host/2/1")
    await saved(first, ORIGIN, SHORTENED, EDITED)
    run = await first.reprocessings.begin(ALL, RULES, LATER)
    page, *_ = await first.reprocessings.pages(run, "", 100)
    await first.reprocessings.write(run, page, "a reason", settle, LATER)
    again = await second.reprocessings.begin(ALL, RULES, LATER + HOUR)
    assert (again.id, again.started_at, again.position, again.tally.failed) == (
        run.id,
        LATER,
        page.story_id,
        {"a reason": 1},
    )
    assert await second.reprocessings.left(again) == 2


async def test_no_story_is_written_twice_in_a_run(store: SqlStore, database: str) -> None:
    await saved(store, ORIGIN)
    run = await store.reprocessings.begin(ALL, RULES, LATER)
    (page,) = await store.reprocessings.pages(run, "", 100)
    read = changed(ORIGIN, text=ELSE)
    assert await store.reprocessings.write(run, page, read, settle, LATER)
    assert await store.reprocessings.write(run, page, read, settle, LATER) is None
    assert kinds(database) == ["created", "updated"]


async def test_a_run_that_was_finished_is_followed_by_a_new_one(store: SqlStore) -> None:
    run = await store.reprocessings.begin(ALL, RULES, LATER)
    await store.reprocessings.finish(run, LATER)
    assert (await store.reprocessings.begin(ALL, RULES, LATER)).id != run.id


async def test_runs_with_other_filters_or_by_other_rules_are_other_runs(store: SqlStore) -> None:
    whole = await store.reprocessings.begin(ALL, RULES, LATER)
    part = await store.reprocessings.begin(StoryFilter(feed="example"), RULES, LATER)
    other = await store.reprocessings.begin(ALL, "as tomorrow", LATER)
    assert (len({whole.id, part.id, other.id}), part.where) == (3, StoryFilter(feed="example"))


async def test_a_run_reads_what_its_filter_lets_through_and_was_fetched_before_it(store: SqlStore) -> None:
    await saved(store, ORIGIN, told_by("two.example", words(99, seed=2), 9))
    await saved(store, told_by("three.example", words(99, seed=3), 9), now=LATER + HOUR)
    run = await store.reprocessings.begin(StoryFilter(since=START + HOUR), RULES, LATER)
    assert [page.url for page in await store.reprocessings.pages(run, "", 9)] == ["https://two.example/article"]


async def test_an_entry_that_cannot_be_read_is_told_and_stops_no_other(store: SqlStore, database: str) -> None:
    await saved(store, ORIGIN, SHORTENED)
    run_sql(database, "UPDATE entries SET data = :data WHERE id = 1", data=b"\0")
    run = await store.reprocessings.begin(ALL, RULES, LATER)
    assert [page.entry is None for page in await store.reprocessings.pages(run, "", 9)] == [True, False]


async def test_the_pages_of_a_removed_feed_are_read_with_what_was_written_of_it(store: SqlStore) -> None:
    await saved(store, ORIGIN)
    feed = await store.find_feed("example")
    assert feed
    await store.remove_feed(feed.feed.id, START)
    assert (await kept(store, "one.example")).feed.name == "example"


async def test_a_cluster_is_its_origin_and_then_its_copies_as_they_appeared(store: SqlStore) -> None:
    await saved(store, EDITED, told_by("four.example", words(99, seed=4), 0), SHORTENED, ORIGIN)
    stories = await by_publisher(store)
    cluster = await store.cluster(stories["two.example"].cluster)
    assert [story.publisher for story in cluster] == ["one.example", "two.example", "three.example"]


APPEAL = "Subscribe to the paper of the islands today, and read it before your neighbours do."


async def test_what_a_publisher_writes_under_every_story_is_left_out_also_of_its_first_ones(store: SqlStore) -> None:
    def with_appeal(number: int) -> Draft:
        url = f"https://one.example/{number}"
        draft = told_by("one.example", words(90, seed=30 + number), number, f"Title {number}", url_key=url)
        text = f"{draft.article.text}\n\n{APPEAL}"
        return changed(draft, url=url, text=text).model_copy(update={"paragraphs": paragraph_keys(text)})

    drafts = [with_appeal(number) for number in range(5)]
    await saved(store, *drafts)
    run = await store.reprocessings.begin(ALL, RULES, LATER)
    pages = await store.reprocessings.pages(run, "", 9)
    done = [
        await store.reprocessings.write(run, page, draft, settle, LATER)
        for page, draft in zip(pages, drafts, strict=True)
    ]
    assert [one and ([each.field for each in one.differences], one.is_version) for one in done] == [
        *[(["text"], False)] * 4,
        ([], False),
    ]
    assert not [story async for story in store.stories(ALL) if APPEAL in story.text]


async def test_stories_from_before_are_looked_back_on_once(store: SqlStore, database: str) -> None:
    await saved(store, ORIGIN)
    run_sql(database, "DELETE FROM publishers")
    run_sql(database, "UPDATE stories SET fingerprint_version = 1")
    await reread(store, ORIGIN)
    await reread(store, ORIGIN)
    assert run_sql(database, "SELECT json_array_length(stories) FROM publishers") == [(1,)]
