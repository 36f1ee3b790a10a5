"""Alembic's entry point: run migrations on the connection that the store has opened and locked."""

from alembic import context

from matcher.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
