"""Making a quiz: every choice is kept at once, and nobody sees it before it is confirmed."""

from dataclasses import replace
from datetime import datetime, timedelta

from tutorbot.core.assignments import State
from tutorbot.core.broadcasts import Kind, duration
from tutorbot.core.classes import Member, NotAllowed, Right
from tutorbot.core.drafts import (
    LONGEST_TITLE,
    AlreadySet,
    Aspect,
    ChooseAspect,
    Confirming,
    ConfirmQuiz,
    Draft,
    DraftPage,
    DropDraft,
    Dropped,
    NewQuiz,
    OpenAspect,
    PreviewQuiz,
    QuizPreviewed,
    QuizSet,
    SendQuiz,
    ShowDraft,
    Typing,
    Unsendable,
    choosable,
    chosen,
    ending,
    opening,
    read_moment,
    unsendable,
)
from tutorbot.core.ids import AssignmentId, ClassId, CourseId
from tutorbot.core.learner import Learner
from tutorbot.core.practice import with_values
from tutorbot.flows import broadcasts as sending
from tutorbot.flows.published import Library
from tutorbot.store import audiences, broadcasts, classes, courses, drafts, prompts
from tutorbot.store.prompts import Prompt
from tutorbot.store.unit import Unit

TYPED = "send.typed"
"""What somebody is asked to type who makes a quiz."""

Refusal = NotAllowed | AlreadySet


