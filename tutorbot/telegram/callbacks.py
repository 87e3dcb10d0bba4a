"""What a button carries: an action in at most 64 bytes, and never whether an answer is right.

The data is ``<version><letter><fields>``, for example ``1c4711.2`` for option 2 of attempt 4711.
An old keyboard stays in the chat for years, so the version changes when a letter changes meaning.
"""

import re
from collections.abc import Callable, Mapping
from enum import Enum

from tutorbot.core.actions import (
    Action,
    AskAnother,
    AskHint,
    AskLesson,
    AskSibling,
    AskStartOver,
    Card,
    Choose,
    ChooseSetting,
    Done,
    DropUpload,
    EndPause,
    Forget,
    FormulaForm,
    KeepAll,
    LeaveSteps,
    ListClocks,
    ListCourses,
    ListRegions,
    ListZones,
    Next,
    OpenCourse,
    OpenSetting,
    PreviewUpload,
    ProbeFormulas,
    PublishUpload,
    ReadAs,
    RemindLater,
    RemindTomorrow,
    Review,
    SetFormulas,
    SetPause,
    SetRest,
    Setting,
    SetZone,
    ShowFreeDays,
    ShowProgress,
    ShowSettings,
    ShowSolution,
    StartOver,
    StopReminders,
    Theme,
    Tick,
    TryAgain,
)
from tutorbot.core.ids import AttemptId, CourseId, UploadId
from tutorbot.core.zones import Region

LONGEST = 64
"""Bytes that Telegram carries for a button."""


class UnfitActionError(ValueError):
    """An action that does not fit a button: a mistake of ours, not of the learner."""


def encode(action: Action) -> str:
    """The data of the button that asks for ``action``.

    Raises:
        UnfitActionError: it would not come back as it is, such as a course id of 70 characters.

    >>> encode(Choose(attempt=AttemptId(4711), shown=2))
    '1c4711.2'
    """
    data = _VERSION + _letter_and_fields(action)
    if len(data) > LONGEST or decode(data) != action:
        raise UnfitActionError(f"no button carries {action!r}")
    return data


def decode(data: str) -> Action | None:
    """The action that a button asks for; None for data that we did not write, or no longer write.

    >>> decode("1c4711.2")
    Choose(attempt=4711, shown=2)
    >>> decode("1c4711.02") is None
    True
    """
    if not data.startswith(_VERSION) or len(data) > LONGEST:
        return None
    reader = _READERS.get(data[1:2])
    if reader is None:
        return None
    pattern, read = reader
    fields = pattern.fullmatch(data, 2)
    if fields is None or int(fields.groupdict().get("id", 0)) > _LARGEST_ID:
        return None
    return read(fields)


def _one_of(names: type[Enum]) -> str:
    return "|".join(name.value for name in names)


_VERSION = "1"

# Numbers are written in one way only, so that equal data means equal actions. An id is a
# bigint; whoever made up a larger one would get an error from the database, and not from us.
_LARGEST_ID = 2**63 - 1
_ATTEMPT = re.compile(r"(?P<id>0|[1-9][0-9]{0,18})")
_PLACE = re.compile(_ATTEMPT.pattern + r"\.(0|[1-9][0-9]{0,2})")
_READING = re.compile(_ATTEMPT.pattern + r"\.(0|[1-9][0-9]{0,8})")
_COURSE = re.compile(r"([!-~]+)")
_NOTHING = re.compile("")
_REVIEW = re.compile("(n?)")
_FREE_DAYS = re.compile("|e|r[01]{7}|p[1-9][0-9]?")
_REGION = re.compile(f"(|{_one_of(Region)})")
_ZONE = re.compile(r"([A-Za-z][A-Za-z0-9_+/-]*)")
_CARD_AND_SETTING = rf"({_one_of(Card)})({_one_of(Setting)})"
_OPEN_SETTING = re.compile(_CARD_AND_SETTING)
_CHOICE = re.compile(_CARD_AND_SETTING + r"([A-Za-z0-9_+/.-]{1,48})")
_CLOCKS = re.compile(rf"({_one_of(Card)})({_one_of(Region)})")
_FORM = re.compile(rf"({_one_of(FormulaForm)})\.({_one_of(Theme)})")


