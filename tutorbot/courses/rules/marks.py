"""Rules for what is said in words about what is right: it must agree with the marks."""

import re
from collections.abc import Iterable, Iterator, Sequence

from tutorbot.core.course import Choice, Mark, Option, Question
from tutorbot.core.ids import OptionId
from tutorbot.core.practice import LETTERS
from tutorbot.core.prose import Prose
from tutorbot.courses.faults import Severity
from tutorbot.courses.outline import QuestionDraft
from tutorbot.courses.prose import plain
from tutorbot.courses.rules.paper import Paper, Passage, Role, of_question

_ACCEPTED = re.compile(
    r"\s*(?:(?:accepted|correct|right)\s+(?:answers?|options?|choices?)|answers?|solutions?|key)"
    r"\s*(?:(?:is|are)\b)?\s*:\s*(?P<rest>.*)",
    re.IGNORECASE,
)
_LETTERED = re.compile(
    r"(?:options?|choices?|answers?)?\s*\(?([A-La-l])\)?(?:\s*(?:,|;|/|&|\+|and)\s*\(?([A-La-l])\)?)*\.?",
    re.IGNORECASE,
)
_LETTER = re.compile(r"(?<![^\W_])([A-La-l])(?![^\W_])")
_VERDICT = re.compile(
    r"\s(?:(?P<right>RIGHT|CORRECT|[(\[](?:right|correct)[)\]]|[✓✔✅])"
    r"|(?P<wrong>WRONG|INCORRECT|[(\[](?:wrong|incorrect)[)\]]|[✗✘❌✖]))\s*[.!]?\s*$"
)
_PRAISE = re.compile(r"(?:right|correct|exactly|well done|yes)\s*[.!:—–]", re.IGNORECASE)
_BLAME = re.compile(r"(?:wrong|incorrect|not quite|false)\s*[.!:—–]", re.IGNORECASE)


def check(paper: Paper) -> None:
    for question, draft in paper.pairs:
        if isinstance(question.body, Choice):
            for passage in of_question(question, draft):
                if passage.role in {Role.PROSE, Role.SOLUTION, Role.WHY, Role.HINT}:
                    _check_accepted(paper, question.body, passage)
            _check_verdicts(paper, question.body, draft)
        _check_feedback(paper, question, draft)


def _check_accepted(paper: Paper, choice: Choice, passage: Passage) -> None:
    lines = plain(passage.prose).splitlines()
    for at, line in enumerate(lines):
        found = _ACCEPTED.fullmatch(line)
        if not found:
            continue
        named = _named(choice.options, found["rest"], lines[at + 1 :])
        if not named:
            continue
        marks = {option.id: option.mark for option in choice.options}
        due = {option for option, mark in marks.items() if mark is Mark.RIGHT}
        free = {option for option, mark in marks.items() if mark is Mark.UNSCORED}
        if not due <= named | free or not named <= due | free:
            paper.notebook.note(
                paper.find(passage.line, line.strip()),
                f"Here {_listed(named)} {'is' if len(named) == 1 else 'are'} accepted, "
                f"and the marks accept {_listed(due) or 'nothing'}.",
                "Find out which is right, and say it once: with the marks.",
                near=line.strip(),
                code="marks-contradict",
            )


def _named(options: Sequence[Option], rest: str, following: Sequence[str]) -> frozenset[OptionId]:
    """The options that a list of accepted answers names, by their letters or by their words."""
    said = {_squeezed(option.prose): option.id for option in options}
    named: set[OptionId] = set()
    for text in (rest, *following):
        if not text.strip():
            continue
        found = said.get(_squeezed(text))
        letters = _LETTER.findall(text) if _LETTERED.fullmatch(text.strip()) else []
        places = [LETTERS.index(letter.upper()) for letter in letters]
        if found:
            named.add(found)
        elif places and max(places) < len(options):
            named |= {options[place].id for place in places}
        else:
            break
    return frozenset(named)


def _check_verdicts(paper: Paper, choice: Choice, draft: QuestionDraft) -> None:
    for option, line in zip(choice.options, draft.options(), strict=True):
        found = _VERDICT.search(plain(option.prose))
        if not found:
            continue
        said = Mark.RIGHT if found["right"] else Mark.WRONG
        agrees = option.mark in {said, Mark.UNSCORED}
        paper.notebook.note(
            line.line,
            "The words of this option tell learners that it is "
            f"{said.value}{'' if agrees else ', and its mark says otherwise'}.",
            f"Take “{found[0].strip()}” out; the mark before the option says it.",
            near=found[0].strip(),
            code="option-tells" if agrees else "marks-contradict",
        )


def _check_feedback(paper: Paper, question: Question, draft: QuestionDraft) -> None:
    for line, feedback, right in _judged(question, draft):
        found = (_BLAME if right else _PRAISE).match(plain(feedback))
        if found:
            paper.notebook.note(
                paper.find(line, found[0]),
                f"“{found[0]}” is said to whoever is {'right' if right else 'wrong'} here.",
                "Mend the mark or the words.",
                near=found[0],
                code="feedback-contradicts",
                severity=Severity.WARNING,
            )


def _judged(question: Question, draft: QuestionDraft) -> Iterator[tuple[int, Prose, bool]]:
    if isinstance(question.body, Choice):
        for option, line in zip(question.body.options, draft.options(), strict=True):
            if option.mark is not Mark.UNSCORED:
                yield line.line, option.feedback, option.mark is Mark.RIGHT
        return
    for line in draft.expressions():
        yield line.line, line.feedback, line.role != "wrong"


def _squeezed(prose: Prose | str) -> str:
    text = prose if isinstance(prose, str) else plain(prose)
    return "".join(text.casefold().split()).strip(".")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in sorted(names))
