"""The table that searches go through; no part of the metadata, which declares tables for all databases alike."""

from sqlalchemy import Integer, column, table

search = table("search", column("rowid", Integer), column("search"), column("title"), column("text"))
"""`rowid` is a story's `number`; title and text are columns in SQLite alone."""
