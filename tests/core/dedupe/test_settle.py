"""New, the same as a stored story, a new version of it, or a copy."""

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.dedupe.fingerprint import fingerprint
from ingest.core.dedupe.settle import Settle, appeared
from ingest.model import Article, Candidate, Draft, Fingerprint, Moment

settle = Settle(dt.timedelta(days=14))

NOON = dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC)
LEAD = "The ferry to the northern islands will sail twice a day from Monday, said the harbour master of Eastport."
REST = (
    "The islanders had asked for a second crossing since the mill closed and its workers took jobs in town, he said. "
    "Two of the older boats will be kept in reserve for the winter storms, when the ferry often stays in port. "
    "A third, the oldest, goes to a museum, where children may ring its bell on Sundays if they ask the keeper nicely."
)


def draft(
    title: str = "Ferries sail twice a day", text_hash: str | None = "aa", text: str = "", **more: object
) -> Draft:
    print_ = fingerprint(title, text) if text else Fingerprint(schema_version=2, text_hash=text_hash)
    usual = {
        "article": Article(url="https://example.com/a", title=title, text=text),
        "hashtags": (),
        "fingerprint": print_,
        "url_key": "https://example.com/a",
        "publisher": "example.com",
        "source": "page",
    }
    return Draft.model_validate(usual | more)


def candidate(matched: str, **changes: object) -> Candidate:
    usual = {
        "story_id": "02",
        "publisher": "example.com",
        "url": None,
        "title": "Another title",
        "text": "",
        "text_hash": "bb",
        "source": "page",
        "appeared_at": NOON,
        "duplicate_of": None,
    }
    return Candidate.model_validate({**usual, "matched": matched, **changes})


def stored(text: str, **changes: object) -> Candidate:
    """A story of another publisher that the sketch led to."""
    usual = {"publisher": "example.org", "title": "Ferries sail twice a day", "text": text}
    return candidate("likeness", **(usual | changes))


def test_a_draft_without_candidates_is_new() -> None:
    assert settle(draft(), NOON, []).kind == "new"


@pytest.mark.parametrize(
    "found",
    [
        candidate("url", title="Ferries sail twice a day"),
        candidate("canonical", title="FERRIES sail: twice a day!"),
        candidate("canonical", text_hash="aa"),
        candidate("text", text_hash="aa"),
    ],
    ids=["address", "canonical link and title", "canonical link and text", "text"],
)
def test_what_proves_the_same_story(found: Candidate) -> None:
    settled = settle(draft(), NOON, [found])
    assert (settled.kind, settled.story_id) == ("same", "02")


@pytest.mark.parametrize(
    ("new", "found"),
    [
        (draft(), candidate("canonical")),
        (draft(title="", text_hash=None), candidate("canonical", title="", text_hash=None)),
        (draft(text_hash=None), candidate("text", text_hash=None)),
        (draft(), candidate("url", publisher="example.org")),
    ],
    ids=["canonical link alone", "nothing to compare", "no text", "address moved on"],
)
def test_what_proves_nothing(new: Draft, found: Candidate) -> None:
    assert settle(new, NOON, [found]).kind == "new"


def test_the_very_text_of_another_publisher_is_a_copy_however_short() -> None:
    settled = settle(
        draft(), NOON, [candidate("text", text_hash="aa", publisher="example.org", url="https://a.example.org/")]
    )
    assert (settled.kind, settled.duplicate_of) == ("copy", "02")


def test_a_story_that_changed_at_its_address_is_a_new_version() -> None:
    old = candidate("url", title="Ferries sail twice a day", text=LEAD)
    settled = settle(draft(text=f"{LEAD}\n\n{REST}"), NOON, [old])
    assert (settled.kind, settled.story_id) == ("version", "02")


def test_a_story_under_another_address_is_no_version_of_it() -> None:
    old = candidate("canonical", title="Ferries sail twice a day", text=LEAD)
    assert settle(draft(text=f"{LEAD}\n\n{REST}"), NOON, [old]).kind == "same"


