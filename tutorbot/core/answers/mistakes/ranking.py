"""Which of several explanations of the same wrong answer is told: the one that teaches most."""

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar

_ORDER = (
    # It is the whole that is turned.
    "sign",
    "upside-down",
    "rounded",
    "angle",
    "digits-swapped",
    # A rule was bent: to name it helps beyond this question.
    "power-spread",
    "middle-term",
    "cross-terms",
    "distributed",
    "minus-bracket",
    "minus-squared",
    "negative-exponent",
    "exponent-spread",
    "exponents-multiplied",
    "exponents-added",
    "exponents-powered",
    "fractions-added",
    "numerators-added",
    "fraction-split",
    "only-divided",
    "cancelled",
    "denominator-bracket",
    "power-of-product",
    "power-of-fraction",
    "power-too-wide",
    "power-joined",
    "exponent-bracket",
    "exponent-joined",
    "complement",
    "brackets-lost",
    "exponent-turned",
    "log-of-sum",
    "function-of-product",
    "log-quotient",
    "function-spread",
    "function-joined",
    "power-inside",
    "power-outside",
    "minus-outside",
    "factor-outside",
    "factor-inside",
    "argument-bracket",
    "degrees",
    "inverse-reciprocal",
    "log-base",
    "log-turned",
    "squared-for-root",
    "halved-for-root",
    "root-of-square",
    "root-dropped",
    "product-rule",
    "quotient-rule",
    "power-rule",
    "chain",
    "inside-differentiated",
    "power-as-product",
    "product-as-power",
    "base-exponent",
    "order-counted",
    "binomial-quotient",
    "binomial",
    "factorial-bracket",
    "factorial",
    "power-for-factorial",
    "sum-low",
    "sum-high",
    "sum-of-product",
    "function-swapped",
    "primes",
    "operation-dropped",
    "operation",
    "fraction-turned",
    # Something small is gone, or stands there in another way.
    "term-sign",
    "number-sign",
    "exponent",
    "missing-term",
    "number-missing",
    "missing-factor",
    "exponent-sign",
    "exponent-missing",
    "exponent-near",
    "denominator-missing",
    "numerator-missing",
    "swapped",
    "replaced",
    "differentiated",
    "integrated",
    "factor",
    "coefficient",
    "number",
    "term-factor",
    "unlike-terms",
    "shifted-everywhere",
    "symbol",
    "shifted",
    "derivative-given",
    "antiderivative-given",
    "squared",
    "rooted",
    # What is off is known, and hardly why.
    "times",
    "extra-factor",
    "extra-denominator",
    "lacks-term",
    "extra-term",
    "two-slips",
    "bracket-sign",
    "multiplied",
    "divided",
    "sum-for-product",
    "product-for-sum",
    "function-dropped",
    "part-sign",
    "instead",
    "misplaced",
    "needless-symbol",
    "symbol-unused",
)
_OF_ALL = frozenset(
    (
        "derivative-given",
        "antiderivative-given",
        "differentiated",
        "integrated",
        "squared",
        "rooted",
        "brackets-lost",
    )
)
"""The whole was made another thing, in whatever shape."""
_RANKS = {code: rank for rank, code in enumerate(_ORDER)}


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


Found = TypeVar("Found", bound=_Coded)


def best(found: Iterable[Found], confirmed: Mapping[str, int]) -> Found | None:
    """What learners were seen to do comes first, then what teaches most."""
    return min(
        found,
        key=lambda each: (-confirmed.get(each.code, 0), rank(each.code)),
        default=None,
    )


def rank(code: str) -> int:
    """The lower, the more it teaches."""
    return _RANKS.get(code, len(_RANKS))


def is_telling(found: _Coded) -> bool:
    """Whether no probe could find a better explanation."""
    return rank(found.code) < _RANKS["swapped"]


def bends_a_rule(found: _Coded) -> bool:
    """Whether it says more than that some part is another one."""
    return rank(found.code) < _RANKS["term-sign"] or found.code in _OF_ALL
