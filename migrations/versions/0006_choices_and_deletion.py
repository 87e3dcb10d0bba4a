"""What learners choose about themselves, and what finds all that is theirs at once.

Revision ID: 0006
Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Rather fail and be run again than make every learner wait behind a lock.
    op.execute("SET LOCAL lock_timeout = '4s'")
    for statement in _UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for index in _INDEXES:
        op.execute(f"DROP INDEX {index}")
    for column in ("language_chosen", "goal", "reminder_hour", "certainty", "onboarded_at"):
        op.execute(f"ALTER TABLE learners DROP COLUMN {column}")


_UPGRADE = (
    "ALTER TABLE learners ADD COLUMN language_chosen boolean DEFAULT false NOT NULL",
    "ALTER TABLE learners ADD COLUMN goal smallint DEFAULT 5 NOT NULL",
    "ALTER TABLE learners ADD COLUMN reminder_hour smallint",
    "ALTER TABLE learners ADD COLUMN certainty boolean DEFAULT false NOT NULL",
    "ALTER TABLE learners ADD COLUMN onboarded_at timestamptz",
    # Without these, deleting one learner would read every row of the largest tables.
    "CREATE INDEX uploads_learner_id_idx ON uploads (learner_id)",
    "CREATE INDEX sittings_learner_id_idx ON sittings (learner_id)",
    "CREATE INDEX attempts_learner_id_idx ON attempts (learner_id)",
    "CREATE INDEX outbox_learner_id_idx ON outbox (learner_id)",
    "CREATE INDEX updates_poisoned_idx ON updates (update_id) WHERE payload IS NOT NULL",
)

_INDEXES = (
    "uploads_learner_id_idx",
    "sittings_learner_id_idx",
    "attempts_learner_id_idx",
    "outbox_learner_id_idx",
    "updates_poisoned_idx",
)
