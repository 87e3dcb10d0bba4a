"""Published courses, version by version, and the keys that their answers are scored by.

A key can be corrected after the fact: it gets a new version beside the old one, while the course
version and the answers given under it stay as they were.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.dialects.postgresql import distinct_on

from tutorbot.core.ids import CourseId, CourseVersionId, KeyId, QuestionId
from tutorbot.store.files import attach
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
    return version


async def newest(unit: Unit) -> tuple[Published, ...]:
    """List the newest version of each course, in the order of the list."""
    return tuple(map(_published, await unit.execute(_NEWEST)))


async def newest_of(unit: Unit, course: CourseId) -> Published | None:
    row = (await unit.execute(_NEWEST_OF, {"course": course})).one_or_none()
    return _published(row) if row else None


async def lock(unit: Unit, course: CourseId) -> None:
    """Let nobody else publish this course until the unit ends."""
    await unit.execute(_LOCK, {"course": course})


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
    return KeyId((await unit.execute(_CORRECT, new)).scalar_one())


_LOCK = select(
    func.pg_advisory_xact_lock(func.hashtextextended("course:" + bindparam("course"), 0))
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
