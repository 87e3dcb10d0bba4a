"""A course long enough for a year, written in the course format and read by the real loader."""

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tutorbot.core.course import Choice, Course, Question, Typed, Values
from tutorbot.core.ids import CourseId, CourseVersionId, QuestionId
from tutorbot.courses.load import Loaded, Unsound, load

PAPERS = 12
SKILLS = 10  # of a paper
PER_SKILL = 5

Key = tuple[CourseId, QuestionId]


@dataclass(frozen=True, kw_only=True)
class School:
    loaded: tuple[Loaded, ...]

    @property
    def papers(self) -> tuple[Course, ...]:
        return tuple(each.course for each in self.loaded)

    @property
    def questions(self) -> dict[Key, Question]:
        return {(paper.id, each.id): each for paper in self.papers for each in paper}

    @property
    def versions(self) -> dict[CourseId, CourseVersionId]:
        """As an empty database numbers them."""
        return {paper.id: CourseVersionId(n) for n, paper in enumerate(self.papers, 1)}


def build(folder: Path, papers: int = PAPERS) -> School:
    """Write the papers into an empty folder, and read them."""
    for number in range(papers):
        text = "".join(_paper(number, random.Random(f"paper {number}")))
        (folder / f"{number:02}.quiz.md").write_text(text, encoding="utf-8")
    loaded = load(folder)
    assert not isinstance(loaded, Unsound), str(loaded)
    return School(loaded=loaded)


def solution(typed: Typed, values: Values) -> str:
    """What to type."""
    return with_numbers(typed.accepted[0].text, {name: str(value) for name, value in values})


def with_numbers(expression: str, values: Mapping[str, str]) -> str:
    """The expression with its names replaced.

    >>> with_numbers("4*(h*h + h*e)", {"h": "2", "e": "3"})
    '4*(2*2 + 2*3)'
    """
    return re.sub(r"[a-z]+", lambda name: values.get(name[0], name[0]), expression)


def guessing(question: Question) -> float:
    """The chance to be right without knowing anything."""
    body = question.body
    return 1 / len(body.options) if isinstance(body, Choice) else 0.0


def _paper(number: int, dice: random.Random) -> Iterator[str]:
    yield f"---\nid: area-{number}\ntitle: Area {number}\n---\n"
    # The skills take turns, so that those who walk through a paper meet each again and again.
    for turn in range(PER_SKILL):
        for skill in range(SKILLS):
            place = turn * SKILLS + skill
            a, b = dice.randrange(20, 60), dice.randrange(70, 99)
            yield (
                f"\n## Question {place} {{#q{number}-{place}}}\n\n```meta\n"
                f"skills: [area{number}.skill{skill}]\n"
                f"params: {{h: [{a}, {a + 1}, {a + 2}], e: [{b}, {b + 1}]}}\n```\n\n"
            )
            yield _typed() if (place + number) % 6 == 0 else _choice(place)
            yield "- hint: Look at $W_{xh} x_t$ first.\n- hint: Then count its entries.\n"
            yield f"\n### Solution\n\nCase {place}: the rows of one are the columns of the other.\n"


def _choice(place: int) -> str:
    return (
        f"In case {place}, what is true of ${{{{h}}}}$ and ${{{{e}}}}$?\n\n"
        f"- (x) $x_{{{place}}} = \\frac{{{{{{h}}}}}}{{{{{{e}}}}}}$ {{#a}}\n  > The rows match.\n"
        f"- ( ) $x_{{{place}}} = \\frac{{{{{{e}}}}}}{{{{{{h}}}}}}$ {{#b tag=frac.inverted}}\n"
        "  > It stands upside down.\n"
        f"- ( ) $x_{{{place}}}^2$ {{#c}}\n- ( ) None of its entries is $0$. {{#d}}\n"
    )


def _typed() -> str:
    return (
        "It reads ${{e}}$ numbers and keeps ${{h}}$. How many parameters does it train?\n\n"
        "- answer: `4*(h*h + h*e)`\n- wrong: `h*h + h*e` {tag=count.one-gate}\n"
    )
