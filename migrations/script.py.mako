"""${message}.

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
"""

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    # Rather fail and be run again than make every learner wait behind a lock.
    op.execute("SET LOCAL lock_timeout = '4s'")
    ${upgrades if upgrades else "# Add nullable, fill, then tighten: three releases, no pause."}


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    ${downgrades if downgrades else ""}
