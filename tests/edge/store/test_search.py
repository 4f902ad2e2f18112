"""Contract of the Store: what is stored is found by its words, in all scripts, the best first."""

import asyncio
import datetime as dt

import pytest
from fakes import START
from given import OpenStore, a_draft, a_feed, an_entry, leased, one_pending, published, settle, written_down
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from ingest.core.search.query import parse
from ingest.core.search.snippet import marked
from ingest.core.search.tokens import indexed, term, tokens
from ingest.edge.store import SqlStore, search_index
from ingest.edge.store.tables import stories
from ingest.model import Draft, Hashtag, Hit, Story, StoryFilter

EVERY = StoryFilter()

TITLES = {
    1: "Heavy rain over the harbour",
    2: "Rain, heavy at times; the ferry waits",
    3: "Schwere Überschwemmungen in Zürich, Straße gesperrt",
    4: "İstanbul'da şiddetli yağmur, ISPARTA'da kar",
    5: "Ёлка упала: мой дом цел",
    6: "أمطار غزيرة في القاهرة",
    7: "今天北京有大雨",
    8: "東京で大雨、ガード下が冠水",
    9: "ข่าวด่วน: ฝนตกหนักในกรุงเทพ",
    10: "서울에 폭우가 내렸다",
    11: "Cease-fire in the U.S. Senate",
    12: "मुंबई में भारी बारिश",
}


def draft_of(number: int, title: str, text: str = "", **more: object) -> Draft:
    usual = a_draft(number)
    changed = {"title": title, "text": text or f"Nothing more of number{number}.", **more}
    return usual.model_copy(update={"article": usual.article.model_copy(update=changed)})


async def keep(store: SqlStore, *drafts: Draft) -> list[str]:
    """Save these, each from an entry of its own; returns the ids of the stories."""
    kept = []
    for draft in drafts:
        number = int(draft.article.url.rpartition("/")[2])
        outcome = await store.save(await one_pending(store, number), draft, settle, START)
        kept.append(outcome.story_id or "")
    return kept


async def search(store: SqlStore, query: str, where: StoryFilter = EVERY, limit: int = 20) -> list[Hit]:
    return await store.search.find(parse(query), where, limit)


async def found(store: SqlStore, query: str, where: StoryFilter = EVERY) -> set[str]:
    """The numbers at the ends of the URLs of what is found, both ranked and along `seq`, which agree."""
    hits = await search(store, query, where)
    along = [one async for one in store.stories(where.model_copy(update={"query": parse(query)}))]
    assert {hit.story.id for hit in hits} == {story.id for story in along}
    return {number_of(story) for story in along}


def number_of(story: Story) -> str:
    return (story.url or "").rpartition("/")[2]


@pytest.fixture
async def many(store: SqlStore) -> SqlStore:
    """A store with a story for each of the titles."""
    await keep(store, *(draft_of(number, title) for number, title in TITLES.items()))
    return store


WORDS = [
    ("rain", {"1", "2"}),
    ("RAIN heavy", {"1", "2"}),
    ('"heavy rain"', {"1"}),
    ('"rain heavy"', {"2"}),
    ("rain -ferry", {"1"}),
    ('rain -"heavy rain"', {"2"}),
    ("rain -ferry -harbour", set()),
    ("rains", set()),
    ("zurich", {"3"}),
    ("Überschwemmungen strasse", {"3"}),
    ("istanbul", {"4"}),
    ("İSTANBUL YAĞMUR", {"4"}),
    ("ısparta", {"4"}),
    ("елка МОЙ", {"5"}),
    ("мои", set()),
    ("القاهرة", {"6"}),
    ("امطار", {"6"}),
    ("大雨", {"7", "8"}),
    ("北京 大雨", {"7"}),
    ("北京大雨", set()),
    ("雨", {"7", "8"}),
    ("大雨 -東京", {"7"}),
    ("ｶﾞｰﾄﾞ", {"8"}),
    ("カート", set()),
    ("ฝนตก", {"9"}),
    ("กรุงเทพ ด่วน", {"9"}),
    ("폭우", {"10"}),
    ("cease-fire", {"11"}),
    ("US", {"11"}),
    ("u.s. senate", {"11"}),
    ("बारिश", {"12"}),
    ("भार", set()),
    ("nothing -rain", {str(number) for number in range(3, 13)}),
    ("number7", {"7"}),
    ("-rain lang:en -nothing", set()),
    ("harbour nothing", {"1"}),
    ('"harbour nothing"', set()),
]


