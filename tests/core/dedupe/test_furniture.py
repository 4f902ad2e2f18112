"""What a publisher writes under every story."""

import pytest

from ingest.core.dedupe.fingerprint import fingerprint
from ingest.core.dedupe.furniture import cleared, paragraph_keys, repeating, without_furniture
from ingest.core.search.tokens import indexed
from ingest.model import Article, Draft

APPEAL = "Read every story by joining the circle of our readers today."
STORY = "The ferry to the northern islands will sail twice a day from Monday, said the harbour master."


def story(number: int, *more: str) -> str:
    return "\n\n".join([f"{STORY} It is day {number}.", *more])


def test_what_stands_in_half_of_the_last_stories_is_furniture() -> None:
    last = [paragraph_keys(story(number, *([APPEAL] if number % 2 else []))) for number in range(8)]
    assert repeating(last) == frozenset(paragraph_keys(APPEAL))


def test_what_stands_in_half_of_a_few_stories_may_be_the_background_of_one() -> None:
    last = [paragraph_keys(story(number, *([APPEAL] if number in (0, 3) else []))) for number in range(4)]
    assert repeating(last) == frozenset()


def test_what_stands_in_fewer_is_none() -> None:
    last = [paragraph_keys(story(number, *([APPEAL] if number < 2 else []))) for number in range(6)]
    assert repeating(last) == frozenset()


def test_three_stories_are_too_few_to_tell() -> None:
    assert repeating([paragraph_keys(story(number, APPEAL)) for number in range(3)]) == frozenset()


SHOWN = {"as it was": APPEAL, "in capitals": APPEAL.upper(), "with more space": APPEAL.replace(" ", "  ")}


@pytest.mark.parametrize("shown", SHOWN.values(), ids=SHOWN.keys())
def test_furniture_is_dropped(shown: str) -> None:
    assert without_furniture(story(1, shown), set(paragraph_keys(APPEAL))) == story(1)


def test_a_text_that_repeats_for_the_most_part_stays() -> None:
    assert without_furniture(story(1), set(paragraph_keys(story(1)))) == story(1)


def test_a_cleared_draft_is_known_by_what_is_left() -> None:
    text = story(1, APPEAL)
    draft = Draft(
        article=Article(url="https://example.com/a", title="Ferries", text=text),
        hashtags=(),
        fingerprint=fingerprint("Ferries", text),
        url_key="https://example.com/a",
        publisher="example.com",
        paragraphs=paragraph_keys(text),
        source="page",
    )
    found = cleared(draft, frozenset(paragraph_keys(APPEAL)))
    assert (found.article.text, found.fingerprint) == (story(1), fingerprint("Ferries", story(1)))
    assert found.tokens == indexed("Ferries", story(1), "")
    assert found.paragraphs == draft.paragraphs
