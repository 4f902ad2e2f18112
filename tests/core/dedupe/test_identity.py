"""When two items of one feed are the same entry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.dedupe.identity import KnownEntry, entry_keys, identify
from ingest.model import Entry

SAME = {
    "nothing changed": (Entry(guid="1", url="https://example.com/a", title="A"), {}),
    "the title was mended": (Entry(guid="1", url="https://example.com/a", title="A"), {"title": "A, mended"}),
    "the address moved": (Entry(guid="1", url="https://example.com/a", title="A"), {"url": "https://example.com/b"}),
    "the id changed": (Entry(guid="1", url="https://example.com/a", title="A"), {"guid": "2"}),
    "only tracking parameters changed": (
        Entry(guid="1", url="https://example.com/a", title="A"),
        {"guid": "2", "url": "https://example.com/a?utm_source=rss"},
    ),
    "the title changed in case and space": (
        Entry(guid="1", url="https://example.com/a", title="Rain  in Spain"),
        {"url": "https://example.com/b", "title": "rain in spain "},
    ),
    "an id came to an entry without one": (
        Entry(url="https://example.com/a", title="A"),
        {"guid": "tag:example.com,1", "title": "B"},
    ),
    "an id that repeats the address is no id": (
        Entry(guid="https://example.com/a", url="https://example.com/a", title="A"),
        {"guid": "2", "title": "B"},
    ),
    "a link came to an entry without one": (
        Entry(guid="1", title="A"),
        {"url": "https://example.com/a", "title": "B"},
    ),
    "no titles, one id": (Entry(guid="1", url="https://example.com/a"), {"url": "https://example.com/b"}),
    "neither id nor link, the same words": (Entry(title="A", summary="words"), {}),
}

NEW = {
    "an id used again": (
        Entry(guid="1", url="https://example.com/a", title="A"),
        {"url": "https://example.com/b", "title": "B"},
    ),
    "an address used again": (Entry(guid="1", url="https://example.com/a", title="A"), {"guid": "2", "title": "B"}),
    "another id and another address": (
        Entry(guid="1", url="https://example.com/a", title="A"),
        {"guid": "2", "url": "https://example.com/b"},
    ),
    "neither id nor link, other words": (Entry(title="A", summary="words"), {"summary": "others"}),
}


def known(entry: Entry, number: int = 1) -> KnownEntry:
    return KnownEntry(number, entry_keys(entry, feed_id=7))


@pytest.mark.parametrize(("before", "change"), SAME.values(), ids=SAME.keys())
def test_an_entry_is_known_again_when(before: Entry, change: dict[str, str]) -> None:
    after = entry_keys(before.model_copy(update=change), feed_id=7)
    assert identify(after, [known(before)]) == known(before)


@pytest.mark.parametrize(("before", "change"), NEW.values(), ids=NEW.keys())
def test_an_entry_is_new_when(before: Entry, change: dict[str, str]) -> None:
    after = entry_keys(before.model_copy(update=change), feed_id=7)
    assert identify(after, [known(before)]) is None


def test_a_match_of_id_and_address_goes_before_a_match_of_one() -> None:
    moved = known(Entry(guid="1", url="https://example.com/b", title="A"), 1)
    renamed = known(Entry(guid="2", url="https://example.com/a", title="A"), 2)
    exact = known(Entry(guid="1", url="https://example.com/a", title="B"), 3)
    keys = entry_keys(Entry(guid="1", url="https://example.com/a", title="A"), feed_id=7)
    assert identify(keys, [moved, renamed, exact]) == exact


def test_an_entry_without_a_link_has_an_address_of_its_own_within_its_feed() -> None:
    assert entry_keys(Entry(guid="1"), feed_id=7).url_key == "feed:7:1"


words = st.sampled_from(["", "1", "2"])
entries = st.builds(
    Entry,
    guid=words,
    url=st.sampled_from(["", "https://example.com/a", "https://example.com/a?utm_source=x", "https://example.com/b"]),
    title=words,
)


@given(entries, entries)
def test_being_the_same_is_mutual(a: Entry, b: Entry) -> None:
    assert bool(identify(known(a).keys, [known(b)])) == bool(identify(known(b).keys, [known(a)]))


@given(entries)
def test_every_entry_is_the_same_as_itself(entry: Entry) -> None:
    assert identify(known(entry).keys, [known(entry)])
