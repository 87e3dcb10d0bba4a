"""A course file that an author sends in the chat: taken in, checked, shown, published or put aside.

Who may publish is decided here, at each step, whatever buttons there are.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from tutorbot.core.actions import DropUpload, PreviewUpload, PublishUpload
from tutorbot.core.course import Course, retold
from tutorbot.core.ids import UploadId
from tutorbot.core.learner import Learner
from tutorbot.core.practice import with_values
from tutorbot.core.prose import with_files
from tutorbot.core.publishing import (
    LARGEST_UPLOAD,
    Decision,
    Difference,
    Dropped,
    Examination,
    Finding,
    NoCourseFile,
    NotAnAuthor,
    NotFetched,
    Overtaken,
    Plan,
    Previewed,
    Published,
    Receipt,
    Received,
    Settled,
    Sound,
    TooLarge,
    Unsound,
)
from tutorbot.courses.bundle import Bundle
from tutorbot.courses.changes import Added, Changed, Changes, Removed, compare, faults_of
from tutorbot.courses.parse import read
from tutorbot.courses.uploads import Examined, Refused, finding, is_course_file, reopened
from tutorbot.flows.published import Library, digests_of, publish_bundle
from tutorbot.store import courses, files, practice, uploads
from tutorbot.store.courses import Origin
from tutorbot.store.unit import Unit
from tutorbot.store.uploads import State, Upload


@dataclass(frozen=True, kw_only=True)
class Author:
    learner: Learner
    telegram_id: int


class Publishing:
    """The flows of publishing. ``is_author``: whether a Telegram user may publish."""

    def __init__(self, library: Library, is_author: Callable[[int], bool]) -> None:
        self._library = library
        self._is_author = is_author

    async def receive(
        self, unit: Unit, author: Author, *, file_id: str, name: str, size: int, at: datetime
    ) -> Receipt:
        """Put a file in line. Nothing is fetched yet: that takes longer than a reply may."""
        if not self._is_author(author.telegram_id):
            return NotAnAuthor()
        if not is_course_file(name):
            return NoCourseFile(name=name)
        if size > LARGEST_UPLOAD:
            return TooLarge(name=name, size=size)
        learner = author.learner
        upload = await uploads.add(
            unit, learner=learner.id, chat=learner.chat, file_id=file_id, name=name, at=at
        )
        return Received(upload=upload, name=name)

    async def examined(
        self, unit: Unit, upload: Upload, content: bytes, found: Examined | Refused, at: datetime
    ) -> Examination | Settled:
        """Keep what a check has found, and say what would become of the course."""
        if await uploads.of(unit, upload.id, upload.learner) is None:
            return Settled()  # its author has asked to be forgotten meanwhile
        digest = await files.keep(unit, content, at)
        if isinstance(found, Refused):
            told = Finding(file=upload.name, line=0, column=0, what=found.why, mend="")
            return await self._unsound(unit, upload, (told,), at, digest)
        if found.course is None or any(each.hinders for each in found.findings):
            return await self._unsound(unit, upload, found.findings, at, digest)
        plan = await self.plan(unit, found.bundle, found.course)
        if plan.hindrances:
            findings = (*plan.hindrances, *found.findings)
            return await self._unsound(unit, upload, findings, at, digest)
        if not await uploads.settle(unit, upload.id, State.SOUND, at, digest=digest):
            return Settled()
        for picture in found.bundle.pictures.values():
            await files.keep(unit, picture, at)
        return Sound(
            upload=upload.id,
            name=upload.name,
            course=found.course,
            plan=plan,
            findings=found.findings,
        )

    async def plan(self, unit: Unit, bundle: Bundle, course: Course) -> Plan:
        """Hold a sound course against what is published, and keep others from publishing it."""
        await courses.lock(unit, course.id)
        published = await courses.newest_of(unit, course.id)
        changes = Changes()
        if published:
            before = await self._library.as_written(unit, published.version)
            changes = await asyncio.to_thread(compare, before, course)
        return Plan(
            number=published.number + 1 if published else 1,
            same=bool(published and published.digest == bundle.digest),
            differences=tuple(_differences(changes)),
            hindrances=await asyncio.to_thread(_reused, changes, bundle, course),
            under_way=await practice.under_way(unit, course.id),
        )

    async def not_fetched(self, unit: Unit, upload: Upload, at: datetime) -> NotFetched | Settled:
        """Telegram does not hand the file over, and will not later."""
        if not await uploads.settle(unit, upload.id, State.UNSOUND, at):
            return Settled()
        return NotFetched(upload=upload.id, name=upload.name)

    async def preview(self, unit: Unit, author: Author, action: PreviewUpload) -> Decision:
        """One question as learners will see it, in its first variant."""
        found = await self._waiting(unit, author, action.upload)
        if not isinstance(found, tuple):
            return found
        _, bundle, course = found
        if action.place >= len(course.questions):
            return Settled()
        question = course.questions[action.place]
        values = question.variants[0]
        digests = digests_of(bundle.pictures)
        return Previewed(
            upload=action.upload,
            question=retold(
                with_values(question, values), lambda prose: with_files(prose, digests)
            ),
            values=values,
            number=action.place + 1,
            of=len(course.questions),
        )

    async def publish(
        self, unit: Unit, author: Author, action: PublishUpload, at: datetime
    ) -> Decision:
        """Make it the newest version, as a whole or not at all; who is in the middle goes on."""
        found = await self._waiting(unit, author, action.upload)
        if not isinstance(found, tuple):
            return found
        upload, bundle, course = found
        # Another file of the same course may have been published since this one was checked.
        plan = await self.plan(unit, bundle, course)
        if plan.hindrances:
            return Unsound(upload=upload.id, name=upload.name, findings=plan.hindrances)
        newest = await courses.newest_of(unit, course.id)
        if (
            newest
            and not plan.same
            and upload.settled_at
            and newest.published_at > upload.settled_at
        ):
            await uploads.told_again(unit, upload.id, at)
            sound = Sound(upload=upload.id, name=upload.name, course=course, plan=plan)
            return Overtaken(sound=sound)
        await uploads.settle(unit, upload.id, State.PUBLISHED, at)
        await publish_bundle(unit, bundle, course, at, Origin.AUTHOR)
        return Published(
            upload=upload.id,
            course=course.id,
            title=course.title,
            number=plan.number - plan.same,
            of=len(course.questions),
        )

    async def drop(self, unit: Unit, author: Author, action: DropUpload, at: datetime) -> Decision:
        upload = await uploads.of(unit, action.upload, author.learner.id)
        if upload is None or not await uploads.settle(unit, upload.id, State.DROPPED, at):
            return Settled()
        return Dropped(upload=upload.id, name=upload.name)

    async def _waiting(
        self, unit: Unit, author: Author, upload_id: UploadId
    ) -> tuple[Upload, Bundle, Course] | NotAnAuthor | Settled:
        """An upload of this author that waits for their word, opened again."""
        if not self._is_author(author.telegram_id):
            return NotAnAuthor()
        upload = await uploads.of(unit, upload_id, author.learner.id)
        if upload is None or upload.state is not State.SOUND or upload.digest is None:
            return Settled()
        content = await files.content(unit, upload.digest)
        if content is None:
            return Settled()
        # It was found sound, so that reading it takes no longer than a moment.
        found = await asyncio.to_thread(reopened, upload.name, content)
        return (upload, *found) if found else Settled()

    async def _unsound(
        self, unit: Unit, upload: Upload, findings: tuple[Finding, ...], at: datetime, digest: str
    ) -> Unsound | Settled:
        if not await uploads.settle(unit, upload.id, State.UNSOUND, at, digest=digest):
            return Settled()
        return Unsound(upload=upload.id, name=upload.name, findings=findings)


def _reused(changes: Changes, bundle: Bundle, course: Course) -> tuple[Finding, ...]:
    """Options that say something else under an id that answers hang on."""
    if not changes.reused:
        return ()
    reading = replace(read(bundle.source, bundle.name), course=course)
    return tuple(finding(bundle, bundle.name, fault) for fault in faults_of(changes, reading))


def _differences(changes: Changes) -> Iterator[Difference]:
    for change in changes.by_question:
        match change:
            case Added(title=title):
                yield Difference(how="new", title=title)
            case Removed(title=title):
                yield Difference(how="gone", title=title)
            case Changed(title=title, parts=parts):
                yield Difference(
                    how="changed", title=title, parts=tuple(part.value for part in parts)
                )
    if changes.course:
        yield Difference(how="changed", parts=changes.course)
