"""Rules for whatever is read: turns of phrase, formulas, lengths."""

import re

from tutorbot.core.prose import formulas
from tutorbot.courses.faults import Severity
from tutorbot.courses.prose import plain
from tutorbot.courses.rules.paper import Paper, Passage
from tutorbot.courses.wording import places_named, questions_named

_TEXT = re.compile(r"\\(?:text\w*|mathrm|mathit|mathsf|mbox|operatorname\*?)\s*\{[^{}]*\}")
_WORDS = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{3,} +[A-Za-z]{2,}(?![A-Za-z])")
_FORMULA = re.compile(r"\$\$?[^$]{1,2000}\$\$?|`[^`]{1,2000}`")
_BRACKETS = re.compile(r"\\\(.{1,500}?\\\)|\\[A-Za-z]{2,20}\{")

LONGEST_MESSAGE = 4096
"""In characters. What is longer comes as two messages, or more."""


def check(paper: Paper) -> None:
    for passage in paper.passages():
        if passage.prose:
            _check_phrases(paper, passage)
            _check_formulas(paper, passage)
            _check_signs(paper, passage)
    _check_brackets(paper)
    for line in (hint for _, draft in paper.pairs for hint in draft.hints()):
        if not line.prose:
            paper.notebook.note(
                line.line, "This hint says nothing.", "Write it after hint:.", code="hint-empty"
            )
    _check_lengths(paper)


def _check_phrases(paper: Paper, passage: Passage) -> None:
    text = plain(passage.prose)
    for phrase in places_named(text):
        _note(
            paper,
            passage.line,
            phrase,
            f"Options are shuffled, so “{phrase}” says nothing.",
            "Say what the option says instead.",
            "option-by-place",
        )
    for phrase in questions_named(text):
        _note(
            paper,
            passage.line,
            phrase,
            f"Questions may come alone, so “{phrase}” says nothing.",
            "Repeat what is needed, or share a stem.",
            "question-by-place",
        )


def _check_formulas(paper: Paper, passage: Passage) -> None:
    for latex in formulas(passage.prose):
        trouble = _unbalanced(latex)
        if trouble:
            first = latex.splitlines()[0] if latex else ""
            what, mend = f"A formula has {trouble}.", "Close what is opened."
            _note(paper, passage.line, first, what, mend, "formula-unbalanced")


def _check_signs(paper: Paper, passage: Passage) -> None:
    """Formulas that are words between two prices, and params that have lost their second braces."""
    for latex in formulas(passage.prose):
        if words := _WORDS.search(_TEXT.sub("", latex)):
            _warn(
                paper,
                paper.find(passage.line, words[0]),
                words[0],
                "Words stand between these dollar signs, and would be shown as a formula.",
                "Write \\$ for the sign itself, or \\text{…} around words in a formula.",
                "formula-words",
            )
    if passage.question:
        said = _FORMULA.sub("", plain(passage.prose))
        for name, _ in passage.question.variants[0]:
            if re.search(rf"(?<![{{\w]){{{re.escape(name)}}}(?!}})", said):
                _warn(
                    paper,
                    paper.find(passage.line, f"{{{name}}}"),
                    f"{{{name}}}",
                    f"{{{name}}} is shown as it stands.",
                    f"Write {{{{{name}}}}} for the value of the parameter.",
                    "param-unfilled",
                )


def _check_brackets(paper: Paper) -> None:
    r"""``\(x\)`` is a formula elsewhere; in Markdown it is x in brackets."""
    for number, line in enumerate(paper.notebook.lines, start=1):
        if found := _BRACKETS.search(_FORMULA.sub(lambda it: " " * len(it[0]), line)):
            _warn(
                paper,
                number,
                found[0],
                "This is no formula here, and is shown with its backslashes or without.",
                "Write $…$ around it.",
                "formula-in-brackets",
            )


def _warn(paper: Paper, line: int, near: str, what: str, mend: str, code: str) -> None:
    paper.notebook.note(line, what, mend, near=near, code=code, severity=Severity.WARNING)


def _check_lengths(paper: Paper) -> None:
    for question, draft in paper.pairs:
        passages = [question.stem, question.prose, *(line.prose for line in draft.options())]
        length = sum(len(plain(prose)) for prose in passages)
        if length > LONGEST_MESSAGE:
            paper.notebook.note(
                draft.line,
                f"The question has {length:,} characters with its stem, more than one message.",
                f"Keep to {LONGEST_MESSAGE:,}, so that it stands in one with its buttons.",
                code="question-long",
                severity=Severity.WARNING,
            )


def _note(paper: Paper, line: int, near: str, what: str, mend: str, code: str) -> None:
    paper.notebook.note(paper.find(line, near), what, mend, near=near, code=code)


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
    parts = latex.split(command)[1:]
    return sum(command.endswith("{") or not part[:1].isalpha() for part in parts)
