"""What a button can ask for; never whether an answer is right, which is decided when pressed."""

from dataclasses import dataclass
from enum import Enum

from tutorbot.core.assignments import AssignmentAction
from tutorbot.core.broadcasts import BroadcastAction
from tutorbot.core.certainty import Level
from tutorbot.core.classes import ClassAction
from tutorbot.core.drafts import DraftAction
from tutorbot.core.ids import AttemptId, CourseId, QuizId, UploadId
from tutorbot.core.keys import KeyAction
from tutorbot.core.results import ResultsAction
from tutorbot.core.rounds import RoundAction
from tutorbot.core.zones import Region


class FormulaForm(Enum):
    """How a learner wants formulas that words cannot say."""

    NATIVE = "native"  # a rich message; only for who has confirmed seeing one
    PICTURE = "picture"
    PLAIN = "plain"


class Theme(Enum):
    LIGHT = "light"
    DARK = "dark"


class Setting(Enum):
    """What a learner may choose about themselves."""

    LANGUAGE = "l"
    ZONE = "z"
    DAY_STARTS = "d"
    FORMULAS = "f"
    GOAL = "g"
    REMINDER = "r"
    CERTAINTY = "c"


class Card(Enum):
    """The message on which a choice is made, and goes on after it."""

    STEPS = "s"  # the first steps, one after the other
    PAGE = "p"  # the page of settings
    CLOCKS = "c"  # the question of /tz


@dataclass(frozen=True)
class ListCourses:
    pass


@dataclass(frozen=True)
class OpenCourse:
    """Begin the paper, or go on with it where it was left."""

    course: CourseId


@dataclass(frozen=True)
class AskStartOver:
    """Ask first: a paper that is half done is not thrown over by a slip of the thumb."""

    course: CourseId


@dataclass(frozen=True)
class StartOver:
    course: CourseId


@dataclass(frozen=True)
class Choose:
    """Tap the option in place ``shown`` (0 = first) of a question with one right answer."""

    attempt: AttemptId
    shown: int


@dataclass(frozen=True)
class Tick:
    """Set or clear the tick of the option in place ``shown``."""

    attempt: AttemptId
    shown: int


@dataclass(frozen=True)
class Done:
    """The ticks are set as meant."""

    attempt: AttemptId


@dataclass(frozen=True)
class ReadAs:
    """Say which reading of an unclear answer was meant.

    ``reading`` counts all that were ever offered in this attempt, so that a button of an answer
    from before names none of today's.
    """

    attempt: AttemptId
    reading: int


@dataclass(frozen=True)
class AskHint:
    attempt: AttemptId


@dataclass(frozen=True)
class TryAgain:
    attempt: AttemptId


@dataclass(frozen=True)
class ShowSolution:
    attempt: AttemptId


@dataclass(frozen=True)
class Next:
    """Go on to the question after this one, answered or not."""

    attempt: AttemptId


@dataclass(frozen=True)
class ProbeFormulas:
    """Show a native formula and ask whether it can be seen."""


@dataclass(frozen=True)
class SetFormulas:
    form: FormulaForm
    theme: Theme = Theme.LIGHT


@dataclass(frozen=True)
class PreviewUpload:
    """Show a question of a course that was sent; ``place`` 0 is the first."""

    upload: UploadId
    place: int


@dataclass(frozen=True)
class PublishUpload:
    upload: UploadId


@dataclass(frozen=True)
class DropUpload:
    upload: UploadId


@dataclass(frozen=True)
class Review:
    """Pose what is due, or (``new``) questions of known papers that were never answered."""

    new: bool = False


@dataclass(frozen=True)
class AskSibling:
    """Show a question like this one, solved."""

    attempt: AttemptId


@dataclass(frozen=True)
class AskAnother:
    """Pose the same question with other numbers."""

    attempt: AttemptId


@dataclass(frozen=True)
class AskLesson:
    """Explain the mistake that was made for the third time."""

    attempt: AttemptId


@dataclass(frozen=True)
class ShowProgress:
    pass


@dataclass(frozen=True)
class ShowFreeDays:
    """Rest days and pauses, to look at and to set."""


