"""Courses have files beside their text, and authors send them in the chat.

Revision ID: 0003
Revises: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Rather fail and be run again than make every learner wait behind a lock.
    op.execute("SET LOCAL lock_timeout = '4s'")
    for statement in _UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for table in ("uploads", "course_files", "files"):
        op.execute(f"DROP TABLE {table}")
    op.execute("ALTER TABLE course_versions DROP COLUMN origin")


_UPGRADE = (
    "ALTER TABLE course_versions ADD COLUMN origin text DEFAULT 'folder' NOT NULL",
    """
    CREATE TABLE files (
        digest text NOT NULL CONSTRAINT files_pkey PRIMARY KEY,
        content bytea NOT NULL,
        added_at timestamptz NOT NULL
    )
    """,
    # Pictures and archives are compressed already.
    "ALTER TABLE files ALTER COLUMN content SET STORAGE EXTERNAL",
    """
    CREATE TABLE course_files (
        course_version_id bigint NOT NULL
            CONSTRAINT course_files_course_version_id_fkey REFERENCES course_versions (id),
        name text NOT NULL,
        digest text NOT NULL
            CONSTRAINT course_files_digest_fkey REFERENCES files (digest),
        CONSTRAINT course_files_pkey PRIMARY KEY (course_version_id, name)
    )
    """,
    """
    CREATE TABLE uploads (
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT uploads_pkey PRIMARY KEY,
        learner_id bigint NOT NULL
            CONSTRAINT uploads_learner_id_fkey REFERENCES learners (id),
        chat_id bigint NOT NULL,
        file_id text NOT NULL,
        name text NOT NULL,
        state text NOT NULL,
        digest text CONSTRAINT uploads_digest_fkey REFERENCES files (digest),
        tries smallint DEFAULT 0 NOT NULL,
        sent_at timestamptz NOT NULL,
        not_before timestamptz NOT NULL,
        settled_at timestamptz
    )
    """,
    "CREATE INDEX uploads_waiting_idx ON uploads (not_before) WHERE state = 'waiting'",
)
