"""Classes, what is set to them, and messages to many.

Revision ID: 0016
Revises: 0015
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

OLDEST = "0012"


def upgrade() -> None:
    op.execute("ALTER TABLE learners ADD COLUMN prompted boolean NOT NULL DEFAULT false")
    op.execute("ALTER TABLE learners ADD COLUMN zone_known boolean NOT NULL DEFAULT false")
    op.execute(
        """
        CREATE TABLE prompts (
            learner_id bigint NOT NULL,
            purpose text NOT NULL,
            about jsonb NOT NULL,
            asked_at timestamptz NOT NULL,
            CONSTRAINT prompts_pkey PRIMARY KEY (learner_id),
            CONSTRAINT prompts_learner_id_fkey FOREIGN KEY (learner_id)
                REFERENCES learners (id) ON DELETE CASCADE
        )
        """
    )
    op.execute(
        """
        CREATE TABLE classes (
            id bigint GENERATED ALWAYS AS IDENTITY,
            title text NOT NULL,
            course_id text NOT NULL,
            timezone text NOT NULL,
            made_at timestamptz NOT NULL,
            ended_at timestamptz,
            CONSTRAINT classes_pkey PRIMARY KEY (id)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE class_members (
            class_id bigint NOT NULL,
            learner_id bigint NOT NULL,
            code text NOT NULL,
            role text NOT NULL,
            cohort text,
            time_factor numeric(3, 2) DEFAULT 1 NOT NULL,
            joined_at timestamptz NOT NULL,
            left_at timestamptz,
            removed boolean DEFAULT false NOT NULL,
            CONSTRAINT class_members_pkey PRIMARY KEY (class_id, learner_id),
            CONSTRAINT class_members_class_id_code_key UNIQUE (class_id, code),
            CONSTRAINT class_members_class_id_fkey FOREIGN KEY (class_id)
                REFERENCES classes (id) ON DELETE CASCADE,
            CONSTRAINT class_members_learner_id_fkey FOREIGN KEY (learner_id)
                REFERENCES learners (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX class_members_learner_id_idx ON class_members (learner_id)")
    op.execute(
        """
        CREATE TABLE class_links (
            id bigint GENERATED ALWAYS AS IDENTITY,
            class_id bigint NOT NULL,
            code text NOT NULL,
            role text NOT NULL,
            cohort text,
            uses integer DEFAULT 0 NOT NULL,
            most integer,
            made_at timestamptz NOT NULL,
            expires_at timestamptz,
            ended_at timestamptz,
            CONSTRAINT class_links_pkey PRIMARY KEY (id),
            CONSTRAINT class_links_class_id_fkey FOREIGN KEY (class_id)
                REFERENCES classes (id) ON DELETE CASCADE,
            CONSTRAINT class_links_code_key UNIQUE (code)
        )
        """
    )
    op.execute("CREATE INDEX class_links_class_id_idx ON class_links (class_id)")
    op.execute(
        """
        CREATE TABLE class_holidays (
            class_id bigint NOT NULL,
            first_day date NOT NULL,
            last_day date NOT NULL,
            CONSTRAINT class_holidays_pkey PRIMARY KEY (class_id, first_day),
            CONSTRAINT class_holidays_class_id_fkey FOREIGN KEY (class_id)
                REFERENCES classes (id) ON DELETE CASCADE
        )
        """
    )
    op.execute(
        """
        CREATE TABLE class_log (
            id bigint GENERATED ALWAYS AS IDENTITY,
            class_id bigint NOT NULL,
            who text NOT NULL,
            what text NOT NULL,
            about jsonb NOT NULL,
            done_at timestamptz NOT NULL,
            CONSTRAINT class_log_pkey PRIMARY KEY (id),
            CONSTRAINT class_log_class_id_fkey FOREIGN KEY (class_id)
                REFERENCES classes (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX class_log_class_id_done_at_idx ON class_log (class_id, done_at)")
    op.execute(
        """
        CREATE TABLE assignments (
            id bigint GENERATED ALWAYS AS IDENTITY,
            class_id bigint NOT NULL,
            course_version_id bigint NOT NULL,
            course_id text NOT NULL,
            title text NOT NULL,
            questions jsonb NOT NULL,
            draw smallint,
            audience jsonb NOT NULL,
            opens_at timestamptz NOT NULL,
            due_at timestamptz,
            late_until timestamptz,
            late_share numeric(4, 3) DEFAULT 1 NOT NULL,
            tries smallint,
            minutes smallint,
            reveal text NOT NULL,
            practice_after boolean DEFAULT true NOT NULL,
            state text NOT NULL,
            made_at timestamptz NOT NULL,
            CONSTRAINT assignments_pkey PRIMARY KEY (id),
            CONSTRAINT assignments_class_id_fkey FOREIGN KEY (class_id)
                REFERENCES classes (id) ON DELETE CASCADE,
            CONSTRAINT assignments_course_version_id_fkey FOREIGN KEY (course_version_id)
                REFERENCES course_versions (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX assignments_class_id_idx ON assignments (class_id)")
    op.execute(
        """
        CREATE TABLE assignees (
            assignment_id bigint NOT NULL,
            learner_id bigint NOT NULL,
            sitting_id bigint,
            opened_at timestamptz,
            started_at timestamptz,
            finished_at timestamptz,
            extended_until timestamptz,
            CONSTRAINT assignees_pkey PRIMARY KEY (assignment_id, learner_id),
            CONSTRAINT assignees_assignment_id_fkey FOREIGN KEY (assignment_id)
                REFERENCES assignments (id) ON DELETE CASCADE,
            CONSTRAINT assignees_learner_id_fkey FOREIGN KEY (learner_id)
                REFERENCES learners (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX assignees_learner_id_idx ON assignees (learner_id)")
    op.execute("CREATE INDEX assignees_sitting_id_idx ON assignees (sitting_id)")
    op.execute(
        """
        CREATE TABLE broadcasts (
            id bigint GENERATED ALWAYS AS IDENTITY,
            assignment_id bigint NOT NULL,
            kind text NOT NULL,
            state text NOT NULL,
            silent boolean DEFAULT false NOT NULL,
            report_chat_id bigint,
            not_before timestamptz NOT NULL,
            made_at timestamptz NOT NULL,
            begun_at timestamptz,
            ended_at timestamptz,
            CONSTRAINT broadcasts_pkey PRIMARY KEY (id),
            CONSTRAINT broadcasts_assignment_id_fkey FOREIGN KEY (assignment_id)
                REFERENCES assignments (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX broadcasts_assignment_id_idx ON broadcasts (assignment_id)")
    op.execute(
        """
        CREATE TABLE broadcast_recipients (
            broadcast_id bigint NOT NULL,
            learner_id bigint NOT NULL,
            outbox_id bigint,
            fate text,
            fated_at timestamptz,
            CONSTRAINT broadcast_recipients_pkey PRIMARY KEY (broadcast_id, learner_id),
            CONSTRAINT broadcast_recipients_broadcast_id_fkey FOREIGN KEY (broadcast_id)
                REFERENCES broadcasts (id) ON DELETE CASCADE,
            CONSTRAINT broadcast_recipients_learner_id_fkey FOREIGN KEY (learner_id)
                REFERENCES learners (id) ON DELETE CASCADE
        )
        """
    )
    op.execute(
        "CREATE INDEX broadcast_recipients_learner_id_idx ON broadcast_recipients (learner_id)"
    )
    op.execute(
        """
        CREATE INDEX broadcast_recipients_waiting_idx
            ON broadcast_recipients (broadcast_id, learner_id)
            WHERE fate IS NULL
        """
    )


def downgrade() -> None:
    op.execute("DROP TABLE broadcast_recipients")
    op.execute("DROP TABLE broadcasts")
    op.execute("DROP TABLE assignees")
    op.execute("DROP TABLE assignments")
    op.execute("DROP TABLE class_log")
    op.execute("DROP TABLE class_holidays")
    op.execute("DROP TABLE class_links")
    op.execute("DROP TABLE class_members")
    op.execute("DROP TABLE classes")
    op.execute("DROP TABLE prompts")
    op.execute("ALTER TABLE learners DROP COLUMN zone_known")
    op.execute("ALTER TABLE learners DROP COLUMN prompted")
