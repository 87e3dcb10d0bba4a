"""Recall: a card for each question that a learner has answered, reviews, and the day of an exam.

Revision ID: 0005
Revises: 0004
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Rather fail and be run again than make every learner wait behind a lock.
    op.execute("SET LOCAL lock_timeout = '4s'")
    for statement in _UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    # Without their picks, these could not be told from papers.
    op.execute(
        "UPDATE sittings SET finished_at = coalesce(finished_at, now()) WHERE picked IS NOT NULL"
    )
    op.execute("DROP TABLE cards")
    op.execute("ALTER TABLE sittings DROP COLUMN picked")
    op.execute("ALTER TABLE learners DROP COLUMN exam_on")


_UPGRADE = (
    "ALTER TABLE learners ADD COLUMN exam_on date",
    "ALTER TABLE sittings ADD COLUMN picked jsonb",
    """
    CREATE TABLE cards (
        learner_id bigint NOT NULL CONSTRAINT cards_learner_id_fkey REFERENCES learners (id),
        course_id text NOT NULL,
        question_id text NOT NULL,
        stability double precision NOT NULL,
        difficulty double precision NOT NULL,
        rated_on date NOT NULL,
        due date NOT NULL,
        ratings integer NOT NULL,
        lapses integer NOT NULL,
        variant jsonb NOT NULL,
        CONSTRAINT cards_pkey PRIMARY KEY (learner_id, course_id, question_id)
    )
    """,
    "CREATE INDEX cards_learner_id_due_idx ON cards (learner_id, due)",
)
