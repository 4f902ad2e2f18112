"""Sinks that begin when changes have been dropped already are given those that are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sinks", sa.Column("forgone", sa.Integer(), nullable=False, server_default="0"))
