"""The first tables.

Revision ID: 0001
Revises:
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Rather fail and be run again than make every learner wait behind a lock.
    op.execute("SET LOCAL lock_timeout = '4s'")
    for statement in _UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for table in reversed(_TABLES):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION refuse_update()")


_TABLES = (
    "learners",
    "course_versions",
    "keys",
    "sittings",
    "attempts",
    "answers",
    "scores",
    "study_days",
    "updates",
    "outbox",
    "pictures",
)

_UPGRADE = (
    """
    CREATE TABLE learners (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        telegram_id bigint NOT NULL UNIQUE,
        chat_id bigint NOT NULL,
        name text NOT NULL,
        language text NOT NULL,
        timezone text NOT NULL,
        day_starts smallint NOT NULL,
        formulas text NOT NULL,
        theme text NOT NULL,
        probed boolean NOT NULL,
        current_attempt_id bigint,
        joined_at timestamptz NOT NULL,
        blocked_at timestamptz
    )
    """,
    "CREATE INDEX learners_chat_id_idx ON learners (chat_id)",
    """
    CREATE TABLE course_versions (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        course_id text NOT NULL,
        number integer NOT NULL,
        digest text NOT NULL,
        title text NOT NULL,
        place integer NOT NULL,
        source text NOT NULL,
        published_at timestamptz NOT NULL,
        UNIQUE (course_id, number)
    )
    """,
    """
    CREATE TABLE keys (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        course_version_id bigint NOT NULL REFERENCES course_versions,
        question_id text NOT NULL,
        version integer NOT NULL,
        content jsonb NOT NULL,
        made_at timestamptz NOT NULL,
        reason text NOT NULL,
        UNIQUE (course_version_id, question_id, version)
    )
    """,
    """
    CREATE TABLE sittings (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        learner_id bigint NOT NULL REFERENCES learners,
        course_version_id bigint NOT NULL REFERENCES course_versions,
        course_id text NOT NULL,
        seed bigint NOT NULL,
        started_at timestamptz NOT NULL,
        finished_at timestamptz
    )
    """,
    """
    CREATE UNIQUE INDEX sittings_unfinished_key ON sittings (learner_id, course_id)
    WHERE finished_at IS NULL
    """,
    """
    CREATE TABLE attempts (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        sitting_id bigint NOT NULL REFERENCES sittings,
        learner_id bigint NOT NULL REFERENCES learners,
        question_id text NOT NULL,
        place integer NOT NULL,
        variant integer NOT NULL,
        shown text[] NOT NULL,
        ticked integer[] NOT NULL,
        hints smallint NOT NULL,
        solution_seen boolean NOT NULL,
        accepting boolean NOT NULL,
        tries smallint NOT NULL,
        opened_at timestamptz NOT NULL,
        settled_at timestamptz,
        UNIQUE (sitting_id, place)
    )
    """,
    """
    CREATE TABLE answers (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        attempt_id bigint NOT NULL REFERENCES attempts,
        learner_id bigint NOT NULL REFERENCES learners,
        course_version_id bigint NOT NULL REFERENCES course_versions,
        question_id text NOT NULL,
        variant jsonb NOT NULL,
        shown text[] NOT NULL,
        chosen text[],
        raw text,
        parsed text,
        verdict jsonb NOT NULL,
        hints smallint NOT NULL,
        try_number smallint NOT NULL,
        answered_at timestamptz NOT NULL,
        timezone text NOT NULL,
        study_day date NOT NULL,
        UNIQUE (attempt_id, try_number)
    )
    """,
    "CREATE INDEX answers_learner_id_answered_at_idx ON answers (learner_id, answered_at)",
    "CREATE INDEX answers_answered_at_brin ON answers USING brin (answered_at)",
    """
    CREATE FUNCTION refuse_update() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'rows of % are facts and never change', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
    END
    $$
    """,
    """
    CREATE TRIGGER answers_are_facts BEFORE UPDATE ON answers
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_update()
    """,
    """
    CREATE TABLE scores (
        answer_id bigint NOT NULL REFERENCES answers,
        key_id bigint NOT NULL REFERENCES keys,
        points numeric(9, 6) NOT NULL,
        out_of numeric(9, 6) NOT NULL,
        policy text NOT NULL,
        computed_at timestamptz NOT NULL,
        PRIMARY KEY (answer_id, key_id)
    )
    """,
    """
    CREATE TABLE study_days (
        learner_id bigint NOT NULL REFERENCES learners,
        day date NOT NULL,
        first_timezone text NOT NULL,
        timezone text NOT NULL,
        first_at timestamptz NOT NULL,
        last_at timestamptz NOT NULL,
        answers integer NOT NULL,
        PRIMARY KEY (learner_id, day)
    )
    """,
    """
    CREATE TABLE updates (
        update_id bigint PRIMARY KEY,
        received_at timestamptz NOT NULL,
        error text,
        payload jsonb
    )
    """,
    "CREATE INDEX updates_received_at_idx ON updates (received_at)",
    """
    CREATE TABLE outbox (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        learner_id bigint REFERENCES learners,
        chat_id bigint NOT NULL,
        update_id bigint,
        slot text,
        body jsonb NOT NULL,
        created_at timestamptz NOT NULL,
        not_before timestamptz NOT NULL,
        claimed_at timestamptz,
        tries smallint DEFAULT 0 NOT NULL,
        fate text,
        message_id bigint,
        why text,
        fated_at timestamptz
    )
    """,
    "CREATE INDEX outbox_waiting_idx ON outbox (chat_id, id) WHERE fate IS NULL",
    "CREATE INDEX outbox_line_idx ON outbox (id) WHERE fate IS NULL",
    "CREATE INDEX outbox_chat_id_slot_idx ON outbox (chat_id, slot)",
    """
    CREATE TABLE pictures (
        digest text PRIMARY KEY,
        file_id text NOT NULL,
        made_at timestamptz NOT NULL
    )
    """,
)
