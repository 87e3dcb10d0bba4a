"""How questions go, by day, rolled up from the answers.

Revision ID: 0015
Revises: 0014
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OLDEST = "0012"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE item_days (
            course_version_id bigint NOT NULL CONSTRAINT item_days_course_version_id_fkey
                REFERENCES course_versions (id) ON DELETE CASCADE,
            question_id text NOT NULL,
            option_id text NOT NULL,
            day date NOT NULL,
            answers integer NOT NULL,
            first integer NOT NULL,
            first_right integer NOT NULL,
            first_undecided integer NOT NULL,
            first_hinted integer NOT NULL,
            first_scored integer NOT NULL,
            first_share double precision NOT NULL,
            CONSTRAINT item_days_pkey
                PRIMARY KEY (course_version_id, question_id, option_id, day)
        )
        """
    )
    op.execute("ALTER TABLE watermarks ADD COLUMN reached_at timestamptz")


def downgrade() -> None:
    op.execute("ALTER TABLE watermarks DROP COLUMN reached_at")
    op.execute("DROP TABLE item_days")
