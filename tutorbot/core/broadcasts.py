"""Messages to many: who is still to get one, when it is night with them, and how it goes."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from tutorbot.core.ids import AssignmentId, BroadcastId, ChatId, ClassId

JOB = "broadcasts.send"
"""What the queue calls the work on all of them."""

TOLD_EVERY = timedelta(seconds=5)
"""How often its progress is shown at most; each time counts as a message."""

REMINDERS_APART = timedelta(hours=12)

TAPS_APART = timedelta(minutes=1)
"""So long the word of more time waits for another tap, which gives more."""

NIGHT_BEGINS, MORNING = time(22), time(8)


class Kind(Enum):
    ANNOUNCEMENT = "announcement"
    REMINDER = "reminder"  # to whoever has not started
    EXTENSION = "extension"  # that it is due later, to whoever has not finished


class State(Enum):
    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"

    @property
    def over(self) -> bool:
        return self in {State.CANCELLED, State.DONE}


class Fate(Enum):
    """What became of it for one of those to whom it goes."""

    SENT = "sent"
    BLOCKED = "blocked"  # they do not want to hear from us, or are no more
    REFUSED = "refused"
    UNKNOWN = "unknown"  # it may have arrived or not, and is not sent again
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class Broadcast:
    """With what it is about."""

    id: BroadcastId
    kind: Kind
    state: State
    silent: bool
    at_night: bool
    report: ChatId | None  # where its progress is shown
    not_before: datetime
    begun_at: datetime | None
    told_at: datetime | None
    assignment: AssignmentId
    title: str  # of the quiz
    questions: int  # that each learner gets
    due_at: datetime | None
    class_id: ClassId
    class_title: str
    timezone: str  # of the class


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a broadcast is: to how many it goes, and what became of it for how many."""

    broadcast: BroadcastId
    assignment: AssignmentId
    class_id: ClassId
    title: str
    kind: Kind
    state: State
    not_before: datetime
    timezone: str  # of the class
    people: int
    sent: int
    blocked: int
    refused: int
    unknown: int
    cancelled: int
    asleep: int  # who get it in the morning
    per_second: float  # that may be sent

    @property
    def fated(self) -> int:
        return self.sent + self.blocked + self.refused + self.unknown + self.cancelled

    @property
    def left(self) -> int:
        return self.people - self.fated

    @property
    def seconds_left(self) -> float:
        """Until all have it but those who are asleep."""
        return duration(self.left - self.asleep, self.per_second)


def duration(messages: int, per_second: float) -> float:
    """How many seconds so many messages take at the pace that is allowed."""
    return max(0, messages) / per_second


def morning(at: datetime, timezone: str) -> datetime | None:
    """When the night is over in which somebody is; None by day.

    >>> from datetime import UTC
    >>> morning(datetime(2026, 11, 22, 23, tzinfo=UTC), "Europe/Rome")
    datetime.datetime(2026, 11, 23, 7, 0, tzinfo=datetime.timezone.utc)
    """
    zone = ZoneInfo(timezone)
    local = at.astimezone(zone)
    if MORNING <= local.time() < NIGHT_BEGINS:
        return None
    day = local.date() + timedelta(days=local.time() >= NIGHT_BEGINS)
    return datetime.combine(day, MORNING, zone).astimezone(at.tzinfo)


@dataclass(frozen=True, kw_only=True)
class QuizLine:
    """A quiz as it stands in the list of those of its class."""

    assignment: AssignmentId
    title: str
    due_at: datetime | None
    cancelled: bool
    people: int
    finished: int


@dataclass(frozen=True, kw_only=True)
class Quizzes:
    """What was set to a class, the newest first."""

    class_id: ClassId
    class_title: str
    timezone: str
    may_set: bool
    lines: tuple[QuizLine, ...]


@dataclass(frozen=True, kw_only=True)
class QuizPage:
    """How far those are to whom a quiz was set."""

    assignment: AssignmentId
    class_id: ClassId
    title: str
    timezone: str
    opens_at: datetime
    due_at: datetime | None
    late_until: datetime | None
    cancelled: bool
    announcement: Progress | None
    reminded_at: datetime | None
    people: int
    delivered: int
    opened: int
    started: int
    finished: int
    may_set: bool
    now: datetime
    kept_until: datetime | None = None  # until then it is told to nobody what is right
    told: int | None = None  # how many hear that it was put off just now

    @property
    def closed(self) -> bool:
        last = self.late_until or self.due_at
        return self.cancelled or (last is not None and last <= self.now)

    @property
    def may_remind(self) -> bool:
        recent = self.reminded_at is not None and self.now - self.reminded_at < REMINDERS_APART
        open_ = self.opens_at <= self.now and not self.closed
        return self.may_set and open_ and not recent and self.started < self.people


@dataclass(frozen=True, kw_only=True)
class NotStarted:
    """Names, or codes for whoever may see none; with whether it is known that they got it."""

    assignment: AssignmentId
    title: str
    people: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class TooSoon:
    """The last reminder was a short while ago."""


@dataclass(frozen=True)
class NothingToRemind:
    """All have started, or it is over."""


@dataclass(frozen=True)
class Pause:
    """Let nothing more of it go out for now."""

    broadcast: BroadcastId


@dataclass(frozen=True)
class Resume:
    broadcast: BroadcastId


@dataclass(frozen=True)
class Cancel:
    """Take back what has not gone out, and with an announcement the quiz itself; ask first."""

    broadcast: BroadcastId
    sure: bool = False


@dataclass(frozen=True)
class ShowProgressOf:
    """Show how far it is."""

    broadcast: BroadcastId


@dataclass(frozen=True)
class ListQuizzes:
    """What was set to a class."""

    class_id: ClassId


@dataclass(frozen=True)
class ShowQuiz:
    """Show what came of a quiz that was set: whom it reached, and how far they are."""

    assignment: AssignmentId
    anew: bool = False  # below what was said last


@dataclass(frozen=True)
class ListWaiting:
    """Name those who have not started."""

    assignment: AssignmentId


@dataclass(frozen=True)
class Remind:
    """Write to those who have not started."""

    assignment: AssignmentId


@dataclass(frozen=True)
class Extend:
    """Let it be due so many hours later."""

    assignment: AssignmentId
    hours: int


BroadcastAction = (
    Pause
    | Resume
    | Cancel
    | ShowProgressOf
    | ListQuizzes
    | ShowQuiz
    | ListWaiting
    | Remind
    | Extend
)
