"""How a server gave the page that is kept of a story; of pages that lie here already it is not known."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("raw_pages", sa.Column("answer", sa.JSON(), nullable=True))
