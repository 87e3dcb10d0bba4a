"""Every formula of a course in the forms in which learners may see it."""

from collections.abc import Sequence
from dataclasses import dataclass

from tutorbot.authoring.labour import Labour
from tutorbot.core.prose import fill, formulas
from tutorbot.courses.faults import Severity
from tutorbot.courses.rules.paper import Paper
from tutorbot.drawing.canvas import NotDrawable
from tutorbot.drawing.formulas import FormulaLine, png
from tutorbot.drawing.latex import UnreadableError, read
from tutorbot.drawing.theme import Theme
from tutorbot.drawing.unicode import say


@dataclass(frozen=True, kw_only=True)
class Formulas:
    """How many different formulas there are, and what became of them.

    Those ``in_words`` lose nothing on a line of text. The others come as native formulas or as
    pictures, as each learner has chosen; ``drawn`` were drawn to see whether that works.
    """

    different: int = 0
    in_words: int = 0
    drawn: int = 0

    def __add__(self, other: "Formulas") -> "Formulas":
        return Formulas(
            different=self.different + other.different,
            in_words=self.in_words + other.in_words,
            drawn=self.drawn + other.drawn,
        )


NOTHING = Formulas()


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a formula first stands: ``source`` as written, ``shown`` in the first variant."""

    line: int
    source: str
    shown: str


def places(paper: Paper) -> tuple[Place, ...]:
    """Each different formula once, in the order of the file."""
    found: dict[str, Place] = {}
    for passage in paper.passages():
        variant = passage.question.variants[0] if passage.question else ()
        values = {name: str(value) for name, value in variant}
        for source, shown in zip(
            formulas(passage.prose), formulas(fill(passage.prose, values)), strict=True
        ):
            found.setdefault(shown, Place(line=passage.line, source=source, shown=shown))
    return tuple(found.values())


def check(paper: Paper, found: Sequence[Place], labour: Labour, *, pictures: bool) -> Formulas:
    """Note what cannot be shown. Without ``pictures``, only strange formulas are drawn."""
    strange = {each.shown: trouble for each in found if (trouble := _strange(each.shown))}
    drawn = [each for each in found if pictures or each.shown in strange]
    outcomes = labour.spread(draw, [each.shown for each in drawn])
    for place, outcome in zip(drawn, outcomes, strict=True):
        if outcome is None or outcome:
            _note(
                paper,
                place,
                f"This formula cannot be drawn: {outcome or 'it takes too long'}.",
                "Mend it, or write it in other commands of LaTeX.",
                "formula-undrawable",
                Severity.ERROR,
            )
        elif place.shown in strange:
            _note(
                paper,
                place,
                f"This formula cannot be said in words ({strange[place.shown]}), so it always "
                "becomes a picture.",
                "Take commonplace commands of LaTeX, if there are some for it.",
                "formula-picture-only",
                Severity.WARNING,
            )
    return Formulas(
        different=len(found),
        in_words=sum(say(each.shown) is not None for each in found),
        drawn=len(drawn),
    )


def draw(latex: str) -> str:
    """What keeps a formula from being drawn; nothing if it can be."""
    try:
        png([FormulaLine(latex=latex)], Theme.LIGHT)
    except NotDrawable as trouble:
        return str(trouble).rstrip(".") or "no reason is known"
    return ""


def _strange(latex: str) -> str:
    """What of a formula the writer of words does not know; nothing if it knows all."""
    try:
        read(latex)
    except UnreadableError as trouble:
        return str(trouble) or "unknown LaTeX"
    return ""


def _note(paper: Paper, place: Place, what: str, mend: str, code: str, severity: Severity) -> None:
    first = place.source.splitlines()[0] if place.source else ""
    line = paper.find(place.line, first)
    paper.notebook.note(line, what, mend, near=first, code=code, severity=severity)
