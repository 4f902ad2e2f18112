"""Whether a story has a tag is answered by the index alone: the stories of a common tag are gone through by `seq`."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_story_hashtags_key", table_name="story_hashtags")
    op.create_index("ix_story_hashtags_key_story_id", "story_hashtags", ["key", "story_id"])
