"""The tables of the first version."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
HELD = "lease_owner IS NOT NULL"


def upgrade() -> None:
    _changes()
    _feeds()
    _feed_states()
    _stories()
    _aliases()
    _entries()
    _raw_pages()
    _story_hashtags()


def _changes() -> None:
    op.create_table(
        "changes",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("story_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_changes"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_changes_story_id", "changes", ["story_id"])


def _feeds() -> None:
    op.create_table(
        "feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("interval", sa.String(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("full_text", sa.String(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("switched", sa.Boolean(), nullable=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feeds"),
        sa.UniqueConstraint("name", name="uq_feeds_name"),
    )
    op.create_index("ix_feeds_url", "feeds", ["url"])


def _feed_states() -> None:
    op.create_table(
        "feed_states",
        sa.Column("lease_owner", sa.String(), nullable=True),
        sa.Column("lease_until", TIME, nullable=True),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("etag", sa.String(), nullable=False),
        sa.Column("last_modified", sa.String(), nullable=False),
        sa.Column("body_hash", sa.String(), nullable=False),
        sa.Column("polled_at", TIME, nullable=True),
        sa.Column("succeeded_at", TIME, nullable=True),
        sa.Column("pace_s", sa.Float(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("site_url", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_feed_states_feed_id_feeds"),
        sa.PrimaryKeyConstraint("feed_id", name="pk_feed_states"),
    )
    op.create_index("ix_feed_states_due_at", "feed_states", ["due_at"])
    _partial_index("ix_feed_states_held", "feed_states", ["lease_owner"], HELD)


def _stories() -> None:
    op.create_table(
        "stories",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text_hash", sa.String(), nullable=True),
        sa.Column("fingerprint_version", sa.Integer(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("published_at", TIME, nullable=True),
        sa.Column("published_date", sa.Date(), nullable=True),
        sa.Column("modified_at", TIME, nullable=True),
        sa.Column("first_seen_at", TIME, nullable=False),
        sa.Column("image", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cluster", sa.String(), nullable=False),
        sa.Column("duplicate_of", sa.String(), nullable=True),
        sa.Column("publisher", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("methods", sa.JSON(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["duplicate_of"], ["stories.id"], name="fk_stories_duplicate_of_stories"),
        sa.ForeignKeyConstraint(["seq"], ["changes.seq"], name="fk_stories_seq_changes"),
        sa.PrimaryKeyConstraint("id", name="pk_stories"),
        sa.UniqueConstraint("publisher", "text_hash", name="uq_stories_publisher_text_hash"),
        sa.UniqueConstraint("seq", name="uq_stories_seq"),
    )
    op.create_index("ix_stories_first_seen_at", "stories", ["first_seen_at"])


def _aliases() -> None:
    op.create_table(
        "aliases",
        sa.Column("url_key", sa.String(), nullable=False),
        sa.Column("story_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_aliases_story_id_stories"),
        sa.PrimaryKeyConstraint("url_key", name="pk_aliases"),
    )
    op.create_index("ix_aliases_story_id", "aliases", ["story_id"])


def _entries() -> None:
    op.create_table(
        "entries",
        sa.Column("lease_owner", sa.String(), nullable=True),
        sa.Column("lease_until", TIME, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("guid", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("url_key", sa.String(), nullable=False),
        sa.Column("title_key", sa.String(), nullable=False),
        sa.Column("published_at", TIME, nullable=True),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("recency", TIME, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("story_id", sa.String(), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("(state = 'stored') = (story_id IS NOT NULL)", name=op.f("ck_entries_stored_has_story")),
        sa.CheckConstraint("state IN ('pending', 'stored', 'failed')", name=op.f("ck_entries_state")),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_entries_feed_id_feeds"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_entries_story_id_stories"),
        sa.PrimaryKeyConstraint("id", name="pk_entries"),
        sa.UniqueConstraint("guid", "feed_id", "url_key", name="uq_entries_guid_feed_id_url_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_entries_feed_id_state_story_id", "entries", ["feed_id", "state", "story_id"])
    _partial_index("ix_entries_held", "entries", ["lease_owner"], HELD)
    _partial_index("ix_entries_pending", "entries", ["feed_id", "recency"], "state = 'pending'")
    _partial_index("ix_entries_unfinished", "entries", ["state", "why"], "state <> 'stored'")
    op.create_index("ix_entries_story_id", "entries", ["story_id"])
    op.create_index("ix_entries_url_key", "entries", ["url_key"])


def _raw_pages() -> None:
    op.create_table(
        "raw_pages",
        sa.Column("story_id", sa.String(), nullable=False),
        sa.Column("fetched_at", TIME, nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_raw_pages_story_id_stories"),
        sa.PrimaryKeyConstraint("story_id", name="pk_raw_pages"),
    )
    op.create_index("ix_raw_pages_fetched_at", "raw_pages", ["fetched_at"])


def _story_hashtags() -> None:
    op.create_table(
        "story_hashtags",
        sa.Column("story_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_story_hashtags_story_id_stories"),
        sa.PrimaryKeyConstraint("story_id", "position", name="pk_story_hashtags"),
    )
    op.create_index("ix_story_hashtags_key", "story_hashtags", ["key"])


def _partial_index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
