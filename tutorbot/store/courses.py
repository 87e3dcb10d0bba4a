"""Published courses, version by version, and the keys that their answers are scored by.

A key can be corrected after the fact: it gets a new version beside the old one, while the course
version and the answers given under it stay as they were.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import cast

from sqlalchemy import and_, bindparam, func, insert, select, update
from sqlalchemy.dialects.postgresql import distinct_on

from tutorbot.core.ids import CourseId, CourseVersionId, KeyId, QuestionId
from tutorbot.store.files import attach
from tutorbot.store.key_tables import corrections
from tutorbot.store.statements import Row
from tutorbot.store.tables import course_versions, keys
from tutorbot.store.unit import Unit


class Origin(Enum):
    """Where a version came from."""

    FOLDER = "folder"
    AUTHOR = "author"


@dataclass(frozen=True, kw_only=True)
class Published:
    version: CourseVersionId
    course: CourseId
    number: int  # 1 for the first version of the course
    title: str
    place: int
    digest: str
    published_at: datetime


@dataclass(frozen=True, kw_only=True)
class Key:
    """The newest key of a question under one version of its course."""

    id: KeyId
    version: CourseVersionId
    question: QuestionId
    content: Mapping[str, object]
    corrected: bool  # it is not the one that was published


async def publish(
    unit: Unit,
    *,
    course: CourseId,
    title: str,
    source: str,
    digest: str,
    keys: Mapping[QuestionId, object],
    at: datetime,
    place: int | None = None,
    files: Mapping[str, bytes] | None = None,
    origin: Origin = Origin.FOLDER,
) -> CourseVersionId:
    """Make the course's newest version out of a source, unless that is what it is already.

    The content folder is looked at each time a bot starts, so what it holds takes the place of what
    an author has sent since only when it has changed there.

    ``digest`` is that of the source and of the ``files`` beside it, by name; ``keys`` holds
    whatever JSON describes the key of each question. ``place`` is the order in the list of courses,
    and may change without a new version; without it, a course stays where it is, and a new one
    comes last.
    """
    # Several processes may start at once with the same new content.
    await lock(unit, course)
    latest = await newest_of(unit, course)
    parameters = {"course": course, "of_origin": origin.value}
    before = (await unit.execute(_LATEST_FROM, parameters)).one_or_none()
    same = before if origin is Origin.FOLDER else latest
    if latest and same and same.digest == digest:
        if place not in {None, latest.place}:
            await unit.execute(_MOVE, {"version": latest.version, "place": place})
        return latest.version
    if place is None:
        place = latest.place if latest else (await unit.execute(_NEXT_PLACE)).scalar_one()
    row: dict[str, object] = {
        "course_id": course,
        "number": latest.number + 1 if latest else 1,
        "digest": digest,
        "title": title,
        "place": place,
        "source": source,
        "published_at": at,
        "origin": origin.value,
    }
    version = CourseVersionId((await unit.execute(_PUBLISH, row)).scalar_one())
    await attach(unit, version, files or {}, at)
    rows: list[dict[str, object]] = [
        {
            "course_version_id": version,
            "question_id": question,
            "version": 1,
            "content": content,
            "made_at": at,
            "reason": "published",
        }
        for question, content in keys.items()
    ]
    if rows:
        await unit.execute(_INSERT_KEY, rows)
    if latest:
        await _carry_over(unit, latest.version, version, keys, at)
    return version


async def _carry_over(
    unit: Unit,
    before: CourseVersionId,
    version: CourseVersionId,
    keys: Mapping[QuestionId, object],
    at: datetime,
) -> None:
    """Let a correction stand in a file that still says what was corrected; a new key holds."""
    for row in await unit.execute(_CORRECTED_IN, {"version": before}):
        if keys.get(row.question_id) == row.published:
            await correct(
                unit, version, row.question_id, content=row.content, reason=row.reason, at=at
            )


async def newest(unit: Unit) -> tuple[Published, ...]:
    """List the newest version of each course, in the order of the list."""
    return tuple(map(_published, await unit.execute(_NEWEST)))


async def newest_of(unit: Unit, course: CourseId) -> Published | None:
    row = (await unit.execute(_NEWEST_OF, {"course": course})).one_or_none()
    return _published(row) if row else None


async def lock(unit: Unit, course: CourseId) -> None:
    """Let nobody else publish this course until the unit ends."""
    await unit.execute(_LOCK, {"course": course})


async def lock_if_free(unit: Unit, course: CourseId) -> bool:
    """Hold this course and all corrections, unless that would mean to wait."""
    return (await unit.execute(_LOCK_IF_FREE, {"course": course})).scalar_one()


async def source(unit: Unit, version: CourseVersionId) -> str:
    """Return the whole file that a version was published from."""
    return (await unit.execute(_SOURCE, {"version": version})).scalar_one()


async def key(unit: Unit, version: CourseVersionId, question: QuestionId) -> KeyId:
    """Find the newest version of a question's key."""
    parameters = {"course_version": version, "question": question}
    return KeyId((await unit.execute(_KEY, parameters)).one().id)


