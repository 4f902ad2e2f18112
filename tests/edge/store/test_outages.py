"""What processes tell each other of outages of our own network."""

import datetime as dt

import pytest
from fakes import START
from given import OpenStore

from ingest.edge.store import SqlStore
from ingest.edge.store.outages import BELIEVED
from ingest.model import Outage

SECOND = dt.timedelta(seconds=1)
OUTAGE = Outage(since=START, seen_at=START + 9 * SECOND, hosts=12)
LATER = OUTAGE.seen_at + BELIEVED
LONG_AFTER = LATER + SECOND


async def seen(store: SqlStore, now: dt.datetime = START) -> Outage | None:
    return (await store.totals(now)).outage


async def test_there_is_none_until_one_is_told(store: SqlStore) -> None:
    assert await seen(store) is None


async def test_another_process_reads_the_newest_word(store: SqlStore, open_another: OpenStore) -> None:
    newest = OUTAGE.model_copy(update={"hosts": 20})
    for told in (OUTAGE, newest):
        await store.note_outage(told)
    assert await seen(open_another("host/2/1.00")) == newest


@pytest.mark.parametrize("end", [lambda store: store.note_outage(None), lambda store: store.release()])
async def test_it_ends_with_the_outage_and_with_the_work_of_the_process(
    store: SqlStore, open_another: OpenStore, end: object
) -> None:
    await store.note_outage(OUTAGE)
    await end(store)  # type: ignore[operator]  # one of the two above
    assert await seen(open_another("host/2/1.00")) is None


@pytest.mark.parametrize(
    ("lives", "now", "shown"),
    [
        (True, LATER, OUTAGE),
        (True, LONG_AFTER, None),
        (False, START, None),
        (None, LATER, OUTAGE),
        (None, LONG_AFTER, None),
    ],
)
async def test_the_word_of_the_dead_is_not_believed_and_any_other_for_a_while(
    store: SqlStore, open_another: OpenStore, lives: bool | None, now: dt.datetime, shown: Outage | None
) -> None:
    await store.note_outage(OUTAGE)
    assert await seen(open_another("host/2/1.00", alive=lambda _: lives), now) == shown


async def test_of_two_that_see_one_the_longer_is_shown(store: SqlStore, open_another: OpenStore) -> None:
    longer = OUTAGE.model_copy(update={"since": START - SECOND})
    await store.note_outage(OUTAGE)
    await open_another("host/2/1.00").note_outage(longer)
    assert await seen(store) == longer


async def test_one_process_takes_away_the_word_of_the_dead_alone(store: SqlStore, open_another: OpenStore) -> None:
    for owner in ("host/2/1.00", "host/3/1.00"):
        await open_another(owner).note_outage(OUTAGE)
    await open_another("host/4/1.00", alive=lambda owner: owner != "host/2/1.00").note_outage(None)
    everybody_lives = open_another("host/5/1.00", alive=lambda _: True)
    assert await seen(everybody_lives) == OUTAGE
    await open_another("host/3/1.00").note_outage(None)
    assert await seen(everybody_lives) is None
