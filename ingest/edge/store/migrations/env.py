"""Alembic's entry: runs the migrations on the connection, and in the transaction, that `schema` hands over."""

from alembic import context

from ingest.edge.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by making it anew
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
