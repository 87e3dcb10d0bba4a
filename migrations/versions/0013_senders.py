"""Who sends, so that what somebody has claimed goes back when they are gone.

Revision ID: 0013
Revises: 0012
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute(
        """
        CREATE TABLE senders (
            id uuid NOT NULL CONSTRAINT senders_pkey PRIMARY KEY,
            seen_at timestamp with time zone NOT NULL
        ) WITH (fillfactor = 10)
        """
    )
    # NULL is what the code before this says and understands: a claim that nobody known made.
    op.execute("ALTER TABLE outbox ADD COLUMN claimed_by uuid, ADD COLUMN parts jsonb")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute("ALTER TABLE outbox DROP COLUMN parts, DROP COLUMN claimed_by")
    op.execute("DROP TABLE senders")