def _letter_and_fields(action: Action) -> str:
    match action:
        case ListCourses():
            return "l"
        case OpenCourse(course):
            return f"o{course}"
        case AskStartOver(course):
            return f"q{course}"
        case StartOver(course):
            return f"r{course}"
        case Choose(attempt, shown):
            return f"c{attempt}.{shown}"
        case Tick(attempt, shown):
            return f"t{attempt}.{shown}"
        case Done(attempt):
            return f"d{attempt}"
        case ReadAs(attempt, reading):
            return f"m{attempt}.{reading}"
        case AskHint(attempt):
            return f"h{attempt}"
        case TryAgain(attempt):
            return f"a{attempt}"
        case ShowSolution(attempt):
            return f"s{attempt}"
        case Next(attempt):
            return f"n{attempt}"
        case ProbeFormulas():
            return "p"
        case PreviewUpload(upload, place):
            return f"u{upload}.{place}"
        case PublishUpload(upload):
            return f"w{upload}"
        case DropUpload(upload):
            return f"x{upload}"
        case Review(new):
            return "vn" if new else "v"
        case AskSibling(attempt):
            return f"i{attempt}"
        case AskAnother(attempt):
            return f"g{attempt}"
        case AskLesson(attempt):
            return f"b{attempt}"
        case ShowProgress():
            return "j"
        case ShowFreeDays():
            return "y"
        case SetRest(weekdays):
            return "yr" + "".join("1" if day in weekdays else "0" for day in range(7))
        case SetPause(days):
            return f"yp{days}"
        case EndPause():
            return "ye"
        case ListRegions():
            return "k"
        case ListZones(region):
            return f"k{region.value}"
        case SetZone(timezone):
            return f"z{timezone}"
        case ShowSettings():
            return "A"
        case OpenSetting(card, setting):
            return f"B{card.value}{setting.value}"
        case ChooseSetting(card, setting, value):
            return f"C{card.value}{setting.value}{value}"
        case ListClocks(card, region):
            return f"D{card.value}{region.value}"
        case LeaveSteps():
            return "E"
        case Forget(asked_at):
            return f"F{asked_at}"
        case KeepAll():
            return "G"
        case RemindLater():
            return "H"
        case RemindTomorrow():
            return "I"
        case StopReminders():
            return "J"
        case SetFormulas(form, theme):
            return f"f{form.value}.{theme.value}"


def _attempt(fields: re.Match[str]) -> AttemptId:
    return AttemptId(int(fields[1]))


def _upload(fields: re.Match[str]) -> UploadId:
    return UploadId(int(fields[1]))


def _course(fields: re.Match[str]) -> CourseId:
    return CourseId(fields[1])


def _free_days(fields: re.Match[str]) -> Action:
    said = fields[0]
    match said[:1]:
        case "r":
            return SetRest(tuple(day for day in range(7) if said[1 + day] == "1"))
        case "p":
            return SetPause(int(said[1:]))
        case "e":
            return EndPause()
        case _:
            return ShowFreeDays()


def _regions(fields: re.Match[str]) -> Action:
    return ListZones(Region(fields[1])) if fields[1] else ListRegions()


_READERS: Mapping[str, tuple[re.Pattern[str], Callable[[re.Match[str]], Action]]] = {
    "l": (_NOTHING, lambda _: ListCourses()),
    "o": (_COURSE, lambda fields: OpenCourse(_course(fields))),
    "q": (_COURSE, lambda fields: AskStartOver(_course(fields))),
    "r": (_COURSE, lambda fields: StartOver(_course(fields))),
    "c": (_PLACE, lambda fields: Choose(_attempt(fields), int(fields[2]))),
    "t": (_PLACE, lambda fields: Tick(_attempt(fields), int(fields[2]))),
    "d": (_ATTEMPT, lambda fields: Done(_attempt(fields))),
    "m": (_READING, lambda fields: ReadAs(_attempt(fields), int(fields[2]))),
    "h": (_ATTEMPT, lambda fields: AskHint(_attempt(fields))),
    "a": (_ATTEMPT, lambda fields: TryAgain(_attempt(fields))),
    "s": (_ATTEMPT, lambda fields: ShowSolution(_attempt(fields))),
    "n": (_ATTEMPT, lambda fields: Next(_attempt(fields))),
    "p": (_NOTHING, lambda _: ProbeFormulas()),
    "u": (_READING, lambda fields: PreviewUpload(_upload(fields), int(fields[2]))),
    "w": (_ATTEMPT, lambda fields: PublishUpload(_upload(fields))),
    "x": (_ATTEMPT, lambda fields: DropUpload(_upload(fields))),
    "v": (_REVIEW, lambda fields: Review(new=bool(fields[1]))),
    "i": (_ATTEMPT, lambda fields: AskSibling(_attempt(fields))),
    "g": (_ATTEMPT, lambda fields: AskAnother(_attempt(fields))),
    "b": (_ATTEMPT, lambda fields: AskLesson(_attempt(fields))),
    "j": (_NOTHING, lambda _: ShowProgress()),
    "y": (_FREE_DAYS, _free_days),
    "k": (_REGION, _regions),
    "z": (_ZONE, lambda fields: SetZone(fields[1])),
    "A": (_NOTHING, lambda _: ShowSettings()),
    "B": (_OPEN_SETTING, lambda fields: OpenSetting(Card(fields[1]), Setting(fields[2]))),
    "C": (
        _CHOICE,
        lambda fields: ChooseSetting(Card(fields[1]), Setting(fields[2]), fields[3]),
    ),
    "D": (_CLOCKS, lambda fields: ListClocks(Card(fields[1]), Region(fields[2]))),
    "E": (_NOTHING, lambda _: LeaveSteps()),
    "F": (_ATTEMPT, lambda fields: Forget(int(fields[1]))),
    "G": (_NOTHING, lambda _: KeepAll()),
    "H": (_NOTHING, lambda _: RemindLater()),
    "I": (_NOTHING, lambda _: RemindTomorrow()),
    "J": (_NOTHING, lambda _: StopReminders()),
    "f": (_FORM, lambda fields: SetFormulas(FormulaForm(fields[1]), Theme(fields[2]))),
}
