"""Every week a word about each class to those who teach it.

Revision ID: 0017
Revises: 0016
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

OLDEST = "0012"


def upgrade() -> None:
    op.execute("ALTER TABLE classes ADD COLUMN digest boolean NOT NULL DEFAULT true")
    op.execute(
        """
        CREATE TABLE class_digests (
            class_id bigint NOT NULL CONSTRAINT class_digests_class_id_fkey
                REFERENCES classes (id) ON DELETE CASCADE,
            week date NOT NULL,
            made_at timestamptz NOT NULL,
            CONSTRAINT class_digests_pkey PRIMARY KEY (class_id, week)
        )
        """
    )


def downgrade() -> None:
    op.execute("DROP TABLE class_digests")
    op.execute("ALTER TABLE classes DROP COLUMN digest")
