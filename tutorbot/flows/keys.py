"""Keys that are mended in the chat: tried out, applied, taken back.

A key belongs to the course, so that mending it reaches everybody who has answered the question.
Authors may do so. Who may mend keys in a class only, does it by themselves as long as it reaches
nobody but learners of theirs; else it is put before the authors, who apply it with one tap.

What a tap would have to wait for is written down, and done in the background by the same rules.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from tutorbot.core.classes import NotAllowed
from tutorbot.core.keys import (
    JOB,
    Applied,
    ApplyRegrade,
    Gone,
    InWork,
    NoReason,
    NoRight,
    NothingChanged,
    Proposed,
    QuestionName,
    Refused,
    RefuseRegrade,
    Tried,
    TryRegrade,
    Undone,
    UndoRegrade,
)
from tutorbot.core.regrading import Counts, Impact, Policy, crossing
from tutorbot.core.undecided import code_of
from tutorbot.flows.doubts import Outcome, Warrant
from tutorbot.flows.key_drafts import Check, KeyDrafts
from tutorbot.flows.published import Library
from tutorbot.flows.publishing import Author
from tutorbot.flows.regrading import (
    MOST_AT_ONCE,
    MOST_JUDGED,
    Regrading,
    Target,
    Worked,
    holding,
)
from tutorbot.store import courses, jobs, keys, regrading, rescoring
from tutorbot.store.regrading import Regrade
from tutorbot.store.unit import Unit

LOSERS_SHOWN = 10


class Keys(KeyDrafts):
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
        super().__init__(library, is_author, check)
        self.regrading = regrading

    async def try_out(self, unit: Unit, author: Author, action: TryRegrade) -> Outcome:
        """Work out what a change would do; what takes long is left to the background."""
        found = await self._draft(unit, author, action.regrade)
        if not isinstance(found, tuple):
            return found
        regrade, warrant = found
        targets = await self.regrading.targets(unit, regrade)
        if not targets:
            return NoRight()
        if not await self._differs(unit, regrade, targets):
            return NothingChanged()
        many = await self._many(unit, regrade, targets)
        worked = None if many else await self.regrading.work_out(unit, regrade, targets)
        if worked is None or worked.unjudged:
            left = worked.unjudged if worked else 0
            return await self._put_off(unit, replace(regrade, report=author.learner.chat), left)
        return await self._tried(unit, regrade, warrant, targets, worked)

    async def apply(
        self, unit: Unit, author: Author, action: ApplyRegrade, at: datetime
    ) -> Outcome:
        """Let the key hold, and what was answered follow; what takes long, in the background."""
        found = await self._draft(unit, author, action.regrade)
        if not isinstance(found, tuple):
            return found
        regrade, warrant = found
        if not regrade.why:
            return NoReason()
        targets = await self.regrading.targets(unit, regrade)
        if not targets:
            return NoRight()
        if not await self._differs(unit, regrade, targets):
            return NothingChanged()
        title = targets[0].before.title
        if await self._proposes(unit, regrade, targets, warrant):
            await regrading.change_draft(
                unit,
                replace(
                    regrade,
                    state="proposed",
                    report=None,
                    who=warrant.who,
                    class_id=warrant.class_id,
                ),
            )
            return Proposed(title=title)
        name = QuestionName(regrade.course, regrade.question)
        await keys.settle_flags(unit, name, at, warrant.heard)
        left = 0
        if not await self._many(unit, regrade, targets) and await _free(unit, regrade):
            left = (await self.regrading.work_out(unit, regrade, targets)).unjudged
            if not left:
                await self.regrading.apply(unit, regrade, at)
                if regrade.state == "proposed":
                    await self.regrading.tell_proposer(unit, regrade, author.learner.chat, at)
                return await self._done(unit, regrade, title)
        report = author.learner.chat
        return await self._put_off(unit, replace(regrade, state="waiting", report=report), left)

    async def refuse(
        self, unit: Unit, author: Author, action: RefuseRegrade, at: datetime
    ) -> Outcome:
        """Refuse what somebody proposed, and tell them; it stays among what was done to the key."""
        if not self._is_author(author.telegram_id):
            return NotAllowed()
        found = await self._draft(unit, author, action.regrade)
        if not isinstance(found, tuple):
            return found
        if found[0].state != "proposed":
            return Gone()
        refused = replace(found[0], state="refused", report=None)
        await regrading.change_draft(unit, refused)
        await self.regrading.tell_proposer(unit, refused, author.learner.chat, at)
        draft = await self.drafted(unit, refused)
        return Refused(regrade=refused.id, title=draft.question.title)

    async def undo(self, unit: Unit, author: Author, action: UndoRegrade, at: datetime) -> Outcome:
        # Before it is held: whoever is at work on it holds it for as long as that takes.
        found = await self._to_undo(unit, author, await regrading.look(unit, action.regrade))
        if isinstance(found, tuple):
            found = await self._to_undo(unit, author, await regrading.find(unit, action.regrade))
        if not isinstance(found, tuple):
            return found
        regrade, warrant, targets = found
        if await self._quick_to_undo(unit, regrade, targets) and await _free(unit, regrade):
            undoing = await self.regrading.undoing(unit, regrade, warrant.who, "", at)
            return await self._undone(unit, regrade, undoing, at)
        report = author.learner.chat
        undoing = await self.regrading.undoing(unit, regrade, warrant.who, "", at, report)
        await jobs.defer(unit, JOB)
        return InWork(regrade=undoing.id, undoes=True)

    # What was too much for a tap, and is done in the background

    async def try_put_off(
        self, unit: Unit, author: Author | None, regrade: Regrade
    ) -> Tried | None:
        """What a draft would do; None: nobody who might see it asks for that any more."""
        warrant = await self.warrant(unit, author, regrade.course) if author else None
        targets = await self.regrading.targets(unit, regrade)
        tried = None
        if warrant and targets:
            worked = await self.regrading.work_out(unit, regrade, targets)
            tried = await self._tried(unit, regrade, warrant, targets, worked)
        held = await self.still(unit, regrade)
        if held is None:
            return None
        await regrading.change_draft(unit, replace(held, report=None))
        return tried

    async def still(self, unit: Unit, regrade: Regrade) -> Regrade | None:
        """Hold it, if it is what it was when the background began with it."""
        held = await regrading.find(unit, regrade.id)
        return held if held == regrade else None

    async def apply_put_off(
        self, unit: Unit, regrade: Regrade, at: datetime
    ) -> Applied | Gone | None:
        """Apply what waits, once; None: it does not wait, or somebody else is at it."""
        if not await _free(unit, regrade):
            return None
        held = await regrading.find(unit, regrade.id, wait=False)
        if held is None or held.state != "waiting":
            return None
        targets = await self.regrading.targets(unit, held)
        if not targets:  # its question can no longer be read
            await regrading.change_draft(unit, replace(held, state="dropped", report=None))
            return Gone()
        await self.regrading.apply(unit, held, at)
        if held.report is not None:
            await self.regrading.tell_proposer(unit, held, held.report, at)
        return await self._done(unit, held, targets[0].before.title)

    async def undo_put_off(
        self, unit: Unit, undoing: Regrade, at: datetime
    ) -> Undone | Gone | None:
        """Take back what waits to be, once; None: it does not wait, or somebody else is at it."""
        if not await _free(unit, undoing):
            return None
        held = await regrading.find(unit, undoing.id, wait=False)
        if held is None or held.state != "undoing" or held.undoes is None:
            return None
        regrade = await regrading.find(unit, held.undoes)
        if regrade is None or not await _stands(unit, regrade):
            await regrading.change_draft(unit, replace(held, state="dropped", report=None))
            return Gone()
        return await self._undone(unit, regrade, held, at)

    async def _to_undo(
        self, unit: Unit, author: Author, regrade: Regrade | None
    ) -> tuple[Regrade, Warrant, tuple[Target, ...]] | Gone | InWork | NotAllowed:
        warrant = None if regrade is None else await self.warrant(unit, author, regrade.course)
        if regrade is None or warrant is None:
            return NotAllowed()
        undoing = await regrading.undoing(unit, regrade.id)
        if undoing is not None:
            return InWork(regrade=undoing.id, undoes=True, again=True)
        if not await _stands(unit, regrade):
            return Gone()
        targets = await self.regrading.targets(unit, regrade)
        if await self._proposes(unit, regrade, targets, warrant):
            return NotAllowed()
        return regrade, warrant, targets

    async def _undone(self, unit: Unit, regrade: Regrade, undoing: Regrade, at: datetime) -> Undone:
        worked = await self.regrading.take_back(unit, regrade, undoing, at)
        ((newest, _), *_) = await courses.keys_of(unit, regrade.course, regrade.question)
        course = await self._library.as_published(unit, newest.version)
        title = course.question(regrade.question).title
        return Undone(regrade=undoing.id, title=title, counts=_tally(worked))

    async def _many(self, unit: Unit, regrade: Regrade, targets: Sequence[Target]) -> bool:
        """Whether there are more answers than a tap may take."""
        versions = [each.key.version for each in targets]
        most = MOST_AT_ONCE + 1
        return await rescoring.count(unit, versions, regrade.question, most) == most

    async def _quick_to_undo(self, unit: Unit, regrade: Regrade, targets: Sequence[Target]) -> bool:
        """Whether a tap may undo it: there are few answers, and few are to be judged."""
        if await self._many(unit, regrade, targets):
            return False
        versions = [each.key.version for each in targets]
        since = regrade.applied_at or regrade.made_at
        most = MOST_JUDGED + 1
        found = await rescoring.typed_since(unit, versions, regrade.question, since, most)
        return found < most

    async def _put_off(self, unit: Unit, regrade: Regrade, left: int) -> InWork:
        """Leave it to the background."""
        await regrading.change_draft(unit, regrade)
        await jobs.defer(unit, JOB)
        return InWork(regrade=regrade.id, left=left)

    async def _tried(
        self,
        unit: Unit,
        regrade: Regrade,
        warrant: Warrant,
        targets: tuple[Target, ...],
        worked: Worked,
    ) -> Tried:
        return Tried(
            draft=await self.drafted(unit, regrade),
            impact=await self._impact(unit, worked, warrant),
            proposes=await self._proposes(unit, regrade, targets, warrant),
        )

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
        versions = [each.key.version for each in targets]
        return not await self.decides(unit, regrade.question, versions, warrant)

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


async def _free(unit: Unit, regrade: Regrade) -> bool:
    """Whether nobody is at work on keys of this course, whom one would have to wait for."""
    return await courses.lock_if_free(unit, regrade.course)


async def _stands(unit: Unit, regrade: Regrade) -> bool:
    """Whether it is what was done last to its key, and was not taken back."""
    if regrade.kind != "correction":
        return regrade.state == "applied"
    newest = await holding(unit, regrade)
    return newest is not None and newest.id == regrade.id


def _tally(worked: Worked) -> dict[str, int]:
    ways = [each.way for each in worked.marked.values()]
    return {"up": sum(way > 0 for way in ways), "down": sum(way < 0 for way in ways)}
