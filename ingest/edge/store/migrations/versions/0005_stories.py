"""What finds the copies of a story, the earlier texts of one that changed, and what tells a publisher's furniture.

Stories that lie here already have no sketch: `ingest reprocess` makes it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
COPIES = sa.text("duplicate_of IS NOT NULL")


def upgrade() -> None:
    op.add_column("stories", sa.Column("appeared_at", TIME, nullable=False, server_default="1970-01-01 00:00:00"))
    for name in ("number", "shingles"):
        op.add_column("stories", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("stories", sa.Column("kind", sa.String(), nullable=False, server_default="article"))
    op.add_column("stories", sa.Column("free", sa.Boolean(), nullable=True))
    op.add_column("stories", sa.Column("pages", sa.Integer(), nullable=False, server_default="1"))
    first = "SELECT min(changes.seq) FROM changes WHERE changes.story_id = stories.id"
    op.execute(f"UPDATE stories SET appeared_at = coalesce(published_at, first_seen_at), number = ({first})")  # noqa: S608
    op.create_index("ix_stories_number", "stories", ["number"], unique=True)
    op.create_index("ix_stories_text_hash", "stories", ["text_hash"])
    op.create_index(
        "ix_stories_duplicate_of", "stories", ["duplicate_of"], sqlite_where=COPIES, postgresql_where=COPIES
    )
    _versions()
    op.create_table(
        "shingles",
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("story", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("period", "hash", "story", name="pk_shingles"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "publishers",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("stories", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_publishers"),
    )


def _versions() -> None:
    op.create_table(
        "versions",
        sa.Column("story_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("modified_at", TIME, nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_versions_story_id_stories"),
        sa.PrimaryKeyConstraint("story_id", "version", name="pk_versions"),
    )
