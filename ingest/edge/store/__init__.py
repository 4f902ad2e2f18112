"""The database: tables, migrations, and the Store over them."""

from ingest.edge.store.engine import is_there, named
from ingest.edge.store.schema import schema_problem, upgrade
from ingest.edge.store.sql import SqlStore, open_store

__all__ = ["SqlStore", "is_there", "named", "open_store", "schema_problem", "upgrade"]
