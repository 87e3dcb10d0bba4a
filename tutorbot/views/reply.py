"""What the bot says, before anyone knows on which chat program and in which form."""

from dataclasses import dataclass
from datetime import date

from tutorbot.core.actions import Action
from tutorbot.core.ids import AssignmentId
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


@dataclass(frozen=True, kw_only=True)
class ResultBar:
    """One line: a name, a bar from 0 to 100, and what it says."""

    name: str
    percent: int | None  # None: nothing to show
    word: str
    strong: int | None = None  # percent of the better half, as a mark on the bar
    right: bool = False  # what the key says
    alarm: bool = False


@dataclass(frozen=True, kw_only=True)
class ResultsPicture:
    """How many had which mark, where there are marks, and a bar for each question or option."""

    title: str
    subtitle: str
    columns: tuple[tuple[str, int], ...] = ()
    heading: str = ""  # of the bars
    bars: tuple[ResultBar, ...] = ()
    more: str = ""  # how many bars had no room
    strong: str = ""  # for the legend: what the mark on a bar is


Picture = CalendarPicture | ProgressPicture | CertaintyPicture | ResultsPicture


@dataclass(frozen=True, kw_only=True)
class Document:
    """A file about a quiz, made when it is sent, for whoever may see it then."""

    kind: str  # marks, statements
    assignment: AssignmentId


@dataclass(frozen=True, kw_only=True)
class Poll:
    """A quiz of the chat program's own, in which everybody's first answer counts.

    It holds plain words alone, and few of them. What does not fit stands in a message before it,
    and options that do not are letters there and here.
    """

    about: int  # which question of a round it is
    title: str
    question: Prose
    elsewhere: str  # asked in place of the question, where that is in the message before
    options: tuple[Prose, ...]
    right: tuple[int, ...]  # places
    several: bool
    seconds: int  # that it is open


@dataclass(frozen=True, kw_only=True)
class Reply:
    prose: Prose
    keyboard: Keyboard = ()
    picture: Picture | None = None  # the prose says the same in words
    native: bool = False  # sent as a rich message whatever the setting: the probe
    # A file of all that is kept about the reader, made when it is sent; the prose is its caption.
    archive: bool = False
    poll: Poll | None = None  # the prose is left empty; the keyboard is below the poll
    document: Document | None = None  # another file; the prose is its caption


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
    closes: bool = False  # a poll, which takes no more answers from then on


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
