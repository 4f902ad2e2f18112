"""The index that searches go through, and how far the stories that lie here already are in it.

They are brought into it afterwards, in small steps, since that takes minutes where there are many: see `search`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

INDEX = {
    "sqlite": ("CREATE VIRTUAL TABLE search USING fts5(title, text, content='', tokenize='ascii')",),
    "postgresql": (
        "CREATE TABLE search (rowid INTEGER CONSTRAINT pk_search PRIMARY KEY, search TSVECTOR NOT NULL)",
        "CREATE INDEX ix_search_search ON search USING gin (search)",
    ),
}


def upgrade() -> None:
    for statement in INDEX[op.get_bind().dialect.name]:
        op.execute(statement)
    op.create_table(
        "search_state",
        sa.Column("below", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("below", name="pk_search_state"),
    )
    op.execute("INSERT INTO search_state (below) SELECT coalesce(max(number) + 1, 0) FROM stories")
