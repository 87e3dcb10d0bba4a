"""What whoever watches over the bot asks of the database: little, and through an index."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, column, func, select, table

from tutorbot.store.jobs import State
from tutorbot.store.tables import outbox
from tutorbot.store.unit import Unit

COUNTED = 100_000
"""Beyond so many waiting messages, none is counted: by then it is known that there are too many."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    messages: int  # without a fate; at most `COUNTED`
    since: datetime | None  # when the oldest of them was wanted
    jobs: dict[tuple[str, str], int]  # by task and state


async def look(unit: Unit) -> Waiting:
    outbox = (await unit.execute(_OUTBOX)).one()
    jobs = await unit.execute(_JOBS)
    return Waiting(
        messages=outbox.messages,
        since=outbox.since,
        jobs={(row.task_name, State(row.status).name.lower()): row.number for row in jobs},
    )


async def revision(unit: Unit) -> str | None:
    """Say which migration the tables are of."""
    return (await unit.execute(_REVISION)).scalar_one_or_none()


_unfated = select(outbox.c.id).where(outbox.c.fate.is_(None)).limit(COUNTED).subquery()
_OUTBOX = select(
    select(func.count()).select_from(_unfated).scalar_subquery().label("messages"),
    select(outbox.c.created_at)
    .where(outbox.c.fate.is_(None))
    .order_by(outbox.c.id)
    .limit(1)
    .scalar_subquery()
    .label("since"),
)

_jobs = table("procrastinate_jobs", column("task_name"), column("status"), schema="procrastinate")
_status = _jobs.c.status.cast(Text)
_JOBS = (
    select(_jobs.c.task_name, _status.label("status"), func.count().label("number"))
    .where(_status.in_([state.value for state in State]))
    .group_by(_jobs.c.task_name, _status)
)

_REVISION = select(table("alembic_version", column("version_num")).c.version_num)
