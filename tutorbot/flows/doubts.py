"""Doubted keys: said by learners, looked at by who may mend them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from tutorbot.core.classes import NotAllowed, Right
from tutorbot.core.groups import shown_name
from tutorbot.core.ids import (
    AttemptId,
    ClassId,
    CourseId,
    CourseVersionId,
    KeyId,
    QuestionId,
)
from tutorbot.core.keys import (
    EVERYWHERE,
    LONGEST_WORDS,
    AskDoubt,
    Doubt,
    DoubtAsked,
    Doubted,
    DoubtedQuestion,
    DoubtNoted,
    Doubts,
    DoubtTakenBack,
    Gone,
    KeepKey,
    KeyKept,
    KeyOutcome,
    ListDoubts,
    OpenDoubt,
    Past,
    QuestionName,
    SayDoubt,
    TakeDoubtBack,
)
from tutorbot.core.learner import Learner
from tutorbot.flows import alarms as found_alarms
from tutorbot.flows.published import Library
from tutorbot.flows.publishing import Author
from tutorbot.store import alarms, classes, courses, keys, practice, prompts, regrading, roster
from tutorbot.store.keys import Answered
from tutorbot.store.regrading import Regrade
from tutorbot.store.unit import Unit

DOUBT = "key.doubt"
"""What is asked for: what is wrong with a question, in words."""

MOST_SHOWN = 20
"""Questions of the queue."""

Outcome = KeyOutcome | NotAllowed


@dataclass(frozen=True, kw_only=True)
class Warrant:
    """By what right somebody looks after the keys of a course."""

    author: bool
    who: str  # what stands for them in the records
    classes: tuple[ClassId, ...] = ()  # theirs that use the course; of no matter to an author

    @property
    def class_id(self) -> ClassId | None:
        return None if self.author or not self.classes else self.classes[0]

    @property
    def heard(self) -> tuple[ClassId, ...] | None:
        """The classes whose learners they answer to; None: everybody."""
        return None if self.author else self.classes


class DoubtTalk:
    """What every flow about doubted keys stands on. ``is_author``: whether somebody may publish."""

    def __init__(self, library: Library, is_author: Callable[[int], bool]) -> None:
        self._library = library
        self._is_author = is_author

    # Learners

    async def ask_doubt(self, unit: Unit, learner: Learner, action: AskDoubt) -> Outcome:
        of = await _answered(unit, learner, action.attempt)
        return Gone() if of is None else DoubtAsked(attempt=action.attempt)

    async def say_doubt(
        self, unit: Unit, learner: Learner, action: SayDoubt, at: datetime, words: str | None = None
    ) -> Outcome:
        of = await _answered(unit, learner, action.attempt)
        if of is None:
            return Gone()
        if action.doubt is Doubt.ELSE and words is None:
            await prompts.ask(unit, learner.id, DOUBT, {"attempt": action.attempt}, at)
            return DoubtNoted(attempt=action.attempt, to_be_typed=True)
        typed = (words or "").strip()
        kept = None if words is None else typed[:LONGEST_WORDS]
        fresh = await keys.flag(unit, learner.id, of, action.doubt.value, kept, at)
        cut = len(typed) > LONGEST_WORDS
        return DoubtNoted(attempt=action.attempt, before=not fresh, cut=cut)

    async def take_doubt_back(self, unit: Unit, learner: Learner, action: TakeDoubtBack) -> Outcome:
        of = await _answered(unit, learner, action.attempt)
        if of is not None:
            await keys.unflag(unit, learner.id, of)
        return DoubtTakenBack()

    # Who looks after keys

    async def warrant(self, unit: Unit, author: Author, course: CourseId) -> Warrant | None:
        """By what right somebody may mend the keys of a course; None: by none."""
        if self._is_author(author.telegram_id):
            return Warrant(author=True, who="author")
        using = await keys.classes_using(unit, author.learner.id, course)
        found = [
            member
            for each in using
            if (member := await classes.member(unit, each, author.learner.id, Right.EDIT_KEYS))
        ]
        if not found:
            return None
        return Warrant(
            author=False, who=found[0].code, classes=tuple(each.class_id for each in found)
        )

    async def doubts(self, unit: Unit, author: Author, action: ListDoubts) -> Outcome:
        """The queue: what most learners doubt first."""
        of = await self.courses_for(unit, author, action.class_id)
        if isinstance(of, NotAllowed):
            return of
        flags, waiting = await keys.flagged(unit), await keys.undecided(unit)
        looked_at = await keys.looked_at(unit)
        raised_in = await found_alarms.in_courses(unit, self._library, of)
        proposed = {
            QuestionName(each.course, each.question)
            for each in await regrading.in_state(unit, "proposed")
        }
        found: list[Doubted] = []
        for published in await courses.newest(unit):
            if of is not None and published.course not in of:
                continue
            course = await self._library.course(unit, published.version)
            for question in course:
                name = QuestionName(course.id, question.id)
                disputed = question.dispute is not None and name not in looked_at
                raised, looked = raised_in.get(name), looked_at.get(name)
                alarming = raised and (looked is None or looked.outgrown(raised.answered))
                if not (flags.get(name) or disputed or alarming or name in proposed):
                    continue
                found.append(
                    Doubted(
                        key=await courses.key(unit, published.version, question.id),
                        title=question.title,
                        paper=course.title,
                        flags=flags.get(name, 0),
                        disputed=disputed,
                        undecided=waiting.get(name, 0),
                        proposed=name in proposed,
                        alarm=raised.alarm.chance if raised else 0.0,
                        looked_at=looked
                        and replace(
                            looked, who=await self.called(unit, author, looked.who, looked.class_id)
                        ),
                    )
                )
        found.sort(key=lambda each: (not each.proposed, -each.weight))
        return Doubts(
            class_id=action.class_id,
            doubted=tuple(found[:MOST_SHOWN]),
            undecided=sum(
                count for name, count in waiting.items() if of is None or name.course in of
            ),
        )

    async def courses_for(
        self, unit: Unit, author: Author, class_id: ClassId
    ) -> frozenset[CourseId] | NotAllowed | None:
        """The courses whose keys somebody may look at, in a class or everywhere; None: all."""
        if class_id != EVERYWHERE:
            may = await classes.member(unit, class_id, author.learner.id, Right.EDIT_KEYS)
            return await keys.courses_in(unit, class_id) if may else NotAllowed()
        if self._is_author(author.telegram_id):
            return None
        return await keys.courses_of(unit, author.learner.id) or NotAllowed()

    async def question(self, unit: Unit, author: Author, action: OpenDoubt) -> Outcome:
        """A question with all that speaks about its key."""
        name = await self._name(unit, action.key)
        warrant = None if name is None else await self.warrant(unit, author, name.course)
        if name is None or warrant is None:
            return NotAllowed()
        all_keys = await courses.keys_of(unit, name.course, name.question)
        newest, key = all_keys[0]
        course = await self._library.course(unit, newest.version)
        versions = [each.version for _, each in all_keys]
        chosen, answers = await keys.chosen(unit, versions, name.question)
        flags = await keys.flags_of(unit, name)
        history = await regrading.of_question(unit, name.course, name.question)
        last = next((each for each in history if _undoable(each)), None)
        if last and any(each.undoes == last.id and each.state == "undoing" for each in history):
            last = None  # it is under way
        past = [
            each
            for each in history
            if each.kind != "undo" or each.state == "undoing"
            if each.state in _TOLD_OF
        ]
        return DoubtedQuestion(
            key=key.id,
            course=name.course,
            paper=course.title,
            question=course.question(name.question),
            chosen=chosen,
            answers=answers,
            flags={Doubt(each): count for each, count in flags.reasons.items()},
            words=flags.words,
            undecided=(await keys.undecided(unit)).get(name, 0),
            history=tuple(
                [
                    _past(
                        each,
                        who=await self.called(unit, author, each.who, each.class_id),
                        may_undo=last is not None and each.id == last.id,
                    )
                    for each in past[:_MOST_PAST]
                ]
            ),
            alarm=await found_alarms.of_question(unit, self._library, name),
            may_keep=await self.decides(unit, name.question, versions, warrant),
        )

    async def called(self, unit: Unit, asker: Author, who: str, class_id: ClassId | None) -> str:
        """What stands for somebody in the records: their name, for who may see names there."""
        if class_id is None:
            return who
        may = await classes.member(unit, class_id, asker.learner.id, Right.SEE_NAMES)
        person = await roster.person(unit, class_id, who) if may else None
        return shown_name(person.name) if person else who

    async def decides(
        self,
        unit: Unit,
        question: QuestionId,
        versions: Collection[CourseVersionId],
        warrant: Warrant,
    ) -> bool:
        """Whether they may mend the key, or let it stand, without asking an author.

        Else it reaches learners of others.
        """
        return warrant.author or not await keys.reaches_others(
            unit, versions, question, warrant.classes
        )

    async def keep(self, unit: Unit, author: Author, action: KeepKey, at: datetime) -> Outcome:
        """The key stands; what was said against it waits no longer.

        As with mending it: for who reaches nobody but learners of theirs, and for authors.
        """
        name = await self._name(unit, action.key)
        warrant = None if name is None else await self.warrant(unit, author, name.course)
        if name is None or warrant is None:
            return NotAllowed()
        all_keys = await courses.keys_of(unit, name.course, name.question)
        newest, key = all_keys[0]
        versions = [each.version for _, each in all_keys]
        if not await self.decides(unit, name.question, versions, warrant):
            return NotAllowed()
        await keys.settle_flags(unit, name, at, warrant.heard)
        await regrading.draft(
            unit,
            course=name.course,
            question=name.question,
            content=key.content,
            who=warrant.who,
            class_id=warrant.class_id,
            at=at,
            kind="kept",
            state="kept",
            counts={"firsts": await alarms.firsts(unit, versions, name.question)},
        )
        course = await self._library.course(unit, newest.version)
        return KeyKept(title=course.question(name.question).title)

    async def _name(self, unit: Unit, key: KeyId) -> QuestionName | None:
        found = await courses.question_of(unit, key)
        return QuestionName(*found) if found else None


async def _answered(unit: Unit, learner: Learner, attempt_id: AttemptId) -> Answered | None:
    """The question of an attempt, once there is an answer to it or its solution was seen."""
    found = await practice.attempt(unit, attempt_id, learner.id)
    if found is None or not (found[0].tries or found[0].solution_seen):
        return None
    attempt, sitting = found
    course, version = sitting.source(attempt.place)
    return Answered(course=course, version=version, question=QuestionId(attempt.question))


_MOST_PAST = 5
_TOLD_OF = {"applied", "undone", "proposed", "refused", "waiting", "undoing", "kept"}


def _undoable(regrade: Regrade) -> bool:
    return regrade.kind == "correction" and regrade.state == "applied"


def _past(regrade: Regrade, *, who: str, may_undo: bool) -> Past:
    return Past(
        regrade=regrade.id,
        kind=regrade.kind,
        state=regrade.state,
        policy=regrade.policy,
        why=regrade.why or "",
        who=who,
        at=regrade.applied_at or regrade.made_at,
        counts=regrade.counts or {},
        may_undo=may_undo,
    )
