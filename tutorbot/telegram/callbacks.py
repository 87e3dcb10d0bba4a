"""What a button carries: an action in at most 64 bytes, and never whether an answer is right.

The data is ``<version><letter><fields>``, for example ``1c4711.2`` for option 2 of attempt 4711.
An old keyboard stays in the chat for years, so the version changes when a letter changes meaning.
One table at the end says what each letter means, for writing and for reading.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from enum import Enum
from typing import Any

from tutorbot.core.actions import (
    Action,
    AnswerQuiz,
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
    EndQuiz,
    Forget,
    FormulaForm,
    KeepAll,
    LeaveSteps,
    LeaveTable,
    ListClocks,
    ListCourses,
    MendMistakes,
    Next,
    OpenCourse,
    OpenSetting,
    PostQuiz,
    PreviewUpload,
    ProbeFormulas,
    PublishUpload,
    QuizDone,
    ReadAs,
    RemindLater,
    RemindTomorrow,
    Review,
    SayCertainty,
    SetFormulas,
    SetPause,
    SetRest,
    Setting,
    ShowCertainty,
    ShowFreeDays,
    ShowProgress,
    ShowSettings,
    ShowSolution,
    ShowTable,
    StartOver,
    StopReminders,
    Theme,
    Tick,
    TryAgain,
)
from tutorbot.core.assignments import (
    BeginQuiz,
    HandIn,
    ListQuizzesSet,
    LookBack,
    OpenQuiz,
    PractiseQuiz,
)
from tutorbot.core.broadcasts import (
    Cancel,
    Extend,
    ListQuizzes,
    ListWaiting,
    Pause,
    Remind,
    Resume,
    ShowProgressOf,
    ShowQuiz,
)
from tutorbot.core.certainty import Level
from tutorbot.core.classes import (
    AddHoliday,
    AskEndClass,
    AskHandOver,
    AskLeaveClass,
    AskRemove,
    ChangeCohort,
    ChangeZone,
    ChooseCourse,
    ChooseOwner,
    ChooseStaff,
    DropHoliday,
    EndClass,
    EndLink,
    ExtendTime,
    HandOver,
    InviteBack,
    InviteCohort,
    InviteLearners,
    InviteStaff,
    LeaveClass,
    LetLinkLast,
    LimitLink,
    ListClasses,
    ListMyClasses,
    ManageClass,
    NameAfterCourse,
    OpenClass,
    RemoveMember,
    RenameClass,
    RenewLink,
    Role,
    SetRole,
    SetTime,
    ShowHolidays,
    ShowMember,
    ShowRoster,
    StartClass,
    UseMyZone,
)
from tutorbot.core.drafts import (
    Aspect,
    ChooseAspect,
    ConfirmQuiz,
    DropDraft,
    NewQuiz,
    OpenAspect,
    PreviewQuiz,
    SendQuiz,
    ShowDraft,
)
from tutorbot.core.ids import CourseId
from tutorbot.core.keys import (
    AddAnswer,
    ApplyRegrade,
    AskDoubt,
    ChoosePolicy,
    Doubt,
    DropAnswer,
    DropRegrade,
    EditKey,
    GiveReason,
    KeepKey,
    ListDoubts,
    ListUndecided,
    OpenDoubt,
    RefuseRegrade,
    Rule,
    Ruling,
    SayDoubt,
    ShowRegrade,
    TakeDoubtBack,
    TryRegrade,
    TurnOption,
    UndoRegrade,
    Why,
)
from tutorbot.core.regrading import Policy
from tutorbot.core.results import (
    ListLearnerResults,
    SendMarks,
    SendStatements,
    SetDigest,
    ShowLearnerResults,
    ShowQuestionResults,
    ShowQuizResults,
    ShowResults,
)
from tutorbot.core.rounds import BeginRound, JoinRound, ShowPlaces, StopRound
from tutorbot.core.zones import Region

LONGEST = 64
"""Bytes that Telegram carries for a button."""


class UnfitActionError(ValueError):
    """An action that does not fit a button: a mistake of ours, not of the learner."""


def encode(action: Action) -> str:
    """The data of the button that asks for ``action``.

    Raises:
        UnfitActionError: it would not come back as it is, such as a course id of 70 characters.

    >>> encode(Choose(attempt=4711, shown=2))
    '1c4711.2'
    """
    letter, button = _BY_ACTION[type(action)]
    data = _VERSION + letter + button.write(action)
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
    for letters in (data[1:3], data[1:2]):
        if button := _BUTTONS.get(letters):
            return button.read(data[1 + len(letters) :])
    return None


_VERSION = "1"


@dataclass(frozen=True, kw_only=True)
class _Field:
    """One value, in one way only, so that equal data means equal actions."""

    pattern: str
    read: Callable[[str], object]
    write: Callable[[Any], str] = str


class _Button:
    """An action and what it takes: its fields, in order, with ``between`` between them."""

    def __init__(self, action: Callable[..., Action], *taken: _Field, between: str = ".") -> None:
        self.action = action
        self._taken = taken
        self._between = between
        self._pattern = re.compile(re.escape(between).join(f"({each.pattern})" for each in taken))

    def write(self, action: Action) -> str:
        values = (getattr(action, each.name) for each in fields(action))
        said = (taken.write(value) for taken, value in zip(self._taken, values, strict=True))
        return self._between.join(said)

    def read(self, data: str) -> Action | None:
        found = self._pattern.fullmatch(data)
        if found is None:
            return None
        try:
            said = zip(self._taken, found.groups(), strict=True)
            return self.action(*(taken.read(each) for taken, each in said))
        except _TooLargeError:
            return None


class _TooLargeError(ValueError):
    """Whoever made up such an id would get an error from the database, and not from us."""


def _id(digits: str) -> int:
    number = int(digits)
    if number >= 2**63:  # ids are bigints
        raise _TooLargeError
    return number


def _date(digits: str) -> date:
    if int(digits) > date.max.toordinal():
        raise _TooLargeError
    return date.fromordinal(int(digits))


def _number(digits: int) -> _Field:
    return _Field(pattern=rf"0|[1-9][0-9]{{0,{digits - 1}}}", read=int)


def _one_of(names: type[Enum]) -> _Field:
    return _Field(
        pattern="|".join(re.escape(name.value) for name in names),
        read=names,
        write=lambda name: name.value,
    )


def _flag(letter: str) -> _Field:
    return _Field(pattern=f"{letter}?", read=bool, write=lambda raised: letter if raised else "")


_ID = _Field(pattern="0|[1-9][0-9]{0,18}", read=_id)
_PLACE = _number(3)
_COURSE = _Field(pattern="[!-~]+", read=CourseId)
_ANY_COURSE = _Field(
    pattern="[!-~]*", read=lambda said: CourseId(said) if said else None, write=lambda it: it or ""
)
_WEEKDAYS = _Field(
    pattern="[01]{7}",
    read=lambda said: tuple(day for day in range(7) if said[day] == "1"),
    write=lambda days: "".join("1" if day in days else "0" for day in range(7)),
)
_DAYS = _Field(pattern="[1-9][0-9]?", read=int)
_CHOICE = _Field(pattern="[A-Za-z0-9_+/.-]{1,48}", read=str)
_MEMBER = _Field(pattern="[A-Z0-9]{1,8}", read=str)
_DATE = _Field(pattern="[1-9][0-9]{0,6}", read=_date, write=lambda day: str(day.toordinal()))
_CHOSEN = _Field(pattern="[A-Za-z0-9*.-]{1,40}", read=str)
_CARD = _one_of(Card)
_SETTING = _one_of(Setting)

_BUTTONS = {
    "l": _Button(ListCourses),
    "o": _Button(OpenCourse, _COURSE),
    "q": _Button(AskStartOver, _COURSE),
    "r": _Button(StartOver, _COURSE),
    "c": _Button(Choose, _ID, _PLACE),
    "t": _Button(Tick, _ID, _PLACE),
    "d": _Button(Done, _ID),
    "m": _Button(ReadAs, _ID, _number(9)),
    "h": _Button(AskHint, _ID),
    "a": _Button(TryAgain, _ID),
    "s": _Button(ShowSolution, _ID),
    "n": _Button(Next, _ID),
    "p": _Button(ProbeFormulas),
    "f": _Button(SetFormulas, _one_of(FormulaForm), _one_of(Theme)),
    "u": _Button(PreviewUpload, _ID, _number(9)),
    "w": _Button(PublishUpload, _ID),
    "x": _Button(DropUpload, _ID),
    "v": _Button(Review, _flag("n")),
    "i": _Button(AskSibling, _ID),
    "g": _Button(AskAnother, _ID),
    "b": _Button(AskLesson, _ID),
    "j": _Button(ShowProgress),
    "y": _Button(ShowFreeDays),
    "yr": _Button(SetRest, _WEEKDAYS),
    "yp": _Button(SetPause, _DAYS),
    "ye": _Button(EndPause),
    "A": _Button(ShowSettings),
    "B": _Button(OpenSetting, _CARD, _SETTING, between=""),
    "C": _Button(ChooseSetting, _CARD, _SETTING, _CHOICE, between=""),
    "D": _Button(ListClocks, _CARD, _one_of(Region), between=""),
    "E": _Button(LeaveSteps),
    "F": _Button(Forget, _ID),
    "G": _Button(KeepAll),
    "H": _Button(RemindLater),
    "I": _Button(RemindTomorrow),
    "J": _Button(StopReminders),
    "K": _Button(SayCertainty, _ID, _one_of(Level)),
    "L": _Button(ShowCertainty),
    "Lm": _Button(MendMistakes),
    "Mq": _Button(PostQuiz, _ANY_COURSE),
    "Mt": _Button(ShowTable),
    "Ml": _Button(LeaveTable),
    "N": _Button(EndQuiz, _ID),
    "O": _Button(QuizDone, _ID),
    "P": _Button(AnswerQuiz, _ID, _PLACE),
    "Ql": _Button(ListClasses),
    "Qo": _Button(OpenClass, _ID),
    "So": _Button(OpenQuiz, _ID),
    "Sb": _Button(BeginQuiz, _ID),
    "Sl": _Button(ListQuizzesSet),
    "Sp": _Button(PractiseQuiz, _ID),
    "Sr": _Button(LookBack, _ID, _PLACE),
    "Sh": _Button(HandIn, _ID, _flag("y"), between=""),
    "Tr": _Button(ShowResults, _ID),
    "Tq": _Button(ShowQuizResults, _ID),
    "Tp": _Button(ShowQuestionResults, _ID, _PLACE),
    "Tl": _Button(ListLearnerResults, _ID, _number(4)),
    "Tw": _Button(ShowLearnerResults, _ID, _MEMBER),
    "Tc": _Button(SendMarks, _ID),
    "Tx": _Button(SendStatements, _ID),
    "Td": _Button(SetDigest, _ID, _flag("y")),
    "Ua": _Button(AskDoubt, _ID),
    "Ub": _Button(TakeDoubtBack, _ID),
    "Uc": _Button(DropRegrade, _ID),
    "Ud": _Button(TryRegrade, _ID),
    "Ue": _Button(EditKey, _ID),
    "Uf": _Button(SayDoubt, _ID, _one_of(Doubt)),
    "Uk": _Button(KeepKey, _ID),
    "Ul": _Button(ListDoubts, _ID),
    "Un": _Button(RefuseRegrade, _ID),
    "Uo": _Button(OpenDoubt, _ID),
    "Up": _Button(AddAnswer, _ID),
    "Uq": _Button(ListUndecided, _ID),
    "Ur": _Button(GiveReason, _ID, _one_of(Why)),
    "Us": _Button(ShowRegrade, _ID),
    "Ut": _Button(TurnOption, _ID, _PLACE),
    "Uu": _Button(UndoRegrade, _ID),
    "Uw": _Button(Rule, _ID, _one_of(Ruling)),
    "Ux": _Button(DropAnswer, _ID, _PLACE),
    "Uy": _Button(ChoosePolicy, _ID, _one_of(Policy)),
    "Uz": _Button(ApplyRegrade, _ID),
    "Qc": _Button(ChooseCourse),
    "Qn": _Button(StartClass, _COURSE),
    "Qt": _Button(NameAfterCourse, _COURSE, _ID),
    "Qi": _Button(InviteLearners, _ID),
    "Qx": _Button(RenewLink, _ID),
    "Qu": _Button(LimitLink, _ID, _number(5)),
    "Qd": _Button(LetLinkLast, _ID, _number(3)),
    "Qk": _Button(EndLink, _ID),
    "Qf": _Button(InviteCohort, _ID),
    "Qp": _Button(ChooseStaff, _ID),
    "Qs": _Button(InviteStaff, _ID, _one_of(Role)),
    "Qr": _Button(ShowRoster, _ID, _number(4)),
    "Qm": _Button(ShowMember, _ID, _MEMBER),
    "Qz": _Button(SetTime, _ID, _MEMBER, _number(3)),
    "Qe": _Button(ExtendTime, _ID, _MEMBER),
    "Qb": _Button(ChangeCohort, _ID, _MEMBER),
    "QN": _Button(SetRole, _ID, _MEMBER, _one_of(Role)),
    "Qa": _Button(AskRemove, _ID, _MEMBER),
    "Qg": _Button(RemoveMember, _ID, _MEMBER),
    "Qj": _Button(InviteBack, _ID, _MEMBER),
    "Qh": _Button(ShowHolidays, _ID),
    "Qy": _Button(AddHoliday, _ID),
    "Qq": _Button(DropHoliday, _ID, _DATE),
    "QA": _Button(ManageClass, _ID),
    "QB": _Button(RenameClass, _ID),
    "QC": _Button(ChangeZone, _ID),
    "QD": _Button(UseMyZone, _ID),
    "QE": _Button(ChooseOwner, _ID),
    "QF": _Button(HandOver, _ID, _MEMBER),
    "QM": _Button(AskHandOver, _ID, _MEMBER),
    "QG": _Button(AskEndClass, _ID),
    "QH": _Button(EndClass, _ID),
    "QI": _Button(ListMyClasses),
    "QJ": _Button(AskLeaveClass, _ID),
    "QK": _Button(LeaveClass, _ID),
    "Vj": _Button(JoinRound, _ID),
    "Vb": _Button(BeginRound, _ID),
    "Vs": _Button(StopRound, _ID),
    "Vp": _Button(ShowPlaces, _ID),
    "Rn": _Button(NewQuiz, _ID),
    "Rd": _Button(ShowDraft, _ID),
    "Ro": _Button(OpenAspect, _ID, _one_of(Aspect)),
    "Rv": _Button(ChooseAspect, _ID, _one_of(Aspect), _CHOSEN),
    "Re": _Button(PreviewQuiz, _ID, _PLACE),
    "Rf": _Button(ConfirmQuiz, _ID, _flag("s"), _flag("n"), between=""),
    "Rg": _Button(SendQuiz, _ID, _flag("s"), _flag("n"), between=""),
    "Rb": _Button(DropDraft, _ID),
    "Rp": _Button(Pause, _ID),
    "Rr": _Button(Resume, _ID),
    "Rc": _Button(Cancel, _ID, _flag("y"), between=""),
    "Rs": _Button(ShowProgressOf, _ID),
    "Rl": _Button(ListQuizzes, _ID),
    "Rq": _Button(ShowQuiz, _ID, _flag("n"), between=""),
    "Rw": _Button(ListWaiting, _ID),
    "Rm": _Button(Remind, _ID),
    "Rx": _Button(Extend, _ID, _number(3)),
}
# Letters that old keyboards still carry and that mean nothing now: "k" and "z", the regions and
# zones of /tz. Two letters begin with one that takes nothing, or that means nothing by itself.
_BY_ACTION = {button.action: (letters, button) for letters, button in _BUTTONS.items()}
CARRIED = frozenset(_BY_ACTION)
"""The kinds of action that a button can ask for: all."""
