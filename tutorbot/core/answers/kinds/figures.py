"""Significant figures: how many a number was given with, and whether it is rounded rightly."""

from fractions import Fraction

from tutorbot.core.answers.expression import Expression, Same
from tutorbot.core.answers.sampling import within
from tutorbot.core.answers.tree import Call, Mul, Neg, Node, Number, Pow, literal, walk
from tutorbot.core.answers.verdicts import Slip

FEWEST = 2  # figures with which a number still counts as rightly rounded


def figures(tree: Node) -> tuple[int, int] | None:
    """How many figures at least and at most: 1200 has two to four. None: it is no decimal."""
    node = tree
    while True:
        match node:
            case Neg(of):
                node = of
            case Call("percent", (of,)):
                node = of
            case Mul((first, Pow(Number(value=base), _))) if base == 10:  # noqa: PLR2004 - 1.5·10³
                node = first
            case Number(text):
                return _figures(text)
            case _:
                return None


def unfit(tree: Node, wanted: int) -> Slip | None:
    """What is wrong with the figures of a right number; nothing if there are as many as asked."""
    found = figures(tree)
    if found is None:
        return Slip(code="figures", details={"wanted": str(wanted), "got": "exact"})
    least, most = found
    if least <= wanted <= most:
        return None
    return Slip(code="figures", details={"wanted": str(wanted), "got": str(most)})


def fits(
    got: Expression, expected: Expression, wanted: int, scale: Fraction | None = Fraction(1)
) -> bool:
    """Whether it is the key, rounded to its own figures (or to those asked for)."""
    found = figures(got.tree)
    if found is None or got.value is None or scale is None or not got.value:
        return False
    least, most = found
    count = wanted if least <= wanted <= most else most
    if count < FEWEST and count != wanted:
        return False
    rounded = figures(expected.tree) if _is_decimal(expected.tree) else None
    if rounded is not None and rounded[1] < count:
        count = rounded[1]  # the key knows no more than that
    room = _last_place(abs(got.value), count) / 2
    # Held against the key: half a unit in the last place, relatively to what was typed.
    scaled = Expression(Mul((expected.tree, literal(1 / scale))))
    return isinstance(within(scaled, got, room / abs(got.value)), Same)


def _is_decimal(tree: Node) -> bool:
    return any(isinstance(each, Number) and "." in each.text for each in walk(tree))


def _figures(text: str) -> tuple[int, int]:
    digits = text.partition("e")[0]
    bare = digits.replace(".", "").lstrip("0")
    if not bare:
        return 1, len(digits)
    if "." in digits:
        return len(bare), len(bare)
    return len(bare.rstrip("0")), len(bare)


def _last_place(value: Fraction, count: int) -> Fraction:
    """One unit in the last of so many figures."""
    power = 0
    while value >= Fraction(10) ** (power + 1):
        power += 1
    while value < Fraction(10) ** power:
        power -= 1
    return Fraction(10) ** (power - count + 1)
