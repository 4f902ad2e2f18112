"""How much of the work each publisher may have in hand."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Row

from ingest.ports import Shares

Owned = Row[*tuple[Any, ...]]  # Any: rows have no type of their own
"""A row with a publisher."""


def taken_up(shares: Shares) -> list[str]:
    """The publishers whose share is in hand already."""
    return [name for name, count in shares.in_hand.items() if count >= shares.each]


def within(shares: Shares, rows: Iterable[Owned]) -> list[Owned]:
    """Those of the rows, in their order, that their publishers' shares have room for."""
    held = Counter(shares.in_hand)
    taken = []
    for row in rows:
        if held[row.publisher] < shares.each:
            held[row.publisher] += 1
            taken.append(row)
    return taken


def with_more(shares: Shares, rows: Iterable[Owned]) -> Shares:
    """The shares with these in hand too."""
    return replace(shares, in_hand=Counter(shares.in_hand) + Counter(row.publisher for row in rows))
