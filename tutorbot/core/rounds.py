"""Live rounds in a group: what is asked for, what comes next and when, and who stands where.

Accuracy comes first; the time that answers took only tells apart who is equally right.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from random import Random

from tutorbot.core.course import Choice, Mark, Option, Question
from tutorbot.core.groups import Candidate, shown_name
from tutorbot.core.ids import (
    ChatId,
    CourseId,
    CourseVersionId,
    GroupId,
    LearnerId,
    OptionId,
    QuestionId,
    RoundId,
    RoundQuestionId,
)

USUAL_QUESTIONS, MOST_QUESTIONS = 5, 20
USUAL_SECONDS, LEAST_SECONDS, MOST_SECONDS = 20, 10, 300
LEAST_OPTIONS, MOST_OPTIONS = 2, 12
"""Of a question that is worth a poll, and that a poll of Telegram's can have."""

BETWEEN_EDITS = timedelta(seconds=5)
"""How often the countdown, or the count of who is in, is edited at most. With `BREATH` this keeps a
round within 15 messages a minute whatever its seconds: edits count as messages."""

BREATH = timedelta(seconds=10)
"""Between an answer and the next question."""

TO_THE_FIRST = timedelta(seconds=5)
STRAGGLING = timedelta(seconds=1.5)
"""So long votes may be on their way that Telegram took before it closed the poll; and once more as
long after each that came, for then there are others behind it, but not for ever."""

MOST_STRAGGLING = timedelta(seconds=20)

LOBBY_OPEN = timedelta(hours=1)
ABANDONED = timedelta(hours=1)
"""Who was away for longer than that does not go on with a round: nobody waits for it any more."""

TOP = 3


class Phase(Enum):
    LOBBY = "lobby"  # people join
    WAITING = "waiting"  # for the next question
    ASKING = "asking"  # its poll is on its way to Telegram
    OPEN = "open"
    CLOSING = "closing"  # the time is up, and votes may still be on their way
    TOLD = "told"  # the answer is on its way to Telegram
    OVER = "over"


@dataclass(frozen=True)
class JoinRound:
    round: RoundId


@dataclass(frozen=True)
class BeginRound:
    round: RoundId


@dataclass(frozen=True)
class StopRound:
    round: RoundId


@dataclass(frozen=True)
class ShowPlaces:
    """All places of a round, and the presser's own."""

    round: RoundId


RoundAction = JoinRound | BeginRound | StopRound | ShowPlaces


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody asks for who types ``/round 5 gradients 20s``."""

    questions: int = USUAL_QUESTIONS
    seconds: int = USUAL_SECONDS
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class Round:
    id: RoundId
    group: GroupId
    chat: ChatId
    thread: int | None  # the topic of a forum
    language: str  # of whoever asked for it
    about: str  # the paper, if it is of one
    of: int  # questions
    seconds: int  # for each
    phase: Phase
    place: int  # of the question at hand, from 0; -1 before the first
    opened_at: datetime  # the lobby
    next_at: datetime | None  # when something is to be done

    @property
    def is_last(self) -> bool:
        return self.place + 1 >= self.of


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question of a round; the same options in the same places for everybody."""

    id: RoundQuestionId
    round: RoundId
    place: int
    version: CourseVersionId
    course: CourseId
    question: QuestionId
    variant: int
    shown: tuple[OptionId, ...]
    opened_at: datetime | None = None  # its poll
    closed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class AskedPosed:
    """A question with its values set in, as everybody sees it."""

    asked: Asked
    question: Question
    shown: tuple[Option, ...]

    @property
    def several(self) -> bool:
        return isinstance(self.question.body, Choice) and self.question.body.several

    @property
    def right(self) -> tuple[int, ...]:
        return tuple(place for place, option in enumerate(self.shown) if option.mark is Mark.RIGHT)


