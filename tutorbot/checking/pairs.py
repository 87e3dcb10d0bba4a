"""The question that somebody means who gives nothing but a key, some names and a kind.

A course says what its symbols are. A row of a corpus, or a command in a hurry, does not: its names
are often a list of all letters in it, those of ``sin`` and ``summation`` included, and its
constants stand among the symbols.
"""

import re
from dataclasses import dataclass, replace
from typing import Final

from tutorbot.core.answers.judge import judge, prepare
from tutorbot.core.answers.kinds.scalar import UnsoundKeyError
from tutorbot.core.answers.operations import CALLED
from tutorbot.core.answers.verdicts import (
    Asked,
    Problem,
    Right,
    RightButForm,
    Undecided,
    Unreadable,
    Verdict,
    Wrong,
)
from tutorbot.core.answers.vocabulary import GREEK_NAMES, SPELLED, SUMS, Vocabulary, canonical
from tutorbot.core.course import Expression, Form, Kind, Typed

LOOSE_KINDS: Final[dict[str, tuple[Kind, ...]]] = {
    "expr": (
        Kind.FORMULA,
        Kind.EQUATION,
        Kind.INEQUALITY,
        Kind.SET,
        Kind.INTERVAL,
        Kind.TUPLE,
        Kind.MATRIX,
        Kind.LOGIC,
    ),
    "list": (Kind.TUPLE, Kind.VECTOR),
    "set": (Kind.SET, Kind.INTERVAL, Kind.SOLUTIONS),
    "interval": (Kind.INTERVAL, Kind.SET, Kind.INEQUALITY),
    "equation": (Kind.EQUATION, Kind.SOLUTIONS, Kind.LOGIC),
    "inequality": (Kind.INEQUALITY, Kind.LOGIC, Kind.FORMULA),
    "logic": (Kind.LOGIC, Kind.SOLUTIONS, Kind.INEQUALITY),
    "mixed": (Kind.LOGIC, Kind.SET),
}
"""Kinds as corpora name them: the first of ours that can read the key is meant."""


