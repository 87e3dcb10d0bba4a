"""What goes out once at most, and not at night.

Revision ID: 0018
Revises: 0017
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

OLDEST = "0012"
PAUSE = "the index is on a table of the migration before this one, with next to nothing in it"


def upgrade() -> None:
    # Rather fail and be run again than make everybody wait behind a lock.
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute(
        """
        ALTER TABLE outbox
            ADD COLUMN once boolean DEFAULT false NOT NULL,
            ADD COLUMN begun_at timestamptz
        """
    )
    op.execute(
        """
        ALTER TABLE broadcasts
            ADD COLUMN at_night boolean DEFAULT false NOT NULL,
            ADD COLUMN told_at timestamptz
        """
    )
    op.execute("ALTER TABLE broadcast_recipients ADD COLUMN not_before timestamptz")
    op.execute(
        """
        CREATE INDEX broadcast_recipients_under_way_idx ON broadcast_recipients (outbox_id)
        WHERE fate IS NULL AND outbox_id IS NOT NULL
        """
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute("DROP INDEX broadcast_recipients_under_way_idx")
    op.execute("ALTER TABLE broadcast_recipients DROP COLUMN not_before")
    op.execute("ALTER TABLE broadcasts DROP COLUMN told_at, DROP COLUMN at_night")
    op.execute("ALTER TABLE outbox DROP COLUMN begun_at, DROP COLUMN once")
