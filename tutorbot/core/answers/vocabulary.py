"""Which words mean something in a question: its own, and those that everybody knows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from tutorbot.core.answers.characters import GREEK, SUBSCRIPTS, SUPERSCRIPTS

MANY = 9
_CIRCULAR = ("sin", "cos", "tan", "sec", "csc", "cot")
_HYPERBOLIC = tuple(f"{name}h" for name in _CIRCULAR)

KNOWN: dict[str, tuple[int, int]] = {
    **dict.fromkeys((*_CIRCULAR, *_HYPERBOLIC), (1, 1)),
    **dict.fromkeys((f"a{name}" for name in (*_CIRCULAR, *_HYPERBOLIC)), (1, 1)),
    **dict.fromkeys(("exp", "sqrt", "cbrt", "abs", "sign", "floor", "ceil"), (1, 1)),
    **dict.fromkeys(("factorial", "semifactorial", "percent"), (1, 1)),
    **dict.fromkeys(("re", "im", "conj", "arg", "sinc"), (1, 1)),
    **dict.fromkeys(("log", "ln"), (1, 2)),  # the second is the base
    "root": (2, 2),  # the second is which root
    "binomial": (2, MANY),  # beyond two: what is chosen for each of several
    "atan2": (2, 2),  # the height first
    "mod": (2, 2),
    "rational": (2, 2),  # what SymPy writes for a fraction
    **dict.fromkeys(("gcd", "lcm"), (2, MANY)),
    "min": (1, MANY),
    "max": (1, MANY),
}
"""Functions that everybody knows: how few and how many arguments they take."""

_TYPED: dict[str, str] = {
    **{name: name for name in KNOWN if name not in {"percent", "rational"}},
    "Rational": "rational",
    **{f"arc{name}": f"a{name}" for name in (*_CIRCULAR, *_HYPERBOLIC)},
    **{f"ar{name}": f"a{name}" for name in _HYPERBOLIC},
    "tg": "tan",
    "ctg": "cot",
    "arctg": "atan",
    "arcctg": "acot",
    "cotan": "cot",
    **dict.fromkeys(("arccotan", "acotan"), "acot"),
    "arctan2": "atan2",
    "cosec": "csc",
    "cosech": "csch",
    "acosec": "acsc",
    "arccosec": "acsc",
    "lg": "log10",
    "log10": "log10",
    "log2": "log2",
    "lb": "log2",
    "sgn": "sign",
    "ceiling": "ceil",
    **dict.fromkeys(("binom", "dbinom", "tbinom", "choose", "nCr"), "binomial"),
    "bmod": "mod",
    "nthroot": "root",
    "conjugate": "conj",
    "Re": "re",
    "Im": "im",
    "factorial2": "semifactorial",
}
SPELLED: dict[str, str] = {
    **{name.upper(): meant for name, meant in _TYPED.items()},
    **_TYPED,
}
"""How learners spell them, and what is meant."""

CONSTANTS = ("pi", "e")
IMAGINARY = "i"
DEGREE = "degree"
MEANT = {"j": IMAGINARY, "deg": DEGREE, "degrees": DEGREE}
"""Constants by other names: engineers keep i for a current."""
INFINITE = frozenset(("inf", "oo", "infinity", "Infinity", "infty", "Inf"))
SUMS = ("sum", "Sum")
DOUBLE_SIGNS = {"plus_minus": "±", "minus_plus": "∓", "pm": "±", "mp": "∓"}
GREEK_NAMES = frozenset(GREEK.values())

_JOINING_WORDS = {
    **dict.fromkeys(("and", "und", "et"), "∧"),
    **dict.fromkeys(("or", "oder", "ou"), "∨"),
    **dict.fromkeys(("not", "nicht"), "¬"),
    "xor": "⊕",
    "implies": "→",
    "iff": "↔",
    **dict.fromkeys(("true", "all", "always", "tautology"), "⊤"),
    **dict.fromkeys(("false", "none", "never", "contradiction"), "⊥"),
}
_JOINING = {
    spelled: sign
    for name, sign in _JOINING_WORDS.items()
    for spelled in (name, name.capitalize(), name.upper())
}
_POINTS = {
    **dict.fromkeys((*INFINITE, "INF"), "∞"),
    **dict.fromkeys(("U", "union", "Union", "cup"), "∪"),
    **dict.fromkeys(("intersection", "Intersection", "intersect", "cap"), "∩"),
    "FiniteSet": "set",
    **dict.fromkeys(("Matrix", "matrix"), "matrix"),
    **dict.fromkeys(("in", "element"), "∈"),
    **dict.fromkeys(("emptyset", "empty"), "∅"),
    **dict.fromkeys(("R", "Reals", "reals"), "ℝ"),
    "pm": "±",
}
_SUBSCRIPT = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The words of one question. Names are canonical: ``s_4`` for s₄, ``alpha`` for α."""

    symbols: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    constants: frozenset[str] = frozenset(CONSTANTS)
    values: frozenset[str] = frozenset()  # known to the author; a learner types their numbers
    separates: bool = False  # a size: x and commas stand between entries
    doubled: bool = False  # n!! is the product of every second number
    endless: bool = False  # infinity is a value
    double_signs: bool = False  # ± and ∓ stand for two values
    statements: bool = False  # relations, sets and what joins them may occur
    lists: bool = False  # commas part entries
    points: bool = False  # and never decimals, not even beside semicolons: an author's manner
    logic: bool = False  # letters are true or false
    log_base: int | None = None  # of a bare log
    calculus: bool = True  # derivatives, integrals and limits may stand in it unworked

    @cached_property
    def names(self) -> dict[str, str]:
        """Everything that may be spelled out, and which kind of word it is."""
        return {
            **dict.fromkeys(self.words, "word"),
            **(dict.fromkeys(DOUBLE_SIGNS, "sign") if self.double_signs else {}),
            **dict.fromkeys(self.values, "value"),
            **dict.fromkeys(SUMS, "sum"),
            **dict.fromkeys(SPELLED, "known"),
            **dict.fromkeys(self.constants, "constant"),
            **{
                word: "constant"
                for word, meant in MEANT.items()
                if meant in self.constants and not self.spells(word)
            },
            **dict.fromkeys(self.endless_words, "endless"),
            **dict.fromkeys(self.functions, "function"),
            **dict.fromkeys(self.symbols, "symbol"),
        }

    @cached_property
    def endless_words(self) -> frozenset[str]:
        words = INFINITE if self.endless else frozenset[str]()
        return frozenset(word for word in words if not self.spells(word))

    def spells(self, word: str) -> bool:
        """Whether a word could be a product of symbols."""
        return all(letter in self.symbols for letter in word)

    @cached_property
    def words(self) -> dict[str, str]:
        """Words that stand for a sign between statements or sets, and the sign."""
        if not self.statements:
            return {}
        found = dict(_JOINING)
        if not self.logic:
            found |= _POINTS
        return {name: sign for name, sign in found.items() if name not in self.symbols}

    @cached_property
    def longest(self) -> int:
        return max(map(len, self.names))

    @cached_property
    def families(self) -> frozenset[str]:
        """What stands before the subscript in declared names: s for s_4."""
        return frozenset(name.partition("_")[0] for name in self.symbols if "_" in name)


def canonical(name: str) -> str:
    r"""One spelling for each name, whichever way the author wrote it.

    >>> [canonical(name) for name in ("s_{4}", "s₄", "α", r"\\sigma", "O'")]
    ['s_4', 's_4', 'alpha', 'sigma', 'O']
    """
    plain = "".join(
        GREEK.get(
            each, f"_{SUBSCRIPTS[each]}" if each in SUBSCRIPTS else SUPERSCRIPTS.get(each, each)
        )
        for each in name.strip()
    )
    plain = _SUBSCRIPT.sub(r"\1", plain).lstrip("\\").rstrip("'′")
    first, _, rest = plain.partition("_")
    return f"{first}_{rest.replace('_', '')}" if rest else first


def canonical_all(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(canonical, names))
