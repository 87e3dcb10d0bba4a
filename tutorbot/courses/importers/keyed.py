"""Typed keys out of what other programs keep: answers with shares, tolerances and feedback."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tutorbot.core.course import Expression, Kind, Typed
from tutorbot.core.prose import Prose
from tutorbot.courses.importers.gathering import Gathering, number, relative
from tutorbot.courses.importers.imported import Weight
from tutorbot.courses.importers.weights import alike
from tutorbot.courses.lines import LONGEST_EXPRESSION

_STARS = re.compile(r"(?<!\\)\*+")


@dataclass(frozen=True, kw_only=True)
class Answer:
    text: str
    share: Fraction = Fraction(1)  # of the marks
    feedback: Prose = ()
    tolerance: Fraction = Fraction(0)  # absolute

    @property
    def is_right(self) -> bool:
        return self.share > 0 and alike(self.share, 1)


def text_key(
    answers: Sequence[Answer], where: str, gathering: Gathering, *, wild: bool = False
) -> Typed:
    """A few words; ``wild`` says whether ``*`` stands for any text."""
    kept: list[tuple[Answer, str]] = []
    for answer in _sorted(answers, where, gathering):
        text = answer.text
        if wild:
            if not _STARS.sub("", text).strip():
                _lose_rest(answer, where, gathering)
                continue
            if _STARS.search(text):
                what = "A star stood for any text; now the words around it are the whole answer."
                gathering.remark(Weight.CHANGED, where, what, text)
            text = _STARS.sub(" ", text).replace(r"\*", "*")
        kept.append((answer, " ".join(text.split())))
    return Typed(
        kind=Kind.TEXT,
        accepted=_lines(kept, where, gathering, right=True),
        mistaken=_lines(kept, where, gathering, right=False),
    )


def number_key(
    answers: Sequence[Answer], where: str, gathering: Gathering, *, unit: str | None = None
) -> Typed:
    """Numbers within absolute tolerances, which are carried as a share of the answer."""
    kept: list[tuple[Answer, str]] = []
    tolerances: list[Fraction] = []
    for answer in _sorted(answers, where, gathering):
        if answer.text.strip() == "*":
            _lose_rest(answer, where, gathering)
            continue
        value = number(answer.text.replace(",", ".") if "." not in answer.text else answer.text)
        if value is None:
            what = "An answer is no number, so it stays out of the key."
            gathering.remark(Weight.LOST, where, what, answer.text)
            continue
        text = answer.text.strip().replace(",", ".").replace("−", "-")
        kept.append((answer, f"{text} {unit}" if unit else text))
        if answer.is_right:
            share = relative(answer.tolerance, value)
            if share is None:
                what = "The tolerance cannot be said as a share of the answer, so it is left out."
                quote = f"{answer.text} ± {float(answer.tolerance):g}"
                gathering.remark(Weight.LOST, where, what, quote)
            tolerances.append(share or Fraction(0))
    if len(set(tolerances)) > 1:
        what = "The answers have tolerances of their own; now all have that of the first."
        gathering.remark(Weight.CHANGED, where, what)
    return Typed(
        kind=Kind.QUANTITY if unit else Kind.NUMBER,
        accepted=_lines(kept, where, gathering, right=True),
        mistaken=_lines(kept, where, gathering, right=False),
        tolerance=(tolerances[0] or None) if tolerances else None,
        unit=unit,
    )


def _sorted(answers: Sequence[Answer], where: str, gathering: Gathering) -> list[Answer]:
    """The right ones first; note what is worth a part of the marks."""
    for answer in answers:
        if answer.share > 0 and not answer.is_right:
            what = "An answer was worth a part of the marks; now it is an expected mistake."
            quote = f"{answer.text} ({float(answer.share):.0%})"
            gathering.remark(Weight.CHANGED, where, what, quote)
    return sorted(answers, key=lambda answer: not answer.is_right)


def _lose_rest(answer: Answer, where: str, gathering: Gathering) -> None:
    if answer.is_right:
        what = "Any answer is right in the file, which a key cannot say."
        gathering.remark(Weight.LOST, where, what)
    elif answer.feedback:
        what = "The feedback for all other answers has no place in a key."
        gathering.remark(Weight.LOST, where, what)


def _lines(
    kept: Sequence[tuple[Answer, str]], where: str, gathering: Gathering, *, right: bool
) -> tuple[Expression, ...]:
    found: dict[str, Expression] = {}
    others = {text.casefold() for answer, text in kept if answer.is_right}
    for answer, text in kept:
        if answer.is_right is not right or text in found:
            continue
        if not right and text.casefold() in others:
            what = "An answer is right and a mistake at once; it stays right."
            gathering.remark(Weight.DOUBT, where, what, text)
            continue
        if "`" in text:
            gathering.remark(
                Weight.CHANGED, where, "A backtick in an answer became an apostrophe.", text
            )
        if len(text) > LONGEST_EXPRESSION:
            what = f"An answer has over {LONGEST_EXPRESSION} characters, so it stays out."
            gathering.remark(Weight.LOST, where, what, text)
            continue
        found[text] = Expression(text=text.replace("`", "'"), feedback=answer.feedback)
    if right and not found:
        gathering.remark(Weight.MISSING, where, "No answer is marked as right.")
    return tuple(found.values())