def test_a_copy_belongs_to_the_one_before_it() -> None:
    later = NOON + dt.timedelta(hours=1)
    settled = settle(draft(text=f"{LEAD} {REST}"), later, [stored(f"{LEAD} {REST} More.")])
    assert (settled.kind, settled.duplicate_of, settled.moved) == ("copy", "02", ())


def test_a_story_that_appeared_first_takes_the_later_one_as_its_copy() -> None:
    earlier = NOON - dt.timedelta(hours=1)
    settled = settle(draft(text=f"{LEAD} {REST}"), earlier, [stored(f"{LEAD} {REST} More.")])
    assert (settled.kind, [(one.story_id, one.duplicate_of) for one in settled.moved]) == ("new", [("02", "")])


def test_a_copy_appears_within_the_window() -> None:
    late = NOON + dt.timedelta(days=15)
    settled = settle(draft(text=f"{LEAD} {REST}"), late, [stored(f"{LEAD} {REST} More.")])
    assert (settled.kind, settled.compared[0].objection) == ("new", "they appeared too far apart")


def test_every_comparison_is_told_with_its_figures() -> None:
    (found,) = settle(draft(text=f"{LEAD} {REST}"), NOON, [stored(f"{LEAD} {REST}")]).compared
    assert (found.story_id, found.containment, found.titles, found.objection) == ("02", 1.0, 1.0, "")


def test_a_rejected_candidate_is_named_with_the_reason() -> None:
    why = settle(draft(), NOON, [candidate("canonical")]).why
    assert why == "not 02: the page's canonical link names it, but title and text differ"


def test_the_oldest_story_wins() -> None:
    found = [candidate("url", story_id="03"), candidate("text", story_id="01", text_hash="aa"), candidate("url")]
    assert settle(draft(), NOON, found).story_id == "01"


STORY = st.fixed_dictionaries(
    {
        "publisher": st.sampled_from(["example.com", "example.org"]),
        "title": st.sampled_from(["Ferries sail twice a day", "Another title"]),
        "text_hash": st.sampled_from(["aa", "bb", None]),
    }
)
STORIES = st.fixed_dictionaries({"01": STORY, "02": STORY, "03": STORY})
MATCHES = st.lists(st.tuples(st.sampled_from(["01", "02", "03"]), st.sampled_from(["url", "canonical", "text"])))


@given(STORIES, MATCHES, st.randoms(use_true_random=False))
def test_the_order_of_the_candidates_changes_nothing(
    stories: dict[str, dict[str, object]], matches: list[tuple[str, str]], chance: random.Random
) -> None:
    found = [candidate(matched, story_id=story_id, **stories[story_id]) for story_id, matched in matches]
    shuffled = chance.sample(found, len(found))
    assert settle(draft(), NOON, found) == settle(draft(), NOON, shuffled)


DAY = dt.date(2026, 5, 4)
MIDNIGHT = dt.datetime(2026, 5, 4, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("published", "seen_at", "expected"),
    [
        (None, NOON, NOON),
        (Moment(at=NOON, day=DAY), NOON + dt.timedelta(days=3), NOON),
        (Moment(at=MIDNIGHT, day=DAY), NOON, NOON),
        (Moment(at=MIDNIGHT, day=DAY), MIDNIGHT + dt.timedelta(days=9), MIDNIGHT + dt.timedelta(days=1)),
        (Moment(at=MIDNIGHT, day=DAY), MIDNIGHT - dt.timedelta(hours=2), MIDNIGHT),
    ],
    ids=["unknown", "an instant", "a day, seen on it", "a day, seen later", "a day that has not begun"],
)
def test_when_a_story_appeared(published: Moment | None, seen_at: dt.datetime, expected: dt.datetime) -> None:
    assert appeared(published, seen_at) == expected
