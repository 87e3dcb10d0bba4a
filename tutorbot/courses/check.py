"""Whether a course that can be read also makes sense."""

import re
from collections.abc import Iterable, Iterator, Sequence

from tutorbot.core.course import Choice, Course, Mark, Question, Typed
from tutorbot.core.prose import Prose, formulas
from tutorbot.courses.faults import Faults, Notebook
from tutorbot.courses.keys import check_typed
from tutorbot.courses.outline import GroupDraft, Outline, QuestionDraft
from tutorbot.courses.parse import read
from tutorbot.courses.prose import plain
from tutorbot.courses.wording import places_named, questions_named, speaks_of_all

MOST_OPTIONS = 12
FEWEST_VARIANTS = 3
_SHORTEST_LEAK = 6
"""In characters. Shorter answers, such as ``n``, stand in any text by chance."""


def check(course: Course, source: str) -> Faults:
    """What is wrong with the sense of a course; ``source`` is what it was parsed from."""
    reading = read(source, "")
    outline = reading.outline
    if not outline or reading.course != course:
        raise ValueError("the course was not parsed from this source")
    checker = _Checker(course, outline)
    checker.check()
    return outline.notebook.sorted()


class _Checker:
    def __init__(self, course: Course, outline: Outline) -> None:
        self._pairs = tuple(zip(course.questions, outline.questions, strict=True))
        self._outline = outline
        self._notebook: Notebook = outline.notebook
        starts = sorted(
            [each.line for each in (*outline.groups, *outline.questions)]
            + [each.solution_line for each in outline.questions if each.solution_line]
        )
        last = len(self._notebook.lines) + 1
        self._ends = dict(zip(starts, [*starts[1:], last], strict=True))

    def check(self) -> None:
        for group in self._outline.groups:
            self._check_group(group)
        for question, draft in self._pairs:
            self._check_question(question, draft)
        self._check_leaks()

    def _check_group(self, group: GroupDraft) -> None:
        self._check_prose(group.prose, group.line)
        if not group.is_stem:
            return
        if not group.prose:
            self._notebook.note(
                group.line,
                "This stem says nothing.",
                "Write what its questions share, or leave .stem out.",
            )
        users = [draft for draft in self._outline.questions if draft.stem is group]
        used = {other.attributes.values.get("uses") for other in self._outline.groups}
        if not users and group.attributes.id not in used:
            self._notebook.note(
                group.line, "No question uses this stem.", "Put questions under it with ##."
            )
        elif users and "params" in group.policy:
            found = next(question for question, draft in self._pairs if draft is users[0])
            self._check_variants(found, group)

    def _check_question(self, question: Question, draft: QuestionDraft) -> None:
        if "params" in draft.policy:
            self._check_variants(question, draft)
        self._check_prose(draft.prose, draft.line)
        self._check_prose(draft.solution, draft.solution_line)
        for line in draft.options():
            self._check_prose((*line.prose, *line.feedback), line.line)
        for line in draft.expressions():
            self._check_prose(line.feedback, line.line)
        for line in draft.hints():
            self._check_prose(line.prose, line.line)
            if not line.prose:
                self._notebook.note(line.line, "This hint says nothing.", "Write it after hint:.")
        for line in draft.states():
            self._check_prose(line.why, line.line)
        match question.body:
            case Choice():
                self._check_choice(question, question.body, draft)
            case Typed():
                check_typed(
                    question,
                    question.body,
                    [line.line for line in draft.accepted()],
                    [line.line for line in draft.mistaken()],
                    self._notebook,
                )

    def _check_choice(self, question: Question, choice: Choice, draft: QuestionDraft) -> None:
        lines = draft.options()
        right = [
            line
            for option, line in zip(choice.options, lines, strict=True)
            if option.mark is Mark.RIGHT
        ]
        if not right:
            self._notebook.note(
                draft.line,
                "No option of this question is right.",
                "Mark the right one with (x), or the right ones with [x].",
            )
        if len(right) > 1 and not choice.several:
            self._notebook.note(
                right[1].line,
                "Two options of a single choice are right.",
                "Leave one (x), or use square brackets for all options.",
            )
        if len(lines) > MOST_OPTIONS:
            self._notebook.note(
                lines[MOST_OPTIONS].line,
                f"There are {len(lines)} options.",
                f"Keep to {MOST_OPTIONS}: more cannot be read on a phone.",
            )
        if len(lines) == 1:
            self._notebook.note(lines[0].line, "There is only one option.", "Add another.")
        seen: dict[str, int] = {}
        disputed = question.dispute.options if question.dispute else ()
        for option, line in zip(choice.options, lines, strict=True):
            words = plain(option.prose)
            text = _squeezed(words)
            if text in seen:
                self._notebook.note(
                    line.line,
                    f"This option says the same as the one on line {seen[text]}.",
                    "Change one of them.",
                )
            seen.setdefault(text, line.line)
            if speaks_of_all(words) and choice.shuffled and not option.pinned:
                self._notebook.note(
                    line.line,
                    "This option is about the others, and would be shuffled among them.",
                    f"Pin it to its place: pin: [{option.id}] in the meta block.",
                )
            if option.mark is Mark.UNSCORED and option.id not in disputed:
                self._notebook.note(
                    line.line,
                    "This option is not scored, and nothing says why.",
                    f"Add - key: disputed, {option.id} with a > quote.",
                )

    def _check_variants(self, question: Question, heading: QuestionDraft | GroupDraft) -> None:
        if len(question.variants) < FEWEST_VARIANTS:
            self._notebook.note(
                heading.policy["params"].line,
                f"There are only {len(question.variants)} variants.",
                f"Give the params values for at least {FEWEST_VARIANTS}, or write the numbers out.",
            )

    def _check_prose(self, prose: Prose, line: int) -> None:
        text = plain(prose)
        for phrase in places_named(text):
            self._note_phrase(
                line, phrase, "Options are shuffled, so", "Say what the option says instead."
            )
        for phrase in questions_named(text):
            self._note_phrase(
                line,
                phrase,
                "Questions may come alone, so",
                "Repeat what is needed, or share a stem.",
            )
        for latex in formulas(prose):
            trouble = _unbalanced(latex)
            if trouble:
                place = self._find(line, latex.splitlines()[0])
                self._notebook.note(
                    place, f"A formula has {trouble}.", "Close what is opened.", near=latex
                )

    def _note_phrase(self, line: int, phrase: str, why: str, mend: str) -> None:
        place = self._find(line, phrase)
        self._notebook.note(place, f"{why} “{phrase}” says nothing.", mend, near=phrase)

    def _find(self, line: int, text: str) -> int:
        """The first line with the text from ``line`` to the end of its section."""
        end = min((end for end in self._ends.values() if end > line), default=line + 1)
        for number in range(max(line, 1), end):
            if text in self._notebook.lines[number - 1]:
                return number
        return line

    def _check_leaks(self) -> None:
        """Nothing that is seen before a question of the same group may hold its answer."""
        for place, (question, draft) in enumerate(self._pairs):
            if not draft.stem:
                continue
            seen: list[tuple[int, Prose]] = [(draft.stem.line, question.stem)]
            for earlier, before in self._pairs[:place]:
                if before.stem is not draft.stem:
                    continue
                seen += ((line.line, line.prose) for line in before.hints())
                seen += ((line.line, line.feedback) for line in before.expressions())
                seen.append((before.solution_line, earlier.solution))
            seen += ((line.line, line.prose) for line in draft.hints())
            for answer in _right_texts(question):
                self._check_leak(answer, question, seen)

    def _check_leak(
        self, answer: re.Pattern[str], question: Question, seen: Iterable[tuple[int, Prose]]
    ) -> None:
        for line, prose in seen:
            if answer.search(plain(prose)):
                self._notebook.note(
                    line,
                    f"This gives away the answer of “{question.id}”, which comes later.",
                    "Move it to the solution of that question.",
                )


