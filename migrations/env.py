"""What Alembic runs. `tutorbot.store.migrate` opens the connection and hands it in."""

from alembic import context

from tutorbot.store.class_tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transaction_per_migration=True,
    on_version_apply=context.config.attributes["applied"],  # in the transaction of each
)
with context.begin_transaction():
    context.run_migrations()
