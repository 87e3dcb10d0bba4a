"""Live rounds: what is said about them in groups and alone, and what the time brings."""

from collections.abc import Callable, Sequence
from datetime import datetime
from gettext import NullTranslations
from typing import assert_never

from tutorbot.core.actions import Action
from tutorbot.core.ids import ChatId, RoundId
from tutorbot.core.learner import Learner
from tutorbot.core.rounds import (
    Anonymous,
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
    Places,
    Podium,
    QuestionAsked,
    QuestionOver,
    RoundAction,
    RoundBegun,
    RoundGone,
    RoundStopped,
    RoundUnderWay,
    ShowPlaces,
    Step,
    StopRound,
    Unaskable,
)
from tutorbot.flows.practice import Practice
from tutorbot.flows.rounds import Rounds
from tutorbot.store import rounds
from tutorbot.store.prompts import Prompt
from tutorbot.store.unit import Unit
from tutorbot.telegram.incident import tell
from tutorbot.telegram.read import Command, CommandInGroup, Pressed, PressedInGroup, Voted, Wrote
from tutorbot.views import groups as groups_view, home, practice as practice_view, rounds as view
from tutorbot.views.reply import Change, Say, Utterance

Languages = Callable[[str], NullTranslations]
AboutRounds = CommandInGroup | PressedInGroup | Voted


class RoundTalk:
    """Answers what is said about rounds in groups, and goes on with them."""

    def __init__(self, flows: Rounds, languages: Languages) -> None:
        self._flows = flows
        self._languages = languages

    @staticmethod
    def concerns(said: object) -> bool:
        match said:
            case Voted() | CommandInGroup(name="round"):
                return True
            case PressedInGroup(action=action):
                return isinstance(action, RoundAction)
            case _:
                return False

    async def __call__(
        self, unit: Unit, learner: Learner | None, said: AboutRounds
    ) -> Sequence[Utterance]:
        language = learner.language if learner else said.speaker.language
        match said:
            case Voted(poll=poll, places=places):
                if learner is not None:
                    await self._flows.vote(unit, learner, poll, places, said.at)
                return ()
            case CommandInGroup():
                outcome = await self._flows.ask(
                    unit,
                    said.speaker.chat,
                    learner,
                    said.argument,
                    said.at,
                    language=language,
                    thread=said.speaker.thread,
                    admin=said.admin,
                )
                return self._show(self._languages(language), outcome, pressed=False)
            case PressedInGroup():
                outcome = await self._pressed(unit, learner, said)
                return self._show(self._languages(language), outcome, pressed=True)

    async def look(
        self, unit: Unit, now: datetime
    ) -> Sequence[tuple[ChatId, Sequence[Say | Change]]]:
        """Do what is due in all rounds. One that breaks ends, and holds up no other."""
        said: list[tuple[ChatId, Sequence[Say | Change]]] = []
        for found, behind in await rounds.due(unit, now):
            try:
                async with unit.apart():
                    step = await self._flows.step(unit, found, now, behind=behind)
                    if step is not None:
                        words = self._languages(found.language)
                        said.append((found.chat, _told(words, step)))
            except Exception as error:  # noqa: BLE001 - whatever it was, others go on
                tell("round.broke", error)
                await rounds.end(unit, found.id, now)
        return said

    async def _pressed(self, unit: Unit, learner: Learner | None, said: PressedInGroup) -> Outcome:
        flows, chat, at, admin = self._flows, said.speaker.chat, said.at, said.admin
        person = None if said.speaker.anonymous else learner
        match said.action:
            case JoinRound() as action:
                return await flows.join(unit, chat, person, action, at)
            case BeginRound() as action:
                return await flows.begin(unit, chat, person, action, at, admin=admin)
            case StopRound() as action:
                return await flows.stop(unit, chat, person, action, at, admin=admin)
            case ShowPlaces() as action:
                return await flows.places(unit, chat, person, action)
            case _:
                return RoundGone()

    def _show(
        self, words: NullTranslations, outcome: Outcome, *, pressed: bool
    ) -> Sequence[Utterance]:
        match outcome:
            case LobbyOpened():
                return view.lobby_opened(words, outcome)
            case NotARunner():
                return view.not_a_runner(words, pressed=pressed)
            case RoundUnderWay():
                return view.under_way(words)
            case NothingToAsk():
                return view.nothing_to_ask(words, outcome)
            case RoundGone():
                return view.gone(words)
            case Joined():
                return view.joined(words, outcome)
            case Anonymous():
                return view.anonymous(words)
            case RoundBegun():  # for all, in the language in which it was asked for
                return view.begun(self._languages(outcome.round.language), outcome)
            case RoundStopped():
                return view.stopped(self._languages(outcome.round.language), outcome)
            case Places():
                return view.places(words, outcome)
            case _:
                assert_never(outcome)


class RoundDesk:
    """In the private chat: what somebody missed in a round, once more."""

    name = view.LINK
    actions = frozenset[type[Action]](RoundAction.__args__)
    commands = frozenset({"round"})

    def __init__(self, flows: Rounds, practice: Practice, languages: Languages) -> None:
        self._flows = flows
        self._practice = practice
        self._languages = languages

    async def pressed(
        self, unit: Unit, learner: Learner, said: Pressed, action: Action
    ) -> Sequence[Utterance]:
        """Answer a button of groups that is nowhere here."""
        del unit, said, action
        return home.stale(self._languages(learner.language))

    async def commanded(self, unit: Unit, learner: Learner, said: Command) -> Sequence[Utterance]:
        words = self._languages(learner.language)
        if said.name == "round":
            return groups_view.only_in_groups(words)
        number = said.argument.partition("_")[2]
        if not number.isascii() or not number.isdigit() or len(number) > _MOST_DIGITS:
            return view.not_a_player(words)
        picks = await self._flows.missed(unit, learner, RoundId(int(number)))
        if picks is None:
            return view.not_a_player(words)
        if not picks:
            return view.missed_nothing(words)
        posed = await self._practice.pose_aside(unit, learner, picks, said.at)
        return practice_view.posed_next(words, posed)

    async def wrote(
        self, unit: Unit, learner: Learner, said: Wrote, prompt: Prompt
    ) -> Sequence[Utterance]:
        del unit, learner, said, prompt  # nobody is asked to type anything
        return ()


def _told(words: NullTranslations, step: Step) -> Sequence[Say | Change]:
    match step:
        case LobbyCounted():
            return view.lobby_counted(words, step)
        case LobbyForgotten():
            return view.lobby_forgotten(words, step)
        case QuestionAsked():
            return view.asked(words, step)
        case CountedDown():
            return view.counted_down(words, step)
        case QuestionOver():
            return view.over(words, step)
        case Podium():
            return view.podium(words, step)
        case Unaskable():
            return view.unaskable(words, step)
        case _:
            assert_never(step)


_MOST_DIGITS = 18  # ids are bigints
