"""Questions in groups: who was asked what, who answered, and who stands in the table.

Revision ID: 0010
Revises: 0009
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Rather fail and be run again than make every learner wait behind a lock.
    op.execute("SET LOCAL lock_timeout = '4s'")
    for statement in _UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for table in ("group_members", "group_answers", "group_askers", "group_quizzes", "groups"):
        op.execute(f"DROP TABLE {table}")
    op.execute("ALTER TABLE learners DROP COLUMN started")


_UPGRADE = (
    "ALTER TABLE learners ADD COLUMN started boolean DEFAULT true NOT NULL",
    """
    CREATE TABLE groups (
        id bigint GENERATED ALWAYS AS IDENTITY,
        chat_id bigint NOT NULL,
        former_chat_id bigint,
        joined_at timestamptz NOT NULL,
        left_at timestamptz,
        counted_at timestamptz,
        CONSTRAINT groups_pkey PRIMARY KEY (id),
        CONSTRAINT groups_chat_id_key UNIQUE (chat_id)
    )
    """,
    "CREATE INDEX groups_former_chat_id_idx ON groups (former_chat_id)",
    """
    CREATE TABLE group_quizzes (
        id bigint GENERATED ALWAYS AS IDENTITY,
        group_id bigint NOT NULL,
        course_version_id bigint NOT NULL,
        course_id text NOT NULL,
        question_id text NOT NULL,
        variant integer NOT NULL,
        shown text[] NOT NULL,
        language text NOT NULL,
        posted_at timestamptz NOT NULL,
        ended_at timestamptz,
        stale boolean DEFAULT false NOT NULL,
        CONSTRAINT group_quizzes_pkey PRIMARY KEY (id),
        CONSTRAINT group_quizzes_group_id_fkey FOREIGN KEY (group_id) REFERENCES groups (id),
        CONSTRAINT group_quizzes_course_version_id_fkey
            FOREIGN KEY (course_version_id) REFERENCES course_versions (id)
    )
    """,
    "CREATE INDEX group_quizzes_group_id_posted_at_idx ON group_quizzes (group_id, posted_at)",
    "CREATE INDEX group_quizzes_stale_idx ON group_quizzes (group_id) WHERE stale",
    """
    CREATE TABLE group_askers (
        quiz_id bigint NOT NULL,
        learner_id bigint NOT NULL,
        CONSTRAINT group_askers_pkey PRIMARY KEY (quiz_id),
        CONSTRAINT group_askers_quiz_id_fkey
            FOREIGN KEY (quiz_id) REFERENCES group_quizzes (id),
        CONSTRAINT group_askers_learner_id_fkey
            FOREIGN KEY (learner_id) REFERENCES learners (id)
    )
    """,
    "CREATE INDEX group_askers_learner_id_idx ON group_askers (learner_id)",
    """
    CREATE TABLE group_answers (
        quiz_id bigint NOT NULL,
        learner_id bigint NOT NULL,
        attempt_id bigint NOT NULL,
        answered_at timestamptz,
        CONSTRAINT group_answers_pkey PRIMARY KEY (quiz_id, learner_id),
        CONSTRAINT group_answers_attempt_id_key UNIQUE (attempt_id),
        CONSTRAINT group_answers_quiz_id_fkey
            FOREIGN KEY (quiz_id) REFERENCES group_quizzes (id),
        CONSTRAINT group_answers_learner_id_fkey
            FOREIGN KEY (learner_id) REFERENCES learners (id),
        CONSTRAINT group_answers_attempt_id_fkey
            FOREIGN KEY (attempt_id) REFERENCES attempts (id)
    )
    """,
    "CREATE INDEX group_answers_learner_id_idx ON group_answers (learner_id)",
    """
    CREATE TABLE group_members (
        group_id bigint NOT NULL,
        learner_id bigint NOT NULL,
        hidden boolean DEFAULT false NOT NULL,
        left_at timestamptz,
        CONSTRAINT group_members_pkey PRIMARY KEY (group_id, learner_id),
        CONSTRAINT group_members_group_id_fkey FOREIGN KEY (group_id) REFERENCES groups (id),
        CONSTRAINT group_members_learner_id_fkey
            FOREIGN KEY (learner_id) REFERENCES learners (id)
    )
    """,
    "CREATE INDEX group_members_learner_id_idx ON group_members (learner_id)",
)
