"""Published courses, version by version, and the keys that their answers are scored by.

A key can be corrected after the fact: it gets a new version beside the old one, while the course
version and the answers given under it stay as they were.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.dialects.postgresql import distinct_on

from tutorbot.core.ids import CourseId, CourseVersionId, QuestionId
from tutorbot.store.tables import course_versions, keys
from tutorbot.store.unit import Unit

KeyId = NewType("KeyId", int)


@dataclass(frozen=True, kw_only=True)
class Published:
    version: CourseVersionId
    course: CourseId
    title: str
    place: int


async def publish(
    unit: Unit,
    *,
    course: CourseId,
    title: str,
    place: int,
    source: str,
    digest: str,
    keys: Mapping[QuestionId, object],
    at: datetime,
) -> CourseVersionId:
    """Make the course's newest version out of a source, unless that is what it is already.

    ``place`` is the order in the list of courses, and may change without a new version. ``keys``
    holds whatever JSON describes the key of each question.
    """
    # Several processes may start at once with the same new content.
    await unit.execute(_LOCK, {"course": course})
    newest = (await unit.execute(_NEWEST_OF, {"course": course})).one_or_none()
    if newest is not None and newest.digest == digest:
        if newest.place != place:
            await unit.execute(_MOVE, {"version": newest.id, "place": place})
        return CourseVersionId(newest.id)
    parameters: dict[str, object] = {
        "course_id": course,
        "number": newest.number + 1 if newest else 1,
        "digest": digest,
        "title": title,
        "place": place,
        "source": source,
        "published_at": at,
    }
    version = CourseVersionId((await unit.execute(_PUBLISH, parameters)).scalar_one())
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
    return version


async def newest(unit: Unit) -> tuple[Published, ...]:
    """List the newest version of each course, in the order of the list."""
    result = await unit.execute(_NEWEST)
    return tuple(
        Published(version=row.id, course=row.course_id, title=row.title, place=row.place)
        for row in result
    )


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
    """Give a key a new version; scores under the old one stay until they are computed again."""
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
    return KeyId((await unit.execute(_INSERT_KEY.returning(keys.c.id), new)).scalar_one())


_LOCK = select(
    func.pg_advisory_xact_lock(func.hashtextextended("course:" + bindparam("course"), 0))
)
_NEWEST_OF = (
    select(
        course_versions.c.id,
        course_versions.c.number,
        course_versions.c.digest,
        course_versions.c.place,
    )
    .where(course_versions.c.course_id == bindparam("course"))
    .order_by(course_versions.c.number.desc())
    .limit(1)
)
_MOVE = (
    update(course_versions)
    .where(course_versions.c.id == bindparam("version"))
    .values(place=bindparam("place"))
)
_PUBLISH = insert(course_versions).returning(course_versions.c.id)
_INSERT_KEY = insert(keys)
_latest = (
    select(
        course_versions.c.id,
        course_versions.c.course_id,
        course_versions.c.title,
        course_versions.c.place,
    )
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
