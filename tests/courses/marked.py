"""Marked papers for tests: read one, and show its keys in a line."""

from textwrap import dedent

from tutorbot.core.course import Choice, Mark, Question
from tutorbot.courses.importers.imported import Imported, Weight
from tutorbot.courses.importers.marked import read
from tutorbot.courses.prose import plain

SIGNS = {Mark.RIGHT: "*", Mark.WRONG: "", Mark.UNSCORED: "?"}


def imported(paper: str) -> Imported:
    found = read(dedent(paper), "paper.md")
    assert isinstance(found, Imported), found
    return found


def key(question: Question) -> str:
    """The options with a star at what is right, or the accepted answers."""
    if isinstance(question.body, Choice):
        return " | ".join(SIGNS[each.mark] + plain(each.prose) for each in question.body.options)
    return "= " + " = ".join(line.text for line in question.body.accepted)


def keys(paper: str) -> list[str]:
    return [key(question) for question in imported(paper).course]


def told(found: Imported, weight: Weight, words: str) -> list[str]:
    return [each.where for each in found.remarks if each.weight is weight and words in each.what]
