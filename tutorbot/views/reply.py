"""What the bot says, before anyone knows on which chat program and in which form."""

from dataclasses import dataclass
from datetime import date

from tutorbot.core.actions import Action
from tutorbot.core.prose import Prose


@dataclass(frozen=True, kw_only=True)
class Button:
    label: str
    action: Action
    enabled: bool = True  # a disabled button shows what was chosen and does nothing


@dataclass(frozen=True, kw_only=True)
class Link:
    """A button that opens the private chat with the bot, as a ``/start`` with a word behind it."""

    label: str
    start: str


Keyboard = tuple[tuple[Button | Link, ...], ...]


@dataclass(frozen=True, kw_only=True)
class CalendarPicture:
    """The year that ends on ``today``: the study days in it, and how many answers each had."""

    today: date
    days: tuple[tuple[date, int], ...]
    title: str
    subtitle: str
    weekdays: tuple[str, str, str, str, str, str, str]  # Monday first, short
    months: tuple[str, ...]  # January first, short
    less: str
    more: str
    frozen: tuple[date, ...] = ()
    free: tuple[date, ...] = ()
    frozen_word: str = ""  # for the legend, where there is such a day
    free_word: str = ""


@dataclass(frozen=True, kw_only=True)
class SkillBar:
    name: str
    right: int  # of the last four answers
    level: int  # 0: stuck, 1: weak, 2: coming along, 3: mastered
    word: str  # the same
    recent: int = 4  # answers that there are, four at most


@dataclass(frozen=True, kw_only=True)
class ProgressPicture:
    """Skills with how they stand, and what is due on the days ahead, today first."""

    title: str
    subtitle: str
    skills: tuple[SkillBar, ...]
    ahead: str  # the heading of the days
    days: tuple[tuple[str, int], ...]
    more: str = ""  # how many skills had no room


@dataclass(frozen=True, kw_only=True)
class LevelBar:
    """How often answers of one certainty were right; shares in percent."""

    name: str
    means: tuple[int, int]  # from and to, which the level promises
    word: str  # what came of it
    share: int | None = None  # None: too few answers to say
    between: tuple[int, int] = (0, 100)  # where the share would come to lie with many answers


@dataclass(frozen=True, kw_only=True)
class CertaintyPicture:
    """How sure one was, beside how often one was right."""

    title: str
    subtitle: str
    levels: tuple[LevelBar, ...]
    scale: tuple[tuple[int, str], ...]  # percent, as the language writes them
    means: str  # for the legend: what a level promises
    share: str
    between: str


Picture = CalendarPicture | ProgressPicture | CertaintyPicture


@dataclass(frozen=True, kw_only=True)
class Reply:
    prose: Prose
    keyboard: Keyboard = ()
    picture: Picture | None = None  # the prose says the same in words
    native: bool = False  # sent as a rich message whatever the setting: the probe
    # A file of all that is kept about the reader, made when it is sent; the prose is its caption.
    archive: bool = False


@dataclass(frozen=True, kw_only=True)
class Say:
    """A new message. ``slot`` names it, so that a later `Change` can find it again."""

    reply: Reply
    slot: str | None = None
    traceless: bool = False  # forgotten once it is sent: what is said to somebody who is forgotten
    thread: int | None = None  # the topic of a forum
    silent: bool = False  # arrives without a sound


@dataclass(frozen=True, kw_only=True)
class Change:
    """The message of ``slot``, edited in place: all of it, or (``prose`` empty) its keyboard."""

    slot: str
    reply: Reply
    thread: int | None = None  # where to say it anew, if the message is gone


@dataclass(frozen=True, kw_only=True)
class Toast:
    """A passing word on the button that was pressed; at most 200 characters."""

    text: str
    alert: bool = False  # to be read and closed


@dataclass(frozen=True, kw_only=True)
class Whisper:
    """What only the presser of the button is to see, though others read along.

    Kept nowhere: it is a message that only they see, or else an alert with as much of it as fits.
    """

    reply: Reply


Utterance = Say | Change | Toast | Whisper
