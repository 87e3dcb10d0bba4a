"""How old code may be to run on these tables.

Revision ID: 0014
Revises: 0013

From here on each migration says `OLDEST`; `tutorbot.store.migrate` keeps it in this table.
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

OLDEST = "0012"


def upgrade() -> None:
    # One row, by whoever migrates. A table of its own, since Alembic rewrites its own.
    op.execute(
        """
        CREATE TABLE compatibility (
            oldest text NOT NULL CONSTRAINT compatibility_pkey PRIMARY KEY
        )
        """
    )


def downgrade() -> None:
    op.execute("DROP TABLE compatibility")
