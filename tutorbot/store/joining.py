"""The links by which people join classes, and the places that they take there."""

from datetime import datetime

from sqlalchemy import TIMESTAMP, Double, Text, bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from tutorbot.core.classes import Role
from tutorbot.core.ids import ClassId, LearnerId, LinkId
from tutorbot.core.joining import CODES, JoinLink
from tutorbot.store.class_tables import class_links, class_members
from tutorbot.store.statements import Row
from tutorbot.store.tables import learners, pacing, zone_changes
from tutorbot.store.unit import Unit


async def by_code(unit: Unit, code: str) -> JoinLink | None:
    """Find a link, whatever has become of it and of its class."""
    row = (await unit.execute(_BY_CODE, {"code": code})).one_or_none()
    return _link(row) if row else None


async def wait(unit: Unit, learner: LearnerId, at: datetime) -> float:
    """How many seconds somebody has to wait before they may try another code; 0: none."""
    row = (await unit.execute(_TRIED, {"budget": _tries(learner)})).one_or_none()
    return 0 if row is None else max(0.0, CODES.opens(row.tat) - at.timestamp())


async def led_nowhere(unit: Unit, learner: LearnerId, at: datetime) -> None:
    """Count a code of theirs that let them in nowhere, for all processes."""
    await unit.execute(_LED_NOWHERE, {"budget": _tries(learner), "at": at.timestamp()})


async def by_id(unit: Unit, link: LinkId) -> JoinLink | None:
    row = (await unit.execute(_BY_ID, {"link": link})).one_or_none()
    return _link(row) if row else None


async def for_learners(unit: Unit, class_id: ClassId, at: datetime) -> tuple[JoinLink, ...]:
    """List the links of learners that did not end: that of the whole class first.

    Those for one person alone are not among them.
    """
    rows = await unit.execute(_FOR_LEARNERS, {"class": class_id, "at": at})
    return tuple(map(_link, rows))


async def make(
    unit: Unit,
    *,
    class_id: ClassId,
    code: str,
    role: Role,
    cohort: str | None,
    most: int | None,
    at: datetime,
    expires_at: datetime | None,
) -> JoinLink | None:
    """Make a link; None if its code is taken."""
    parameters: dict[str, object] = {
        "class_id": class_id,
        "code": code,
        "role": role.value,
        "cohort": cohort,
        "most": most,
        "made_at": at,
        "expires_at": expires_at,
    }
    row = (await unit.execute(_MAKE, parameters)).one_or_none()
    return _link(row) if row else None


async def end(unit: Unit, link: LinkId, at: datetime) -> bool:
    """Let nobody else join by a link; False if somebody has ended it before."""
    return (await unit.execute(_END, {"link": link, "at": at})).one_or_none() is not None


async def end_for(unit: Unit, class_id: ClassId, cohort: str | None, at: datetime) -> None:
    """End the links by which learners join a class, or one cohort of it."""
    await unit.execute(_END_FOR, {"class": class_id, "of_cohort": cohort, "at": at})


async def limit(unit: Unit, link: LinkId, most: int | None) -> None:
    await unit.execute(_LIMIT, {"link": link, "limit_most": most})


async def expire(unit: Unit, link: LinkId, at: datetime | None) -> None:
    await unit.execute(_EXPIRE, {"link": link, "until": at})


async def use(unit: Unit, link: LinkId, at: datetime) -> bool:
    """Count one more who joins by a link, if it takes another; in one statement.

    Whoever joins at the same time waits here, and finds it counted.
    """
    return (await unit.execute(_USE, {"link": link, "at": at})).one_or_none() is not None


async def enter(
    unit: Unit,
    *,
    class_id: ClassId,
    learner: LearnerId,
    code: str,
    role: Role,
    cohort: str | None,
    at: datetime,
) -> bool:
    """Let somebody into a class who was never in it; False if the code is another's there."""
    parameters: dict[str, object] = {
        "class_id": class_id,
        "learner_id": learner,
        "code": code,
        "role": role.value,
        "cohort": cohort,
        "joined_at": at,
    }
    return (await unit.execute(_ENTER, parameters)).one_or_none() is not None


