"""Streaks: what makes a study day, free days, other clocks, outages, and what was told.

Revision ID: 0004
Revises: 0003
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Rather fail and be run again than make every learner wait behind a lock.
    op.execute("SET LOCAL lock_timeout = '4s'")
    for statement in _UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for table in (
        "milestones",
        "settlements",
        "standings",
        "outages",
        "heartbeats",
        "zone_changes",
        "pauses",
        "rest_days",
    ):
        op.execute(f"DROP TABLE {table}")
    for column in ("counted", "quick", "goal", "qualified_at", "doubled_at"):
        op.execute(f"ALTER TABLE study_days DROP COLUMN {column}")
    op.execute("ALTER TABLE learners DROP COLUMN settled_day")


_LEARNER = """learner_id bigint NOT NULL
            CONSTRAINT {table}_learner_id_fkey REFERENCES learners (id)"""

_UPGRADE = (
    "ALTER TABLE learners ADD COLUMN settled_day date",
    "ALTER TABLE study_days ADD COLUMN counted integer DEFAULT 0 NOT NULL",
    "ALTER TABLE study_days ADD COLUMN quick smallint DEFAULT 0 NOT NULL",
    "ALTER TABLE study_days ADD COLUMN goal smallint DEFAULT 5 NOT NULL",
    "ALTER TABLE study_days ADD COLUMN qualified_at timestamptz",
    "ALTER TABLE study_days ADD COLUMN doubled_at timestamptz",
    # When one answer made a study day, it made one for good.
    "UPDATE study_days SET counted = answers, qualified_at = first_at",
    f"""
    CREATE TABLE rest_days (
        {_LEARNER.format(table="rest_days")},
        since date NOT NULL,
        weekdays smallint[] NOT NULL,
        chosen_at timestamptz NOT NULL,
        CONSTRAINT rest_days_pkey PRIMARY KEY (learner_id, since)
    )
    """,
    f"""
    CREATE TABLE pauses (
        {_LEARNER.format(table="pauses")},
        first_day date NOT NULL,
        last_day date NOT NULL,
        set_at timestamptz NOT NULL,
        CONSTRAINT pauses_pkey PRIMARY KEY (learner_id, first_day)
    )
    """,
    f"""
    CREATE TABLE zone_changes (
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT zone_changes_pkey PRIMARY KEY,
        {_LEARNER.format(table="zone_changes")},
        changed_at timestamptz NOT NULL,
        left_timezone text NOT NULL,
        left_day_starts smallint NOT NULL,
        timezone text NOT NULL,
        day_starts smallint NOT NULL,
        open_from date,
        reopened boolean NOT NULL
    )
    """,
    """
    CREATE INDEX zone_changes_learner_id_changed_at_idx
        ON zone_changes (learner_id, changed_at)
    """,
    """
    CREATE TABLE heartbeats (
        service text NOT NULL CONSTRAINT heartbeats_pkey PRIMARY KEY,
        beat_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE outages (
        began_at timestamptz NOT NULL CONSTRAINT outages_pkey PRIMARY KEY,
        ended_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX outages_ended_at_idx ON outages (ended_at)",
    f"""
    CREATE TABLE settlements (
        {_LEARNER.format(table="settlements")},
        day date NOT NULL,
        outcome text NOT NULL,
        cause text NOT NULL,
        settled_at timestamptz NOT NULL,
        CONSTRAINT settlements_pkey PRIMARY KEY (learner_id, day, outcome)
    )
    """,
    f"""
    CREATE TABLE milestones (
        {_LEARNER.format(table="milestones")},
        run date NOT NULL,
        days integer NOT NULL,
        reached_on date NOT NULL,
        told_at timestamptz NOT NULL,
        CONSTRAINT milestones_pkey PRIMARY KEY (learner_id, run, days)
    )
    """,
    """
    CREATE TABLE standings (
        learner_id bigint NOT NULL CONSTRAINT standings_pkey PRIMARY KEY
            CONSTRAINT standings_learner_id_fkey REFERENCES learners (id),
        last_day date NOT NULL,
        timezone text NOT NULL,
        open_from date NOT NULL,
        total integer NOT NULL,
        length integer NOT NULL,
        longest integer NOT NULL,
        run date NOT NULL,
        freezes smallint NOT NULL,
        repaired_on date,
        broken_until timestamptz,
        broken_length integer,
        broken_run date,
        broken_days date[]
    )
    """,
)
