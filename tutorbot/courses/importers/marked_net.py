"""The net under the import of a paper: lines whose words are found nowhere else are told."""

import re
from collections.abc import Iterator

from tutorbot.core.course import Choice, Course, Question, Typed
from tutorbot.core.prose import Picture, Prose
from tutorbot.courses.importers.imported import Imported, Remark, Weight
from tutorbot.courses.prose import plain

_WORD = re.compile(r"[^\W\d_]{3,}|\d+")
_MOST_TOLD = 100
_SHORT = 3  # digits: the number of a question, a share of the marks
# What marks and keys are made of, and commands of LaTeX that become environments of ours.
_KNOWN_WORDS = """
    ii iii iv vi vii viii note notes comment comments remark partially bigcirc circ square
    question questions problem ques exercise option options choice choices right wrong correct
    incorrect answer answers accepted ans key solution sol soln explanation detailed the are and
    type range numeric string regex match point points mark marks msq mcq nat feedback hint
    reason true false score begin end align aligned equation gather displaymath eqnarray
    multline not number numbered ption both
"""
_KNOWN = frozenset(_KNOWN_WORDS.split())


def lost_lines(text: str, imported: Imported) -> Iterator[Remark]:
    """A remark for each line of which a word is neither in the course nor in a remark."""
    kept = set(_KNOWN)
    for said in _said(imported.course):
        kept.update(word.casefold() for word in _WORD.findall(said))
    for remark in imported.remarks:
        kept.update(word.casefold() for word in _WORD.findall(f"{remark.what} {remark.quote}"))
    told = 0
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        words = [word.casefold() for word in _WORD.findall(line)]
        lost = [
            word
            for word in words
            if word not in kept and not (word.isdigit() and len(word) <= _SHORT)
        ]
        if not lost:
            continue
        told += 1
        if told > _MOST_TOLD:
            what = "There are further lines that are not in the course."
            yield Remark(weight=Weight.LOST, where=f"line {number}", what=what)
            return
        what = "This line, or a part of it, is not in the course."
        yield Remark(
            weight=Weight.LOST, where=f"line {number}", what=what, quote=line.strip()[:200]
        )


def _said(course: Course) -> Iterator[str]:
    yield course.title
    yield _words(course.about)
    for question in course:
        yield from _said_by(question)


def _said_by(question: Question) -> Iterator[str]:
    for prose in (question.stem, question.prose, question.solution, question.worked):
        yield _words(prose)
    for hint in question.hints:
        yield _words(hint.prose)
    if question.dispute:
        yield _words(question.dispute.why)
    match question.body:
        case Choice(options=options):
            for option in options:
                yield _words(option.prose)
                yield _words(option.feedback)
        case Typed(accepted=accepted, mistaken=mistaken):
            for line in (*accepted, *mistaken):
                yield line.text
                yield _words(line.feedback)


def _words(prose: Prose) -> str:
    pictures = " ".join(
        f"{block.file} {block.words}" for block in prose if isinstance(block, Picture)
    )
    return f"{plain(prose)} {pictures}"
