"""The hub that a feed names, and the subscriptions at hubs."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
WITH_HUB = "hub <> ''"
WANTED = "state <> 'ended'"
PINGED = "pinged_at IS NOT NULL"


def upgrade() -> None:
    for name in ("hub", "topic"):
        op.add_column("feed_states", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.execute("UPDATE feed_states SET body_hash = '', etag = '', last_modified = ''")  # read once, for the hub
    _partial_index("ix_feed_states_hub", "feed_states", WITH_HUB)
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("hub", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("public_url", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("ends_at", TIME, nullable=True),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("pinged_at", TIME, nullable=True),
        sa.CheckConstraint("state IN ('asked', 'active', 'ended')", name=op.f("ck_subscriptions_state")),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_subscriptions_feed_id_feeds"),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sa.UniqueConstraint("token", name="uq_subscriptions_token"),
    )
    op.create_index("ix_subscriptions_due_at", "subscriptions", ["due_at"])
    _partial_index("ix_subscriptions_wanted", "subscriptions", WANTED, unique=True)
    _partial_index("ix_subscriptions_pinged", "subscriptions", PINGED)


def _partial_index(name: str, table: str, where: str, unique: bool = False) -> None:
    op.create_index(
        name, table, ["feed_id"], unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )
