"""Keys as they are about to be: drafted with taps and words, before they are tried and applied."""

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
    ChoosePolicy,
    Draft,
    DropAnswer,
    DropRegrade,
    EditKey,
    GiveReason,
    Gone,
    InWork,
    NoRight,
    OpenDoubt,
    ShowRegrade,
    SureToRefuse,
    TurnOption,
    Why,
)
from tutorbot.core.regrading import keyed
from tutorbot.flows.doubts import DoubtTalk, Outcome, Warrant
from tutorbot.flows.published import Library
from tutorbot.flows.publishing import Author
from tutorbot.store import courses, prompts, regrading, rescoring
from tutorbot.store.regrading import Regrade
from tutorbot.store.unit import Unit

ANSWER = "key.answer"
WHY = "key.why"
"""What is asked for: an answer to accept, and why the key is mended."""

TOO_DEAR = "~dear"
"""In place of what is wrong with a key: to find that out takes too long."""

Check = Callable[[Asked], Awaitable[tuple[str, ...] | None]]
"""What is wrong with a key, in sentences; None if that takes too long to say."""


class KeyDrafts(DoubtTalk):
    """The flows of drafting another key. ``check`` looks through one in one variant."""

    def __init__(self, library: Library, is_author: Callable[[int], bool], check: Check) -> None:
        super().__init__(library, is_author)
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
        return await self.drafted(unit, found[0], author) if isinstance(found, tuple) else found

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
        return await self._changed(unit, author, replace(regrade, content=content))

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
        draft = await self.drafted(unit, regrade, author)
        if not isinstance(draft.question.body, Typed):
            return Gone()
        line = typed.strip()  # whole: what is cut off would be another answer
        content = await self.with_answer(draft.question, regrade.content, line)
        if isinstance(content, str):
            return replace(draft, remark=content)
        return await self._changed(unit, author, replace(regrade, content=content))

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
        return await self._changed(unit, author, replace(found[0], content=content))

    async def choose_policy(self, unit: Unit, author: Author, action: ChoosePolicy) -> Outcome:
        found = await self._draft(unit, author, action.regrade)
        if not isinstance(found, tuple):
            return found
        return await self._changed(unit, author, replace(found[0], policy=action.policy))

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
        return await self._changed(unit, author, replace(found[0], why=f"~{action.why.value}"))

    async def type_reason(
        self, unit: Unit, author: Author, regrade_id: RegradeId, typed: str
    ) -> Outcome:
        found = await self._draft(unit, author, regrade_id)
        if not isinstance(found, tuple):
            return found
        why = typed.strip().lstrip("~")
        kept = why[:LONGEST_WORDS] or None
        draft = await self._changed(unit, author, replace(found[0], why=kept))
        return replace(draft, cut=len(why) > LONGEST_WORDS)

    async def drop(self, unit: Unit, author: Author, action: DropRegrade) -> Outcome:
        found = await self._draft(unit, author, action.regrade)
        if not isinstance(found, tuple):
            return found
        if found[0].state == "proposed":
            draft = await self.drafted(unit, found[0], author)
            return SureToRefuse(
                regrade=draft.regrade, title=draft.question.title, who=draft.proposed_by
            )
        await regrading.change_draft(unit, replace(found[0], state="dropped"))
        ((_, key), *_) = await courses.keys_of(unit, found[0].course, found[0].question)
        return await self.question(unit, author, OpenDoubt(key.id))

    async def drafted(self, unit: Unit, regrade: Regrade, asker: Author | None = None) -> Draft:
        """What it says by now; ``asker``: who looks at what may be somebody else's."""
        ((newest, key), *_) = await courses.keys_of(unit, regrade.course, regrade.question)
        course = await self._library.course(unit, newest.version)
        question = course.question(regrade.question)
        proposed_by = ""
        if asker and regrade.state == "proposed":
            proposed_by = await self.called(unit, asker, regrade.who, regrade.class_id)
        return Draft(
            regrade=regrade.id,
            key=key.id,
            paper=course.title,
            question=keyed(question, regrade.content),
            policy=regrade.policy,
            why=regrade.why or "",
            state=regrade.state,
            proposed_by=proposed_by,
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
    ) -> tuple[Regrade, Warrant] | Gone | InWork | NotAllowed:
        """A draft, held, if the asker may change it; what was proposed is changed by authors."""
        # Before it is held: whoever is at work on it holds it for as long as that takes.
        found = await self._open(unit, author, await regrading.look(unit, regrade_id))
        if not isinstance(found, tuple):
            return found
        return await self._open(unit, author, await regrading.find(unit, regrade_id))

    async def _open(
        self, unit: Unit, author: Author, regrade: Regrade | None
    ) -> tuple[Regrade, Warrant] | Gone | InWork | NotAllowed:
        warrant = None if regrade is None else await self.warrant(unit, author, regrade.course)
        if regrade is None or warrant is None:
            return NotAllowed()
        if regrade.state == "waiting":
            return InWork(regrade=regrade.id, again=True)
        if regrade.state == "proposed" and not warrant.author:
            return Gone()
        if regrade.state not in {"draft", "proposed"}:
            return Gone()
        return regrade, warrant

    async def _changed(self, unit: Unit, author: Author, regrade: Regrade) -> Draft:
        # Who changes it does not wait any more for what it would have done.
        await regrading.change_draft(unit, replace(regrade, report=None))
        await regrading.forget_judgements(unit, regrade.id)
        return await self.drafted(unit, regrade, author)


_VARIANTS_CHECKED = 10


def _names(content: Mapping[str, object], name: str) -> list[str]:
    return [str(each) for each in cast("list[object]", content.get(name) or [])]