@dataclass(frozen=True, kw_only=True)
class Player:
    """What somebody did in the questions of a round that are over."""

    learner: LearnerId
    name: str
    named: bool  # neither out of the table nor out of the group
    right: int
    answered: int
    milliseconds: int  # of all answers together


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Who is equally right and equally quick shares a place."""

    place: int | None  # None: they took part, and had nothing right
    name: str
    right: int
    seconds: float
    learner: LearnerId


# What comes of a request


@dataclass(frozen=True, kw_only=True)
class LobbyOpened:
    round: Round


@dataclass(frozen=True)
class NotARunner:
    """Somebody who neither runs the group nor teaches a class, or who did not begin this round."""


@dataclass(frozen=True)
class RoundUnderWay:
    """One at a time."""


@dataclass(frozen=True, kw_only=True)
class NothingToAsk:
    papers: tuple[str, ...]


@dataclass(frozen=True)
class RoundGone:
    """A button of a round that is over, or of another group."""


@dataclass(frozen=True, kw_only=True)
class Joined:
    before: bool


@dataclass(frozen=True)
class Anonymous:
    """Nobody knows who it is that wants to join."""


@dataclass(frozen=True, kw_only=True)
class RoundBegun:
    round: Round
    joined: int


@dataclass(frozen=True, kw_only=True)
class RoundStopped:
    """By somebody. Where a question is over the podium follows; else it is ``called_off``."""

    round: Round
    poll: bool  # whether one is open, or on its way
    called_off: bool


@dataclass(frozen=True, kw_only=True)
class Places:
    places: tuple[Placed, ...]
    mine: Placed | None  # also of who is not named
    of: int


Outcome = (
    LobbyOpened
    | NotARunner
    | RoundUnderWay
    | NothingToAsk
    | RoundGone
    | Joined
    | Anonymous
    | RoundBegun
    | RoundStopped
    | Places
)

# What comes of the time


@dataclass(frozen=True, kw_only=True)
class LobbyCounted:
    round: Round
    joined: int


@dataclass(frozen=True, kw_only=True)
class LobbyForgotten:
    """Nobody began."""

    round: Round


@dataclass(frozen=True, kw_only=True)
class QuestionAsked:
    round: Round
    posed: AskedPosed


@dataclass(frozen=True, kw_only=True)
class CountedDown:
    round: Round
    left: int  # seconds; 0: the time is up
    answered: int


@dataclass(frozen=True, kw_only=True)
class QuestionOver:
    round: Round
    posed: AskedPosed
    answered: int
    right: int
    top: tuple[Placed, ...]


@dataclass(frozen=True, kw_only=True)
class Podium:
    round: Round
    places: tuple[Placed, ...]
    asked: int


@dataclass(frozen=True, kw_only=True)
class Unaskable:
    """Telegram does not take the poll: most likely, polls are not allowed in the group."""

    round: Round


Step = (
    LobbyCounted | LobbyForgotten | QuestionAsked | CountedDown | QuestionOver | Podium | Unaskable
)


def wish(said: str) -> Wish:
    """Read how many questions, from what, and how many seconds each; whatever is left out is usual.

    >>> wish("5 gradients 30s"), wish("") == Wish()
    (Wish(questions=5, seconds=30, about='gradients'), True)
    >>> wish("paper 2, 1 min")
    Wish(questions=5, seconds=60, about='paper 2')
    """
    left = said.strip()
    seconds, questions = USUAL_SECONDS, USUAL_QUESTIONS
    if found := _SECONDS.search(left):
        seconds = int(found["number"]) * (60 if found["unit"].startswith("m") else 1)
        left = left[: found.start()] + " " + left[found.end() :]
    if found := _QUESTIONS.match(left):
        questions = int(found["number"])
        left = left[found.end() :]
    return Wish(
        questions=min(max(questions, 1), MOST_QUESTIONS),
        seconds=min(max(seconds, LEAST_SECONDS), MOST_SECONDS),
        about=" ".join(left.replace(",", " ").split()),
    )


def fits(candidate: Candidate) -> bool:
    """Whether a question can be a quiz of Telegram's, which knows but right and wrong."""
    body = candidate.question.body
    if not isinstance(body, Choice):
        return False
    marks = [option.mark for option in body.options]
    return (
        LEAST_OPTIONS <= len(marks) <= MOST_OPTIONS
        and Mark.UNSCORED not in marks
        and (marks.count(Mark.RIGHT) >= 1 if body.several else marks.count(Mark.RIGHT) == 1)
    )


def draw(
    those: Iterable[Candidate],
    before: Mapping[tuple[CourseId, QuestionId], int],
    count: int,
    dice: Random,
) -> tuple[Candidate, ...]:
    """Pick questions at random, first of those that rounds of the group had least ``before``."""
    every = [*those]
    dice.shuffle(every)
    every.sort(key=lambda each: before.get(each.key, 0))
    return tuple(every[:count])


def placed(players: Iterable[Player], asked: int, seconds: int) -> tuple[Placed, ...]:
    """Who is right more often stands first; among equals, who took less time.

    A question that somebody left out counts as all of its time, so that nobody gains by it. Who
    had nothing right comes last, by name, and has no place: to be quickly wrong is no merit.
    """

    def took(player: Player) -> int:
        left_out = max(0, asked - player.answered)
        return player.milliseconds + left_out * seconds * 1000

    def merit(player: Player) -> tuple[int, int]:
        return -player.right, took(player) if player.right else 0

    found = sorted(players, key=lambda each: (merit(each), each.name.casefold()))
    places: list[Placed] = []
    for number, each in enumerate(found, 1):
        shared = number > 1 and merit(each) == merit(found[number - 2])
        places.append(
            Placed(
                place=(places[-1].place if shared else number) if each.right else None,
                name=shown_name(each.name),
                right=each.right,
                seconds=took(each) / 1000,
                learner=each.learner,
            )
        )
    return tuple(places)


def named(players: Sequence[Player]) -> tuple[Player, ...]:
    return tuple(each for each in players if each.named)


def closes(round_: Round, asked: Asked) -> datetime:
    """When the poll of a question closes by itself."""
    assert asked.opened_at is not None
    return asked.opened_at + timedelta(seconds=round_.seconds)


def seconds_left(closes_at: datetime, now: datetime) -> int:
    """What the countdown shows, in steps of `BETWEEN_EDITS`; 0 once the time is up."""
    left = (closes_at - now).total_seconds()
    step = BETWEEN_EDITS.total_seconds()
    return max(0, int(round(left / step) * step))


def next_edit(closes_at: datetime, shown: int) -> datetime:
    """When the countdown shows less than it does."""
    return closes_at - max(timedelta(), timedelta(seconds=shown) - BETWEEN_EDITS)


_SECONDS = re.compile(
    r"\b(?P<number>\d{1,4})\s*(?P<unit>s|secs?|seconds?|sek|с|сек|m|mins?|minutes?)\b",  # noqa: RUF001 - Russian seconds
    re.IGNORECASE,
)
_QUESTIONS = re.compile(r"(?P<number>\d{1,3})\b\s*")
