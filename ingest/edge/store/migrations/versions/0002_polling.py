"""What polling learns of a feed, how a feed wants to be asked, and the gaps that were found."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
ASKED = ("basic_auth", "bearer_token", "user_agent", "proxy", "timeout")
LEARNED = ("publisher", "ended", "failure", "moving_to", "moved_to", "notice", "proposal")


def upgrade() -> None:
    with op.batch_alter_table("feeds") as feeds:
        feeds.add_column(sa.Column("cookies", sa.JSON(), nullable=False, server_default="{}"))
        for name in ASKED:
            feeds.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("feed_states") as states:
        for name in LEARNED:
            states.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        for name in ("polls", "window"):
            states.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
        for name in ("failing_since", "sought_at"):
            states.add_column(sa.Column(name, TIME, nullable=True))
        states.add_column(sa.Column("hints", sa.JSON(), nullable=False, server_default="{}"))
        states.add_column(sa.Column("rhythm", sa.JSON(), nullable=True))
        states.create_index("ix_feed_states_moved_to", ["moved_to"])
    with op.batch_alter_table("entries") as entries:
        entries.add_column(sa.Column("publisher", sa.String(), nullable=False, server_default=""))
    op.execute("UPDATE feed_states SET body_hash = '', etag = '', last_modified = ''")  # read once, to learn from
    op.create_table(
        "gaps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.Column("found_at", TIME, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_gaps_feed_id_feeds"),
        sa.PrimaryKeyConstraint("id", name="pk_gaps"),
    )
    op.create_index("ix_gaps_feed_id", "gaps", ["feed_id"])
