"""Reminders: when to look whether a learner is to be reminded, and what became of it.

Revision ID: 0007
Revises: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Rather fail and be run again than make every learner wait behind a lock.
    op.execute("SET LOCAL lock_timeout = '4s'")
    for statement in _UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute("DROP TABLE reminders")
    op.execute("ALTER TABLE learners DROP COLUMN reminder_usual")


_UPGRADE = (
    "ALTER TABLE learners ADD COLUMN reminder_usual boolean DEFAULT false NOT NULL",
    """
    CREATE TABLE reminders (
        learner_id bigint NOT NULL
            CONSTRAINT reminders_learner_id_fkey REFERENCES learners (id),
        due timestamptz,
        day date,
        count smallint DEFAULT 0 NOT NULL,
        reminded_at timestamptz,
        unanswered smallint DEFAULT 0 NOT NULL,
        snoozed_until timestamptz,
        CONSTRAINT reminders_pkey PRIMARY KEY (learner_id)
    )
    """,
    "CREATE INDEX reminders_due_idx ON reminders (due) WHERE due IS NOT NULL",
    # Who chose an hour before there were reminders is looked at soon, and decided about then.
    """
    INSERT INTO reminders (learner_id, due)
    SELECT id, now() FROM learners WHERE reminder_hour IS NOT NULL
    """,
)
