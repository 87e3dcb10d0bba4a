"""Classes: begun from a published course, looked at, and changed by who may.

Who may do what stands in the database, and is asked for here each time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from random import Random

from tutorbot.core.calendar import study_day
from tutorbot.core.classes import (
    ChooseCourse,
    Classes,
    ClassPage,
    ClassStarted,
    Member,
    NameAfterCourse,
    NotAllowed,
    NotATeacher,
    OpenClass,
    Right,
    Role,
    StartClass,
    WhichCourse,
    WhichTitle,
    as_title,
)
from tutorbot.core.ids import ClassId, CourseId
from tutorbot.core.joining import member_code
from tutorbot.core.learner import Learner
from tutorbot.store import classes, courses, joining, prompts
from tutorbot.store.prompts import Prompt
from tutorbot.store.unit import Unit

TITLE = "class.title"
"""What somebody is asked to type who begins a class."""


@dataclass(frozen=True, kw_only=True)
class Teacher:
    """Somebody who asks for something of classes, whether they teach or not."""

    learner: Learner
    telegram_id: int


class Beginning:
    """Beginning a class. ``is_author``: whether a Telegram user may, who teaches none yet."""

    def __init__(self, is_author: Callable[[int], bool], dice: Random) -> None:
        self._is_author = is_author
        self._dice = dice

    async def taught(self, unit: Unit, teacher: Teacher) -> Classes:
        found = await classes.taught_by(unit, teacher.learner.id)
        teaches = any(each.teaches for each in found)
        return Classes(taught=found, may_start=teaches or self._is_author(teacher.telegram_id))

    async def choose(
        self, unit: Unit, teacher: Teacher, _action: ChooseCourse
    ) -> WhichCourse | NotATeacher:
        if not await self._may_start(unit, teacher):
            return NotATeacher()
        published = await courses.newest(unit)
        return WhichCourse(courses=tuple((each.course, each.title) for each in published))

    async def ask_title(
        self, unit: Unit, teacher: Teacher, action: StartClass, at: datetime
    ) -> WhichTitle | NotATeacher | NotAllowed:
        if not await self._may_start(unit, teacher):
            return NotATeacher()
        return await self._ask_title(unit, teacher, action.course, at)

    async def name(
        self, unit: Unit, teacher: Teacher, prompt: Prompt, typed: str, at: datetime
    ) -> ClassStarted | WhichTitle | NotATeacher | NotAllowed:
        """Begin the class whose title was typed."""
        if not await self._may_start(unit, teacher):
            return NotATeacher()
        course, title = CourseId(str(prompt.about["course"])), as_title(typed)
        if title is None:
            return await self._ask_title(unit, teacher, course, at, too_long=True)
        return await self._start(unit, teacher, course, title, at)

    async def name_after_course(
        self, unit: Unit, teacher: Teacher, action: NameAfterCourse, at: datetime
    ) -> ClassStarted | ClassPage | NotATeacher | NotAllowed:
        """Begin it; a second tap shows what the first one began."""
        if not await self._may_start(unit, teacher):
            return NotATeacher()
        published = await courses.newest_of(unit, action.course)
        if published is None:
            return NotAllowed()
        since = datetime.fromtimestamp(min(action.asked_at, int(at.timestamp())), UTC)
        before = await classes.started(unit, teacher.learner.id, action.course, since)
        if before is not None:
            return await page(unit, teacher.learner, OpenClass(before), at)
        title = as_title(published.title[:60]) or action.course
        return await self._start(unit, teacher, action.course, title, at)

    async def _may_start(self, unit: Unit, teacher: Teacher) -> bool:
        return (await self.taught(unit, teacher)).may_start

    async def _ask_title(
        self,
        unit: Unit,
        teacher: Teacher,
        course: CourseId,
        at: datetime,
        *,
        too_long: bool = False,
    ) -> WhichTitle | NotAllowed:
        published = await courses.newest_of(unit, course)
        if published is None:
            return NotAllowed()
        await prompts.ask(unit, teacher.learner.id, TITLE, {"course": course}, at)
        asked_at = int(at.timestamp())
        return WhichTitle(
            course=course, title=published.title, asked_at=asked_at, too_long=too_long
        )

    async def _start(
        self, unit: Unit, teacher: Teacher, course: CourseId, title: str, at: datetime
    ) -> ClassStarted | NotAllowed:
        learner = teacher.learner
        class_id = await classes.create(
            unit, title=title, course=course, timezone=learner.timezone, at=at
        )
        code = member_code(self._dice)
        await joining.enter(
            unit,
            class_id=class_id,
            learner=learner.id,
            code=code,
            role=Role.OWNER,
            cohort=None,
            at=at,
        )
        await classes.note(unit, class_id, code, "started", at, {"course": course})
        begun = await page(unit, learner, OpenClass(class_id), at)
        if isinstance(begun, NotAllowed):
            return begun
        return ClassStarted(page=begun, zone_known=await joining.zone_known(unit, learner.id))


async def page(
    unit: Unit, learner: Learner, action: OpenClass, at: datetime
) -> ClassPage | NotAllowed:
    """What stands at the head of a class, for whoever works in it."""
    member = await classes.member(unit, action.class_id, learner.id, Right.SEE_RESULTS)
    if member is None:
        return NotAllowed()
    return await page_for(unit, member, at)


async def page_for(unit: Unit, member: Member, at: datetime) -> ClassPage | NotAllowed:
    found = await classes.find(unit, member.class_id)
    if found is None:
        return NotAllowed()
    return ClassPage(
        class_id=found.class_id,
        title=found.title,
        course=found.course_title,
        role=member.role,
        counts=await classes.counts(unit, found.class_id),
        timezone=found.timezone,
        now=at,
        holiday=await classes.next_holiday(unit, found.class_id, today_in(found.timezone, at)),
    )


def today_in(timezone: str, at: datetime) -> date:
    """The date by the clocks of a class."""
    return study_day(at, timezone, 0)


async def allowed(
    unit: Unit, learner: Learner, class_id: ClassId, right: Right
) -> Member | NotAllowed:
    return await classes.member(unit, class_id, learner.id, right) or NotAllowed()
