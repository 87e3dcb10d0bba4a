"""Which words the author of a question may use, and which the learner."""

from tutorbot.core.answers.tree import Call, Constant, Node, walk
from tutorbot.core.answers.verdicts import Asked
from tutorbot.core.answers.vocabulary import CONSTANTS, IMAGINARY, Vocabulary, canonical_all
from tutorbot.core.course import Kind


def for_author(asked: Asked) -> Vocabulary:
    """Symbols, functions, constants, and the parameters of the variant by name."""
    typed = asked.typed
    values = canonical_all(name for name, _ in asked.values)
    return Vocabulary(
        symbols=canonical_all(typed.symbols) | values,
        functions=canonical_all(typed.functions),
        constants=frozenset((*CONSTANTS, IMAGINARY)),
        separates=typed.kind is Kind.SIZE,
    )


def for_learner(asked: Asked, key: tuple[Node, ...]) -> Vocabulary:
    """The author's words but for parameters, and e and i only where the key goes beyond algebra.

    In a question about n and m, a lone e is a slip of the finger and costs no try.
    """
    typed = asked.typed
    values = canonical_all(name for name, _ in asked.values)
    symbols = canonical_all(typed.symbols)
    used = {each.name for tree in key for each in walk(tree) if isinstance(each, Call | Constant)}
    constants = {"pi", *typed.constants} | ({"e"} if used else set[str]()) | (used & {IMAGINARY})
    return Vocabulary(
        symbols=symbols,
        functions=canonical_all(typed.functions),
        constants=frozenset(constants) - values,
        values=values - symbols,
        separates=typed.kind is Kind.SIZE,
    )
