"""Questions as programs without variants and without a judge of formulas can ask them."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from tutorbot.core.answers.judge import echoed, prepare
from tutorbot.core.answers.kinds.scalar import Lines, UnsoundKeyError
from tutorbot.core.answers.verdicts import Asked, Echo
from tutorbot.core.course import Choice, Course, Expression, Kind, Question, Typed, Values
from tutorbot.core.ids import QuestionId
from tutorbot.core.prose import Prose, fill
from tutorbot.courses.lines import LONGEST_ID

MOST_VARIANTS = 10
"""Of a question, each of which becomes a question of its own."""

_NAME = re.compile(r"[^\W\d]\w*")
_PLACES_NAMED = 3
_FIGURES = 12
_NEARLY = Fraction(1, 10**6)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a typed key, with its values set in."""

    text: str
    feedback: Prose = ()
    value: Fraction | None = None  # of a number


@dataclass(frozen=True, kw_only=True)
class Key:
    """A typed key without anything to work out."""

    kind: Kind  # NUMBER, QUANTITY or TEXT
    right: tuple[Line, ...]
    wrong: tuple[Line, ...]
    tolerance: Fraction = Fraction(0)  # relative
    unit: str | None = None


@dataclass(frozen=True, kw_only=True)
class Flat:
    """A question in one variant; its stem stands before its own words."""

    question: Question  # without variants and without a stem
    key: Key | None  # of an answer that is typed
    origin: QuestionId  # all variants of a question have the same


@dataclass(kw_only=True)
class Remarks:
    """What a format cannot hold, each thing said once for all questions that it concerns."""

    _found: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def say(self, question: str, what: str) -> None:
        places = self._found.setdefault(what, [])
        if question not in places:
            places.append(question)

    def all(self) -> tuple[str, ...]:
        return tuple(f"{what} ({_joined(places)})" for what, places in self._found.items())


def flattened(course: Course, remarks: Remarks) -> tuple[Flat, ...]:
    """Every question in each variant, up to `MOST_VARIANTS` of them."""
    if course.translations:
        remarks.say("the course", "The translations stay out: export each file for itself.")
    return tuple(flat for question in course.questions for flat in _flats(question, remarks))


def _flats(question: Question, remarks: Remarks) -> Iterator[Flat]:
    if question.dispute:
        remarks.say(question.id, "It is not told that the key is disputed, nor why.")
    if question.stem:
        remarks.say(question.id, "The shared stem stands in each of its questions.")
    if question.tries:
        remarks.say(question.id, "The number of tries is not carried.")
    if len(question.variants) > 1:
        remarks.say(question.id, "Each variant became a question of its own.")
    if len(question.variants) > MOST_VARIANTS:
        remarks.say(question.id, f"Only the first {MOST_VARIANTS} variants are carried.")
    for place, values in enumerate(question.variants[:MOST_VARIANTS], start=1):
        flat = filled(question, values)
        if len(question.variants) > 1:
            name = f"{question.id[: LONGEST_ID - len(str(place)) - 2].rstrip('-.')}-v{place}"
            title = f"{flat.title} (variant {place})"
            flat = replace(flat, id=QuestionId(name), title=title)
        key = None
        if isinstance(flat.body, Typed):
            key = key_of(flat.body, values, lambda what: remarks.say(question.id, what))
        yield Flat(
            question=replace(flat, prose=(*flat.stem, *flat.prose), stem=()),
            key=key,
            origin=question.id,
        )


def filled(question: Question, values: Values) -> Question:
    """The question with the values of one variant in its words; its key stays as it is."""
    names = {name: shown(value) for name, value in values}

    def told(line: Expression) -> Expression:
        return replace(line, feedback=fill(line.feedback, names))

    body = question.body
    if isinstance(body, Choice):
        body = replace(
            body,
            options=tuple(
                replace(each, prose=fill(each.prose, names), feedback=fill(each.feedback, names))
                for each in body.options
            ),
        )
    else:
        body = replace(
            body,
            accepted=tuple(map(told, body.accepted)),
            mistaken=tuple(map(told, body.mistaken)),
        )
    return replace(
        question,
        body=body,
        prose=fill(question.prose, names),
        stem=fill(question.stem, names),
        hints=tuple(replace(hint, prose=fill(hint.prose, names)) for hint in question.hints),
        worked=fill(question.worked, names),
        solution=fill(question.solution, names),
        variants=((),),
    )


