"""Rules for what comes before a question: it must not hold the answer."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tutorbot.core.course import Choice, Mark, Question, Reveal, Typed
from tutorbot.courses.faults import Severity
from tutorbot.courses.prose import plain
from tutorbot.courses.rules.paper import Paper, Passage, Role, of_question

_SHORTEST = 6
"""In characters. Shorter answers, such as ``n``, stand in any text by chance."""
_SHORTEST_NUMBER = 4  # digits

_TYPESETTING = re.compile(
    r"\\(?:left|right|cdot|times|quad|qquad|displaystyle)(?![A-Za-z])|\\[,;:! ]"
)
_SPACE = re.compile(  # but for what parts a word from a number
    r" (?!\w)|(?<!\w) |(?<![A-Za-z]{2}) (?![A-Za-z]{2})"
)
_PRODUCT = re.compile(r"[{}*·×]|(?<=\d)[,x](?=\d)")


@dataclass(kw_only=True)
class _Seen:
    """What has been shown under one stem so far."""

    passages: list[tuple[int, str, str]] = field(default_factory=list[tuple[int, str, str]])
    words: str = ""
    formulas: str = ""

    def add(self, passages: Iterable[Passage]) -> None:
        for passage in passages:
            text = plain(passage.prose)
            if text:
                said = _normal(text)
                self.passages.append((passage.line, text, said))
                self.words += "\n" + "".join(text.lower().split())
                self.formulas += "\n" + said


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """``typed``: compared as formulas are, past their typesetting; else as words."""

    pattern: re.Pattern[str]
    squeezed: str
    typed: bool

    def lines(self, seen: _Seen) -> Iterator[int]:
        # Most answers stand nowhere; that is seen at one look over everything.
        if self.squeezed in (seen.formulas if self.typed else seen.words):
            for line, text, normal in seen.passages:
                if self.pattern.search(normal if self.typed else text):
                    yield line


def check(paper: Paper) -> None:
    groups: dict[int, _Seen] = {}
    for question, draft in paper.pairs:
        passages = tuple(of_question(question, draft))
        hints = _Seen()
        hints.add(each for each in passages if each.role in {Role.HINT, Role.WORKED})
        answers = tuple(_answers(question))
        if draft.stem:
            seen = groups.get(id(draft.stem))
            if seen is None:
                seen = groups.setdefault(id(draft.stem), _Seen())
                seen.add([Passage(line=draft.stem.line, prose=question.stem, role=Role.STEM)])
            for line in (line for answer in answers for line in answer.lines(seen)):
                paper.notebook.note(
                    line,
                    f"This gives away the answer of “{question.id}”, which comes later.",
                    _remedy(question),
                    code="answer-leaked",
                )
            seen.add(each for each in passages if _stays(question, each))
        for line in (line for answer in answers for line in answer.lines(hints)):
            paper.notebook.note(
                line,
                "This help is the answer.",
                "Leave a step to the learner; the solution may tell all.",
                code="hint-is-answer",
                severity=Severity.WARNING,
            )


def _stays(question: Question, passage: Passage) -> bool:
    """Whether this is shown before the next question of the group comes."""
    if passage.role is Role.SOLUTION:
        return question.reveal is Reveal.ANSWERED
    typed = isinstance(question.body, Typed)
    return passage.role in {Role.HINT, Role.WORKED} or (typed and passage.role is Role.FEEDBACK)


def _remedy(question: Question) -> str:
    if question.reveal is Reveal.ANSWERED:
        return (
            "Move it to the solution of that question, or keep solutions back: "
            "reveal: after-group in the meta block of the stem."
        )
    return "Move it to the solution of that question."


def _answers(question: Question) -> Iterator[_Answer]:
    """The right answers that are long enough to be told from chance, however they are spaced."""
    if isinstance(question.body, Choice):
        for option in question.body.options:
            text = plain(option.prose).strip("$. ")
            squeezed = "".join(text.lower().split())
            if option.mark is Mark.RIGHT and len(squeezed) >= _SHORTEST:
                words = r"\s*".join(map(re.escape, re.findall(r"\w+|[^\w\s]", text)))
                pattern = re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
                yield _Answer(pattern=pattern, squeezed=squeezed, typed=False)
        return
    for line in question.body.accepted:
        normal = _normal(line.text)
        shortest = _SHORTEST_NUMBER if normal.isdecimal() else _SHORTEST
        if len(normal) >= shortest:
            pattern = re.compile(rf"(?<!\w){re.escape(normal)}(?!\w)")
            yield _Answer(pattern=pattern, squeezed=normal, typed=True)


def _normal(text: str) -> str:
    """Past the differences between what is typed and how it is typeset."""
    bare = " ".join(_TYPESETTING.sub(" ", text).split())
    return _PRODUCT.sub("", _SPACE.sub("", bare)).lower()
