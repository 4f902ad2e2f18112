"""Stories that were taken down: their tombstones, what they are known again by, and the state of their entries.

SQLite can change what a table checks only by making it anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

STATES = "state IN ('pending', 'stored', 'failed', 'deleted')"
UNFINISHED = sa.text("state IN ('pending', 'failed')")


def upgrade() -> None:
    op.create_table(
        "tombstones",
        sa.Column("story_id", sa.String(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("story_id", name="pk_tombstones"),
    )
    op.create_table(
        "traces",
        sa.Column("trace", sa.String(), nullable=False),
        sa.Column("story_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["tombstones.story_id"], name="fk_traces_story_id_tombstones"),
        sa.PrimaryKeyConstraint("trace", "story_id", name="pk_traces"),
    )
    op.drop_index("ix_entries_unfinished", "entries")
    last = _last_id()
    with op.batch_alter_table("entries", table_kwargs={"sqlite_autoincrement": True}) as entries:
        entries.drop_constraint(op.f("ck_entries_state"), type_="check")
        entries.create_check_constraint(op.f("ck_entries_state"), STATES)
    if last is not None:  # no id is given twice, also of entries that were dropped
        op.execute(sa.text("UPDATE sqlite_sequence SET seq = :last WHERE name = 'entries'").bindparams(last=last))
    columns = ["state", "why"]
    op.create_index("ix_entries_unfinished", "entries", columns, sqlite_where=UNFINISHED, postgresql_where=UNFINISHED)


def _last_id() -> int | None:
    """The last id of an entry, which a table that is made anew would forget; None where nothing is made anew."""
    if op.get_bind().dialect.name != "sqlite":
        return None
    found = op.get_bind().execute(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'entries'"))
    return found.scalar()