def key_of(typed: Typed, values: Values, say: Callable[[str], None]) -> Key:
    """The key as numbers, if it comes to numbers, else as words to compare."""
    lines = (*typed.accepted, *typed.mistaken)
    count = len(typed.accepted)
    if typed.kind is Kind.TEXT:
        named = {name: shown(value) for name, value in values}
        made = [
            Line(text=named.get(each.text, each.text), feedback=each.feedback) for each in lines
        ]
        return Key(kind=Kind.TEXT, right=tuple(made[:count]), wrong=tuple(made[count:]))
    numbers = _numbers(typed, values)
    if numbers is not None:
        if typed.form or typed.significant:
            say("The form in which a number must be given is not asked for.")
        made = [
            Line(text=decimal(number), feedback=each.feedback, value=number)
            for each, number in zip(lines, numbers, strict=True)
        ]
        exact = all(decimal(number) == shown(number) for number in numbers)
        return Key(
            kind=typed.kind,
            right=tuple(made[:count]),
            wrong=tuple(made[count:]),
            tolerance=typed.tolerance or (Fraction(0) if exact else _NEARLY),
            unit=typed.unit,
        )
    say("What is typed is compared letter by letter, not as a formula.")
    return Key(
        kind=Kind.TEXT,
        right=tuple(_texts(typed, values, typed.accepted)),
        wrong=tuple(_texts(typed, values, typed.mistaken)),
    )


def with_values(text: str, values: Values) -> str:
    """An expression of the key, with numbers for the names of parameters."""
    names = dict(values)

    def number(found: re.Match[str]) -> str:
        if found[0] not in names:
            return found[0]
        value = shown(names[found[0]])
        return value if value.isdecimal() else f"({value})"

    return _NAME.sub(number, text)


def shown(value: Fraction) -> str:
    """As learners see it: a decimal if it is one, else a fraction."""
    bare = value.denominator
    for prime in (2, 5):
        while bare % prime == 0:
            bare //= prime
    return decimal(value) if bare == 1 else str(value)


def decimal(value: Fraction) -> str:
    """With twelve figures at most, and never a power of ten."""
    if value.denominator == 1:
        return str(value)
    places = max(0, _FIGURES - len(str(abs(value.numerator) // value.denominator)))
    rounded = round(abs(value) * 10**places)
    digits = str(rounded).rjust(places + 1, "0")
    text = f"{digits[: len(digits) - places]}.{digits[len(digits) - places :]}".rstrip("0").rstrip(
        "."
    )
    return f"-{text}" if value < 0 else text


def _numbers(typed: Typed, values: Values) -> list[Fraction] | None:
    """What each line comes to; none if one of them is no number, or not known exactly."""
    if typed.kind not in {Kind.NUMBER, Kind.QUANTITY} or not typed.accepted:
        return None
    unit = typed.unit or ""

    def bare(line: Expression) -> Expression:
        return replace(line, text=line.text.strip().removesuffix(unit).strip())

    as_number = replace(
        typed,
        kind=Kind.NUMBER,
        unit=None,
        accepted=tuple(map(bare, typed.accepted)),
        mistaken=tuple(map(bare, typed.mistaken)),
    )
    try:
        key = prepare(Asked(typed=as_number, values=values))
    except UnsoundKeyError:
        return None
    if not isinstance(key, Lines):
        return None
    found = [each.value for each in (*key.accepted, *key.mistaken)]
    known = [each for each in found if each is not None]
    return known if len(known) == len(found) else None


def _texts(typed: Typed, values: Values, lines: Sequence[Expression]) -> Iterator[Line]:
    """Each line as an author would type it, and as it is printed."""
    seen: set[str] = set()
    for line in lines:
        typed_so = with_values(line.text, values)
        echo = echoed(Asked(typed=typed, values=values), typed_so)
        spellings = [typed_so, echo.text if isinstance(echo, Echo) else typed_so]
        if typed.kind is Kind.SIZE:
            spellings.append(re.sub(r"\s*[x×]\s*", "x", typed_so))
        for text in dict.fromkeys(spellings):
            if text not in seen:
                seen.add(text)
                yield Line(text=text, feedback=line.feedback)


def _joined(places: Sequence[str]) -> str:
    if len(places) <= _PLACES_NAMED:
        return ", ".join(places)
    return f"{', '.join(places[:_PLACES_NAMED])} and {len(places) - _PLACES_NAMED} more"
