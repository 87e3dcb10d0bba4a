"""Units of measurement: read by our own tokenizer, measured by pint, which is given names only.

pint takes a third of a second to load and its own parser evaluates what it reads; so it is loaded
when the first quantity is asked for, and never sees what a learner typed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, cast

from tutorbot.core.answers.characters import SUPERSCRIPTS
from tutorbot.core.answers.unit_names import NAMES, OFFSETS, PREFIXED, PREFIXES, SHORT, SYMBOLS

MAX_LENGTH = 200  # characters of a unit
MAX_EXPONENT = 12


@dataclass(frozen=True, kw_only=True)
class Unit:
    """So many of the root units, which are powers of the base dimensions."""

    factor: Fraction
    dimension: tuple[tuple[str, int], ...]  # by name
    shown: str
    offset: Fraction = Fraction(0)  # of its zero, in root units; only of a temperature alone

    @property
    def dimension_shown(self) -> str:
        names = [f"{name}^{power}" if power != 1 else name for name, power in self.dimension]
        return "·".join(names) or "1"


@dataclass(frozen=True, kw_only=True)
class NoUnit:
    """What stands there is no unit; ``word`` could not be read."""

    word: str


@dataclass(frozen=True, slots=True)
class _Factor:
    unit: str  # as pint calls it, prefix included
    shown: str
    power: int


def read_unit(text: str) -> Unit | NoUnit:
    """The unit that a text means.

    >>> read_unit("km/h").shown
    'km/h'
    """
    if len(text) > MAX_LENGTH:
        return NoUnit(word=text[:20] + "…")
    try:
        reader = _Reader(_plain(text))
        factors = reader.whole()
    except _NoUnitError as error:
        return NoUnit(word=error.word)
    return _measured(factors, _shown(_plain(text)))


def _shown(plain: str) -> str:
    written = re.sub(r"\(([^()\s·/^]+)\)", r"\1", " ".join(plain.split())).replace(" / ", "/")
    return re.sub(
        r"\^[({]?(-?\d+)[)}]?", lambda power: "".join(_RAISE[each] for each in power[1]), written
    )


class _NoUnitError(ValueError):
    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


_DRESSED = re.compile(r"\\(?:mathrm|text|textrm|mathit|rm|operatorname|unit|si)\s*\{([^{}]*)\}")
_OVER = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_MEANT = (
    (re.compile(r"\\(?:cdot|times|ast)(?![A-Za-z])"), "·"),
    (re.compile(r"\^?\\circ|\^\{\\circ\}|\\degree|º"), "°"),
    (re.compile(r"\\mu(?![A-Za-z])\s*|[µμ]"), "µ"),
    (re.compile(r"\\Omega(?![A-Za-z])|[ΩΩ]"), "Ω"),
    (re.compile(r"\\%"), "%"),
    (re.compile(r"\\[,;:! ]|[~$]"), " "),
    (re.compile(r"[⋅·∙•×*](?!\*)"), "·"),
    (re.compile(r"[−–]"), "-"),
    (re.compile(r"℃"), "°C"),
    (re.compile(r"℉"), "°F"),
    (re.compile(r"°\s+(?=[CFK])"), "°"),
    (re.compile(r"[∕⁄÷]"), "/"),
    (re.compile(r"\bper\b"), "/"),
    (re.compile(r"\*\*|··"), "^"),
)
_RAISE = {plain: raised for raised, plain in SUPERSCRIPTS.items()}
_RAISED = re.compile(f"[{''.join(SUPERSCRIPTS)}]+")


def _plain(text: str) -> str:
    text = _OVER.sub(r"(\1)/(\2)", _DRESSED.sub(r"\1", text))
    text = _DRESSED.sub(r"\1", text).replace("**", "^")
    text = _RAISED.sub(lambda run: "^" + "".join(SUPERSCRIPTS[each] for each in run[0]), text)
    for pattern, meant in _MEANT:
        text = pattern.sub(meant, text)
    return text.strip().rstrip(".")


_TOKEN = re.compile(
    r"\s*(?:(?P<word>[A-Za-zµΩ°Åå%‰\"']+)|(?P<number>[+-]?\d+)|(?P<sign>[·/^(){}]))"
)


class _Reader:
    """A product of words with powers; a space binds before a slash, as in W/m K."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None:
                if not text[at:].strip():
                    break
                raise _NoUnitError(text[at:].strip())
            kind = str(match.lastgroup)
            self.tokens.append((kind, match[kind]))
            at = match.end()
        self.tokens.append(("end", ""))
        self.at = 0
        self.depth = 0

    def whole(self) -> list[_Factor]:
        found = self.quotient()
        if self.tokens[self.at][0] != "end":
            raise _NoUnitError(self.tokens[self.at][1])
        return found

    def quotient(self) -> list[_Factor]:
        self.depth += 1
        if self.depth > 8:  # noqa: PLR2004 - brackets in brackets
            raise _NoUnitError("(")
        found = self.neighbours()
        while self.tokens[self.at] in (("sign", "·"), ("sign", "/")):
            below = self.tokens[self.at][1] == "/"
            self.at += 1
            more = self.neighbours()
            found += (
                [_Factor(each.unit, each.shown, -each.power) for each in more] if below else more
            )
        self.depth -= 1
        return found

    def neighbours(self) -> list[_Factor]:
        found = self.powered()
        while self.tokens[self.at][0] == "word" or self.tokens[self.at] == ("sign", "("):
            found += self.powered()
        return found

    def powered(self) -> list[_Factor]:
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "word":
            base = [_Factor(unit, shown, 1) for unit, shown in _named(text)]
        elif (kind, text) in {("sign", "("), ("sign", "{")}:
            base = self.quotient()
            if self.tokens[self.at][1] not in {")", "}"}:
                raise _NoUnitError(text)
            self.at += 1
        elif (kind, text) == ("number", "1") and self.tokens[self.at] == ("sign", "/"):
            return []  # 1/s
        else:
            raise _NoUnitError(text or self.text)
        power = self.power()
        # m2 and s-1: the power belongs to the last word alone, as every word is one unit.
        return [_Factor(each.unit, each.shown, each.power * power) for each in base]

    def power(self) -> int:
        if self.tokens[self.at] == ("sign", "^"):
            self.at += 1
            braced = self.tokens[self.at][1] in {"{", "("}
            self.at += braced
            kind, text = self.tokens[self.at]
            if kind != "number":
                raise _NoUnitError(text or "^")
            self.at += 1
            if braced:
                if self.tokens[self.at][1] not in {"}", ")"}:
                    raise _NoUnitError("^")
                self.at += 1
        elif self.tokens[self.at][0] == "number":
            text = self.tokens[self.at][1]
            self.at += 1
        else:
            return 1
        if len(text) > 3 or abs(int(text)) > MAX_EXPONENT:  # noqa: PLR2004 - digits and a sign
            raise _NoUnitError(text)
        return int(text)


