"""A course beside its file: what is read in it, and where that stands."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from tutorbot.core.course import Course, Question
from tutorbot.core.prose import Prose
from tutorbot.courses.outline import GroupDraft, Outline, QuestionDraft


class Role(Enum):
    """What a passage is to its question, or to the course."""

    ABOUT = "introduction"
    STEM = "stem"
    PROSE = "question"
    OPTION = "option"
    FEEDBACK = "feedback"
    HINT = "hint"
    WORKED = "worked example"
    SOLUTION = "solution"
    WHY = "why the key is disputed"


@dataclass(frozen=True, kw_only=True)
class Passage:
    """Something that learners read, with the line on which it or its heading begins."""

    line: int
    prose: Prose
    role: Role
    question: Question | None = None  # None: of the course, or of a stem


class Paper:
    """A course with the outline that it was built from. Rules look at it, and note what they find.

    ``pairs`` holds each question with its draft, in the order of the file.
    """

    def __init__(self, course: Course, outline: Outline) -> None:
        self.course = course
        self.outline = outline
        self.notebook = outline.notebook
        self.pairs: tuple[tuple[Question, QuestionDraft], ...] = tuple(
            zip(course.questions, outline.questions, strict=True)
        )
        starts = [each.line for each in (*outline.groups, *outline.questions)]
        for each in outline.questions:
            starts += filter(None, (each.worked_line, each.solution_line))
        self._starts = sorted(starts)
        self._users: dict[int, list[Question]] = {}
        for question, draft in self.pairs:
            if draft.stem:
                self._users.setdefault(id(draft.stem), []).append(question)

    def under(self, stem: GroupDraft) -> tuple[Question, ...]:
        """The questions that stand under a stem."""
        return tuple(self._users.get(id(stem), ()))

    def passages(self) -> Iterator[Passage]:
        """Everything that learners read, stems once, with the line of its beginning."""
        yield Passage(line=1, prose=self.course.about, role=Role.ABOUT)
        for group in self.outline.groups:
            # The values of a stem are those of its questions.
            first = next(iter(self.under(group)), None)
            yield Passage(line=group.line, prose=group.prose, role=Role.STEM, question=first)
        for question, draft in self.pairs:
            yield from of_question(question, draft)

    def find(self, line: int, text: str) -> int:
        """The first line with the text from ``line`` to the end of its section, else ``line``."""
        after = bisect_right(self._starts, line)
        lines = self.notebook.lines
        end = self._starts[after] if after < len(self._starts) else len(lines) + 1
        for number in range(max(line, 1), end):
            if text in lines[number - 1]:
                return number
        return line


def of_question(question: Question, draft: QuestionDraft) -> Iterator[Passage]:
    """What learners read of one question, its stem left out."""

    def passage(line: int, prose: Prose, role: Role) -> Passage:
        return Passage(line=line, prose=prose, role=role, question=question)

    yield passage(draft.line, draft.prose, Role.PROSE)
    for option in draft.options():
        yield passage(option.line, option.prose, Role.OPTION)
        yield passage(option.line, option.feedback, Role.FEEDBACK)
    for expression in draft.expressions():
        yield passage(expression.line, expression.feedback, Role.FEEDBACK)
    for hint in draft.hints():
        yield passage(hint.line, hint.prose, Role.HINT)
    for state in draft.states():
        yield passage(state.line, state.why, Role.WHY)
    yield passage(draft.worked_line, draft.worked, Role.WORKED)
    yield passage(draft.solution_line, draft.solution, Role.SOLUTION)
