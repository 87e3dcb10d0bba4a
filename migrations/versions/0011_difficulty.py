"""How hard questions are, by the first answers of all, and how able those are who gave them.

Revision ID: 0011
Revises: 0010
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for statement in _UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for table in ("watermarks", "abilities", "item_difficulties"):
        op.execute(f"DROP TABLE {table}")


_UPGRADE = (
    """
    CREATE TABLE item_difficulties (
        course_id text NOT NULL,
        question_id text NOT NULL,
        difficulty double precision NOT NULL,
        answers integer NOT NULL,
        CONSTRAINT item_difficulties_pkey PRIMARY KEY (course_id, question_id)
    )
    """,
    """
    CREATE TABLE abilities (
        learner_id bigint NOT NULL CONSTRAINT abilities_pkey PRIMARY KEY
            CONSTRAINT abilities_learner_id_fkey REFERENCES learners (id),
        ability double precision NOT NULL,
        answers integer NOT NULL
    )
    """,
    """
    CREATE TABLE watermarks (
        work text NOT NULL CONSTRAINT watermarks_pkey PRIMARY KEY,
        answer_id bigint NOT NULL
    )
    """,
)
