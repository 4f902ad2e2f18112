"""New, or the same as a stored story."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.dedupe.settle import settle
from ingest.model import Article, Candidate, Draft, Fingerprint


def draft(title: str = "Ferries sail twice a day", text_hash: str | None = "aa") -> Draft:
    return Draft(
        article=Article(url="https://example.com/a", title=title),
        hashtags=(),
        fingerprint=Fingerprint(schema_version=1, text_hash=text_hash),
        url_key="https://example.com/a",
        publisher="example.com",
        source="page",
    )


def candidate(matched: str, **changes: str | None) -> Candidate:
    fields = {"story_id": "02", "publisher": "example.com", "title": "Another title", "text_hash": "bb"}
    return Candidate.model_validate({**fields, "matched": matched, **changes})


def test_a_draft_without_candidates_is_new() -> None:
    assert settle(draft(), []).kind == "new"


@pytest.mark.parametrize(
    "found",
    [
        candidate("url"),
        candidate("canonical", title="FERRIES sail: twice a day!"),
        candidate("canonical", text_hash="aa"),
        candidate("text", text_hash="aa"),
    ],
    ids=["address", "canonical link and title", "canonical link and text", "text"],
)
def test_what_proves_the_same_story(found: Candidate) -> None:
    assert settle(draft(), [found]).story_id == "02"


@pytest.mark.parametrize(
    ("new", "found"),
    [
        (draft(), candidate("canonical")),
        (draft(title="", text_hash=None), candidate("canonical", title="", text_hash=None)),
        (draft(text_hash=None), candidate("text", text_hash=None)),
        (draft(), candidate("text", text_hash="aa", publisher="example.org")),
        (draft(), candidate("url", publisher="example.org")),
    ],
    ids=["canonical link alone", "nothing to compare", "no text", "text of another publisher", "address moved on"],
)
def test_what_proves_nothing(new: Draft, found: Candidate) -> None:
    assert settle(new, [found]).kind == "new"


def test_a_rejected_candidate_is_named_with_the_reason() -> None:
    why = settle(draft(), [candidate("canonical")]).why
    assert why == "not the same as 02: the page's canonical link names it, but title and text differ"


def test_the_oldest_story_wins() -> None:
    found = [candidate("url", story_id="03"), candidate("text", story_id="01", text_hash="aa"), candidate("url")]
    assert settle(draft(), found).story_id == "01"


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
    stories: dict[str, dict[str, str | None]], matches: list[tuple[str, str]], chance: random.Random
) -> None:
    found = [candidate(matched, story_id=story_id, **stories[story_id]) for story_id, matched in matches]
    shuffled = chance.sample(found, len(found))
    assert settle(draft(), found) == settle(draft(), shuffled)
