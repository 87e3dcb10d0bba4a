"""Classes and who is in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, func, insert, select, update

from tutorbot.core.classes import Member, Right, Role, Taught
from tutorbot.core.ids import ClassId, CourseId, LearnerId
from tutorbot.core.joining import Place
from tutorbot.store.class_tables import class_holidays, class_log, class_members, classes
from tutorbot.store.tables import course_versions
from tutorbot.store.unit import Unit


@dataclass(frozen=True, kw_only=True)
class Found:
    """A class that goes on."""

    class_id: ClassId
    title: str
    course: CourseId
    course_title: str
    timezone: str


async def member(unit: Unit, class_id: ClassId, learner: LearnerId, right: Right) -> Member | None:
    """Find who a learner is in a class, if they may do that there now; else None.

    Their place in the class is held until the unit ends: nobody is removed in the middle of what
    they do.
    """
    found = await present(unit, class_id, learner)
    return found if found and found.may(right) else None


async def present(unit: Unit, class_id: ClassId, learner: LearnerId) -> Member | None:
    """Find who a learner is in a class that goes on, whatever they may do; hold their place."""
    row = (await unit.execute(_MEMBER, {"class": class_id, "learner": learner})).one_or_none()
    if row is None:
        return None
    return Member(class_id=class_id, learner=learner, code=row.code, role=Role(row.role))


async def place(unit: Unit, class_id: ClassId, learner: LearnerId) -> Place | None:
    """Find the place in a class that somebody has or had."""
    row = (await unit.execute(_PLACE, {"class": class_id, "learner": learner})).one_or_none()
    if row is None:
        return None
    return Place(
        code=row.code,
        role=Role(row.role),
        cohort=row.cohort,
        here=row.left_at is None,
        removed=row.removed,
    )


async def taught_by(unit: Unit, learner: LearnerId) -> tuple[Taught, ...]:
    """List the classes in which somebody works, the newest first."""
    return tuple(each for each in await joined_by(unit, learner) if each.role is not Role.LEARNER)


async def joined_by(unit: Unit, learner: LearnerId) -> tuple[Taught, ...]:
    """List the classes in which somebody is, as whatever, the newest first."""
    result = await unit.execute(_JOINED, {"learner": learner})
    return tuple(
        Taught(
            class_id=ClassId(row.id),
            title=row.title,
            role=Role(row.role),
            learners=row.learners,
        )
        for row in result
    )


async def create(
    unit: Unit, *, title: str, course: CourseId, timezone: str, at: datetime
) -> ClassId:
    parameters = {"title": title, "course_id": course, "timezone": timezone, "made_at": at}
    return ClassId((await unit.execute(_CREATE, parameters)).scalar_one())


async def started(
    unit: Unit, learner: LearnerId, course: CourseId, since: datetime
) -> ClassId | None:
    """Find a class of that course that somebody has begun since then, and owns."""
    parameters = {"learner": learner, "course": course, "since": since}
    found = (await unit.execute(_STARTED, parameters)).one_or_none()
    return ClassId(found.id) if found else None


async def find(unit: Unit, class_id: ClassId) -> Found | None:
    """Find a class, unless it is over."""
    row = (await unit.execute(_FIND, {"class": class_id})).one_or_none()
    if row is None:
        return None
    return Found(
        class_id=class_id,
        title=row.title,
        course=row.course_id,
        course_title=row.course_title or row.course_id,
        timezone=row.timezone,
    )


async def counts(unit: Unit, class_id: ClassId) -> Mapping[Role, int]:
    """Count who is in a class, by role."""
    rows = await unit.execute(_COUNTS, {"class": class_id})
    return {Role(row.role): row.count for row in rows}


async def next_holiday(unit: Unit, class_id: ClassId, today: date) -> tuple[date, date] | None:
    """Find the holidays that are on, or else those that come next."""
    parameters = {"class": class_id, "today": today}
    row = (await unit.execute(_NEXT_HOLIDAY, parameters)).one_or_none()
    return (row.first_day, row.last_day) if row else None


async def hold(unit: Unit, class_id: ClassId) -> None:
    """Let nobody else change who owns a class, or end it, until the unit ends."""
    await unit.execute(_HOLD, {"class": class_id})


async def rename(unit: Unit, class_id: ClassId, title: str) -> None:
    await unit.execute(_RENAME, {"class": class_id, "new_title": title})


async def set_timezone(unit: Unit, class_id: ClassId, timezone: str) -> None:
    await unit.execute(_SET_TIMEZONE, {"class": class_id, "zone": timezone})


async def end(unit: Unit, class_id: ClassId, at: datetime) -> None:
    await unit.execute(_END, {"class": class_id, "at": at})


async def note(
    unit: Unit,
    class_id: ClassId,
    who: str,
    what: str,
    at: datetime,
    about: Mapping[str, object] | None = None,
) -> None:
    """Write down who did what, for good; ``who`` is the code of a member."""
    parameters = {
        "class_id": class_id,
        "who": who,
        "what": what,
        "about": dict(about or {}),
        "done_at": at,
    }
    await unit.execute(_NOTE, parameters)


_MEMBER = (
    select(class_members.c.code, class_members.c.role)
    .join(classes, classes.c.id == class_members.c.class_id)
    .where(
        class_members.c.class_id == bindparam("class"),
        class_members.c.learner_id == bindparam("learner"),
        class_members.c.left_at.is_(None),
        classes.c.ended_at.is_(None),
    )
    .with_for_update(read=True, of=class_members)
)
_PLACE = select(class_members).where(
    class_members.c.class_id == bindparam("class"),
    class_members.c.learner_id == bindparam("learner"),
)
_others = class_members.alias("others")
_JOINED = (
    select(
        classes.c.id,
        classes.c.title,
        class_members.c.role,
        select(func.count())
        .where(
            _others.c.class_id == classes.c.id,
            _others.c.role == Role.LEARNER.value,
            _others.c.left_at.is_(None),
        )
        .scalar_subquery()
        .label("learners"),
    )
    .join(class_members, class_members.c.class_id == classes.c.id)
    .where(
        class_members.c.learner_id == bindparam("learner"),
        class_members.c.left_at.is_(None),
        classes.c.ended_at.is_(None),
    )
    .order_by(classes.c.id.desc())
)
_CREATE = insert(classes).returning(classes.c.id)
_STARTED = (
    select(classes.c.id)
    .join(class_members, class_members.c.class_id == classes.c.id)
    .where(
        class_members.c.learner_id == bindparam("learner"),
        class_members.c.role == Role.OWNER.value,
        classes.c.course_id == bindparam("course"),
        classes.c.made_at >= bindparam("since"),
        classes.c.ended_at.is_(None),
    )
    .order_by(classes.c.id.desc())
    .limit(1)
)
_FIND = select(
    classes.c.title,
    classes.c.course_id,
    classes.c.timezone,
    select(course_versions.c.title)
    .where(course_versions.c.course_id == classes.c.course_id)
    .order_by(course_versions.c.number.desc())
    .limit(1)
    .scalar_subquery()
    .label("course_title"),
).where(classes.c.id == bindparam("class"), classes.c.ended_at.is_(None))
_COUNTS = (
    select(class_members.c.role, func.count().label("count"))
    .where(class_members.c.class_id == bindparam("class"), class_members.c.left_at.is_(None))
    .group_by(class_members.c.role)
)
_NEXT_HOLIDAY = (
    select(class_holidays.c.first_day, class_holidays.c.last_day)
    .where(
        class_holidays.c.class_id == bindparam("class"),
        class_holidays.c.last_day >= bindparam("today"),
    )
    .order_by(class_holidays.c.first_day)
    .limit(1)
)
_HOLD = select(classes.c.id).where(classes.c.id == bindparam("class")).with_for_update()
_this = classes.c.id == bindparam("class")
_RENAME = update(classes).where(_this).values(title=bindparam("new_title"))
_SET_TIMEZONE = update(classes).where(_this).values(timezone=bindparam("zone"))
_END = update(classes).where(_this).values(ended_at=bindparam("at"))
_NOTE = insert(class_log)
