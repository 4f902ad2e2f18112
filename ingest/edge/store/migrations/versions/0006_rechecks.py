"""When stored entries are looked at again, and which stories were withdrawn.

What lies here already has no re-check before it; what the feeds say of it is learned with their next polls.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
CHECKED = sa.text("check_at IS NOT NULL")


def upgrade() -> None:
    for name in ("edition", "page_etag", "page_last_modified"):
        op.add_column("entries", sa.Column(name, sa.String(), nullable=False, server_default=""))
    for name in ("edited_at", "check_at"):
        op.add_column("entries", sa.Column(name, TIME, nullable=True))
    op.add_column("entries", sa.Column("checks", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("entries", sa.Column("page_missing", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_entries_check_at", "entries", ["check_at"], sqlite_where=CHECKED, postgresql_where=CHECKED)
    op.add_column("stories", sa.Column("withdrawn_at", TIME, nullable=True))
