"""A course that is known to be sound: papers of questions with stems, keys, hints and solutions.

`tutorbot.courses` reads and checks the file; whoever holds a `Course` need not check again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from fractions import Fraction

from tutorbot.core.ids import CourseId, OptionId, QuestionId
from tutorbot.core.prose import Prose

Values = tuple[tuple[str, Fraction], ...]
"""One variant: the values of the parameters, by name, in the author's order."""


class Mark(Enum):
    """How the key stands to an option."""

    RIGHT = "right"
    WRONG = "wrong"
    UNSCORED = "unscored"  # disputed: shown, and neither ticking nor leaving it costs anything


class Kind(Enum):
    """What is typed."""

    FORMULA = "formula"
    NUMBER = "number"
    SIZE = "size"
    QUANTITY = "quantity"  # a number with a unit
    EQUATION = "equation"
    INEQUALITY = "inequality"
    SET = "set"
    SOLUTIONS = "solutions"  # x = 2 or x = −2; ±2; {2, −2}
    INTERVAL = "interval"  # and unions of intervals
    TUPLE = "tuple"
    VECTOR = "vector"
    MATRIX = "matrix"
    LOGIC = "logic"  # a truth-functional formula
    TEXT = "text"  # a few words


class Form(Enum):
    """The form in which an answer is asked for, beyond its value. Judged on what was typed."""

    EXPANDED = "expanded"
    FACTORED = "factored"
    LOWEST_TERMS = "lowest-terms"
    SINGLE_FRACTION = "single-fraction"
    PARTIAL_FRACTIONS = "partial-fractions"
    SAME_UP_TO_ORDER = "same-up-to-order"
    SIMPLIFIED_RADICAL = "simplified-radical"
    AS_TYPED = "as-typed"
    FIGURES = "figures"  # asked for by `significant`


class Reveal(Enum):
    """When the solution may be shown."""

    ANSWERED = "after-answer"
    GROUP = "after-group"  # for where it would give away what is asked later under the same stem
    PAPER = "after-paper"


class Partial(Enum):
    """What ticks that are right only in part are worth. Options that are not scored never count."""

    ALL_OR_NOTHING = "all-or-nothing"
    NET_CORRECT = "net-correct"  # right ticks less wrong ones, of the right ones; at least 0
    EACH_DECISION = "each-decision"  # each option ticked or left as the key has it