class BadKey(ValueError):
    """The key cannot be read, or there is no such kind; the message says which.

    ``problem`` and ``line``: why and what, if it is the reading that failed.
    """

    def __init__(self, message: str, line: str = "", problem: Problem | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.problem = problem


@dataclass(frozen=True, kw_only=True)
class Pair:
    """What is typed, beside what would be right, as an author would put it."""

    student: str
    teacher: str
    names: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    kind: str = "expr"
    form: Form | None = None


def asked(pair: Pair) -> tuple[Asked, ...]:
    """The question that is meant; several, if that is unclear.

    Names that the key uses and nobody declared are declared. A list of names does not say whether
    I is a current or the imaginary unit: it is read as a symbol first, and as the unit then.

    Raises:
        BadKey: no question can be made of it.
    """
    names = _names(pair)
    plain = _question(pair, names)
    without = tuple(name for name in names if name not in _DOUBTFUL)
    if without == names:
        return (plain,)
    try:
        return plain, _question(pair, without)
    except BadKey:
        return (plain,)


def best(questions: tuple[Asked, ...], student: str) -> Verdict:
    """The best verdict among the ways to understand the question, the first of equals."""
    verdicts: list[Verdict] = []
    for question in questions:
        verdict = judge(question, student)
        if isinstance(verdict, Right):
            return verdict
        verdicts.append(verdict)
    order = (RightButForm, Undecided, Wrong, Unreadable)
    return min(verdicts, key=lambda verdict: order.index(type(verdict)))


_DOUBTFUL = frozenset(("I", "E", "i", "j", "e", "pi"))
_CONSTANTS = ("e", "i")
_ROUNDS = 12  # things in a key that have to be guessed
_NAME = re.compile(r"[A-Za-z][\w']*", re.ASCII)
_LETTER = re.compile(r"[A-Za-z](?:_\w+)?", re.ASCII)
_SIGNS = ("plus_minus", "minus_plus")
_CALLS = tuple(sorted({*SPELLED, *CALLED, *SUMS} - {""}, key=len, reverse=True))
_KNOWN_WORD = re.compile(
    rf"(?:{'|'.join(each for each in _CALLS if len(each) > 1)})(?=\s*(?:\(|\^|\*\*))"
    rf"|(?:{'|'.join(_SIGNS)})",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z]+")
_DECIMAL_LOG = re.compile(r"log(?:10|\s*_\s*[{(]?\s*10)|\blg\b|\\lg\b")
_NUMBERED = re.compile(r"[A-Za-z]0\d*")  # M0 is no product, and no power
_DIGITS_BEHIND = re.compile(r"(?<=[A-Za-z)\]}'])\s*(?=\d)")


def _names(pair: Pair) -> tuple[str, ...]:
    """The names that are meant: not those of functions, nor letters that only spell a word."""
    text = f"{pair.teacher}\n{pair.student}"
    words = {each.lower() for each in _JOINING}
    named = [name for name in map(canonical, pair.names) if _NAME.fullmatch(name)]
    greek = {*_WORD.findall(pair.teacher)} & GREEK_NAMES - {"pi", *pair.functions}
    rest = _KNOWN_WORD.sub(" ", text)
    for word in greek - {*named}:
        rest = re.sub(rf"(?<![A-Za-z]){word}(?![A-Za-z])", " ", rest)
    kept = [
        name
        for name in named
        if not (name in SPELLED and f"{name.lower()}(" in text.lower())
        and not (len(name) > 1 and (name in words or name in _SIGNS))
        and not (_LETTER.fullmatch(name) and name in text and name not in rest)
    ]
    return tuple(dict.fromkeys((*kept, *sorted(greek))))


def _question(pair: Pair, names: tuple[str, ...]) -> Asked:
    kinds = LOOSE_KINDS.get(pair.kind)
    if kinds is None:
        try:
            kinds = (Kind(pair.kind),)
        except ValueError:
            raise BadKey(f"there is no kind {pair.kind[:40]!r}") from None
    functions = tuple(name for name in pair.functions if _NAME.fullmatch(canonical(name)))
    base = 10 if _DECIMAL_LOG.search(pair.teacher) and "ln" not in pair.teacher else None
    trouble: BadKey | None = None
    for kind in kinds:
        typed = Typed(
            kind=kind,
            accepted=(Expression(text=pair.teacher),),
            symbols=names,
            functions=functions,
            constants=_CONSTANTS,
            form=pair.form,
            log_base=base,
        )
        try:
            question = _sound(typed)
        except BadKey as unsound:
            trouble = trouble or unsound
            continue
        typed = question.typed
        applied = any(re.search(rf"{re.escape(name)}\W*\(", pair.teacher) for name in functions)
        if pair.kind == "expr" and kind is Kind.FORMULA and not typed.symbols and not applied:
            return replace(question, typed=replace(typed, kind=Kind.NUMBER))
        return question
    assert trouble is not None
    raise trouble


def _sound(typed: Typed) -> Asked:
    """The question, with every name declared that its key uses.

    Raises:
        BadKey: the key cannot be read all the same.
    """
    for _ in range(_ROUNDS):
        question = Asked(typed=typed)
        try:
            prepare(question)
        except UnsoundKeyError as unsound:
            problem, line = unsound.problem, unsound.line
            guessed = _guessed(typed, problem)
            if guessed is None:
                raise BadKey("the teacher's line cannot be read", line, problem) from None
            typed = guessed
        else:
            return question
    raise BadKey("the teacher's line uses too many names that are not declared")


def _guessed(typed: Typed, problem: Problem) -> Typed | None:
    """What its author must have meant, if that is plain."""
    if problem.code == "unknown-symbol":
        name = canonical(problem.details["name"])
        if name in typed.symbols or not _NAME.fullmatch(name):
            return None
        return replace(typed, symbols=(*typed.symbols, name))
    if problem.code == "ambiguous-power":
        place = typed.accepted[0].text[problem.at : problem.at + problem.length]
        if _NUMBERED.fullmatch(place) and place not in typed.symbols:
            return replace(typed, symbols=(*typed.symbols, place))
        # Where all names are listed, x3 is none, and an author knows how to type a power.
        line = typed.accepted[0].text
        last = problem.at + problem.length
        mended = line[: problem.at] + _DIGITS_BEHIND.sub("*", line[problem.at : last], count=1)
        if "*" in mended[problem.at :]:
            return replace(typed, accepted=(Expression(text=mended + line[last:]),))
    return None


_JOINING = Vocabulary(statements=True, logic=True).words
