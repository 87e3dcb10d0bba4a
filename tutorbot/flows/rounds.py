"""Live rounds in groups: what people ask for, what they answer, and what the time brings.

A round is a row with the time at which something is next to be done in it; whoever looks then does
it. Nothing of it is in the memory of a process, so that it goes on after any stop.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from tutorbot.core.course import Choice, Course
from tutorbot.core.groups import IN_GROUP, Candidate, candidates, meant
from tutorbot.core.ids import ChatId, RoundId
from tutorbot.core.learner import Learner
from tutorbot.core.practice import in_language, order_shown, with_values
from tutorbot.core.review import Pick
from tutorbot.core.rounds import (
    ABANDONED,
    BREATH,
    LOBBY_OPEN,
    MOST_STRAGGLING,
    STRAGGLING,
    TO_THE_FIRST,
    TOP,
    Anonymous,
    Asked,
    AskedPosed,
    BeginRound,
    CountedDown,
    Joined,
    JoinRound,
    LobbyCounted,
    LobbyForgotten,
    LobbyOpened,
    NotARunner,
    NothingToAsk,
    Outcome,
    Phase,
    Placed,
    Places,
    Podium,
    QuestionAsked,
    QuestionOver,
    Round,
    RoundBegun,
    RoundGone,
    RoundStopped,
    RoundUnderWay,
    ShowPlaces,
    Step,
    StopRound,
    Unaskable,
    closes,
    draw,
    fits,
    named,
    next_edit,
    placed,
    seconds_left,
    wish,
)
from tutorbot.flows import review
from tutorbot.flows.keeping import keep_choice
from tutorbot.flows.published import Library
from tutorbot.flows.sittings import pose
from tutorbot.store import assignments, classes, courses, groups, practice, rounds
from tutorbot.store.unit import Unit


class Rounds:
    """The flows of live rounds, given what they need from outside."""

    def __init__(self, library: Library, dice: Random) -> None:
        self._library = library
        self._dice = dice

    async def ask(
        self,
        unit: Unit,
        chat: ChatId,
        learner: Learner | None,
        said: str,
        at: datetime,
        *,
        language: str,
        thread: int | None,
        admin: bool,
    ) -> Outcome:
        """Open the lobby of a round, as the words ``said`` have it."""
        if not admin and not (learner and await _teaches(unit, learner)):
            return NotARunner()
        group = await groups.meet(unit, chat, at)
        if await rounds.under_way(unit, group.id):
            return RoundUnderWay()
        sealed = await assignments.sealed_in(unit, group.id, at)
        wanted = wish(said)
        every = [each for each in await self._candidates(unit) if each.key not in sealed]
        those = meant(every, wanted.about) if wanted.about else tuple(every)
        if not those:
            titles = [in_language(each, language).title for each in await self._papers(unit)]
            return NothingToAsk(papers=tuple(titles))
        before = await rounds.asked_before(unit, group.id)
        drawn = draw(those, before, wanted.questions, self._dice)
        papers = {each.course for each in drawn}
        about = ""
        if len(papers) == 1:
            paper = await self._library.course(unit, drawn[0].version)
            about = in_language(paper, language).title
        made = await rounds.add(
            unit,
            group.id,
            [self._new(each) for each in drawn],
            thread=thread,
            language=language,
            about=about,
            seconds=wanted.seconds,
            asker=learner.id if learner else None,
            at=at,
            until=at + LOBBY_OPEN,
        )
        opened = await rounds.look(unit, made)
        assert opened is not None
        return LobbyOpened(round=opened)

    async def join(
        self, unit: Unit, chat: ChatId, learner: Learner | None, action: JoinRound, at: datetime
    ) -> Outcome:
        if learner is None:
            return Anonymous()
        found = await rounds.look(unit, action.round, chat)
        if found is None or found.phase is Phase.OVER:
            return RoundGone()
        return Joined(before=not await rounds.join(unit, found.id, learner.id, at))

    async def begin(
        self,
        unit: Unit,
        chat: ChatId,
        learner: Learner | None,
        action: BeginRound,
        at: datetime,
        *,
        admin: bool,
    ) -> Outcome:
        found = await rounds.hold(unit, action.round, chat)
        if found is None or found.phase is not Phase.LOBBY:
            return RoundGone()
        if not admin and not await _asked_for(unit, found, learner):
            return NotARunner()
        await rounds.go_on(unit, found.id, Phase.WAITING, -1, at + TO_THE_FIRST)
        return RoundBegun(round=found, joined=await rounds.joined(unit, found.id))

    async def stop(
        self,
        unit: Unit,
        chat: ChatId,
        learner: Learner | None,
        action: StopRound,
        at: datetime,
        *,
        admin: bool,
    ) -> Outcome:
        """End a round. What was asked before counts; not so what some had no time to answer."""
        found = await rounds.hold(unit, action.round, chat)
        if found is None or found.phase is Phase.OVER:
            return RoundGone()
        if not admin and not await _asked_for(unit, found, learner):
            return NotARunner()
        nothing = not await rounds.over(unit, found.id)
        if nothing:
            await rounds.end(unit, found.id, at)
        else:  # the podium has names in it, and is said as all else that the time brings
            await rounds.go_on(unit, found.id, Phase.TOLD, found.of - 1, at)
        polls = {Phase.ASKING, Phase.OPEN, Phase.CLOSING}
        return RoundStopped(round=found, poll=found.phase in polls, called_off=nothing)

    async def places(
        self, unit: Unit, chat: ChatId, learner: Learner | None, action: ShowPlaces
    ) -> Outcome:
        found = await rounds.look(unit, action.round, chat)
        if found is None:
            return RoundGone()
        asked = await rounds.over(unit, found.id)
        every = await rounds.players(unit, found.id)
        # Who is not named in the table sees their own line all the same.
        seen = [each for each in every if each.named or (learner and each.learner == learner.id)]
        own = placed(seen, asked, found.seconds)
        mine = next((each for each in own if learner and each.learner == learner.id), None)
        return Places(places=placed(named(every), asked, found.seconds), mine=mine, of=asked)

    async def vote(
        self, unit: Unit, learner: Learner, poll: str, places: Sequence[int], at: datetime
    ) -> None:
        """Keep an answer as the fact that it is. The first counts, and only while it is open."""
        asked = await rounds.take(unit, poll)
        if asked is None or asked.opened_at is None:
            return
        if await rounds.has_answered(unit, asked.id, learner.id):
            return
        if any(place >= len(asked.shown) for place in places):
            return
        # A sitting of this one question. It ends at once, so that no paper is under way by it.
        sitting = await practice.begin(
            unit, learner.id, asked.version, IN_GROUP, asked.id, asked.opened_at, (_pick(asked),)
        )
        await practice.finish(unit, sitting.id, asked.opened_at)
        opened = await practice.open_attempt(
            unit,
            sitting,
            question=asked.question,
            place=0,
            variant=asked.variant,
            shown=asked.shown,
            at=asked.opened_at,
            aside=True,
        )
        found = await practice.attempt(unit, opened.id, learner.id)
        assert found is not None
        attempt, sitting = found
        course = await review.picked(unit, self._library, sitting, learner.language)
        posed = pose(course, attempt)
        await keep_choice(unit, learner, attempt, sitting, posed, frozenset(places), at=at)
        await practice.close(unit, attempt.id, settled_at=at)
        took = max(timedelta(), at - asked.opened_at)
        milliseconds = min(took // timedelta(milliseconds=1), _LONGEST)
        await rounds.answered(unit, asked.id, learner.id, attempt.id, milliseconds, at)
        await rounds.join(unit, asked.round, learner.id, at)

    async def missed(
        self, unit: Unit, learner: Learner, round_id: RoundId
    ) -> tuple[Pick, ...] | None:
        """List what somebody did not get right in a round; None if they had no part in it."""
        found = await rounds.missed(unit, round_id, learner.id)
        return None if found is None else tuple(_pick(each) for each in found)

    async def step(self, unit: Unit, found: Round, now: datetime, *, behind: bool) -> Step | None:
        """Do what is due in a round; None if there is nothing to say.

        Args:
            unit: in which what comes of it is put into the outbox
            found: held by the unit; nothing waits to be sent to its group
            now: not before its time
            behind: whether its lobby does not show everybody yet
        """
        assert found.next_at is not None
        if found.phase is not Phase.LOBBY and now - found.next_at > ABANDONED:
            return await self._finish(unit, found, now)
        match found.phase:
            case Phase.LOBBY:
                return await self._keep_lobby(unit, found, now, behind=behind)
            case Phase.WAITING:
                place = found.place + 1
                await rounds.go_on(unit, found.id, Phase.ASKING, place, now)
                posed = await self._posed(unit, found, place)
                return QuestionAsked(round=replace(found, place=place), posed=posed)
            case Phase.ASKING:  # it was sent, or so we thought
                await rounds.end(unit, found.id, now)
                return Unaskable(round=found)
            case Phase.OPEN:
                return await self._count_down(unit, found, now)
            case Phase.CLOSING:
                return await self._tell(unit, found, now)
            case Phase.TOLD if found.is_last:
                return await self._finish(unit, found, now)
            case Phase.TOLD:
                await rounds.go_on(unit, found.id, Phase.WAITING, found.place, now + BREATH)
                return None
            case Phase.OVER:
                return None

    async def _keep_lobby(
        self, unit: Unit, found: Round, now: datetime, *, behind: bool
    ) -> Step | None:
        until = found.opened_at + LOBBY_OPEN
        if now >= until:
            await rounds.end(unit, found.id, now)
            return LobbyForgotten(round=found)
        await rounds.counted(unit, found.id, now, until)
        return (
            LobbyCounted(round=found, joined=await rounds.joined(unit, found.id))
            if behind
            else None
        )

    async def _count_down(self, unit: Unit, found: Round, now: datetime) -> Step:
        asked = await rounds.question(unit, found.id, found.place)
        closes_at = closes(found, asked)
        left = seconds_left(closes_at, now)
        if left:
            phase, next_at = Phase.OPEN, next_edit(closes_at, left)
        else:
            phase, next_at = Phase.CLOSING, max(now, closes_at) + STRAGGLING
        await rounds.go_on(unit, found.id, phase, found.place, next_at)
        answered, _ = await rounds.count(unit, asked.id)
        return CountedDown(round=found, left=left, answered=answered)

    async def _tell(self, unit: Unit, found: Round, now: datetime) -> Step | None:
        posed = await self._posed(unit, found, found.place)
        in_time = now < closes(found, posed.asked) + MOST_STRAGGLING
        if in_time and await rounds.voted_since(unit, posed.asked.id, now - STRAGGLING):
            await rounds.go_on(unit, found.id, Phase.CLOSING, found.place, now + STRAGGLING)
            return None
        await rounds.close(unit, posed.asked.id, now)
        await rounds.go_on(unit, found.id, Phase.TOLD, found.place, now)
        answered, right = await rounds.count(unit, posed.asked.id)
        top = () if found.is_last else (await _places(unit, found))
        return QuestionOver(
            round=found,
            posed=posed,
            answered=answered,
            right=right,
            top=tuple(each for each in top if each.right)[:TOP],
        )

    async def _finish(self, unit: Unit, found: Round, now: datetime) -> Podium:
        await rounds.end(unit, found.id, now)
        return Podium(
            round=found,
            places=await _places(unit, found),
            asked=await rounds.over(unit, found.id),
        )

    async def _posed(self, unit: Unit, found: Round, place: int) -> AskedPosed:
        """The question as all see it, in the language of whoever asked for the round."""
        asked = await rounds.question(unit, found.id, place)
        course = in_language(await self._library.course(unit, asked.version), found.language)
        question = course.question(asked.question)
        question = with_values(question, question.variants[asked.variant])
        assert isinstance(question.body, Choice)
        shown = tuple(question.body.option(option) for option in asked.shown)
        return AskedPosed(asked=asked, question=question, shown=shown)

    def _new(self, candidate: Candidate) -> rounds.New:
        question = candidate.question
        pick = Pick(
            version=candidate.version,
            course=candidate.course,
            question=question.id,
            variant=self._dice.randrange(len(question.variants)),
        )
        return rounds.New(pick=pick, shown=order_shown(question, self._dice))

    async def _candidates(self, unit: Unit) -> list[Candidate]:
        found: list[Candidate] = []
        for published in await courses.newest(unit):
            course = await self._library.course(unit, published.version)
            found += filter(fits, candidates(published.version, course))
        return found

    async def _papers(self, unit: Unit) -> list[Course]:
        return [
            await self._library.course(unit, each.version) for each in await courses.newest(unit)
        ]


async def _teaches(unit: Unit, learner: Learner) -> bool:
    """Tell whether somebody may set something to a class of theirs."""
    taught = await classes.taught_by(unit, learner.id)
    return any(each.teaches for each in taught)


async def _asked_for(unit: Unit, found: Round, learner: Learner | None) -> bool:
    return learner is not None and await rounds.asked_for(unit, found.id, learner.id)


async def _places(unit: Unit, found: Round) -> tuple[Placed, ...]:
    asked = await rounds.over(unit, found.id)
    return placed(named(await rounds.players(unit, found.id)), asked, found.seconds)


def _pick(asked: Asked) -> Pick:
    return Pick(
        version=asked.version,
        course=asked.course,
        question=asked.question,
        variant=asked.variant,
    )


_LONGEST = 24 * 3600 * 1000  # milliseconds
