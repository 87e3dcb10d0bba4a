"""Which words the author of a question may use, and which the learner."""

import re

from tutorbot.core.answers.plus_minus import occurs
from tutorbot.core.answers.tree import Apply, Call, Constant, Node, Operation, walk
from tutorbot.core.answers.verdicts import Asked
from tutorbot.core.answers.vocabulary import (
    CONSTANTS,
    DEGREE,
    IMAGINARY,
    KNOWN,
    Vocabulary,
    canonical_all,
)
from tutorbot.core.course import Kind, Typed

ARBITRARY = frozenset(("C", "c", "K", "k", "c_1", "C_1"))
"""What a constant of integration is called."""

LISTS = frozenset((Kind.SET, Kind.SOLUTIONS, Kind.INTERVAL, Kind.TUPLE, Kind.VECTOR, Kind.MATRIX))
SCALARS = frozenset((Kind.FORMULA, Kind.NUMBER))
STATEMENTS = LISTS | {Kind.EQUATION, Kind.INEQUALITY, Kind.LOGIC}
_RELATED = re.compile(r"[=<>≤≥≠](?!>)|\\(?:leq?|geq?|neq?|lt|gt)\b")
_JOINED = re.compile(r"<?[-=]+>|<->")


def for_author(asked: Asked) -> Vocabulary:
    """Symbols, functions, constants, and the parameters of the variant by name."""
    typed = asked.typed
    values = canonical_all(name for name, _ in asked.values)
    return Vocabulary(
        symbols=canonical_all((*typed.symbols, *(name for name, _ in typed.derived))) | values,
        functions=canonical_all(typed.functions),
        constants=frozenset() if logical(typed) else frozenset((*CONSTANTS, IMAGINARY, DEGREE)),
        endless=typed.kind in SCALARS,
        separates=typed.kind is Kind.SIZE,
        doubled=True,
        double_signs=_double_signs(typed),
        statements=typed.kind in STATEMENTS,
        lists=typed.kind in LISTS,
        points=True,
        logic=logical(typed),
        log_base=typed.log_base,
    )


def for_learner(asked: Asked, key: tuple[Node, ...]) -> Vocabulary:
    """The author's words but for parameters, and e and i only where the key goes beyond algebra.

    In a question about n and m, a lone e is a slip of the finger and costs no try.
    """
    typed = asked.typed
    values = canonical_all(name for name, _ in asked.values)
    symbols = canonical_all(typed.symbols)
    if typed.constant or any(map(is_antiderivative, key)):
        symbols |= ARBITRARY
    used = {each.name for tree in key for each in walk(tree) if isinstance(each, Call | Constant)}
    constants = {*typed.constants} | (used & {IMAGINARY})
    if typed.complex:
        constants.add(IMAGINARY)
    if not logical(typed):
        constants |= {"pi", "e", DEGREE} if used else {"pi", DEGREE}
    return Vocabulary(
        symbols=symbols,
        functions=canonical_all(typed.functions),
        constants=frozenset(constants) - values,
        values=values - symbols,
        separates=typed.kind is Kind.SIZE,
        doubled="semifactorial" in used,
        endless="infinity" in used and typed.kind in SCALARS,
        double_signs=_double_signs(typed),
        statements=typed.kind in STATEMENTS,
        lists=typed.kind in LISTS,
        logic=logical(typed),
        log_base=typed.log_base,
        calculus=any(map(_is_calculus, (each for tree in key for each in walk(tree)))),
    )


def is_antiderivative(node: Node) -> bool:
    """Whether it stands for all antiderivatives of something."""
    return isinstance(node, Operation) and node.kind == "integral" and not node.arguments


def _is_calculus(node: Node) -> bool:
    """Whether it is something to work out; where the key has none, it is what is asked for."""
    match node:
        case Operation():
            return node.kind != "product" and not is_antiderivative(node)
        case Apply():
            return node.name in KNOWN
        case _:
            return False


def _double_signs(typed: Typed) -> bool:
    """Whether the key of a formula has two values."""
    return typed.kind is Kind.FORMULA and any(occurs(line.text) for line in typed.accepted)


def logical(typed: Typed) -> bool:
    """Whether all letters are true or false: a logical key that relates no quantities."""
    return typed.kind is Kind.LOGIC and not any(
        _RELATED.search(_JOINED.sub(" ", line.text)) for line in typed.accepted
    )
