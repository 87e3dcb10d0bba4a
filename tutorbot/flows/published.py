"""The published courses, parsed once for each version."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from tutorbot.core.course import Course, retold
from tutorbot.core.grading import key_of
from tutorbot.core.ids import CourseId, CourseVersionId, QuestionId
from tutorbot.core.prose import with_files
from tutorbot.core.regrading import rekeyed
from tutorbot.courses.bundle import Bundle, gathered, parse_bundle, translation_in
from tutorbot.courses.load import Loaded
from tutorbot.store import courses, files
from tutorbot.store.courses import Key, Origin
from tutorbot.store.unit import Unit


class UnsoundCourse(Exception):
    """A published course does not parse: the database was written by another version."""


class Library:
    """Courses by version. A version never changes, so what was parsed once stays good.

    Keys are mended, though. Each correction has a number, and the largest is read with the learner
    at the head of every update: so corrections are looked for only once there are new ones.
    """

    def __init__(self) -> None:
        self._courses: dict[CourseVersionId, Course] = {}
        self._seen = 0  # all corrections up to this one are in the keys below
        self._keys: dict[CourseVersionId, dict[QuestionId, Key]] = {}
        self._rekeyed: dict[CourseVersionId, Course] = {}

    async def course(self, unit: Unit, version: CourseVersionId) -> Course:
        """The course of that version with the newest keys, its pictures called by their digests."""
        await self._look_for_corrections(unit)
        course = await self.as_published(unit, version)
        mended = self._keys.get(version)
        if mended is None:
            return course
        known = self._rekeyed.get(version)
        if known is None:
            known = rekeyed(course, {name: key.content for name, key in mended.items()})
            self._rekeyed[version] = known
        return known

    async def _look_for_corrections(self, unit: Unit) -> None:
        if unit.corrected is None:
            unit.corrected = await courses.corrected(unit)
        if unit.corrected <= self._seen:
            return
        for number, key in await courses.corrections_since(unit, self._seen):
            mended = self._keys.setdefault(key.version, {})
            before = mended.get(key.question)
            if before is None or before.id < key.id:
                mended[key.question] = key
                self._rekeyed.pop(key.version, None)
            self._seen = max(self._seen, number)
        self._seen = max(self._seen, unit.corrected)

    async def as_published(self, unit: Unit, version: CourseVersionId) -> Course:
        """The same with the keys that it was published with."""
        known = self._courses.get(version)
        if known is not None:
            return known
        course = await self.as_written(unit, version)
        shown = _with_files(course, await files.names(unit, version))
        self._courses[version] = shown
        return shown

    async def as_written(self, unit: Unit, version: CourseVersionId) -> Course:
        """The course as its files say it."""
        source = await courses.source(unit, version)
        names = await files.names(unit, version)
        beside = {
            name: await files.content(unit, digest) or b""
            for name, digest in names.items()
            if translation_in(name)
        }
        course = await asyncio.to_thread(_parsed, source, beside)
        if course is None:
            raise UnsoundCourse(version)
        return course

    async def newest(self, unit: Unit, course: CourseId) -> tuple[CourseVersionId, Course] | None:
        """The version that begins now; None when there is no such course."""
        published = await courses.newest_of(unit, course)
        if published is None:
            return None
        return published.version, await self.course(unit, published.version)


async def publish(unit: Unit, loaded: Sequence[Loaded], at: datetime) -> None:
    """Publish what the content folder holds; what has not changed keeps its version.

    Processes that start at once wait for each other, also where their folders differ in order.
    """
    for course in sorted(each.course.id for each in loaded):
        await courses.lock(unit, course)
    for place, each in enumerate(loaded):
        await publish_bundle(unit, each.bundle, each.course, at, Origin.FOLDER, place)


async def publish_bundle(
    unit: Unit,
    bundle: Bundle,
    course: Course,
    at: datetime,
    origin: Origin,
    place: int | None = None,
) -> CourseVersionId:
    """Publish a course that is known to be sound, with all that belongs to it."""
    beside = {name: source.encode() for name, source in bundle.translations.values()}
    return await courses.publish(
        unit,
        course=course.id,
        title=course.title,
        source=bundle.source,
        digest=bundle.digest,
        keys={question.id: key_of(question) for question in course},
        at=at,
        place=place,
        files={**beside, **bundle.pictures},
        origin=origin,
    )


def _parsed(source: str, beside: Mapping[str, bytes]) -> Course | None:
    bundle = gathered("course.quiz.md", source, beside)
    return parse_bundle(bundle).course if isinstance(bundle, Bundle) else None


def digests_of(contents: Mapping[str, bytes]) -> dict[str, str]:
    """What the files beside a published course are called."""
    return {name: hashlib.sha256(each).hexdigest() for name, each in contents.items()}


def _with_files(course: Course, digests: Mapping[str, str]) -> Course:
    if not digests:
        return course
    return replace(
        course,
        about=with_files(course.about, digests),
        questions=tuple(
            retold(question, lambda prose: with_files(prose, digests)) for question in course
        ),
        translations=tuple(_with_files(each, digests) for each in course.translations),
    )
