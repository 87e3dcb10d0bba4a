"""Keys that are mended in the chat: drafted, tried out, applied, taken back.

A key belongs to the course, so that mending it reaches everybody who has answered the question.
Authors may do so. Who may mend keys in a class only, does it by themselves as long as it reaches
nobody but learners of theirs; else it is put before the authors, who apply it with one tap.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import cast

from tutorbot.core.answers.verdicts import Asked
from tutorbot.core.classes import NotAllowed
from tutorbot.core.course import Choice, Question, Typed
from tutorbot.core.grading import key_of
from tutorbot.core.ids import CourseId, RegradeId
from tutorbot.core.keys import (
    LONGEST_WORDS,
    AddAnswer,
    AnswerAsked,
    Applied,
    ApplyRegrade,
    ChoosePolicy,
    Draft,
    DropAnswer,
    DropRegrade,
    EditKey,
    GiveReason,
    Gone,
    InWork,
    NoReason,
    NoRight,
    NothingChanged,
    OpenDoubt,
    Proposed,
    QuestionName,
    ShowRegrade,
    Tried,
    TryRegrade,
    TurnOption,
    Undone,
    UndoRegrade,
    Why,
)
from tutorbot.core.regrading import Counts, Impact, Policy, crossing, keyed
from tutorbot.core.undecided import code_of
from tutorbot.flows.doubts import DoubtTalk, Outcome, Warrant
from tutorbot.flows.published import Library
from tutorbot.flows.publishing import Author
from tutorbot.flows.regrading import MOST_AT_ONCE, Regrading, Target, Worked, holding
from tutorbot.store import courses, keys, prompts, regrading, rescoring
from tutorbot.store.regrading import Regrade
from tutorbot.store.unit import Unit

ANSWER = "key.answer"
WHY = "key.why"
"""What is asked for: an answer to accept, and why the key is mended."""

LOSERS_SHOWN = 10

TOO_DEAR = "~dear"
"""In place of what is wrong with a key: to find that out takes too long."""

Check = Callable[[Asked], Awaitable[tuple[str, ...] | None]]
"""What is wrong with a key, in sentences; None if that takes too long to say."""


class Keys(DoubtTalk):
    """The flows of mending keys.

    Args:
        library: the courses
        regrading: mends keys
        is_author: whether a Telegram user may publish
        check: looks through the key of a typed question in one variant
    """

    def __init__(
        self,
        library: Library,
        regrading: Regrading,
        is_author: Callable[[int], bool],
        check: Check,
    ) -> None:
        super().__init__(library, is_author)
        self._regrading = regrading
        self._check = check

    async def edit(self, unit: Unit, author: Author, action: EditKey, at: datetime) -> Outcome:
        """Begin a draft with the key as it is."""
        name = await self._name(unit, action.key)
        warrant = None if name is None else await self.warrant(unit, author, name.course)
        if name is None or warrant is None:
            return NotAllowed()
        ((_, key), *_) = await courses.keys_of(unit, name.course, name.question)
        made = await regrading.draft(
            unit,
            course=name.course,
            question=name.question,
            content=key.content,
            who=warrant.who,
            class_id=warrant.class_id,
            at=at,
        )
        return await self.drafted(unit, made)

    async def show(self, unit: Unit, author: Author, action: ShowRegrade) -> Outcome:
        found = await self._draft(unit, author, action.regrade)
        return await self.drafted(unit, found[0]) if isinstance(found, tuple) else found

    async def turn(self, unit: Unit, author: Author, action: TurnOption) -> Outcome:
        found = await self._draft(unit, author, action.regrade)
        if not isinstance(found, tuple):
            return found
        regrade, question = found[0], (await self.drafted(unit, found[0])).question
        body = question.body
        if not isinstance(body, Choice) or action.option >= len(body.options):
            return Gone()
        option = body.options[action.option].id
        right, unscored = _names(regrade.content, "right"), _names(regrade.content, "unscored")
        if option in right:
            right.remove(option)
        elif option in unscored:
            unscored.remove(option)
            right.append(option)
        else:
            unscored.append(option)
        order = [str(each.id) for each in body.options]
        content: dict[str, object] = dict(regrade.content) | {
            "right": sorted(right, key=order.index),
            "unscored": sorted(unscored, key=order.index),
        }
        return await self._changed(unit, replace(regrade, content=content))

    async def ask_answer(
        self, unit: Unit, author: Author, action: AddAnswer, at: datetime
    ) -> Outcome:
        found = await self._draft(unit, author, action.regrade)
        if not isinstance(found, tuple):
            return found
        about = {"regrade": action.regrade}
        await prompts.ask(unit, author.learner.id, ANSWER, about, at)
        return AnswerAsked(regrade=action.regrade)

    async def add_answer(
        self, unit: Unit, author: Author, regrade_id: RegradeId, typed: str
    ) -> Outcome:
        """Accept what an instructor typed, if the course can read it; never evaluated here.

        What stood among the mistakes is a mistake no more.
        """
        found = await self._draft(unit, author, regrade_id)
        if not isinstance(found, tuple):
            return found
        regrade = found[0]
        draft = await self.drafted(unit, regrade)
        if not isinstance(draft.question.body, Typed):
            return Gone()
        line = typed.strip()[:LONGEST_WORDS]
        content = await self.with_answer(draft.question, regrade.content, line)
        if isinstance(content, str):
            return replace(draft, remark=content)
        return await self._changed(unit, replace(regrade, content=content))

    async def with_answer(
        self, question: Question, content: Mapping[str, object], line: str
    ) -> dict[str, object] | str:
        """The key with one more answer to accept, or why it cannot be one."""
        accepted, mistaken = _names(content, "accepted"), _names(content, "mistaken")
        if line in accepted:
            return dict(content)
        # Which of the mistakes say the same, is found by leaving out one at a time.
        wrong: tuple[str, ...] | None = ()
        for left_out in (None, *mistaken):
            kept = [each for each in mistaken if each not in {line, left_out}]
            new = dict(content) | {"accepted": [*accepted, line], "mistaken": kept}
            wrong = await self._flaws(keyed(question, new))
            if wrong is None:
                return TOO_DEAR
            if not wrong:
                return new
            if not any("is marked as a mistake" in each for each in wrong):
                break
        return wrong[0] if wrong else TOO_DEAR

    async def _flaws(self, question: Question) -> tuple[str, ...] | None:
        assert isinstance(question.body, Typed)
        for values in question.variants[:_VARIANTS_CHECKED]:
            found = await self._check(Asked(typed=question.body, values=values))
            if found is None or found:
                return found
        return ()

    async def drop_answer(self, unit: Unit, author: Author, action: DropAnswer) -> Outcome:
        found = await self._draft(unit, author, action.regrade)
        if not isinstance(found, tuple):
            return found
        accepted = _names(found[0].content, "accepted")
        if action.answer >= len(accepted):
            return Gone()
        if len(accepted) == 1:
            return NoRight()
        del accepted[action.answer]
        content = dict(found[0].content) | {"accepted": accepted}
        return await self._changed(unit, replace(found[0], content=content))

    async def choose_policy(self, unit: Unit, author: Author, action: ChoosePolicy) -> Outcome:
        found = await self._draft(unit, author, action.regrade)
        if not isinstance(found, tuple):
            return found
        return await self._changed(unit, replace(found[0], policy=action.policy))

    async def give_reason(
        self, unit: Unit, author: Author, action: GiveReason, at: datetime
    ) -> Outcome:
        found = await self._draft(unit, author, action.regrade)
        if not isinstance(found, tuple):
            return found
        if action.why is Why.ELSE:
            about = {"regrade": action.regrade}
            await prompts.ask(unit, author.learner.id, WHY, about, at)
            return AnswerAsked(regrade=action.regrade, why=True)
        return await self._changed(unit, replace(found[0], why=f"~{action.why.value}"))

    async def type_reason(
        self, unit: Unit, author: Author, regrade_id: RegradeId, typed: str
    ) -> Outcome:
        found = await self._draft(unit, author, regrade_id)
        if not isinstance(found, tuple):
            return found
        why = typed.strip().lstrip("~")[:LONGEST_WORDS]
        return await self._changed(unit, replace(found[0], why=why or None))

    async def drop(self, unit: Unit, author: Author, action: DropRegrade) -> Outcome:
        found = await self._draft(unit, author, action.regrade)
        if not isinstance(found, tuple):
            return found
        await regrading.change_draft(unit, replace(found[0], state="dropped"))
        ((_, key), *_) = await courses.keys_of(unit, found[0].course, found[0].question)
        return await self.question(unit, author, OpenDoubt(key.id))

    # Doing it

    async def try_out(self, unit: Unit, author: Author, action: TryRegrade) -> Outcome:
        """Work out what a change would do; what takes long is left to the background."""
        found = await self._draft(unit, author, action.regrade)
        if not isinstance(found, tuple):
            return found
        regrade, warrant = found
        targets = await self._regrading.targets(unit, regrade)
        if not targets:
            return NoRight()
        if not await self._differs(unit, regrade, targets):
            return NothingChanged()
        worked = await self._regrading.work_out(unit, regrade, targets)
        if worked.unjudged:
            report = author.learner.chat
            await regrading.change_draft(unit, replace(regrade, report=report))
            return InWork(regrade=regrade.id, left=worked.unjudged)
        return Tried(
            draft=await self.drafted(unit, regrade),
            impact=await self._impact(unit, worked, warrant),
            proposes=await self._proposes(unit, regrade, targets, warrant),
        )

    async def apply(
        self, unit: Unit, author: Author, action: ApplyRegrade, at: datetime
    ) -> Outcome:
        found = await self._draft(unit, author, action.regrade)
        if not isinstance(found, tuple):
            return found
        regrade, warrant = found
        if not regrade.why:
            return NoReason()
        targets = await self._regrading.targets(unit, regrade)
        if not targets:
            return NoRight()
        if not await self._differs(unit, regrade, targets):
            return NothingChanged()
        title = targets[0].before.title
        if await self._proposes(unit, regrade, targets, warrant):
            await regrading.change_draft(unit, replace(regrade, state="proposed"))
            return Proposed(title=title)
        versions = [each.key.version for each in targets]
        name = QuestionName(regrade.course, regrade.question)
        await keys.settle_flags(unit, name, at)
        count = await rescoring.count(unit, versions, regrade.question, MOST_AT_ONCE + 1)
        dry = await self._regrading.work_out(unit, regrade, targets) if count else None
        if count > MOST_AT_ONCE or (dry is not None and dry.unjudged):
            report = author.learner.chat
            await regrading.change_draft(unit, replace(regrade, state="waiting", report=report))
            return InWork(regrade=regrade.id, left=dry.unjudged if dry else 0, applies=True)
        await self._regrading.apply(unit, regrade, at)
        return await self._done(unit, regrade, title)

    async def undo(self, unit: Unit, author: Author, action: UndoRegrade, at: datetime) -> Outcome:
        regrade = await regrading.find(unit, action.regrade)
        warrant = None if regrade is None else await self.warrant(unit, author, regrade.course)
        if regrade is None or warrant is None:
            return NotAllowed()
        newest = await holding(unit, regrade)
        if regrade.state != "applied" or (
            regrade.kind == "correction" and (newest is None or newest.id != regrade.id)
        ):
            return Gone()
        targets = await self._regrading.targets(unit, regrade)
        if await self._proposes(unit, regrade, targets, warrant):
            return NotAllowed()
        undone = await self._regrading.undo(unit, regrade, warrant.who, "", at)
        return Undone(title=targets[0].before.title, counts=_tally(undone))

    async def drafted(self, unit: Unit, regrade: Regrade) -> Draft:
        ((newest, key), *_) = await courses.keys_of(unit, regrade.course, regrade.question)
        course = await self._library.course(unit, newest.version)
        question = course.question(regrade.question)
        return Draft(
            regrade=regrade.id,
            key=key.id,
            paper=course.title,
            question=keyed(question, regrade.content),
            policy=regrade.policy,
            why=regrade.why or "",
            state=regrade.state,
        )

    async def from_file(
        self, unit: Unit, author: Author, course_id: CourseId, at: datetime
    ) -> tuple[Draft, ...]:
        """Drafts for the questions whose key a new file has changed, if older ones were answered.

        The answers under older versions of the course are regraded by the new key, if its author
        says so.
        """
        warrant = await self.warrant(unit, author, course_id)
        newest = await self._library.newest(unit, course_id)
        if warrant is None or newest is None:
            return ()
        found: list[Draft] = []
        _, course = newest
        for question in course:
            all_keys = await courses.keys_of(unit, course.id, question.id)
            new = key_of(question)
            differing = [key.version for _, key in all_keys[1:] if key.content != new]
            if not differing or not await rescoring.count(unit, differing, question.id, 1):
                continue
            made = await regrading.draft(
                unit,
                course=course.id,
                question=question.id,
                content=new,
                who="author",
                class_id=None,
                at=at,
            )
            found.append(await self.drafted(unit, made))
        return tuple(found)

    async def _draft(
        self, unit: Unit, author: Author, regrade_id: RegradeId
    ) -> tuple[Regrade, Warrant] | Gone | NotAllowed:
        """A draft, held, if the asker may change it; what was proposed is changed by authors."""
        regrade = await regrading.find(unit, regrade_id)
        warrant = None if regrade is None else await self.warrant(unit, author, regrade.course)
        if regrade is None or warrant is None:
            return NotAllowed()
        if regrade.state == "proposed" and not warrant.author:
            return Gone()
        if regrade.state not in {"draft", "proposed"}:
            return Gone()
        return regrade, warrant

    async def _changed(self, unit: Unit, regrade: Regrade) -> Draft:
        await regrading.change_draft(unit, regrade)
        await regrading.forget_judgements(unit, regrade.id)
        return await self.drafted(unit, regrade)

    async def _done(self, unit: Unit, regrade: Regrade, title: str) -> Applied:
        found = await regrading.find(unit, regrade.id)
        counts = found.counts if found else None
        return Applied(regrade=regrade.id, title=title, counts=counts or {})

    async def _differs(self, unit: Unit, regrade: Regrade, targets: tuple[Target, ...]) -> bool:
        """Whether anything would change: another key somewhere, or other points for the same."""
        if regrade.policy in {Policy.ALL_FULL, Policy.DROP}:
            return True
        del unit
        return any(dict(each.content) != dict(each.key.content) for each in targets)

    async def _proposes(
        self, unit: Unit, regrade: Regrade, targets: tuple[Target, ...], warrant: Warrant
    ) -> bool:
        """Whether it reaches learners of others, so that an author has to apply it."""
        if warrant.author:
            return False
        versions = [each.key.version for each in targets]
        return await keys.reaches_others(unit, versions, regrade.question, warrant.classes)

    async def _impact(self, unit: Unit, worked: Worked, warrant: Warrant) -> Impact:
        marked = worked.marked
        ways = {learner: each.way for learner, each in marked.items()}
        people = len({each.learner for each in worked.answers})
        members = await keys.in_classes(
            unit, tuple(marked), None if warrant.author else warrant.classes
        )
        classes_: dict[str, Counts] = {}
        called: dict[int, str] = {}
        for each in members:
            counts = classes_.get(each.title, Counts())
            classes_[each.title] = counts.with_one(ways[each.learner])
            called[each.learner] = each.code if warrant.author else each.name
        sittings = {each.sitting: each for each in marked.values()}
        quizzes: dict[str, Counts] = {}
        for sitting, title in (await keys.quizzes_of(unit, tuple(sittings))).items():
            counts = quizzes.get(title, Counts())
            quizzes[title] = counts.with_one(sittings[sitting].way)
        standings = await rescoring.standings(unit, tuple(sittings))
        lines = [crossing(before, sittings[each]) for each, before in standings.items()]
        down = [learner for learner, way in sorted(ways.items()) if way < 0]
        up = sum(way > 0 for way in ways.values())
        return Impact(
            counts=Counts(up=up, down=len(down), unchanged=people - up - len(down)),
            answers=len(worked.answers),
            changed=len(worked.changed),
            undecided=worked.undecided,
            passed=sum(each > 0 for each in lines),
            failed=sum(each < 0 for each in lines),
            losers=tuple(called.get(each) or code_of(each) for each in down[:LOSERS_SHOWN]),
            classes=tuple(classes_.items()),
            quizzes=tuple(quizzes.items()),
            elsewhere=len(marked.keys() - called.keys()),
            unjudged=worked.unjudged,
        )


_VARIANTS_CHECKED = 10


def _names(content: Mapping[str, object], name: str) -> list[str]:
    return [str(each) for each in cast("list[object]", content.get(name) or [])]


def _tally(worked: Worked) -> dict[str, int]:
    ways = [each.way for each in worked.marked.values()]
    return {"up": sum(way > 0 for way in ways), "down": sum(way < 0 for way in ways)}