async def correct(
    unit: Unit,
    version: CourseVersionId,
    question: QuestionId,
    *,
    content: object,
    reason: str,
    at: datetime,
) -> KeyId:
    """Give a key a new version; scores under the old one stay until they are computed again.

    Corrections come one after the other, so that who has seen one has seen those before it.
    """
    await unit.execute(_LOCK_CORRECTIONS)
    parameters = {"course_version": version, "question": question}
    old = (await unit.execute(_KEY, parameters)).one()
    new: dict[str, object] = {
        "course_version_id": version,
        "question_id": question,
        "version": old.version + 1,
        "content": content,
        "made_at": at,
        "reason": reason,
    }
    made = KeyId((await unit.execute(_CORRECT, new)).scalar_one())
    await unit.execute(_NOTE_CORRECTION, {"key_id": made})
    return made


async def corrected(unit: Unit) -> int:
    """The number of the newest correction of any key; 0 before the first."""
    return (await unit.execute(_CORRECTED)).scalar_one()


async def corrections_since(unit: Unit, number: int) -> tuple[tuple[int, Key], ...]:
    """The newest keys of all questions whose key was corrected after that, with their numbers."""
    rows = await unit.execute(_CORRECTIONS_SINCE, {"number": number})
    return tuple((row.number, _key(row)) for row in rows)


async def keys_of(
    unit: Unit, course: CourseId, question: QuestionId
) -> tuple[tuple[Published, Key], ...]:
    """The newest key of a question under each version of its course, the newest version first."""
    parameters = {"course": course, "question": question}
    rows = await unit.execute(_KEYS_OF, parameters)
    return tuple((_published(row), _key(row)) for row in rows)


async def question_of(unit: Unit, key: KeyId) -> tuple[CourseId, QuestionId] | None:
    """Say of which question a key is, in whatever version."""
    row = (await unit.execute(_QUESTION_OF, {"key": key})).one_or_none()
    return (row.course_id, row.question_id) if row else None


