"""Pages of a language, of a site and of a span of time are found by an index; the sketch of a long text is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_stories_language_seq", "stories", ["language", "seq"])
    op.create_index("ix_stories_publisher_seq", "stories", ["publisher", "seq"])
    shown_at = sa.text("coalesce(published_at, first_seen_at)")
    op.create_index("ix_stories_shown_at_seq_number", "stories", [shown_at, "seq", "number"])
    op.create_table(
        "sketches",
        sa.Column("story", sa.Integer(), nullable=False),
        sa.Column("hashes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("story", name="pk_sketches"),
    )
