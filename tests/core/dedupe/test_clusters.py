"""Which stories are copies of which."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from ingest.core.dedupe.clusters import DRAFT, Member, arrange

START = dt.datetime(2026, 5, 4, tzinfo=dt.UTC)

Pairs = frozenset[frozenset[int]]


def after(order: list[int], alike: Pairs, texts: str = "") -> dict[str, str | None]:
    """Where stories belong that came in an order; the story NUMBER appeared at that hour.

    Args:
        alike: pairs of stories, or of texts, that are alike.
        texts: a letter for each story, where some have one text.
    """

    def text(number: int) -> int:
        return ord(texts[number]) if texts else number

    def member(number: int, duplicate_of: str | None = None, draft: bool = False) -> Member:
        at, url = START + dt.timedelta(hours=number), f"https://example.com/{number}"
        return Member(DRAFT if draft else str(number), at, url, duplicate_of, str(text(number)))

    origins: dict[str, str | None] = {}
    for number in order:

        def are_alike(one: str, other: str, number: int = number) -> bool:
            pair = frozenset({text(int(one or number)), text(int(other or number))})
            return len(pair) == 1 or pair in alike

        stored = [member(int(story_id), origin) for story_id, origin in origins.items()]
        found = arrange(member(number, draft=True), stored, are_alike)
        named = {DRAFT: str(number)}
        origins |= {named.get(one, one): origin and named.get(origin, origin) for one, origin in found.items()}
        for one, origin in found.items():
            if origin == DRAFT:
                origins[named.get(one, one)] = str(number)
    return origins


def pairs(*alike: tuple[int, int]) -> Pairs:
    return frozenset(frozenset(pair) for pair in alike)


def test_a_copy_belongs_to_the_earliest_that_it_is_like() -> None:
    assert after([1, 2, 3], pairs((1, 3), (2, 3))) == {"1": None, "2": None, "3": "1"}


def test_clusters_do_not_chain() -> None:
    assert after([1, 2, 3], pairs((1, 2), (2, 3))) == {"1": None, "2": "1", "3": None}


def test_the_earliest_is_the_origin_even_when_it_comes_last() -> None:
    assert after([3, 2, 1], pairs((1, 2), (1, 3), (2, 3))) == {"1": None, "2": "1", "3": "1"}


def test_a_copy_that_loses_its_origin_is_arranged_anew() -> None:
    assert after([2, 3, 4, 1], pairs((1, 2), (2, 3), (2, 4), (3, 4))) == {"1": None, "2": "1", "3": None, "4": "3"}


NUMBERS = range(6)
LIKENESS = st.frozensets(st.sampled_from([frozenset({a, b}) for a in NUMBERS for b in NUMBERS if a < b]), max_size=12)


@given(st.permutations(NUMBERS), LIKENESS)
def test_the_order_of_arrival_changes_nothing(order: list[int], alike: Pairs) -> None:
    assert after(order, alike) == after(list(NUMBERS), alike)


TEXTS = "abcd"
TEXTS_ALIKE = st.frozensets(
    st.sampled_from([frozenset({ord(a), ord(b)}) for a in TEXTS for b in TEXTS if a < b]), max_size=6
)


@given(st.permutations(NUMBERS), TEXTS_ALIKE, st.text(TEXTS, min_size=6, max_size=6))
def test_nor_does_it_where_several_have_one_text(order: list[int], alike: Pairs, texts: str) -> None:
    assert after(order, alike, texts) == after(list(NUMBERS), alike, texts)
