"""The job queue, in a schema of its own, and why jobs failed.

Revision ID: 0008
Revises: 0007

The queue's tables and functions are procrastinate's. Its own migrations are run, in order, up to
the one that its version 3.10 ends with: they never change once they are published, so whatever
version is installed, this leads to the same. A later one of theirs needs a later one of ours.
"""

from pathlib import Path

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

LAST = "03.04.00_50"


def upgrade() -> None:
    # Rather fail and be run again than make everybody wait behind a lock.
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute("CREATE SCHEMA procrastinate")
    op.execute("SET LOCAL search_path TO procrastinate")
    connection = op.get_bind().connection.dbapi_connection
    assert connection is not None
    for path in sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql")):
        if path.name[: len(LAST)] <= LAST:
            # Many statements in one text, which only the driver itself takes.
            script = path.read_text("utf-8")
            connection.run_async(lambda driver, script=script: driver.execute(script))
    op.execute("SET LOCAL search_path TO DEFAULT")
    for statement in _UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute("DROP TABLE job_failures")
    op.execute("DROP SCHEMA procrastinate CASCADE")


_UPGRADE = (
    """
    CREATE TABLE job_failures (
        job_id bigint NOT NULL,
        task text NOT NULL,
        why text NOT NULL,
        failed_at timestamptz NOT NULL,
        CONSTRAINT job_failures_pkey PRIMARY KEY (job_id)
    )
    """,
    "CREATE INDEX job_failures_failed_at_idx ON job_failures (failed_at)",
)