def _named(word: str) -> list[tuple[str, str]]:
    found = _lookup(word)
    if found is not None:
        return [(found, word)]
    for cut in range(len(word) - 1, 0, -1):  # Nm, kWh, VAs
        first, second = word[:cut], word[cut:]
        if first in SHORT and second in SHORT:
            return [(SYMBOLS[first], first), (SYMBOLS[second], second)]
        if _lookup(first) is not None and second in SHORT:
            return [(str(_lookup(first)), first), (SYMBOLS[second], second)]
    raise _NoUnitError(word)


def _lookup(word: str) -> str | None:
    """Pint's name for a symbol or a word, with its prefix."""
    if word in SYMBOLS:
        return SYMBOLS[word]
    for prefix, name in PREFIXES.items():
        rest = word.removeprefix(prefix)
        if rest != word and rest in PREFIXED:
            return name + SYMBOLS[rest]
    low = word.lower()
    for spelled in (low, low.removesuffix("s"), low.removesuffix("es")):
        if spelled in NAMES:
            return NAMES[spelled]
        for name in PREFIXES.values():
            rest = spelled.removeprefix(name)
            if rest != spelled and NAMES.get(rest) in PREFIXED.values():
                return name + NAMES[rest]
    return None


@cache
def _registry() -> Any:  # noqa: ANN401 - pint's types change with the numbers it reckons in
    import pint  # noqa: PLC0415 - a third of a second, for whoever asks for quantities

    exact: Any = Fraction  # pint's hints know floats only
    return cast("Any", pint.UnitRegistry(non_int_type=exact, cache_folder=None))


def load() -> None:
    """Load pint now, where nobody waits for it."""
    _registry()


@cache
def _known(name: str) -> tuple[Fraction, Mapping[str, int]]:
    """Factor and dimension of one of our own names."""
    registry = _registry()
    factor, _ = registry.get_root_units(name, check_nonmult=False)
    dimension = registry.get_dimensionality(name)
    return Fraction(factor), {
        str(base).strip("[]"): int(power) for base, power in dimension.items() if power
    }


def _measured(factors: list[_Factor], shown: str) -> Unit:
    total = Fraction(1)
    dimension: dict[str, int] = {}
    for each in factors:
        factor, powers = _known(each.unit)
        total *= factor**each.power
        for base, power in powers.items():
            dimension[base] = dimension.get(base, 0) + power * each.power
    offset = Fraction(0)
    if len(factors) == 1 and factors[0].power == 1:
        offset = OFFSETS.get(factors[0].unit, Fraction(0))
    known = tuple(sorted((base, power) for base, power in dimension.items() if power))
    return Unit(factor=total, dimension=known, shown=shown, offset=offset)


def starts(text: str) -> Iterator[int]:
    """Where a unit may begin: at every word."""
    for match in re.finditer(
        r"(?<![A-Za-zµμΩ°\\])(?:\\?[A-Za-zµμΩΩ°º℃℉ÅÅ%‰]|\d*/\s*[A-Za-z])", text
    ):
        yield match.start()
