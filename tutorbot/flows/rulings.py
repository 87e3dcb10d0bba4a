"""Answers that the judge could not decide: somebody who may does, with one tap."""

from datetime import datetime

from tutorbot.core.classes import NotAllowed
from tutorbot.core.course import Question, Typed, Values
from tutorbot.core.ids import AnswerId, ClassId
from tutorbot.core.keys import (
    Gone,
    ListUndecided,
    NoneUndecided,
    Rule,
    Ruled,
    Ruling,
    UndecidedAnswer,
)
from tutorbot.core.practice import with_values
from tutorbot.core.regrading import Policy
from tutorbot.core.undecided import code_of
from tutorbot.flows.doubts import Outcome, Warrant
from tutorbot.flows.keys import Keys
from tutorbot.flows.published import Library
from tutorbot.flows.publishing import Author
from tutorbot.flows.regrading import Regrading
from tutorbot.store import courses, keys, regrading, rescoring, undecided
from tutorbot.store.undecided import Waiting
from tutorbot.store.unit import Unit

_LOOKED_THROUGH = 200


class Rulings:
    """The instructor's queue of undecided answers."""

    def __init__(self, library: Library, regrading_: Regrading, mending: Keys) -> None:
        self._library = library
        self._regrading = regrading_
        self._keys = mending

    async def next(self, unit: Unit, author: Author, action: ListUndecided) -> Outcome:
        """The oldest answer that somebody may decide."""
        of = await self._keys.courses_for(unit, author, action.class_id)
        if isinstance(of, NotAllowed):
            return of
        mine: list[Waiting] = []
        for each in await undecided.waiting(unit, _LOOKED_THROUGH):
            if of is not None and each.course not in of:
                continue
            warrant = await self._keys.warrant(unit, author, each.course)
            if warrant and await self._theirs(unit, each.answer, warrant):
                mine.append(each)
        if not mine:
            return NoneUndecided()
        return await self._shown(unit, mine[0], action.class_id, len(mine))

    async def rule(self, unit: Unit, author: Author, action: Rule, at: datetime) -> Outcome:
        """Keep what was decided, and let it count; one tap, and once."""
        found = await rescoring.given_one(unit, action.answer)
        if found is None:
            return Gone()
        given, question_id = found
        course = await self._library.course(unit, given.version)
        warrant = await self._keys.warrant(unit, author, course.id)
        if warrant is None or not await self._theirs(unit, action.answer, warrant):
            return NotAllowed()
        right = action.ruling is not Ruling.WRONG
        if given.now.points is not None or not await regrading.rule(
            unit, given.id, right=right, who=warrant.who, at=at
        ):
            return Gone()
        before = next(
            key.content
            for _, key in await courses.keys_of(unit, course.id, question_id)
            if key.version == given.version
        )
        ruling = await regrading.draft(
            unit,
            course=course.id,
            question=question_id,
            content=before,
            who=warrant.who,
            class_id=warrant.class_id,
            at=at,
            kind="ruling",
            policy=Policy.STRICT,
        )
        await self._regrading.rule(unit, ruling, given, right=right, at=at)
        draft = None
        if action.ruling is Ruling.ALSO and given.raw is not None:
            question = course.question(question_id)
            content = await self._keys.with_answer(question, ruling.content, given.raw)
            if not isinstance(content, str):
                made = await regrading.draft(
                    unit,
                    course=course.id,
                    question=question_id,
                    content=content,
                    who=warrant.who,
                    class_id=warrant.class_id,
                    at=at,
                    why="~s",
                )
                draft = await self._keys.drafted(unit, made)
        more = await self.next(unit, author, ListUndecided(ClassId(0)))
        assert isinstance(more, UndecidedAnswer | NoneUndecided)
        return Ruled(right=right, more=more, draft=draft)

    async def _theirs(self, unit: Unit, answer: AnswerId, warrant: Warrant) -> bool:
        return warrant.author or await keys.is_learner_of(unit, answer, warrant.classes)

    async def _shown(
        self, unit: Unit, waiting: Waiting, class_id: ClassId, left: int
    ) -> UndecidedAnswer:
        found = await rescoring.given_one(unit, waiting.answer)
        assert found is not None
        course = await self._library.course(unit, found[0].version)
        question = course.question(waiting.question)
        return UndecidedAnswer(
            answer=waiting.answer,
            class_id=class_id,
            question=with_values(question, waiting.values),
            paper=course.title,
            typed=waiting.raw,
            read=waiting.read,
            key=_canonical(question, waiting.values),
            who=code_of(waiting.learner),
            left=left,
            may_add=len(question.variants) == 1,
        )


def _canonical(question: Question, values: Values) -> str:
    """The author's answer, and the values in it."""
    assert isinstance(question.body, Typed)
    told = question.body.accepted[0].text
    where = ", ".join(f"{name} = {value}" for name, value in values)
    return f"{told}  ({where})" if where else told