async def test_stories_are_found_by_their_words_in_all_scripts(many: SqlStore) -> None:
    assert {query: await found(many, query) for query, _ in WORDS} == dict(WORDS)


async def with_facts(store: SqlStore) -> None:
    """Four stories about rain that differ in everything else."""
    facts = [("en", "example.com", "Storm", 1), ("de", "example.org", "Sport", 30), (None, "example.net", "Storm", 60)]
    for number, (language, publisher, tag, hours) in enumerate(facts, 1):
        draft = draft_of(number, f"Rain number{number}", language=language, published=published(hours))
        own = {"publisher": publisher, "hashtags": (Hashtag(tag=tag, source="headline"),)}
        await keep(store, draft.model_copy(update=own))
    await keep(store, draft_of(4, "Rain number4", published=None).model_copy(update={"hashtags": ()}))


FACTS = [
    ("tag:storm", {"1", "3"}),
    ("tag:#STORM rain", {"1", "3"}),
    ("tag:storm tag:sport", set()),
    ("-tag:storm rain", {"2", "4"}),
    ("lang:de", {"2"}),
    ("lang:de lang:en", {"1", "2", "4"}),
    ("rain -lang:en", {"2", "3"}),
    ("site:example.org", {"2"}),
    ("site:www.example.org site:https://example.net/a", {"2", "3"}),
    ("rain -site:example.com", {"2", "3"}),
    ("since:2024-01-18", {"1", "2", "4"}),
    ("since:2024-01-19 rain", {"1", "4"}),
    ("after:2024-01-17", {"1", "2", "4"}),
    ("before:2024-01-18", {"3"}),
    ("until:2024-01-18 rain", {"2", "3"}),
    ("since:2024-01-19T07:30:00Z", {"4"}),
    ("lang:en -number4", {"1"}),
    ("lang:en -number4 -number1", set()),
]


async def test_stories_are_found_by_what_is_known_of_them(store: SqlStore) -> None:
    await with_facts(store)
    assert {query: await found(store, query) for query, _ in FACTS} == dict(FACTS)