def _right_texts(question: Question) -> Iterator[re.Pattern[str]]:
    """The right options that are long enough to be told from chance, however they are spaced."""
    if not isinstance(question.body, Choice):
        return
    for option in question.body.options:
        text = plain(option.prose).strip("$. ")
        if option.mark is Mark.RIGHT and len(_squeezed(text)) >= _SHORTEST_LEAK:
            words = r"\s*".join(map(re.escape, re.findall(r"\w+|[^\w\s]", text)))
            yield re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


def _squeezed(text: str) -> str:
    return "".join(text.casefold().split())


def _unbalanced(latex: str) -> str | None:
    r"""What is opened and not closed in a formula: a brace, or a ``\begin``."""
    depth = 0
    escaped = False
    for sign in latex:
        if escaped:
            escaped = False
        elif sign == "\\":
            escaped = True
        elif sign in "{}":
            depth += 1 if sign == "{" else -1
            if depth < 0:
                break
    if depth:
        return "a brace without a partner"
    for opening, closing in ((r"\begin{", r"\end{"), (r"\left", r"\right")):
        if _count(latex, opening) != _count(latex, closing):
            return f"more {opening.strip('{')} than {closing.strip('{')}, or fewer"
    return None


def _count(latex: str, command: str) -> int:
    r"""How often a command occurs, longer ones such as ``\leftarrow`` left out."""
    parts: Sequence[str] = latex.split(command)[1:]
    return sum(command.endswith("{") or not part[:1].isalpha() for part in parts)
