"""Who may use the HTTP API."""

import datetime as dt

from sqlmodel import Field

from ingest.edge.store.columns import Utc
from ingest.edge.store.tables.base import Row


class TokenRow(Row, table=True):
    """A bearer token that was handed out."""

    __tablename__ = "tokens"

    name: str = Field(primary_key=True)
    digest: str = Field(unique=True)
    """SHA-256 of it, in hexadecimal digits."""
    scope: str
    made_at: dt.datetime = Field(sa_type=Utc)
    used_on: dt.date | None
