"""Live rounds in groups.

Revision ID: 0019
Revises: 0018
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

OLDEST = "0012"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE rounds (
            id bigint GENERATED ALWAYS AS IDENTITY,
            group_id bigint NOT NULL,
            thread bigint,
            language text NOT NULL,
            about text NOT NULL,
            questions smallint NOT NULL,
            seconds smallint NOT NULL,
            phase text NOT NULL,
            place smallint DEFAULT -1 NOT NULL,
            opened_at timestamptz NOT NULL,
            next_at timestamptz,
            stale boolean DEFAULT false NOT NULL,
            counted_at timestamptz,
            ended_at timestamptz,
            CONSTRAINT rounds_pkey PRIMARY KEY (id),
            CONSTRAINT rounds_group_id_fkey FOREIGN KEY (group_id)
                REFERENCES groups (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX rounds_group_id_idx ON rounds (group_id)")
    op.execute("CREATE INDEX rounds_next_at_idx ON rounds (next_at) WHERE next_at IS NOT NULL")
    op.execute(
        """
        CREATE TABLE round_askers (
            round_id bigint NOT NULL,
            learner_id bigint NOT NULL,
            CONSTRAINT round_askers_pkey PRIMARY KEY (round_id),
            CONSTRAINT round_askers_round_id_fkey FOREIGN KEY (round_id)
                REFERENCES rounds (id) ON DELETE CASCADE,
            CONSTRAINT round_askers_learner_id_fkey FOREIGN KEY (learner_id)
                REFERENCES learners (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX round_askers_learner_id_idx ON round_askers (learner_id)")
    op.execute(
        """
        CREATE TABLE round_players (
            round_id bigint NOT NULL,
            learner_id bigint NOT NULL,
            joined_at timestamptz NOT NULL,
            CONSTRAINT round_players_pkey PRIMARY KEY (round_id, learner_id),
            CONSTRAINT round_players_round_id_fkey FOREIGN KEY (round_id)
                REFERENCES rounds (id) ON DELETE CASCADE,
            CONSTRAINT round_players_learner_id_fkey FOREIGN KEY (learner_id)
                REFERENCES learners (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX round_players_learner_id_idx ON round_players (learner_id)")
    op.execute(
        """
        CREATE TABLE round_questions (
            id bigint GENERATED ALWAYS AS IDENTITY,
            round_id bigint NOT NULL,
            place smallint NOT NULL,
            course_version_id bigint NOT NULL,
            course_id text NOT NULL,
            question_id text NOT NULL,
            variant integer NOT NULL,
            shown text[] NOT NULL,
            poll_id text,
            opened_at timestamptz,
            closed_at timestamptz,
            CONSTRAINT round_questions_pkey PRIMARY KEY (id),
            CONSTRAINT round_questions_round_id_place_key UNIQUE (round_id, place),
            CONSTRAINT round_questions_poll_id_key UNIQUE (poll_id),
            CONSTRAINT round_questions_round_id_fkey FOREIGN KEY (round_id)
                REFERENCES rounds (id) ON DELETE CASCADE,
            CONSTRAINT round_questions_course_version_id_fkey FOREIGN KEY (course_version_id)
                REFERENCES course_versions (id) ON DELETE CASCADE
        )
        """
    )
    op.execute(
        """
        CREATE TABLE round_answers (
            round_question_id bigint NOT NULL,
            learner_id bigint NOT NULL,
            attempt_id bigint NOT NULL,
            milliseconds integer NOT NULL,
            answered_at timestamptz NOT NULL,
            CONSTRAINT round_answers_pkey PRIMARY KEY (round_question_id, learner_id),
            CONSTRAINT round_answers_attempt_id_key UNIQUE (attempt_id),
            CONSTRAINT round_answers_round_question_id_fkey FOREIGN KEY (round_question_id)
                REFERENCES round_questions (id) ON DELETE CASCADE,
            CONSTRAINT round_answers_learner_id_fkey FOREIGN KEY (learner_id)
                REFERENCES learners (id) ON DELETE CASCADE,
            CONSTRAINT round_answers_attempt_id_fkey FOREIGN KEY (attempt_id)
                REFERENCES attempts (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX round_answers_learner_id_idx ON round_answers (learner_id)")


def downgrade() -> None:
    op.execute("DROP TABLE round_answers")
    op.execute("DROP TABLE round_questions")
    op.execute("DROP TABLE round_players")
    op.execute("DROP TABLE round_askers")
    op.execute("DROP TABLE rounds")
