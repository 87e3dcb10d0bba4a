"""${message}.

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
"""

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}

# The oldest revision whose code still runs on these tables: that of the migration before, unless
# this one takes something away. See docs/upgrading.md.
OLDEST = ""


def upgrade() -> None:
    ${upgrades if upgrades else "# Expand now, fill in the background, contract in a later release."}


def downgrade() -> None:
    ${downgrades if downgrades else ""}
