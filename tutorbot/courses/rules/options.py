"""Rules for questions with options."""

from collections.abc import Mapping

from tutorbot.core.course import Choice, Mark, Option, Question
from tutorbot.core.prose import fill
from tutorbot.courses.faults import Severity
from tutorbot.courses.lines import OptionLine
from tutorbot.courses.outline import QuestionDraft
from tutorbot.courses.prose import plain
from tutorbot.courses.rules.paper import Paper
from tutorbot.courses.wording import speaks_of_all

MOST_OPTIONS = 12
_VARIANTS_COMPARED = 200
_LONGER = 2.5  # times as long as any other option
_LONG = 60  # characters, from which the length of an option is seen at all


def check(paper: Paper) -> None:
    for question, draft in paper.pairs:
        if isinstance(question.body, Choice):
            _Choice(paper, question, question.body, draft).check()


class _Choice:
    def __init__(
        self, paper: Paper, question: Question, choice: Choice, draft: QuestionDraft
    ) -> None:
        self._notebook = paper.notebook
        self._question = question
        self._choice = choice
        self._draft = draft
        self._pairs: tuple[tuple[Option, OptionLine], ...] = tuple(
            zip(choice.options, draft.options(), strict=True)
        )

    def check(self) -> None:
        self._check_marks()
        self._check_number()
        self._check_alike()
        for option, line in self._pairs:
            self._check_option(option, line)
        self._check_lengths()

    def _check_marks(self) -> None:
        right = [line for option, line in self._pairs if option.mark is Mark.RIGHT]
        if not right:
            self._notebook.note(
                self._draft.line,
                "No option of this question is right.",
                "Mark the right one with (x), or the right ones with [x].",
                code="no-right-option",
            )
        if len(right) > 1 and not self._choice.several:
            self._notebook.note(
                right[1].line,
                "Two options of a single choice are right.",
                "Leave one (x), or use square brackets for all options.",
                code="two-right-options",
            )

    def _check_number(self) -> None:
        lines = [line for _, line in self._pairs]
        if len(lines) > MOST_OPTIONS:
            self._notebook.note(
                lines[MOST_OPTIONS].line,
                f"There are {len(lines)} options.",
                f"Keep to {MOST_OPTIONS}: more cannot be read on a phone.",
                code="too-many-options",
            )
        if len(lines) == 1:
            self._notebook.note(
                lines[0].line, "There is only one option.", "Add another.", code="one-option"
            )

    def _check_alike(self) -> None:
        """No two options may say the same, in no variant."""
        told: set[int] = set()
        for variant in self._question.variants[:_VARIANTS_COMPARED]:
            values = {name: str(value) for name, value in variant}
            seen: dict[str, int] = {}
            for option, line in self._pairs:
                text = _squeezed(option, values)
                if not text:  # a picture
                    continue
                if text in seen and line.line not in told:
                    told.add(line.line)
                    written = _squeezed(option, {}) == next(
                        _squeezed(each, {}) for each, at in self._pairs if at.line == seen[text]
                    )
                    where = "" if written else f" where {_listed(values)}"
                    self._notebook.note(
                        line.line,
                        f"This option says the same as the one on line {seen[text]}{where}.",
                        "Change one of them." if written else "Change one, or leave it out: where.",
                        code="options-alike",
                    )
                seen.setdefault(text, line.line)

    def _check_option(self, option: Option, line: OptionLine) -> None:
        disputed = self._question.dispute.options if self._question.dispute else ()
        if speaks_of_all(plain(option.prose)) and self._choice.shuffled and not option.pinned:
            self._notebook.note(
                line.line,
                "This option is about the others, and would be shuffled among them.",
                f"Pin it to its place: pin: [{option.id}] in the meta block.",
                code="option-unpinned",
            )
        if option.mark is Mark.UNSCORED and option.id not in disputed:
            self._notebook.note(
                line.line,
                "This option is not scored, and nothing says why.",
                f"Add - key: disputed, {option.id} with a > quote.",
                code="unscored-unsaid",
            )

    def _check_lengths(self) -> None:
        """Who knows nothing takes the longest option, and is right too often."""
        if self._choice.several or len(self._pairs) < 3:  # noqa: PLR2004 - of two, one is longer
            return
        by_length = sorted(
            ((len(plain(option.prose)), option.mark, line.line) for option, line in self._pairs),
            key=lambda each: each[0],
        )
        (_, _, _), second, (length, mark, line) = by_length[0], by_length[-2], by_length[-1]
        if mark is Mark.RIGHT and length >= _LONG and length > _LONGER * second[0]:
            self._notebook.note(
                line,
                "The right option is by far the longest, which gives it away.",
                "Shorten it, or say as much in the others.",
                code="right-is-longest",
                severity=Severity.NOTE,
            )


def _squeezed(option: Option, values: Mapping[str, str]) -> str:
    return "".join(plain(fill(option.prose, values)).casefold().split())


def _listed(values: Mapping[str, str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items())