async def become(
    unit: Unit,
    class_id: ClassId,
    learner: LearnerId,
    role: Role,
    cohort: str | None,
    at: datetime | None,
) -> None:
    """Change what somebody is in a class; ``at``: when they came back, if they were away."""
    parameters = {
        "class": class_id,
        "learner": learner,
        "new_role": role.value,
        "new_cohort": cohort,
        "at": at,
    }
    await unit.execute(_BECOME, parameters)


async def zone_known(unit: Unit, learner: LearnerId) -> bool:
    """Whether somebody ever said, or was told, by which clocks they live."""
    return (await unit.execute(_ZONE_KNOWN, {"learner": learner})).scalar_one()


_BY_CODE = select(class_links).where(class_links.c.code == bindparam("code"))
# A budget as those of messages, by the clock of whoever asks; gone an hour after it was full again.
_TRIED = select(pacing.c.tat).where(pacing.c.budget == bindparam("budget"))
_tried_at = bindparam("at", type_=Double)
_LED_NOWHERE = (
    insert(pacing)
    .values(budget=bindparam("budget"), tat=_tried_at + CODES.interval)
    .on_conflict_do_update(
        index_elements=[pacing.c.budget],
        set_={"tat": func.greatest(pacing.c.tat, _tried_at) + CODES.interval},
    )
)
_BY_ID = select(class_links).where(class_links.c.id == bindparam("link"))
_not_ended = (
    class_links.c.ended_at.is_(None),
    or_(class_links.c.expires_at.is_(None), class_links.c.expires_at > bindparam("at")),
)
_of_many = (
    class_links.c.role == Role.LEARNER.value,
    class_links.c.most.is_distinct_from(1),
)
_FOR_LEARNERS = (
    select(class_links)
    .where(
        class_links.c.class_id == bindparam("class"),
        *_of_many,
        *_not_ended,
    )
    .order_by(class_links.c.cohort.nulls_first(), class_links.c.id.desc())
)
_MAKE = insert(class_links).on_conflict_do_nothing().returning(class_links)
_END = (
    update(class_links)
    .where(class_links.c.id == bindparam("link"), class_links.c.ended_at.is_(None))
    .values(ended_at=bindparam("at"))
    .returning(class_links.c.id)
)
_END_FOR = (
    update(class_links)
    .where(
        class_links.c.class_id == bindparam("class"),
        *_of_many,
        class_links.c.cohort.is_not_distinct_from(bindparam("of_cohort")),
        class_links.c.ended_at.is_(None),
    )
    .values(ended_at=bindparam("at"))
)
_LIMIT = (
    update(class_links)
    .where(class_links.c.id == bindparam("link"))
    .values(most=bindparam("limit_most"))
)
_EXPIRE = (
    update(class_links)
    .where(class_links.c.id == bindparam("link"))
    .values(expires_at=bindparam("until"))
)
_USE = (
    update(class_links)
    .where(
        class_links.c.id == bindparam("link"),
        *_not_ended,
        or_(class_links.c.most.is_(None), class_links.c.uses < class_links.c.most),
    )
    .values(uses=class_links.c.uses + 1)
    .returning(class_links.c.id)
)
_ENTER = insert(class_members).on_conflict_do_nothing().returning(class_members.c.code)
_BECOME = (
    update(class_members)
    .where(
        class_members.c.class_id == bindparam("class"),
        class_members.c.learner_id == bindparam("learner"),
    )
    .values(
        role=bindparam("new_role"),
        cohort=func.coalesce(bindparam("new_cohort", type_=Text), class_members.c.cohort),
        joined_at=func.coalesce(
            bindparam("at", type_=TIMESTAMP(timezone=True)), class_members.c.joined_at
        ),
        left_at=None,
        removed=False,
    )
)
# Whoever said it before that was noted has at least changed it.
_ZONE_KNOWN = select(
    learners.c.zone_known
    | select(zone_changes.c.id)
    .where(
        zone_changes.c.learner_id == learners.c.id,
        zone_changes.c.timezone != zone_changes.c.left_timezone,
    )
    .exists()
).where(learners.c.id == bindparam("learner"))


def _tries(learner: LearnerId) -> str:
    return f"codes {learner}"


def _link(row: Row) -> JoinLink:
    return JoinLink(
        id=LinkId(row.id),
        class_id=ClassId(row.class_id),
        code=row.code,
        role=Role(row.role),
        cohort=row.cohort,
        uses=row.uses,
        most=row.most,
        made_at=row.made_at,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
    )