@dataclass(frozen=True, kw_only=True)
class Option:
    id: OptionId
    prose: Prose
    mark: Mark
    feedback: Prose = ()
    tag: str | None = None  # the misconception that choosing it shows
    pinned: bool = False  # stays in its place when the others are shuffled


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Options to tap (one right) or to tick (``several``)."""

    options: tuple[Option, ...]
    several: bool = False
    shuffled: bool = True
    partial: Partial = Partial.ALL_OR_NOTHING

    def option(self, option: OptionId) -> Option:
        return next(each for each in self.options if each.id == option)


@dataclass(frozen=True, kw_only=True)
class Expression:
    """A line of the key that the grader evaluates, with what to say to whoever types it."""

    text: str
    feedback: Prose = ()
    tag: str | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Typed:
    """An answer to be typed. ``accepted[0]`` is the canonical one; parameters may occur in it."""

    kind: Kind
    accepted: tuple[Expression, ...]
    mistaken: tuple[Expression, ...] = ()
    symbols: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    positive: tuple[str, ...] = ()  # symbols that stand for positive numbers only
    integer: tuple[str, ...] = ()
    complex: tuple[str, ...] = ()
    constants: tuple[str, ...] = ()  # that may be typed beside those of the key: e, i
    tolerance: Fraction | None = None  # relative
    significant: int | None = None  # figures that a number must be given with
    unit: str | None = None  # of a quantity; an answer in another of the same dimension is right
    form: Form | None = None
    log_base: int | None = None  # of a bare log; None: natural
    constant: str | None = None  # of integration: answers may call it otherwise, and must have it
    derived: tuple[tuple[str, str], ...] = ()  # names in the key, and what is to be worked out


@dataclass(frozen=True, kw_only=True)
class Hint:
    prose: Prose
    cost: Fraction = Fraction(0)  # share of the points


@dataclass(frozen=True, kw_only=True)
class Dispute:
    """Why the published key is doubted, and which options that concerns (none: all)."""

    why: Prose
    options: tuple[OptionId, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """How an author describes variants: every combination of values that the conditions allow.

    A name may be several with spaces between them, and its values as many: those go together.
    """

    values: tuple[tuple[str, tuple[str, ...]], ...]
    where: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Question:
    id: QuestionId  # permanent: history hangs on it
    title: str
    prose: Prose
    body: Choice | Typed
    stem: Prose = ()  # shared with its group, included stems first
    worked: Prose = ()  # a worked example, for who is stuck
    hints: tuple[Hint, ...] = ()
    solution: Prose = ()
    dispute: Dispute | None = None
    skills: tuple[str, ...] = ()
    variants: tuple[Values, ...] = ((),)  # never empty
    group: str | None = None  # questions of one group share stem and variant
    reveal: Reveal = Reveal.ANSWERED
    tries: int | None = None  # None: as many as the learner likes
    points: Fraction = Fraction(1)
    # Under stems that share values: each stem that adds some, outermost first, with how many of
    # the values in a variant are settled by then. Empty: the whole group draws at once.
    settled: tuple[tuple[str, int], ...] = ()
    parameters: Parameters | None = field(default=None, compare=False)  # as the author put it

    @property
    def help(self) -> tuple[Hint, ...]:
        """The ladder of help: the hints in their order, then the worked example."""
        return (*self.hints, Hint(prose=self.worked)) if self.worked else self.hints


@dataclass(frozen=True, kw_only=True)
class Pool:
    """Questions of which each learner gets only some, drawn once for a sitting."""

    id: str
    questions: tuple[QuestionId, ...]
    pick: int  # from 1 to the number of questions


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading of the paper as its author laid it out. What it means stands in the questions."""

    title: str
    id: str | None = None
    is_stem: bool = False  # else a part, which only ends the stem before it
    uses: str | None = None  # another stem
    prose: Prose = ()  # its own, without that of the other
    parameters: Parameters | None = None
    questions: tuple[QuestionId, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Course:
    id: CourseId
    title: str
    lang: str
    questions: tuple[Question, ...]  # in the order of the paper
    license: str = ""
    authors: tuple[str, ...] = ()
    about: Prose = ()
    pools: tuple[Pool, ...] = ()
    translations: "tuple[Course, ...]" = ()  # the same questions in other languages, ids alike
    # For who writes the course down again; a course may do without.
    sections: tuple[Section, ...] = field(default=(), compare=False)

    def question(self, question: QuestionId) -> Question:
        return next(each for each in self.questions if each.id == question)

    def __iter__(self) -> Iterator[Question]:
        return iter(self.questions)


def retold(question: Question, tell: Callable[[Prose], Prose]) -> Question:
    """The question with ``tell`` done to everything that a learner reads."""
    body = question.body
    if isinstance(body, Choice):
        options = tuple(
            replace(each, prose=tell(each.prose), feedback=tell(each.feedback))
            for each in body.options
        )
        body = replace(body, options=options)
    else:
        body = replace(
            body,
            accepted=tuple(replace(line, feedback=tell(line.feedback)) for line in body.accepted),
            mistaken=tuple(replace(line, feedback=tell(line.feedback)) for line in body.mistaken),
        )
    return replace(
        question,
        prose=tell(question.prose),
        stem=tell(question.stem),
        worked=tell(question.worked),
        hints=tuple(replace(hint, prose=tell(hint.prose)) for hint in question.hints),
        solution=tell(question.solution),
        body=body,
    )
