"""Keys that are doubted: who says so, what an instructor looks at, and what can come of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from tutorbot.core.course import Question
from tutorbot.core.ids import (
    AnswerId,
    AttemptId,
    ClassId,
    CourseId,
    KeyId,
    QuestionId,
    RegradeId,
)
from tutorbot.core.key_alarm import Alarm
from tutorbot.core.regrading import Impact, Policy

JOB = "keys.regrade"
"""The job that does what is too much for a tap."""

EVERYWHERE = ClassId(0)
"""In place of a class: all that the presser may look at."""

LONGEST_WORDS = 500
"""Characters of a doubt or a reason that is typed; the rest is left out, and said to be."""


class Doubt(Enum):
    """What a learner thinks is wrong with a question."""

    KEY = "k"
    UNCLEAR = "u"
    TYPO = "t"
    ELSE = "e"  # typed


class Why(Enum):
    """Why a key is mended, where one tap says it."""

    WRONG = "w"
    SEVERAL = "s"  # more than one answer is right
    UNCLEAR = "u"
    ELSE = "e"  # typed


class Ruling(Enum):
    """What is decided of an answer that the judge could not."""

    RIGHT = "r"
    WRONG = "w"
    ALSO = "a"  # right, and to be added to the key


@dataclass(frozen=True)
class AskDoubt:
    """Ask the presser what is wrong with the question of an attempt."""

    attempt: AttemptId


@dataclass(frozen=True)
class SayDoubt:
    attempt: AttemptId
    doubt: Doubt


@dataclass(frozen=True)
class TakeDoubtBack:
    attempt: AttemptId


@dataclass(frozen=True)
class ListDoubts:
    """Show the questions whose keys are doubted, in the course of a class or `EVERYWHERE`."""

    class_id: ClassId


@dataclass(frozen=True)
class OpenDoubt:
    """Show a question, by any of its keys."""

    key: KeyId


@dataclass(frozen=True)
class KeepKey:
    """Let the key stand: somebody has looked at it."""

    key: KeyId


@dataclass(frozen=True)
class EditKey:
    key: KeyId


@dataclass(frozen=True)
class ShowRegrade:
    """Go back to the key as it is drafted."""

    regrade: RegradeId


@dataclass(frozen=True)
class TurnOption:
    """Let the option in place ``option`` be right, wrong or not scored, one after the other."""

    regrade: RegradeId
    option: int


@dataclass(frozen=True)
class AddAnswer:
    """Ask for one more answer to accept."""

    regrade: RegradeId


@dataclass(frozen=True)
class DropAnswer:
    """Accept the answer in place ``answer`` no more."""

    regrade: RegradeId
    answer: int


@dataclass(frozen=True)
class ChoosePolicy:
    regrade: RegradeId
    policy: Policy


@dataclass(frozen=True)
class GiveReason:
    regrade: RegradeId
    why: Why


@dataclass(frozen=True)
class TryRegrade:
    """Show what the change would do."""

    regrade: RegradeId


@dataclass(frozen=True)
class ApplyRegrade:
    regrade: RegradeId


@dataclass(frozen=True)
class DropRegrade:
    """Put a draft aside; of what somebody proposed, ask whether to refuse it."""

    regrade: RegradeId


@dataclass(frozen=True)
class RefuseRegrade:
    """Refuse what was proposed, for good."""

    regrade: RegradeId


@dataclass(frozen=True)
class UndoRegrade:
    regrade: RegradeId


@dataclass(frozen=True)
class ListUndecided:
    """Show the oldest answer that waits for somebody's word."""

    class_id: ClassId


@dataclass(frozen=True)
class Rule:
    answer: AnswerId
    ruling: Ruling


KeyAction = (
    AskDoubt
    | SayDoubt
    | TakeDoubtBack
    | ListDoubts
    | OpenDoubt
    | KeepKey
    | EditKey
    | ShowRegrade
    | TurnOption
    | AddAnswer
    | DropAnswer
    | ChoosePolicy
    | GiveReason
    | TryRegrade
    | ApplyRegrade
    | DropRegrade
    | RefuseRegrade
    | UndoRegrade
    | ListUndecided
    | Rule
)


@dataclass(frozen=True, kw_only=True)
class DoubtAsked:
    attempt: AttemptId


@dataclass(frozen=True, kw_only=True)
class DoubtNoted:
    attempt: AttemptId
    to_be_typed: bool = False
    before: bool = False  # they had said so already
    cut: bool = False  # only the first `LONGEST_WORDS` characters were kept


@dataclass(frozen=True, kw_only=True)
class DoubtTakenBack:
    """It was, or there was none."""


@dataclass(frozen=True, kw_only=True)
class LookedAt:
    """That somebody has looked at a key, and mended it or let it stand; the last time."""

    who: str
    at: datetime
    mended: bool
    firsts: int | None  # first answers among the latest of all; None: nobody counted
    class_id: ClassId | None = None  # in which that was their code

    def outgrown(self, answered: Collection[datetime]) -> bool:
        """Whether as many first answers have come since as there were then, and one at least.

        ``answered``: when each of those was given on which an alarm rests
        """
        since = sum(each > self.at for each in answered)
        before = len(answered) - since if self.firsts is None else self.firsts
        return since >= max(before, 1)


