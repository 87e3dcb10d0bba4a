"""The published courses, parsed once for each version."""

from collections.abc import Sequence
from datetime import datetime

from tutorbot.core.course import Course
from tutorbot.core.grading import key_of
from tutorbot.core.ids import CourseId, CourseVersionId
from tutorbot.courses.load import Loaded
from tutorbot.courses.parse import parse
from tutorbot.store import courses
from tutorbot.store.unit import Unit


class UnsoundCourse(Exception):
    """A published course does not parse: the database was written by another version."""


class Library:
    """Courses by version. A version never changes, so what was parsed once stays good."""

    def __init__(self) -> None:
        self._courses: dict[CourseVersionId, Course] = {}

    async def course(self, unit: Unit, version: CourseVersionId) -> Course:
        known = self._courses.get(version)
        if known is not None:
            return known
        parsed = parse(await courses.source(unit, version), f"course version {version}")
        if not isinstance(parsed, Course):
            raise UnsoundCourse(version)
        self._courses[version] = parsed
        return parsed

    async def newest(self, unit: Unit, course: CourseId) -> tuple[CourseVersionId, Course] | None:
        """The version that begins now; None when there is no such course."""
        for published in await courses.newest(unit):
            if published.course == course:
                return published.version, await self.course(unit, published.version)
        return None


async def publish(unit: Unit, loaded: Sequence[Loaded], at: datetime) -> None:
    """Publish what the content folder holds; what has not changed keeps its version."""
    for place, each in enumerate(loaded):
        await courses.publish(
            unit,
            course=each.course.id,
            title=each.course.title,
            place=place,
            source=each.source,
            digest=each.digest,
            keys={question.id: key_of(question) for question in each.course},
            at=at,
        )
