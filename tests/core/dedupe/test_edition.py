"""What counts as an edit of an entry."""

import datetime as dt

import pytest

from ingest.core.dedupe.edition import edition
from ingest.model import Entry, Moment

TODAY = dt.date(2024, 1, 19)
UPDATED = Moment(at=dt.datetime(2024, 1, 19, 8, tzinfo=dt.UTC), day=TODAY)
ENTRY = Entry(
    guid="1",
    url="https://example.com/1",
    title="Ice on the harbour",
    summary="It froze.",
    content="<p>The harbour froze over night.</p><img src='/a.png' width='300'><p>12 comments</p>",
)


@pytest.mark.parametrize(
    "edited",
    [
        {"title": "Ice in the harbour"},
        {"title": "Ice on the harbour 2"},
        {"url": "https://example.com/2"},
        {"summary": "It froze again."},
        {"content": "<p>The harbour froze over night, the mayor said.</p>"},
        {"updated": UPDATED},
    ],
    ids=str,
)
def test_words_and_the_time_of_the_update_make_another_edition(edited: dict[str, object]) -> None:
    assert edition(ENTRY.model_copy(update=edited)) != edition(ENTRY)


@pytest.mark.parametrize(
    "content",
    [
        "<p>The harbour froze over night.</p><img src='/b.png' width='640'><p>13 comments</p>",
        "<div class='x1'>The  harbour froze over night. 1,204 comments</div>",
        "<p>The harbour froze over night.</p><p>12 comments</p><script>var slot = 'leaderboard';</script>",
        "<p>The harbour froze over night.</p><style>p { color: red }</style><p>0 comments</p>",
    ],
)
def test_markup_counters_and_scripts_make_none(content: str) -> None:
    assert edition(ENTRY.model_copy(update={"content": content})) == edition(ENTRY)


def test_where_a_word_stands_counts() -> None:
    moved = {"title": ENTRY.summary, "summary": ENTRY.title}
    assert edition(ENTRY.model_copy(update=moved)) != edition(ENTRY)


def test_half_a_surrogate_pair_is_no_obstacle() -> None:
    assert edition(Entry(title="\ud83d"))