@dataclass(frozen=True, kw_only=True)
class Doubted:
    """A question in the queue."""

    key: KeyId
    title: str
    paper: str
    flags: int
    disputed: bool  # by its author
    undecided: int = 0
    proposed: bool = False
    alarm: float = 0.0  # the chance that the key is wrong, by how the strong answered
    looked_at: LookedAt | None = None

    @property
    def weight(self) -> float:
        """By which the queue is sorted."""
        return self.flags * (1 + self.alarm) + self.disputed * (0.5 + self.alarm) + self.alarm


@dataclass(frozen=True, kw_only=True)
class Doubts:
    class_id: ClassId
    doubted: tuple[Doubted, ...]  # the most urgent first
    undecided: int


@dataclass(frozen=True, kw_only=True)
class Past:
    """Something that was done to the key, or is about to be."""

    regrade: RegradeId
    kind: str
    state: str
    policy: Policy
    why: str
    who: str
    at: datetime
    counts: Mapping[str, int]
    may_undo: bool = False


@dataclass(frozen=True, kw_only=True)
class DoubtedQuestion:
    """A question with all that speaks about its key."""

    key: KeyId
    course: CourseId
    paper: str
    question: Question  # with the key that holds
    chosen: Mapping[str, int]  # first answers, by option, or as typed
    answers: int  # first answers in all
    flags: Mapping[Doubt, int]
    words: tuple[str, ...]  # what was typed with them, the newest
    undecided: int
    history: tuple[Past, ...] = ()
    alarm: Alarm | None = None  # the strong prefer another answer
    may_keep: bool = True  # whether it is for the asker to let the key stand


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A key as it is about to be."""

    regrade: RegradeId
    key: KeyId
    paper: str
    question: Question  # with that key
    policy: Policy
    why: str
    state: str
    proposed_by: str = ""  # as the asker may know them; nobody of a draft of one's own
    remark: str = ""  # why what was typed cannot be an answer
    cut: bool = False  # only the first `LONGEST_WORDS` characters of what was typed were kept
    clash: bool = False  # what was typed stands among the mistakes


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What a change would do."""

    draft: Draft
    impact: Impact
    proposes: bool = False  # it reaches others, too, so that an author has to apply it


@dataclass(frozen=True, kw_only=True)
class InWork:
    """The background works on it; ``left``: answers that are still to be judged."""

    regrade: RegradeId
    left: int = 0
    undoes: bool = False
    again: bool = False  # it was asked for before


@dataclass(frozen=True, kw_only=True)
class Applied:
    regrade: RegradeId
    title: str
    counts: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Proposed:
    title: str


@dataclass(frozen=True, kw_only=True)
class SureToRefuse:
    """What is asked before a proposal is refused."""

    regrade: RegradeId
    title: str
    who: str


@dataclass(frozen=True, kw_only=True)
class Refused:
    regrade: RegradeId
    title: str


@dataclass(frozen=True, kw_only=True)
class Undone:
    regrade: RegradeId  # that undid
    title: str
    counts: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class KeyKept:
    title: str


@dataclass(frozen=True, kw_only=True)
class AnswerAsked:
    """What is typed next is an answer to accept, or (``why``) the reason."""

    regrade: RegradeId
    why: bool = False


@dataclass(frozen=True, kw_only=True)
class NoReason:
    """A reason is wanted before a key is mended."""


@dataclass(frozen=True, kw_only=True)
class NothingChanged:
    """The key is as it was."""


@dataclass(frozen=True, kw_only=True)
class Gone:
    """It was decided before, or is no longer there."""


@dataclass(frozen=True, kw_only=True)
class NoRight:
    """A key needs an answer that is right."""


@dataclass(frozen=True, kw_only=True)
class UndecidedAnswer:
    """The oldest answer that waits, with both forms."""

    answer: AnswerId
    class_id: ClassId
    question: Question  # the values of the variant set in
    paper: str
    typed: str
    read: str
    key: str
    who: str
    left: int  # that wait, this one included
    may_add: bool  # to the key: there is one variant only


@dataclass(frozen=True, kw_only=True)
class NoneUndecided:
    pass


@dataclass(frozen=True, kw_only=True)
class Ruled:
    right: bool
    more: UndecidedAnswer | NoneUndecided
    draft: Draft | None = None  # with the answer added to the key


@dataclass(frozen=True)
class QuestionName:
    """A question in whatever version of its course."""

    course: CourseId
    question: QuestionId


KeyOutcome = (
    DoubtAsked
    | DoubtNoted
    | DoubtTakenBack
    | Doubts
    | DoubtedQuestion
    | Draft
    | Tried
    | InWork
    | Applied
    | Proposed
    | SureToRefuse
    | Refused
    | Undone
    | KeyKept
    | AnswerAsked
    | NoReason
    | NothingChanged
    | NoRight
    | Gone
    | UndecidedAnswer
    | NoneUndecided
    | Ruled
)