_course = func.hashtextextended("course:" + bindparam("course"), 0)
_corrections = func.hashtextextended("corrections", 0)
_LOCK = select(func.pg_advisory_xact_lock(_course))
_LOCK_IF_FREE = select(
    and_(func.pg_try_advisory_xact_lock(_course), func.pg_try_advisory_xact_lock(_corrections))
)
_SHOWN = (
    course_versions.c.id,
    course_versions.c.course_id,
    course_versions.c.number,
    course_versions.c.title,
    course_versions.c.place,
    course_versions.c.digest,
    course_versions.c.published_at,
)
_NEWEST_OF = (
    select(*_SHOWN)
    .where(course_versions.c.course_id == bindparam("course"))
    .order_by(course_versions.c.number.desc())
    .limit(1)
)
_LATEST_FROM = _NEWEST_OF.where(course_versions.c.origin == bindparam("of_origin"))
_NEXT_PLACE = select(func.coalesce(func.max(course_versions.c.place) + 1, 0))
_MOVE = (
    update(course_versions)
    .where(course_versions.c.id == bindparam("version"))
    .values(place=bindparam("place"))
)
_PUBLISH = insert(course_versions).returning(course_versions.c.id)
_INSERT_KEY = insert(keys)
_CORRECT = insert(keys).returning(keys.c.id)
_LOCK_CORRECTIONS = select(func.pg_advisory_xact_lock(_corrections))
_NOTE_CORRECTION = insert(corrections)
CORRECTED = select(func.coalesce(func.max(corrections.c.id), 0)).scalar_subquery()
"""Read with the learner, at the head of every update."""
_CORRECTED = select(CORRECTED)
_KEY_COLUMNS = (
    keys.c.id.label("key_id"),
    keys.c.course_version_id,
    keys.c.question_id,
    keys.c.content,
    keys.c.version,
)
_CORRECTIONS_SINCE = (
    select(corrections.c.id.label("number"), *_KEY_COLUMNS)
    .ext(distinct_on(keys.c.course_version_id, keys.c.question_id))
    .join(keys, keys.c.id == corrections.c.key_id)
    .where(corrections.c.id > bindparam("number"))
    .order_by(keys.c.course_version_id, keys.c.question_id, keys.c.version.desc())
)
_first = keys.alias("first_key")
_CORRECTED_IN = (
    select(
        keys.c.question_id,
        keys.c.content,
        keys.c.reason,
        _first.c.content.label("published"),
    )
    .ext(distinct_on(keys.c.question_id))
    .join(
        _first,
        (_first.c.course_version_id == keys.c.course_version_id)
        & (_first.c.question_id == keys.c.question_id)
        & (_first.c.version == 1),
    )
    .where(keys.c.course_version_id == bindparam("version"), keys.c.version > 1)
    .order_by(keys.c.question_id, keys.c.version.desc())
)
_KEYS_OF = (
    select(*_SHOWN, *_KEY_COLUMNS)
    .ext(distinct_on(course_versions.c.number))
    .join(keys, keys.c.course_version_id == course_versions.c.id)
    .where(
        course_versions.c.course_id == bindparam("course"),
        keys.c.question_id == bindparam("question"),
    )
    .order_by(course_versions.c.number.desc(), keys.c.version.desc())
)
_QUESTION_OF = (
    select(course_versions.c.course_id, keys.c.question_id)
    .join(course_versions, course_versions.c.id == keys.c.course_version_id)
    .where(keys.c.id == bindparam("key"))
)
_latest = (
    select(*_SHOWN)
    .ext(distinct_on(course_versions.c.course_id))
    .order_by(course_versions.c.course_id, course_versions.c.number.desc())
    .subquery()
)
_NEWEST = select(_latest).order_by(_latest.c.place, _latest.c.course_id)
_SOURCE = select(course_versions.c.source).where(course_versions.c.id == bindparam("version"))
_KEY = (
    select(keys.c.id, keys.c.version)
    .where(
        keys.c.course_version_id == bindparam("course_version"),
        keys.c.question_id == bindparam("question"),
    )
    .order_by(keys.c.version.desc())
    .limit(1)
)


def _published(row: Row) -> Published:
    return Published(
        version=row.id,
        course=row.course_id,
        number=row.number,
        title=row.title,
        place=row.place,
        digest=row.digest,
        published_at=row.published_at,
    )


def _key(row: Row) -> Key:
    content: object = row.content
    return Key(
        id=row.key_id,
        version=row.course_version_id,
        question=row.question_id,
        # Before keys were kept whole, whatever stood there described them.
        content=cast("dict[str, object]", content) if isinstance(content, dict) else {},
        corrected=row.version > 1,
    )
