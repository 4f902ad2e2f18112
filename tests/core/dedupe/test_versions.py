"""What is a new version of a stored text, and what is not."""

import datetime as dt

import pytest

from ingest.core.dedupe.versions import change
from ingest.model import Article, Candidate, Draft, Fingerprint, TextSource

FIRST = "The ferry to the northern islands will sail twice a day from Monday."
SECOND = "The islanders had asked for a second crossing since the mill closed."
THIRD = "Two of the older boats will be kept in reserve for the winter storms."


def changed(
    before: str,
    after: str,
    titles: tuple[str, str] = ("A", "A"),
    sources: tuple[TextSource, TextSource] = ("page", "page"),
) -> str:
    old = Candidate(
        story_id="01",
        publisher="example.com",
        url=None,
        title=titles[0],
        text=before,
        text_hash=None,
        source=sources[0],
        appeared_at=dt.datetime(2026, 5, 4, tzinfo=dt.UTC),
        duplicate_of=None,
        matched="url",
    )
    return change(
        old,
        Draft(
            article=Article(url="https://example.com/a", title=titles[1], text=after),
            hashtags=(),
            fingerprint=Fingerprint(schema_version=2, text_hash=None),
            url_key="https://example.com/a",
            publisher="example.com",
            source=sources[1],
        ),
    )


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (f"{FIRST}\n\n{SECOND}", f"{FIRST}\n\n{SECOND}\n\n{THIRD}", "1 paragraph new"),
        (f"{FIRST}\n\n{SECOND}\n\n{THIRD}", f"{FIRST}\n\n{SECOND}", "1 paragraph gone"),
        (FIRST, FIRST.replace("twice", "once"), "1 paragraph new, 1 paragraph gone"),
    ],
    ids=["more is told", "less is told", "a word is put right"],
)
def test_a_new_version_is_told_in_words(before: str, after: str, told: str) -> None:
    assert changed(before, after) == told


def test_another_title_is_a_new_version() -> None:
    assert changed(FIRST, FIRST, titles=("Ferries", "More ferries")) == "another title"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (FIRST, FIRST.upper()),
        (f"{FIRST}\n\nRead 1,204 times", f"{FIRST}\n\nRead 1,391 times"),
        (f"{FIRST}\n\nAdvertisement", FIRST),
        (f"{FIRST}\n\n{SECOND}\n\n{THIRD}", FIRST),
        (FIRST, ""),
    ],
    ids=["capitals", "a counter", "an advertisement went", "a wall closed", "nothing could be read"],
)
def test_what_is_no_new_version(before: str, after: str) -> None:
    assert changed(before, after) == ""


def test_what_the_feed_says_never_replaces_a_page() -> None:
    assert changed(FIRST, SECOND, sources=("page", "feed")) == ""


def test_a_page_replaces_what_the_feed_said() -> None:
    assert changed(FIRST, f"{FIRST}\n\n{SECOND}", sources=("feed", "page")) != ""


def test_a_title_that_is_missing_is_no_other_title() -> None:
    assert changed(FIRST, FIRST, titles=("Ferries", "")) == ""