async def test_what_each_story_is_asked_agrees_with_what_an_index_gives(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await with_facts(store)
    monkeypatch.setattr("ingest.edge.store.querying.FEW", -1)
    assert {query: await found(store, query) for query, _ in FACTS} == dict(FACTS)
    assert await found(store, "rain", StoryFilter(tag="storm", language="en", feed="example")) == {"1"}


async def test_a_filter_narrows_a_search(store: SqlStore) -> None:
    await with_facts(store)
    assert await found(store, "rain", StoryFilter(tag="storm", language="en")) == {"1"}
    assert await found(store, "rain", StoryFilter(since=START - dt.timedelta(hours=31))) == {"1", "2", "4"}
    assert await found(store, "rain", StoryFilter(after_seq=2)) == {"3", "4"}


HOSTILE = [
    "rain*",
    "NEAR(rain heavy)",
    "title:rain",
    "{title text}:rain",
    "^rain",
    "rain'); DROP TABLE stories;--",
    "rain OR ferry",
    "rain AND",
    "(rain",
    "rain + heavy",
    "rain & !heavy | x:*",
    "'rain' <-> 'heavy'",
    "rain\\",
    "rain%_\x00",
]


@pytest.mark.parametrize("written", HOSTILE)
async def test_what_a_database_has_for_syntax_is_text(many: SqlStore, written: str) -> None:
    words = [word for word in written.split() if term(word)]
    naive = {str(number) for number, title in TITLES.items() if all(is_in(word, title) for word in words)}
    assert await found(many, written) == naive
    assert await found(many, f'nothing -"{written}"') | {"1", "2"} == set(map(str, TITLES))


def is_in(word: str, text: str) -> bool:
    """Whether a word stands in a text, by looking at each of its tokens."""
    sought, there = term(word), tokens(text)
    return sought is not None and any(True for _ in sought.found_in(there))


async def test_a_word_in_the_title_weighs_more_and_of_equals_the_newest_is_first(store: SqlStore) -> None:
    drafts = [
        draft_of(1, "Weather", "Snow fell in the hills above number1, and nothing else did."),
        draft_of(2, "Snow in the hills", "It fell above number2, and nothing else did at all."),
        draft_of(3, "Weather", "Snow fell in the hills above number3, and nothing else did."),
    ]
    await keep(store, *drafts)
    hits = await search(store, "snow hills")
    assert [number_of(hit.story) for hit in hits] == ["2", "3", "1"]
    assert [hit.rank for hit in hits] == sorted(hit.rank for hit in hits)


async def test_hits_come_in_pages(many: SqlStore) -> None:
    whole = await many.search.find(parse("nothing"), EVERY, 100)
    pages = [await many.search.find(parse("nothing"), EVERY, 5, offset) for offset in (0, 5, 10, 15)]
    assert [hit.story.id for page in pages for hit in page] == [hit.story.id for hit in whole]
    assert len(whole) == len(TITLES)


async def test_of_very_many_matches_the_newest_are_ranked(many: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.edge.store.searches.RANKED", 3)
    assert {number_of(hit.story) for hit in await search(many, "nothing")} == {"10", "11", "12"}


async def test_a_hit_shows_where_the_query_stands(store: SqlStore) -> None:
    await keep(store, draft_of(1, "Weather", "Dry.\n\nThen <b>heavy</b> snow fell in Zürich."))
    (hit,) = await search(store, "zurich snow")
    assert marked(hit.snippet, "[", "]") == "Dry. Then <b>heavy</b> [snow] fell in [Zürich]."


async def test_a_story_without_a_text_is_found_by_its_summary(store: SqlStore) -> None:
    usual = draft_of(1, "Weather", summary="Snow fell")
    await keep(store, usual.model_copy(update={"article": usual.article.model_copy(update={"text": ""})}))
    assert await found(store, "snow") == {"1"}


async def test_a_new_version_is_found_and_the_earlier_is_not(store: SqlStore) -> None:
    feed = await a_feed(store)
    first = draft_of(1, "Rain", "Drizzle fell on the harbour all day long.")
    await keep(store, first)
    changed = draft_of(1, "Rain and snow", "Snow fell on the harbour all day long.")
    changed = changed.model_copy(update={"fingerprint": changed.fingerprint.model_copy(update={"text_hash": "new"})})
    await written_down(store, feed, [an_entry(2, url="https://example.com/news/1")])
    (pending,) = await leased(store)
    outcome = await store.save(pending, changed, settle, START)
    assert outcome.settled == "version"
    assert await found(store, "snow") == {"1"}
    assert await found(store, "drizzle") == set()
    assert (await search(store, "harbour"))[0].story.version == 2


async def test_copies_are_found_unless_they_are_left_out(store: SqlStore) -> None:
    text = "The ferry sank at noon in calm water, and all aboard were saved by boats. " * 5
    ids = await keep(store, draft_of(1, "Ferry sinks", text), draft_of(2, "A ferry has sunk", text))
    hits = await search(store, "calm water")
    assert {hit.story.id for hit in hits} == set(ids)
    assert await found(store, "calm", StoryFilter(copies=False)) <= {"1", "2"}


async def test_who_left_the_index_is_found_no_more(many: SqlStore) -> None:
    def leave(connection: Connection) -> None:
        row = connection.execute(select(stories).where(stories.c.title == TITLES[1])).mappings().one()
        search_index.leave(connection, row)
        search_index.leave(connection, row)  # as one that never entered

    await many.writer.run(leave)
    assert await found(many, "rain") == {"2"}
    assert await found(many, "大雨") == {"7", "8"}


async def test_a_save_that_is_taken_back_is_not_found(store: SqlStore) -> None:
    pending = await one_pending(store, 1)
    with pytest.raises(RuntimeError, match="taken back"):
        await store.writer.run(_enter_and_fail)
    await store.save(pending, draft_of(1, "Rain"), settle, START)
    assert [hit.story.title for hit in await search(store, "rain")] == ["Rain"]
    assert await search(store, "hail") == []


def _enter_and_fail(connection: Connection) -> None:
    search_index.enter(connection, 1, indexed("Hail", "Hail", ""))
    raise RuntimeError("taken back")


async def as_before_the_index(store: SqlStore) -> None:
    """Empty the index, as the migration leaves a database with stories."""

    def empty(connection: Connection) -> None:
        for row in connection.execute(select(stories)).mappings().all():
            search_index.leave(connection, row)
        search_index.begin_anew(connection)

    await store.writer.run(empty)


async def index_some(store: SqlStore, limit: int) -> int:
    some = await store.search.unindexed(limit)
    if some:
        await store.search.index(some, [indexed(one.title, one.text, one.summary) for one in some])
    return len(some)


async def test_stories_from_before_the_index_enter_it_step_by_step_the_newest_first(many: SqlStore) -> None:
    await as_before_the_index(many)
    assert (await many.search.waiting(), await found(many, "nothing")) == (12, set())
    assert await index_some(many, 5) == 5
    assert (await many.search.waiting(), await found(many, "nothing")) == (7, {"8", "9", "10", "11", "12"})
    assert [await index_some(many, 5) for _ in range(3)] == [5, 2, 0]
    assert {query: await found(many, query) for query, _ in WORDS} == dict(WORDS)


async def test_what_was_saved_meanwhile_is_left_as_it_is(many: SqlStore) -> None:
    await as_before_the_index(many)
    some = await many.search.unindexed(2)
    stale = [indexed("stale", "stale", "") for _ in some]

    def renew(connection: Connection) -> None:
        search_index.enter(connection, some[0].number, indexed("fresh", "", ""))

    await many.writer.run(renew)
    await many.search.index(some, stale)
    assert await found(many, "stale") == {"11"}
    assert await found(many, "fresh") == {"12"}


async def test_two_that_index_at_once_enter_each_story_once(many: SqlStore, open_another: OpenStore) -> None:
    await as_before_the_index(many)
    other = open_another("host/2/1")

    async def index_all(store: SqlStore) -> None:
        while await index_some(store, 3):
            pass

    await asyncio.gather(index_all(many), index_all(other))
    assert await found(many, "rain") == {"1", "2"}
    hits = await search(many, "nothing")
    assert len(hits) == len({hit.story.id for hit in hits}) == 12


ALPHABET = "ab é大雨国ー.'\"-*"
SMALL = st.lists(st.text(ALPHABET, max_size=8), min_size=1, max_size=4)


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(titles=SMALL, wanted=st.lists(st.text("ab é大雨国ー.'-*", min_size=1, max_size=3), min_size=1, max_size=3))
async def test_what_is_found_is_what_a_look_at_each_story_finds(
    store: SqlStore, titles: list[str], wanted: list[str]
) -> None:
    first, *others = wanted
    if not term(first):
        return

    def enter(connection: Connection) -> None:
        for number, title in enumerate(titles, 1):
            search_index.enter(connection, number, indexed(title, title[::-1], ""))

    def look(connection: Connection) -> set[int]:
        sought = [found for word in [first] if (found := term(word))]
        left = [found for word in others if (found := term(word))]
        index = search_index.of(connection)
        rows = select(index.search.c.rowid).where(index.matches(sought, left))
        seen = set(connection.scalars(rows).all())
        for number, title in enumerate(titles, 1):
            tokens = indexed(title, title[::-1], "")
            connection.execute(index.LEAVE, {"story": number, **index.values(tokens)})
        return seen

    await store.writer.run(enter)
    naive = {
        number
        for number, title in enumerate(titles, 1)
        if (is_in(first, title) or is_in(first, title[::-1]))
        and not any(is_in(word, title) or is_in(word, title[::-1]) for word in others)
    }
    assert await store.writer.run(look) == naive
