"""What partial indexes hold, and the conditions in the same words: SQLite uses such an index only for a condition that
says what it says, without parameters."""

from sqlalchemy import ColumnElement, FromClause, and_, literal_column
from sqlalchemy import text as sql

LEFT_OUT = "outside of the range of its backfill"
"""Why an entry came to nothing that is no failure."""
HELD = sql("lease_owner IS NOT NULL")
PENDING = sql("state = 'pending'")
UNFINISHED = sql("state IN ('pending', 'failed')")
WANTED = sql("state <> 'ended'")
PINGED = sql("pinged_at IS NOT NULL")
WITH_HUB = sql("hub <> ''")
COPIES = sql("duplicate_of IS NOT NULL")
RUNNING = sql("state = 'running'")
BROUGHT = sql("backfill_id IS NOT NULL")
CHECKED = sql("check_at IS NOT NULL")
"""An index of all rows by what is made of two columns."""


def is_pending(table: FromClause) -> ColumnElement[bool]:
    """Entries that wait."""
    return table.c.state == literal_column("'pending'")


def is_unfinished(table: FromClause) -> ColumnElement[bool]:
    """Entries that have no story, yet or for good; of those whose story was deleted nothing is expected."""
    return table.c.state.in_([literal_column("'pending'"), literal_column("'failed'")])


def is_left_out(table: FromClause) -> ColumnElement[bool]:
    """Entries that lie outside of the range of the backfill that brought them, kept to be known while it goes on."""
    why = table.c.why == literal_column(f"'{LEFT_OUT}'")
    return and_(is_unfinished(table), table.c.state == literal_column("'failed'"), why)


def is_wanted(table: FromClause) -> ColumnElement[bool]:
    """Subscriptions that have not ended."""
    return table.c.state != literal_column("'ended'")


def has_hub(table: FromClause) -> ColumnElement[bool]:
    """States of feeds that name a hub."""
    return table.c.hub != literal_column("''")


def is_copy(table: FromClause) -> ColumnElement[bool]:
    """Stories that another told before."""
    return table.c.duplicate_of.is_not(None)


def is_running(table: FromClause) -> ColumnElement[bool]:
    """Backfills that somebody works on, or will."""
    return table.c.state == literal_column("'running'")


def is_brought(table: FromClause) -> ColumnElement[bool]:
    """Entries that a backfill brought."""
    return table.c.backfill_id.is_not(None)


def is_checked(table: FromClause) -> ColumnElement[bool]:
    """Entries that have a re-check before them."""
    return table.c.check_at.is_not(None)
