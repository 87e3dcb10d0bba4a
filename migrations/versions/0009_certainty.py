"""How sure learners are of their first answers, and verdicts that wait until they have said it.

Revision ID: 0009
Revises: 0008
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Rather fail and be run again than make every learner wait behind a lock.
    op.execute("SET LOCAL lock_timeout = '4s'")
    for statement in _UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute("DROP TABLE awaited_verdicts")
    op.execute("DROP TABLE certainties")


_UPGRADE = (
    """
    CREATE TABLE certainties (
        answer_id bigint NOT NULL PRIMARY KEY REFERENCES answers,
        learner_id bigint NOT NULL REFERENCES learners,
        level text NOT NULL,
        said_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX certainties_learner_id_said_at_idx ON certainties (learner_id, said_at)",
    """
    CREATE TRIGGER certainties_are_facts BEFORE UPDATE ON certainties
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_update()
    """,
    """
    CREATE TABLE awaited_verdicts (
        answer_id bigint NOT NULL PRIMARY KEY REFERENCES answers,
        learner_id bigint NOT NULL UNIQUE REFERENCES learners,
        course_id text NOT NULL,
        said jsonb NOT NULL,
        card jsonb
    )
    """,
)
