"""Which addresses lead to a story for sure, by which rules a run reads pages again, and the sections of stories.

Of the addresses that lie here already nobody knows which were only named by a page as its own; they are believed as
before. A run that was not finished is not gone on with: who asks for it again begins anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("aliases", sa.Column("proven", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("stories", sa.Column("section", sa.String(), nullable=False, server_default=""))
    op.add_column("reprocessings", sa.Column("rules", sa.String(), nullable=False, server_default=""))
