"""The writer: what waits is committed together, and a caller goes on when its write is durable."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial

import pytest
from given import kept_busy, run_sql
from sqlalchemy import Connection

from ingest.edge.store.engine import connect
from ingest.edge.store.engine import database as checked
from ingest.edge.store.writer import GROUP, WriteAll, Writer
from ingest.errors import ConfigError, StoreError

Write = Callable[[Connection], int]


@pytest.fixture
def marks() -> list[str]:
    return []


@pytest.fixture
async def writer(database: str, marks: list[str]) -> AsyncIterator[Writer]:
    writer = Writer(connect(checked(database), "write"), marks.append)
    await writer.run(lambda connection: connection.exec_driver_sql("CREATE TABLE numbers (n INTEGER PRIMARY KEY)"))
    marks.clear()
    yield writer
    await writer.close()
    run_sql(database, "DROP TABLE numbers")


def add(connection: Connection, number: int) -> int:
    connection.exec_driver_sql(f"INSERT INTO numbers VALUES ({number})")
    return number


def add_and_fail(connection: Connection, number: int) -> int:
    add(connection, number)
    raise ConfigError(f"no {number}")


async def numbers(writer: Writer) -> list[int]:
    return await writer.run(lambda c: list(c.exec_driver_sql("SELECT n FROM numbers ORDER BY n").scalars()))


async def together(writer: Writer, writes: list[Write]) -> list[int | BaseException]:
    async with kept_busy(writer):
        waiting = asyncio.gather(*(writer.run(write) for write in writes), return_exceptions=True)
        await asyncio.sleep(0)  # each puts its write into the queue
    return await waiting


async def test_a_write_gives_back_what_it_returns(writer: Writer) -> None:
    assert await writer.run(partial(add, number=7)) == 7


async def test_writes_that_wait_are_committed_at_once(writer: Writer, marks: list[str]) -> None:
    assert await together(writer, [partial(add, number=number) for number in range(9)]) == list(range(9))
    assert marks.count("store.before-commit") == 2  # the keeper's, and that of all the others


async def test_a_group_is_bounded(writer: Writer, marks: list[str]) -> None:
    await together(writer, [partial(add, number=number) for number in range(GROUP + 1)])
    assert marks.count("store.before-commit") == 3


async def test_a_write_that_fails_raises_in_its_caller_and_harms_no_other(writer: Writer) -> None:
    one, failed, three = await together(
        writer, [partial(add, number=1), partial(add_and_fail, number=2), partial(add, number=3)]
    )
    assert (one, str(failed), three, await numbers(writer)) == (1, "no 2", 3, [1, 3])


async def together_alike(
    writer: Writer, write_all: WriteAll[int, int], numbers: list[int]
) -> list[int | BaseException]:
    async with kept_busy(writer):
        waiting = asyncio.gather(*(writer.run_alike(write_all, n) for n in numbers), return_exceptions=True)
        await asyncio.sleep(0)
    return await waiting


async def test_writes_of_one_kind_are_made_as_one(writer: Writer) -> None:
    calls: list[list[int]] = []

    def add_all(connection: Connection, wanted: Sequence[int]) -> list[int]:
        calls.append([*wanted])
        return [add(connection, number) for number in wanted]

    assert await together_alike(writer, add_all, [1, 2, 3]) == [1, 2, 3]
    assert calls == [[1, 2, 3]]


async def test_of_writes_of_one_kind_only_that_fails_which_fails_by_itself(writer: Writer) -> None:
    def add_even(connection: Connection, wanted: Sequence[int]) -> list[int]:
        return [add(connection, number) if number % 2 == 0 else add_and_fail(connection, number) for number in wanted]

    two, three, four = await together_alike(writer, add_even, [2, 3, 4])
    assert (two, str(three), four, await numbers(writer)) == (2, "no 3", 4, [2, 4])


async def test_when_the_transaction_fails_in_a_second_try_nobody_is_told_of_another_write(writer: Writer) -> None:
    def give_up_alone(connection: Connection, wanted: Sequence[int]) -> list[int]:
        return [give_up_the_transaction(connection)] if len(wanted) == 1 else [add_and_fail(connection, wanted[-1])]

    outcomes = await together_alike(writer, give_up_alone, [1, 2])
    assert str(outcomes[0]) == "the cause"
    assert isinstance(outcomes[1], StoreError)


async def test_a_write_that_runs_out_of_what_it_looked_for_keeps_no_other_waiting(writer: Writer) -> None:
    def look_for_nothing(_: Connection) -> int:
        return next(iter([]))

    one, failed, three = await together(writer, [partial(add, number=1), look_for_nothing, partial(add, number=3)])
    assert (one, type(failed), three) == (1, RuntimeError, 3)


async def test_a_statement_that_the_database_refuses_is_a_store_error(writer: Writer) -> None:
    one, twice = await together(writer, [partial(add, number=1), partial(add, number=1)])
    assert one == 1
    assert isinstance(twice, StoreError)
    assert "unique constraint" in str(twice).lower()


async def test_a_write_sees_those_before_it_in_its_group(writer: Writer) -> None:
    def count(connection: Connection) -> int:
        return int(connection.exec_driver_sql("SELECT COUNT(*) FROM numbers").scalar_one())

    assert await together(writer, [partial(add, number=1), count]) == [1, 1]


async def test_a_caller_goes_on_after_the_commit(writer: Writer, marks: list[str]) -> None:
    await writer.run(partial(add, number=1))
    marks.append("the caller goes on")
    assert marks == ["store.before-commit", "store.after-commit", "the caller goes on"]


def break_at_commit(connection: Connection) -> int:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        connection.exec_driver_sql("INSERT INTO aliases VALUES ('https://example.com/', 'no story', 1)")
    else:
        connection.exec_driver_sql("CREATE TEMP TABLE one (n INTEGER UNIQUE DEFERRABLE INITIALLY DEFERRED)")
        connection.exec_driver_sql("INSERT INTO one VALUES (1), (1)")
    return 0


def give_up_the_transaction(connection: Connection) -> int:
    connection.exec_driver_sql("ROLLBACK")  # as SQLite does by itself when the disk is full
    raise ConfigError("the cause")


@pytest.mark.parametrize("harm", [break_at_commit, give_up_the_transaction])
async def test_when_the_transaction_fails_all_of_its_group_fail(writer: Writer, harm: Write) -> None:
    outcomes = await together(writer, [partial(add, number=1), harm, partial(add, number=3)])
    assert [type(outcome) for outcome in (outcomes[0], outcomes[2])] == [StoreError, StoreError]
    assert isinstance(outcomes[1], StoreError | ConfigError)
    assert await numbers(writer) == []


@pytest.mark.parametrize("harm", [break_at_commit, give_up_the_transaction])
async def test_the_writer_goes_on_after_a_transaction_that_failed(writer: Writer, harm: Write) -> None:
    await together(writer, [harm])
    await writer.run(partial(add, number=1))
    assert await numbers(writer) == [1]


async def test_a_caller_that_is_cancelled_takes_its_waiting_write_along(writer: Writer) -> None:
    async with kept_busy(writer):
        unwanted = asyncio.ensure_future(writer.run(partial(add, number=1)))
        await asyncio.sleep(0)
        unwanted.cancel()
        await asyncio.wait([unwanted])
    assert await numbers(writer) == []


async def test_closing_finishes_what_waits(database: str, writer: Writer) -> None:
    another = Writer(connect(checked(database), "write"), lambda point: None)
    waiting = [asyncio.ensure_future(another.run(partial(add, number=number))) for number in range(GROUP + 5)]
    await asyncio.sleep(0)
    await another.close()
    assert [await one for one in waiting] == await numbers(writer)
