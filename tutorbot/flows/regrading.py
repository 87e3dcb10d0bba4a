"""Mending a key: what it would do to answers, doing it, and taking it back.

All of it in one transaction: the new key, the scores, the cards, the counts, and what is to be said
to those whose score changed. Only judging typed answers may take long, and can be done before.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from gettext import NullTranslations
from itertools import islice

from tutorbot.core.course import Course, Question, Typed
from tutorbot.core.ids import (
    AttemptId,
    ChatId,
    CourseVersionId,
    KeyId,
    LearnerId,
    RegradeId,
    SittingId,
)
from tutorbot.core.practice import in_language
from tutorbot.core.recall import Memory, rate, rated
from tutorbot.core.regrading import (
    FORM,
    RIGHT,
    UNDECIDED,
    Changed,
    Given,
    Marked,
    Policy,
    changes,
    fits,
    held,
    judged_typed,
    keyed,
    marks,
)
from tutorbot.core.review import owner
from tutorbot.flows.judgements import (
    Judge,
    Unjudged,
    digest,
    judging,
    unjudged,
    verdict_code,
)
from tutorbot.flows.published import Library, UnsoundCourse
from tutorbot.store import (
    alarms,
    assignments,
    codec,
    courses,
    items,
    regrading,
    rerating,
    rescoring,
    roster,
)
from tutorbot.store.courses import Key
from tutorbot.store.regrading import Before, Regrade
from tutorbot.store.rerating import Remembered, Review
from tutorbot.store.unit import Unit
from tutorbot.views import regrading as view

MOST_JUDGED = 40
"""Typed answers that one transaction judges by itself; more are judged before it, in portions."""

MOST_AT_ONCE = 2_000
"""Answers that are worked out and regraded in a tap, within a third of a second; more are left to
the background."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """One version of the course, with the key that it has and the one that is to hold."""

    key: Key
    before: Question
    after: Question
    content: Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Worked:
    """What a regrade would change, or has changed."""

    answers: tuple[Given, ...]
    changed: tuple[Changed, ...]
    marked: Mapping[LearnerId, Marked]
    undecided: int = 0  # that the judge cannot tell
    unjudged: int = 0  # that are still to be judged


class Regrading:
    """The flows of regrading. ``words``: those of a language, for who is told."""

    def __init__(
        self, library: Library, judge: Judge, words: Callable[[str], NullTranslations]
    ) -> None:
        self._library = library
        self._judge = judge
        self._words = words

    async def targets(self, unit: Unit, regrade: Regrade) -> tuple[Target, ...]:
        """The versions that a change reaches, the newest first: all whose question it fits."""
        found: list[Target] = []
        for _, key in await courses.keys_of(unit, regrade.course, regrade.question):
            before = await self._question(unit, key)
            if before is None or not fits(before, regrade.content):
                continue
            content = held(regrade.content, before, regrade.policy)
            found.append(
                Target(key=key, before=before, after=keyed(before, content), content=content)
            )
        return tuple(found)

    async def work_out(
        self, unit: Unit, regrade: Regrade, targets: Sequence[Target], most: int = MOST_JUDGED
    ) -> Worked:
        """Say what a change would do, as far as it takes ``most`` judgements to know."""
        answers = await rescoring.given(
            unit, [each.key.version for each in targets], regrade.question
        )
        after = {each.key.version: each.after for each in targets}
        codes = await self._judged(unit, regrade, answers, after, most)
        judged = judging(after, codes)

        def worked() -> Worked:
            changed = changes(answers, after, judged, regrade.policy, regrade.applied_at)
            return Worked(
                answers=answers,
                changed=tuple(changed),
                marked=marks(answers, changed),
                undecided=sum(codes.get(digest(each)) == UNDECIDED for each in answers)
                if codes
                else 0,
                unjudged=sum(judged(each) is None for each in answers),
            )

        # Of many answers it takes a while, and others wait for their turn.
        return await asyncio.to_thread(worked)

    async def unjudged(self, unit: Unit, regrade: Regrade) -> dict[str, Unjudged]:
        """The typed answers that are to be judged before a change can be made, by digest."""
        undone = await regrading.look(unit, regrade.undoes) if regrade.undoes else None
        if undone is None:
            since = None
            after = {each.key.version: each.after for each in await self.targets(unit, regrade)}
        else:
            since = undone.applied_at
            after = await self._as_before(unit, undone)
        if not any(isinstance(each.body, Typed) for each in after.values()):
            return {}
        known = await regrading.judged(unit, regrade.id)
        answers = await rescoring.given(unit, tuple(after), regrade.question)
        fresh = [each for each in answers if since is None or each.at > since]
        return await asyncio.to_thread(unjudged, fresh, after, known)

    async def judge(self, these: Mapping[str, Unjudged]) -> dict[str, str]:
        """The codes of verdicts, by digest; takes its time, and no transaction."""
        return {
            name: verdict_code(await self._judge(each.asked, each.typed))
            for name, each in these.items()
        }

    async def apply(self, unit: Unit, regrade: Regrade, at: datetime) -> Worked:
        """Let the key hold, and the answers be graded by it; tell those whose score changes.

        What came in since the judging is judged here, however much it is.
        """
        await courses.lock(unit, regrade.course)
        targets = await self.targets(unit, regrade)
        worked = await self.work_out(unit, regrade, targets, most=_ALL)
        now = {
            each.key.version: await courses.correct(
                unit,
                each.key.version,
                regrade.question,
                content=each.content,
                reason=regrade.why or "",
                at=at,
            )
            for each in targets
        }
        await self._change(unit, regrade, worked, now, targets, at)
        before = [
            Before(version=each.key.version, key=each.key.id, content=each.key.content)
            for each in targets
        ]
        versions = [each.key.version for each in targets]
        counts = _counts(worked) | {"firsts": await alarms.firsts(unit, versions, regrade.question)}
        await regrading.mark_applied(unit, regrade.id, before, counts, at)
        return worked

    async def rule(
        self, unit: Unit, regrade: Regrade, given: Given, *, right: bool, at: datetime
    ) -> Worked:
        """Let somebody's word decide an answer that the judge could not; the key stays."""
        targets = await self.targets(unit, regrade)
        mine = [each for each in targets if each.key.version == given.version]
        after = {each.key.version: each.after for each in mine}
        found = changes(
            [replace(given, ruled=right)], after, lambda _: judged_typed(UNDECIDED), Policy.STRICT
        )
        changed = [replace(each, given=given) for each in found]
        worked = Worked(answers=(given,), changed=tuple(changed), marked=marks([given], changed))
        now = {each.key.version: each.key.id for each in mine}
        await self._change(unit, regrade, worked, now, targets, at)
        await regrading.mark_applied(unit, regrade.id, (), _counts(worked), at)
        return worked

    async def undo(self, unit: Unit, regrade: Regrade, who: str, why: str, at: datetime) -> Worked:
        """Take a change back, here and now."""
        undone = await self.undoing(unit, regrade, who, why, at)
        return await self.take_back(unit, regrade, undone, at)

    async def undoing(
        self,
        unit: Unit,
        regrade: Regrade,
        who: str,
        why: str,
        at: datetime,
        report: ChatId | None = None,
    ) -> Regrade:
        """Write down that a change is to be taken back, and who is told once it was."""
        content = regrade.before[0].content if regrade.before else regrade.content
        return await regrading.draft(
            unit,
            course=regrade.course,
            question=regrade.question,
            content=content,
            who=who,
            class_id=regrade.class_id,
            at=at,
            kind="undo",
            state="undoing",
            policy=Policy.STRICT,
            why=why,
            undoes=regrade.id,
            report=report,
        )

    async def take_back(
        self, unit: Unit, regrade: Regrade, undone: Regrade, at: datetime
    ) -> Worked:
        """Let scores and cards be as they were, and answers since be graded by the old key."""
        await courses.lock(unit, regrade.course)
        keys = await courses.keys_of(unit, regrade.course, regrade.question)
        versions = [key.version for _, key in keys]
        as_it_was = await rescoring.given(unit, versions, regrade.question)
        gone = await self._put_keys_back(unit, regrade, [key for _, key in keys], undone.why, at)
        if regrade.kind == "ruling":
            await regrading.unrule(unit, regrade.id)
        await rescoring.take_back_scores(unit, regrade.id)
        back = await rescoring.changed_by(unit, regrade.id)
        after = {
            each.key.version: each.before
            for each in await self.targets(unit, replace(undone, policy=Policy.STRICT))
        }
        since = [
            each
            for each in as_it_was
            if each.id not in back and (each.key in gone or _waits_since(each, regrade))
        ]
        codes = await self._judged(unit, undone, since, after, _ALL)
        later = changes(since, after, judging(after, codes), Policy.STRICT)
        newest = await courses.keys_of(unit, regrade.course, regrade.question)
        now = {key.version: key.id for _, key in newest}
        await rescoring.change_scores(unit, undone.id, later, now, Policy.STRICT.value, at)
        back |= {each.given.id: each.new for each in later}

        def taken_back() -> Worked:
            changed = tuple(
                Changed(given=each, new=back[each.id])
                for each in as_it_was
                if each.id in back and back[each.id] != each.now
            )
            return Worked(answers=as_it_was, changed=changed, marked=marks(as_it_was, changed))

        worked = await asyncio.to_thread(taken_back)
        await self._tell(unit, undone, worked.marked, at)
        await self._cards_back(unit, regrade, undone, {each.given.learner for each in later})
        await items.count_anew(unit, versions, regrade.question)
        await regrading.mark_applied(unit, undone.id, (), _counts(worked), at)
        await regrading.mark_undone(unit, regrade.id, at)
        return worked

    async def sweep(self, unit: Unit, regrade: Regrade, at: datetime) -> Worked | None:
        """Grade what was on its way while a key was mended, and so was graded by the old one.

        Regrading twice changes nothing; None: by now, another change holds.
        """
        await courses.lock(unit, regrade.course)
        worked = None
        newest = await holding(unit, regrade)
        if newest is not None and newest.id == regrade.id and regrade.kind == "correction":
            keys = await courses.keys_of(unit, regrade.course, regrade.question)
            reached = {each.version for each in regrade.before}
            targets: list[Target] = []
            for _, key in keys:
                question = await self._question(unit, key) if key.version in reached else None
                if question is not None:
                    targets.append(
                        Target(key=key, before=question, after=question, content=key.content)
                    )
            worked = await self.work_out(unit, regrade, targets, most=_ALL)
            now = {each.key.version: each.key.id for each in targets}
            await self._change(unit, regrade, worked, now, targets, at)
        await regrading.mark_swept(unit, regrade.id, at)
        return worked

    async def tell_proposer(self, unit: Unit, regrade: Regrade, by: ChatId, at: datetime) -> None:
        """Tell who proposed a correction what became of it, unless that was up to them.

        ``by``: the chat of whoever decided it
        """
        if regrade.class_id is None:
            return
        person = await roster.person(unit, regrade.class_id, regrade.who)
        readers = await regrading.readers(unit, [person.learner] if person else [])
        for reader in readers:
            if reader.chat == by:
                continue
            ((newest, _), *_) = await courses.keys_of(unit, regrade.course, regrade.question)
            course = await self._library.as_published(unit, newest.version)
            title, paper = titles(course, regrade, reader.language)
            said = view.proposal_decided(
                self._words(reader.language),
                title=title,
                paper=paper,
                refused=regrade.state == "refused",
            )
            await regrading.tell(unit, [(reader, codec.encode(said))], at)

    async def _change(
        self,
        unit: Unit,
        regrade: Regrade,
        worked: Worked,
        now: Mapping[CourseVersionId, KeyId],
        targets: Sequence[Target],
        at: datetime,
    ) -> None:
        if not worked.changed:
            return
        policy = regrade.policy.value
        await rescoring.change_scores(unit, regrade.id, worked.changed, now, policy, at)
        await self._tell(unit, regrade, worked.marked, at)
        # Last what a learner who answers, or a ruling, would have to wait for until all is kept.
        others = {each.given.learner for each in worked.changed if _rates_otherwise(each)}
        await self._rerate(unit, regrade, regrade.id, others)
        versions = [each.key.version for each in targets]
        await items.count_anew(unit, versions, regrade.question)

    async def _question(self, unit: Unit, key: Key) -> Question | None:
        """The question of a version under its newest key; None where that cannot be read."""
        try:
            course = await self._library.as_published(unit, key.version)
        except UnsoundCourse:
            return None
        found = [each for each in course if each.id == key.question]
        if not found:
            return None
        return keyed(found[0], key.content) if fits(found[0], key.content) else found[0]

    async def _judged(
        self,
        unit: Unit,
        regrade: Regrade,
        answers: Iterable[Given],
        after: Mapping[CourseVersionId, Question],
        most: int,
    ) -> dict[str, str]:
        """The codes of typed answers under the key that is to hold, by digest."""
        known = await regrading.judged(unit, regrade.id)
        open_ = await asyncio.to_thread(unjudged, answers, after, known)
        found = await self.judge(dict(islice(open_.items(), most)))
        if found:
            await regrading.keep_judged(unit, regrade.id, found)
        return known | found

    async def _as_before(self, unit: Unit, regrade: Regrade) -> dict[CourseVersionId, Question]:
        """The question of each version that a change reached, under the key from before it."""
        old = {each.version: each.content for each in regrade.before}
        found: dict[CourseVersionId, Question] = {}
        for _, key in await courses.keys_of(unit, regrade.course, regrade.question):
            question = await self._question(unit, key) if key.version in old else None
            if question is not None:
                found[key.version] = keyed(question, old[key.version])
        return found

    async def _put_keys_back(
        self, unit: Unit, regrade: Regrade, keys: Sequence[Key], why: str | None, at: datetime
    ) -> set[KeyId]:
        """Let the keys from before hold again; return those that no longer do.

        A version that came since, and took the correction along, gives it back as well.
        """
        gone: set[KeyId] = set()
        old = {each.version: each.content for each in regrade.before}
        mended = [key.content for key in keys if key.version in old]
        for key in keys:
            content = old.get(key.version)
            if content is None and key.corrected and key.content in mended and regrade.before:
                content = regrade.before[0].content
            if content is not None:
                gone.add(key.id)
                await courses.correct(
                    unit, key.version, regrade.question, content=content, reason=why or "", at=at
                )
        return gone

    async def _rerate(
        self, unit: Unit, regrade: Regrade, note: RegradeId, learners: Collection[LearnerId]
    ) -> None:
        """Make the cards of learners anew, as if their answers had counted like this at once."""
        if not learners:
            return
        course, question = regrade.course, regrade.question
        keys = await courses.keys_of(unit, course, question)
        rungs = {
            key.version: len(found.help)
            for _, key in keys
            if (found := await self._question(unit, key)) is not None
        }
        reviews = await rerating.reviews(unit, tuple(rungs), question, learners)
        now = await rerating.cards_of(unit, course, question, learners)

        def made_anew() -> dict[LearnerId, tuple[Remembered | None, Remembered | None]]:
            made: dict[LearnerId, tuple[Remembered | None, Remembered | None]] = {}
            for learner in learners:
                name = owner(learner, course, question)
                after = remembered(reviews.get(learner, ()), rungs, name)
                if after != now.get(learner):
                    made[learner] = (now.get(learner), after)
            return made

        made = await asyncio.to_thread(made_anew)
        await rerating.note_cards(unit, note, made)
        await rerating.put_cards(
            unit, course, question, {learner: after for learner, (_, after) in made.items()}
        )

    async def _cards_back(
        self, unit: Unit, regrade: Regrade, undone: Regrade, since: Collection[LearnerId]
    ) -> None:
        """Put cards back that nothing has rated since; make the others anew."""
        noted = await rerating.noted_cards(unit, regrade.id)
        course, question = regrade.course, regrade.question
        now = await rerating.cards_of(unit, course, question, noted.keys())
        untouched = {
            learner: before
            for learner, (before, after) in noted.items()
            if now.get(learner) == after and learner not in since
        }
        await rerating.put_cards(unit, course, question, untouched)
        await self._rerate(unit, regrade, undone.id, {*noted, *since} - untouched.keys())

    async def _tell(
        self, unit: Unit, regrade: Regrade, marked: Mapping[LearnerId, Marked], at: datetime
    ) -> None:
        """Say to each whose score changed what it was, what it is, and why; once.

        Who may not know yet how a quiz goes hears of the new score with its results.
        """
        sittings = {each.sitting for each in marked.values()}
        untold = await assignments.untold_of(unit, sittings, at)
        marked = {who: each for who, each in marked.items() if each.sitting not in untold}
        if not marked:
            return
        keys = await courses.keys_of(unit, regrade.course, regrade.question)
        course = await self._library.as_published(unit, keys[0][1].version)

        @cache
        def said(language: str, how: Marked) -> object:
            title, paper = titles(course, regrade, language)
            return codec.encode(
                view.score_changed(
                    self._words(language),
                    how,
                    title=title,
                    paper=paper,
                    why=regrade.why or "",
                    kind=regrade.kind,
                )
            )

        readers = await regrading.readers(unit, tuple(marked))
        told = await asyncio.to_thread(
            lambda: [
                (reader, said(reader.language, _alike(marked[reader.learner])))
                for reader in readers
            ]
        )
        await regrading.tell(unit, told, at)