@dataclass(frozen=True)
class SetRest:
    """Let these weekdays be free from next week on; 0 is Monday."""

    weekdays: tuple[int, ...]  # in order


@dataclass(frozen=True)
class SetPause:
    """Pause for so many days, from tomorrow on."""

    days: int


@dataclass(frozen=True)
class EndPause:
    """Be back today."""


@dataclass(frozen=True)
class ShowSettings:
    """Go back to the page of settings."""


@dataclass(frozen=True)
class OpenSetting:
    """Show what can be chosen."""

    card: Card
    setting: Setting


@dataclass(frozen=True)
class ChooseSetting:
    card: Card
    setting: Setting
    value: str  # read by `core.settings.chosen`


@dataclass(frozen=True)
class ListClocks:
    """Ask what time it is with the learner, in a part of the world."""

    card: Card
    region: Region


@dataclass(frozen=True)
class LeaveSteps:
    """Skip what is left of the first steps."""


@dataclass(frozen=True)
class Forget:
    """Delete everything about the learner. Expires: a tap months later is a slip of the thumb."""

    asked_at: int  # seconds since 1970


@dataclass(frozen=True)
class KeepAll:
    """Delete nothing, after all."""


@dataclass(frozen=True)
class RemindLater:
    """Remind in an hour once more."""


@dataclass(frozen=True)
class RemindTomorrow:
    """Remind no more today."""


@dataclass(frozen=True)
class StopReminders:
    """Remind no more at all; the settings can begin it anew."""


@dataclass(frozen=True)
class SayCertainty:
    """Say how sure one is of the first answer, whose verdict waits for it."""

    attempt: AttemptId
    level: Level


@dataclass(frozen=True)
class ShowCertainty:
    """Compare how sure the learner was with how often they were right."""


@dataclass(frozen=True)
class MendMistakes:
    """Pose again what was answered with certainty and wrongly."""


@dataclass(frozen=True)
class PostQuiz:
    """Post a question in the group: of that paper, or (None) of any."""

    course: CourseId | None


@dataclass(frozen=True)
class AnswerQuiz:
    """Tap the option in place ``shown`` of a question in a group; tick it if several are right."""

    quiz: QuizId
    shown: int


@dataclass(frozen=True)
class QuizDone:
    """The presser's ticks are set as meant."""

    quiz: QuizId


@dataclass(frozen=True)
class EndQuiz:
    """Show the solution: to all if the presser may end the question, else to the presser."""

    quiz: QuizId


@dataclass(frozen=True)
class ShowTable:
    """Show the presser how the group does."""


@dataclass(frozen=True)
class LeaveTable:
    """Leave the table of the group, or come back into it."""


GroupAction = PostQuiz | AnswerQuiz | QuizDone | EndQuiz | ShowTable | LeaveTable
"""What the buttons in a group ask for."""

TeachingAction = (
    ClassAction
    | DraftAction
    | BroadcastAction
    | AssignmentAction
    | RoundAction
    | ResultsAction
    | KeyAction
)
"""What the buttons of classes ask for; each part of it is listed where it is decided."""

Action = (
    ListCourses
    | OpenCourse
    | AskStartOver
    | StartOver
    | Choose
    | Tick
    | Done
    | ReadAs
    | AskHint
    | TryAgain
    | ShowSolution
    | Next
    | ProbeFormulas
    | SetFormulas
    | PreviewUpload
    | PublishUpload
    | DropUpload
    | Review
    | AskSibling
    | AskAnother
    | AskLesson
    | ShowProgress
    | ShowFreeDays
    | SetRest
    | SetPause
    | EndPause
    | ShowSettings
    | OpenSetting
    | ChooseSetting
    | ListClocks
    | LeaveSteps
    | Forget
    | KeepAll
    | RemindLater
    | RemindTomorrow
    | StopReminders
    | SayCertainty
    | ShowCertainty
    | MendMistakes
    | PostQuiz
    | AnswerQuiz
    | QuizDone
    | EndQuiz
    | ShowTable
    | LeaveTable
    | TeachingAction
)