class Making:
    """Making quizzes.

    Args:
        library: of courses
        per_second: messages that may be sent in all
    """

    def __init__(self, library: Library, per_second: float) -> None:
        self._library = library
        self._per_second = per_second

    async def begin(
        self, unit: Unit, learner: Learner, action: NewQuiz, at: datetime
    ) -> DraftPage | NotAllowed:
        """Begin one of the whole course of the class, or go on with what was begun."""
        if not await classes.member(unit, action.class_id, learner.id, Right.SET):
            return NotAllowed()
        found = await classes.find(unit, action.class_id)
        if found is None:
            return NotAllowed()
        draft = await drafts.begun(unit, action.class_id)
        if draft is None:
            newest = await self._library.newest(unit, found.course)
            if newest is None:
                return NotAllowed()
            version, course = newest
            draft = await drafts.create(
                unit,
                class_id=action.class_id,
                version=version,
                course=course.id,
                title=await _title(unit, action.class_id, course.title),
                questions=[question.id for question in course],
                due_at=at + _USUAL_TIME,
                at=at,
            )
        page = await self.show(unit, learner, ShowDraft(draft), at)
        assert isinstance(page, DraftPage)
        return page

    async def show(
        self, unit: Unit, learner: Learner, action: ShowDraft | OpenAspect, at: datetime
    ) -> DraftPage | Typing | Refusal:
        """Show it, or what can be chosen of an aspect of it; a title is typed."""
        held = await self._held(unit, learner, action.assignment)
        if not isinstance(held, Draft):
            return held
        aspect = action.aspect if isinstance(action, OpenAspect) else None
        if aspect is Aspect.TITLE:
            return await self._ask(unit, learner, held, aspect, at)
        return await self._page(unit, held, aspect, at)

    async def choose(
        self, unit: Unit, learner: Learner, action: ChooseAspect, at: datetime
    ) -> DraftPage | Typing | Refusal:
        held = await self._held(unit, learner, action.assignment)
        if not isinstance(held, Draft):
            return held
        if action.value == TO_TYPE and action.aspect in {Aspect.OPENS, Aspect.DUE}:
            return await self._ask(unit, learner, held, action.aspect, at)
        if action.aspect is Aspect.COURSE:
            after = await self._of_course(unit, held, CourseId(action.value))
        else:
            page = await self._page(unit, held, action.aspect, at)
            after = chosen(held, page.choosable, action.aspect, action.value, at)
        if after is None:
            return AlreadySet()
        await drafts.keep(unit, after)
        # Of skills there are several to choose.
        stays = action.aspect is Aspect.WHAT and action.value.startswith("k")
        return await self._page(unit, after, Aspect.WHAT if stays else None, at)

    async def typed(
        self, unit: Unit, learner: Learner, prompt: Prompt, text: str, at: datetime
    ) -> DraftPage | Typing | Refusal:
        """Take what was asked for: a title, or a day and an hour."""
        held = await self._held(unit, learner, AssignmentId(int(prompt.about["draft"])))
        if not isinstance(held, Draft):
            return held
        aspect = Aspect(prompt.about["aspect"])
        after, over = None, False
        if aspect is Aspect.TITLE:
            title = " ".join(text.split())
            if 0 < len(title) <= LONGEST_TITLE:
                after = replace(held, title=title)
        else:
            moment = read_moment(text, held.timezone)
            over = moment is not None and moment <= at
            if moment and not over:
                after = opening(held, moment) if aspect is Aspect.OPENS else ending(held, moment)
        if after is None:
            return await self._ask(unit, learner, held, aspect, at, wrong=not over, over=over)
        await drafts.keep(unit, after)
        return await self._page(unit, after, None, at)

    async def preview(
        self, unit: Unit, learner: Learner, action: PreviewQuiz
    ) -> QuizPreviewed | Refusal:
        """One question as learners will see it, in its first variant; nothing of it counts."""
        held = await self._held(unit, learner, action.assignment)
        if not isinstance(held, Draft):
            return held
        if action.place >= len(held.questions):
            return AlreadySet()
        course = await self._library.course(unit, held.version)
        question = course.question(held.questions[action.place])
        values = question.variants[0]
        return QuizPreviewed(
            draft=held.id,
            question=with_values(question, values),
            values=values,
            number=action.place + 1,
            of=len(held.questions),
        )

    async def confirm(
        self, unit: Unit, learner: Learner, action: ConfirmQuiz, at: datetime
    ) -> Confirming | Unsendable | Refusal:
        """Say to how many it would go now, and how long that takes."""
        held = await self._held(unit, learner, action.assignment)
        if not isinstance(held, Draft):
            return held
        to = await sending.addressed(
            unit, self._library, held.class_id, held.version, held.audience
        )
        if why := unsendable(held, len(to), at):
            return why
        return Confirming(
            draft=held,
            people=len(to),
            seconds=duration(len(to), self._per_second),
            choosable=(await self._page(unit, held, None, at)).choosable,
            silent=action.silent,
            at_night=action.at_night,
            now=at,
        )

    async def send(
        self, unit: Unit, learner: Learner, action: SendQuiz, at: datetime
    ) -> QuizSet | Unsendable | Refusal:
        """Set it, and let it go out, now or when it opens; a second tap finds it set."""
        held = await self._held(unit, learner, action.assignment)
        if not isinstance(held, Draft):
            return held
        to = await sending.addressed(
            unit, self._library, held.class_id, held.version, held.audience
        )
        if why := unsendable(held, len(to), at):
            return why
        member = await classes.member(unit, held.class_id, learner.id, Right.SET)
        assert member is not None
        await drafts.set_(unit, held.id)
        which = await broadcasts.make(
            unit,
            assignment=held.id,
            kind=Kind.ANNOUNCEMENT,
            silent=action.silent,
            at_night=action.at_night,
            report=learner.chat,
            not_before=max(held.opens_at, at),
            at=at,
        )
        if held.opens_at <= at:
            made = await broadcasts.hold(unit, which)
            assert made is not None
            await broadcasts.begin(unit, made, to, at)
        await classes.note(unit, held.class_id, member.code, "set", at, {"quiz": held.id})
        return QuizSet(draft=held, broadcast=which)

    async def drop(self, unit: Unit, learner: Learner, action: DropDraft) -> Dropped | Refusal:
        held = await self._held(unit, learner, action.assignment)
        if not isinstance(held, Draft):
            return held
        await drafts.drop(unit, held.id)
        return Dropped(title=held.title, draft=held.id)

    async def _held(self, unit: Unit, learner: Learner, which: AssignmentId) -> Draft | Refusal:
        """A quiz in the making, for somebody who may set it."""
        found = await drafts.hold(unit, which)
        if found is None:
            return AlreadySet()
        draft, state = found
        member: Member | None = await classes.member(unit, draft.class_id, learner.id, Right.SET)
        if member is None or await classes.find(unit, draft.class_id) is None:
            return NotAllowed()
        return draft if state is State.DRAFT else AlreadySet()

    async def _page(
        self, unit: Unit, draft: Draft, aspect: Aspect | None, at: datetime
    ) -> DraftPage:
        course = await self._library.course(unit, draft.version)
        published = await courses.newest(unit) if aspect is Aspect.COURSE else ()
        before = await drafts.was_set(unit, draft.class_id, _FEW)
        return DraftPage(
            draft=draft,
            choosable=choosable(
                course,
                tuple((each.course, each.title) for each in published),
                await audiences.cohorts(unit, draft.class_id),
                tuple((each.id, each.title) for each, state in before if state is State.SET),
            ),
            aspect=aspect,
            now=at,
        )

    async def _of_course(self, unit: Unit, draft: Draft, course: CourseId) -> Draft | None:
        newest = await self._library.newest(unit, course)
        if newest is None:
            return None
        version, found = newest
        return replace(
            draft,
            version=version,
            course=found.id,
            title=await _title(unit, draft.class_id, found.title),
            questions=tuple(question.id for question in found),
            draw=None,
        )

    async def _ask(
        self,
        unit: Unit,
        learner: Learner,
        draft: Draft,
        aspect: Aspect,
        at: datetime,
        *,
        wrong: bool = False,
        over: bool = False,
    ) -> Typing:
        about = {"draft": draft.id, "aspect": aspect.value}
        await prompts.ask(unit, learner.id, TYPED, about, at)
        return Typing(
            draft=draft.id, aspect=aspect, timezone=draft.timezone, wrong=wrong, over=over
        )


async def _title(unit: Unit, class_id: ClassId, course: str) -> str:
    """Call it as its course, with a number where the class has one of that name already."""
    taken = {each.title for each, _ in await drafts.was_set(unit, class_id, _NUMBERED)}
    title, number = course[:LONGEST_TITLE], 1
    while title in taken:
        number += 1
        title = f"{course[: LONGEST_TITLE - len(str(number)) - 1]} {number}"
    return title


TO_TYPE = "type"
_NUMBERED = 200  # quizzes of a class that are looked through for a name
_USUAL_TIME = timedelta(days=3)
_FEW = 6