def titles(course: Course, regrade: Regrade, language: str) -> tuple[str, str]:
    """What the question and its paper are called in a language."""
    shown = in_language(course, language)
    return next(each.title for each in shown if each.id == regrade.question), shown.title


async def holding(unit: Unit, regrade: Regrade) -> Regrade | None:
    """The newest change of this question's key that was applied and not taken back."""
    for each in await regrading.of_question(unit, regrade.course, regrade.question):
        if each.kind == "correction" and each.state == "applied":
            return each
    return None


def remembered(
    reviews: Iterable[Review], rungs: Mapping[CourseVersionId, int], name: str
) -> Remembered | None:
    """The card that these answers make, as it would have been made one after the other."""
    card: Remembered | None = None
    for each in reviews:
        if each.code == UNDECIDED:
            continue
        rating = rate(
            right=each.code == RIGHT,
            nearly=each.code == FORM,
            hints=each.hints,
            rungs=rungs.get(each.version, 0),
            unsure=each.guessed,
        )
        before: Memory | None = card.memory if card else None
        after = rated(before, rating, each.day, name)
        if after != before:
            card = Remembered(after, each.variant)
    return card


_ALL = 2**31
_NOBODYS, _NOWHERE = AttemptId(0), SittingId(0)


def _rates_otherwise(changed: Changed) -> bool:
    return changed.new.code != changed.given.now.code


def _waits_since(given: Given, regrade: Regrade) -> bool:
    """Whether an answer was given under the mended key and left undecided."""
    since = regrade.applied_at
    return given.now.points is None and since is not None and given.at > since


def _alike(marked: Marked) -> Marked:
    """The same for all who are told the same."""
    return replace(marked, learner=LearnerId(0), attempt=_NOBODYS, sitting=_NOWHERE)


def _counts(worked: Worked) -> dict[str, int]:
    ways = [each.way for each in worked.marked.values()]
    learners = len({each.learner for each in worked.answers})
    return {
        "answers": len(worked.answers),
        "changed": len(worked.changed),
        "up": sum(way > 0 for way in ways),
        "down": sum(way < 0 for way in ways),
        "unchanged": learners - sum(way != 0 for way in ways),
    }
