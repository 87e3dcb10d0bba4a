"""Gaps in a text as Moodle writes them: ``{1:SHORTANSWER:=Paris#Yes~Lyon#No}``."""

import re
from dataclasses import dataclass
from fractions import Fraction
from html import unescape

from tutorbot.courses.importers.gathering import number

_OPENING = re.compile(r"\{(\d{0,3}):([A-Z_]{2,16}):")
_LONGEST = 4_000
_MOST_TRIED = 200  # openings in one text; whoever reads it sees a few
_TEXTS = frozenset({"SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"})
_NUMBERS = frozenset({"NUMERICAL", "NM"})
_CHOICES = re.compile(r"(MULTICHOICE|MC|MULTIRESPONSE|MR)_?([VHS]{0,2})")
_SHARE = re.compile(r"%(-?\d{1,3}(?:\.\d{1,6})?)%")
_TAG = re.compile(r"<[^<>]{0,300}>")
_ESCAPED = re.compile(r"\\([}#~/\"=])")


@dataclass(frozen=True, kw_only=True)
class GapAnswer:
    text: str  # of options HTML, of typed answers plain
    share: Fraction
    feedback: str  # HTML
    tolerance: Fraction = Fraction(0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Gap:
    kind: str  # "text", "number" or "choice"
    answers: tuple[GapAnswer, ...]
    several: bool = False
    shuffled: bool = False


def split_gaps(text: str) -> list[str | Gap]:
    """The text with its gaps read; what looks like one and is none stays text."""
    pieces: list[str | Gap] = []
    at = 0
    for _ in range(_MOST_TRIED):
        found = _OPENING.search(text, at)
        if not found:
            break
        end = _closing(text, found.end())
        gap = _gap(found[2], text[found.end() : end]) if end > 0 else None
        pieces.append(text[at : found.start() if gap else found.end()])
        at = end + 1 if gap else found.end()
        if gap:
            pieces.append(gap)
    return [*pieces, text[at:]]


def _closing(text: str, start: int) -> int:
    end = text.find("}", start, start + _LONGEST)
    while end > 0 and text[end - 1] == "\\":
        end = text.find("}", end + 1, start + _LONGEST)
    return end


def _gap(kind: str, body: str) -> Gap | None:
    answers = [each for each in re.split(r"(?<!\\)~", body) if each.strip()]
    if not answers:
        return None
    if kind in _TEXTS:
        return Gap(kind="text", answers=tuple(map(_text_answer, answers)))
    if kind in _NUMBERS:
        return Gap(kind="number", answers=tuple(map(_number_answer, answers)))
    choice = _CHOICES.fullmatch(kind)
    if not choice:
        return None
    return Gap(
        kind="choice",
        answers=tuple(map(_answer, answers)),
        several=choice[1] in {"MULTIRESPONSE", "MR"},
        shuffled="S" in choice[2],
    )


def _answer(body: str) -> GapAnswer:
    share = Fraction(0)
    body = body.strip()
    percent = _SHARE.match(body)
    if body.startswith("="):
        share, body = Fraction(1), body[1:]
    elif percent:
        share, body = (number(percent[1]) or Fraction(0)) / 100, body[percent.end() :]
    parts = re.split(r"(?<!\\)#", body, maxsplit=1)
    text, feedback = (_ESCAPED.sub(r"\1", part) for part in (*parts, "")[:2])
    return GapAnswer(text=text.strip(), share=share, feedback=feedback)


def _text_answer(body: str) -> GapAnswer:
    answer = _answer(body)
    text = unescape(_TAG.sub(" ", answer.text)).strip()
    return GapAnswer(text=text, share=answer.share, feedback=answer.feedback)


def _number_answer(body: str) -> GapAnswer:
    answer = _text_answer(body)
    text, _, tolerance = answer.text.partition(":")
    return GapAnswer(
        text=text.strip(),
        share=answer.share,
        feedback=answer.feedback,
        tolerance=abs(number(tolerance) or Fraction(0)),
    )
