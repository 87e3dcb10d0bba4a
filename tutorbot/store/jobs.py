"""What is to be known of jobs: which wait, which run, and which failed, and why.

The queue itself is procrastinate's, in a schema of its own; here it is only looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import TIMESTAMP, BigInteger, Text, bindparam, column, delete, func, select, table
from sqlalchemy.dialects.postgresql import JSONB, insert

from tutorbot.store.codec import storable
from tutorbot.store.tables import job_failures
from tutorbot.store.unit import Unit


class State(Enum):
    WAITING = "todo"
    RUNNING = "doing"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Job:
    id: int
    task: str
    state: State
    tries: int  # that are over
    since: datetime | None  # when it last changed its state
    not_before: datetime | None
    why: str | None  # it failed the last time that it did


async def listed(unit: Unit, limit: int) -> tuple[Job, ...]:
    """List what waits or runs, and what failed for good, the newest first."""
    rows = await unit.execute(_LISTED, {"most": limit})
    return tuple(
        Job(
            id=row.id,
            task=row.task_name,
            state=State(row.status),
            tries=row.attempts,
            since=row.since,
            not_before=row.scheduled_at,
            why=row.why,
        )
        for row in rows
    )


async def defer(
    unit: Unit,
    name: str,
    *,
    args: Mapping[str, object] | None = None,
    lock: str | None = None,
    not_before: datetime | None = None,
) -> None:
    """Put a job in line with what the unit does, unless one of that lock waits there already.

    The queue's triggers find its tables on the path, as all that is the queue's does.

    Args:
        unit: of work
        name: of the task
        args: what it is about
        lock: None: the name, so that one of it waits at most
        not_before: None: it is done as soon as may be
    """
    parameters: dict[str, object] = {
        "name": name,
        "lock": lock or name,
        "args": dict(args or {}),
        "not_before": not_before,
    }
    await unit.say("SET LOCAL search_path TO procrastinate")
    await unit.execute(_DEFER, parameters)
    await unit.say("SET LOCAL search_path TO DEFAULT")


async def note_failure(unit: Unit, job: int, task: str, why: str, at: datetime) -> None:
    parameters: dict[str, object] = {
        "job_id": job,
        "task": task,
        "why": storable(why),
        "failed_at": at,
    }
    await unit.execute(_NOTE, parameters)


async def prune(unit: Unit, before: datetime) -> int:
    """Forget why jobs failed before then; return how many."""
    return (await unit.execute(_PRUNE, {"before": before})).rowcount


_jobs = table(
    "procrastinate_jobs",
    column("id", BigInteger),
    column("task_name", Text),
    column("status", Text),
    column("attempts"),
    column("scheduled_at"),
    schema="procrastinate",
)
_DEFER = (
    insert(
        table(
            "procrastinate_jobs",
            *(column(name, Text) for name in ("queue_name", "task_name", "queueing_lock")),
            column("args", JSONB),
            column("scheduled_at", TIMESTAMP(timezone=True)),
            schema="procrastinate",
        )
    )
    .values(
        queue_name="default",
        task_name=bindparam("name", type_=Text),
        queueing_lock=bindparam("lock", type_=Text),
        args=bindparam("args", type_=JSONB),
        scheduled_at=bindparam("not_before", type_=TIMESTAMP(timezone=True)),
    )
    .on_conflict_do_nothing()
)
_events = table("procrastinate_events", column("job_id"), column("at"), schema="procrastinate")
_since = select(func.max(_events.c.at)).where(_events.c.job_id == _jobs.c.id).scalar_subquery()
_status = _jobs.c.status.cast(Text)
_LISTED = (
    select(
        _jobs.c.id,
        _jobs.c.task_name,
        _status.label("status"),
        _jobs.c.attempts,
        _jobs.c.scheduled_at,
        _since.label("since"),
        job_failures.c.why,
    )
    .join_from(_jobs, job_failures, job_failures.c.job_id == _jobs.c.id, isouter=True)
    .where(_status.in_([state.value for state in State]))
    .order_by(_jobs.c.id.desc())
    .limit(bindparam("most"))
)
_INSERT = insert(job_failures)
_NOTE = _INSERT.on_conflict_do_update(
    index_elements=[job_failures.c.job_id],
    set_={"why": _INSERT.excluded.why, "failed_at": _INSERT.excluded.failed_at},
)
_PRUNE = delete(job_failures).where(job_failures.c.failed_at < bindparam("before"))
