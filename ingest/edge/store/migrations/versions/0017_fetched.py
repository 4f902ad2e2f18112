"""How many pages a backfill has had; of those that ended before it is not known."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("backfills", sa.Column("fetched", sa.Integer(), nullable=False, server_default="0"))
