"""Keys that are doubted, mended and taken back.

Revision ID: 0020
Revises: 0019
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

OLDEST = "0012"


def upgrade() -> None:
    op.execute("ALTER TABLE scores ADD COLUMN code text")
    op.execute(
        """
        CREATE TABLE corrections (
            id bigint GENERATED ALWAYS AS IDENTITY,
            key_id bigint NOT NULL,
            CONSTRAINT corrections_pkey PRIMARY KEY (id),
            CONSTRAINT corrections_key_id_key UNIQUE (key_id),
            CONSTRAINT corrections_key_id_fkey FOREIGN KEY (key_id)
                REFERENCES keys (id) ON DELETE CASCADE
        )
        """
    )
    # What was corrected by hand before there was a way in the chat.
    op.execute("INSERT INTO corrections (key_id) SELECT id FROM keys WHERE version > 1 ORDER BY id")
    op.execute(
        """
        CREATE TABLE question_flags (
            learner_id bigint NOT NULL,
            course_version_id bigint NOT NULL,
            course_id text NOT NULL,
            question_id text NOT NULL,
            reason text NOT NULL,
            words text,
            flagged_at timestamptz NOT NULL,
            settled_at timestamptz,
            CONSTRAINT question_flags_pkey PRIMARY KEY (learner_id, course_id, question_id),
            CONSTRAINT question_flags_learner_id_fkey FOREIGN KEY (learner_id)
                REFERENCES learners (id) ON DELETE CASCADE,
            CONSTRAINT question_flags_course_version_id_fkey FOREIGN KEY (course_version_id)
                REFERENCES course_versions (id) ON DELETE CASCADE
        )
        """
    )
    op.execute(
        """
        CREATE INDEX question_flags_course_id_question_id_idx
            ON question_flags (course_id, question_id)
        """
    )
    op.execute(
        """
        CREATE TABLE regrades (
            id bigint GENERATED ALWAYS AS IDENTITY,
            course_id text NOT NULL,
            question_id text NOT NULL,
            kind text NOT NULL,
            state text NOT NULL,
            policy text NOT NULL,
            content jsonb NOT NULL,
            before jsonb NOT NULL,
            why text,
            who text NOT NULL,
            class_id bigint,
            counts jsonb,
            report_chat_id bigint,
            undoes bigint,
            made_at timestamptz NOT NULL,
            applied_at timestamptz,
            swept_at timestamptz,
            undone_at timestamptz,
            CONSTRAINT regrades_pkey PRIMARY KEY (id)
        )
        """
    )
    op.execute(
        "CREATE INDEX regrades_course_id_question_id_idx ON regrades (course_id, question_id)"
    )
    op.execute(
        """
        CREATE TABLE regrade_changes (
            regrade_id bigint NOT NULL,
            answer_id bigint NOT NULL,
            key_id bigint NOT NULL,
            old_points numeric(9, 6),
            old_out_of numeric(9, 6),
            old_code text NOT NULL,
            new_points numeric(9, 6),
            new_out_of numeric(9, 6),
            new_code text NOT NULL,
            CONSTRAINT regrade_changes_pkey PRIMARY KEY (answer_id, regrade_id),
            CONSTRAINT regrade_changes_regrade_id_fkey FOREIGN KEY (regrade_id)
                REFERENCES regrades (id) ON DELETE CASCADE,
            CONSTRAINT regrade_changes_answer_id_fkey FOREIGN KEY (answer_id)
                REFERENCES answers (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX regrade_changes_regrade_id_idx ON regrade_changes (regrade_id)")
    op.execute(
        """
        CREATE TABLE regrade_cards (
            regrade_id bigint NOT NULL,
            learner_id bigint NOT NULL,
            before jsonb,
            after jsonb,
            CONSTRAINT regrade_cards_pkey PRIMARY KEY (learner_id, regrade_id),
            CONSTRAINT regrade_cards_regrade_id_fkey FOREIGN KEY (regrade_id)
                REFERENCES regrades (id) ON DELETE CASCADE,
            CONSTRAINT regrade_cards_learner_id_fkey FOREIGN KEY (learner_id)
                REFERENCES learners (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX regrade_cards_regrade_id_idx ON regrade_cards (regrade_id)")
    op.execute(
        """
        CREATE TABLE judgements (
            regrade_id bigint NOT NULL,
            digest text NOT NULL,
            code text NOT NULL,
            CONSTRAINT judgements_pkey PRIMARY KEY (regrade_id, digest),
            CONSTRAINT judgements_regrade_id_fkey FOREIGN KEY (regrade_id)
                REFERENCES regrades (id) ON DELETE CASCADE
        )
        """
    )
    op.execute(
        """
        CREATE TABLE rulings (
            answer_id bigint NOT NULL,
            is_right boolean NOT NULL,
            who text NOT NULL,
            ruled_at timestamptz NOT NULL,
            CONSTRAINT rulings_pkey PRIMARY KEY (answer_id),
            CONSTRAINT rulings_answer_id_fkey FOREIGN KEY (answer_id)
                REFERENCES answers (id) ON DELETE CASCADE
        )
        """
    )


def downgrade() -> None:
    op.execute("DROP TABLE rulings")
    op.execute("DROP TABLE judgements")
    op.execute("DROP TABLE regrade_cards")
    op.execute("DROP TABLE regrade_changes")
    op.execute("DROP TABLE regrades")
    op.execute("DROP TABLE question_flags")
    op.execute("DROP TABLE corrections")
    op.execute("ALTER TABLE scores DROP COLUMN code")
