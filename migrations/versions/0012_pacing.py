"""The budgets of messages that all processes share.

Revision ID: 0012
Revises: 0011
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    # Unlogged: a commit need not wait for the disk, and after a crash a second's memory is no loss.
    op.execute(
        """
        CREATE UNLOGGED TABLE pacing (
            budget text NOT NULL CONSTRAINT pacing_pkey PRIMARY KEY,
            tat double precision NOT NULL
        ) WITH (fillfactor = 10)
        """
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute("DROP TABLE pacing")
