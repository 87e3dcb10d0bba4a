"""Unclear answers are asked about, undecided ones wait for an instructor.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Rather fail and be run again than make every learner wait behind a lock.
    op.execute("SET LOCAL lock_timeout = '4s'")
    for statement in _UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute("DROP INDEX answers_undecided_idx")
    op.execute(
        """
        ALTER TABLE attempts
            DROP COLUMN wrong,
            DROP COLUMN unclear_text,
            DROP COLUMN unclear_readings,
            DROP COLUMN unclear_first
        """
    )


_UPGRADE = (
    # Constant defaults rewrite no row, and let the version before this one go on inserting.
    """
    ALTER TABLE attempts
        ADD COLUMN wrong smallint DEFAULT 0 NOT NULL,
        ADD COLUMN unclear_text text,
        ADD COLUMN unclear_readings text[] DEFAULT '{}' NOT NULL,
        ADD COLUMN unclear_first integer DEFAULT 0 NOT NULL
    """,
    """
    UPDATE attempts SET wrong = counted.wrong
    FROM (
        SELECT attempt_id, count(*) AS wrong FROM answers
        WHERE verdict ->> 'code' = 'wrong' GROUP BY attempt_id
    ) AS counted
    WHERE attempts.id = counted.attempt_id
    """,
    """
    CREATE INDEX answers_undecided_idx ON answers (id)
    WHERE (verdict ->> 'code') = 'undecided'
    """,
)
