"""Backfills, and what entries and stories owe to them.

Columns for entries are added without a foreign key, which SQLite could only give by copying the table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
RUNNING = sa.text("state = 'running'")
BROUGHT = sa.text("backfill_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "backfills",
        sa.Column("lease_owner", sa.String(), nullable=True),
        sa.Column("lease_until", TIME, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("gap_id", sa.Integer(), nullable=True),
        sa.Column("spec", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("finished_at", TIME, nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("cursor", sa.JSON(), nullable=True),
        sa.Column("walked", sa.JSON(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("found", "known", "outside", "left", "undated")),
        sa.CheckConstraint(
            "state IN ('running', 'stopped', 'done', 'failed', 'cancelled')", name=op.f("ck_backfills_state")
        ),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_backfills_feed_id_feeds"),
        sa.PrimaryKeyConstraint("id", name="pk_backfills"),
    )
    op.create_index("ix_backfills_feed_id", "backfills", ["feed_id"])
    op.create_index("ix_backfills_gap_id", "backfills", ["gap_id"])
    op.create_index(
        "ix_backfills_running", "backfills", ["feed_id"], unique=True, sqlite_where=RUNNING, postgresql_where=RUNNING
    )
    op.create_table(
        "entry_pages",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("response", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_entry_pages_entry_id_entries"),
        sa.PrimaryKeyConstraint("entry_id", name="pk_entry_pages"),
    )
    op.add_column("entries", sa.Column("backfill_id", sa.Integer(), nullable=True))
    for name in ("via", "copy_url"):
        op.add_column("entries", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("entries", sa.Column("archive_at", TIME, nullable=True))
    op.create_index(
        "ix_entries_backfill_id", "entries", ["backfill_id", "state"], sqlite_where=BROUGHT, postgresql_where=BROUGHT
    )
    op.add_column("stories", sa.Column("via", sa.String(), nullable=False, server_default=""))
