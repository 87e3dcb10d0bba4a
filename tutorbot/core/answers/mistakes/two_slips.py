"""Two slips at once, in two different terms of a sum or factors of a product.

What two slips make of a sum differs from it by the sum of what each of them makes; of a product, by
the product. So one look-up for each slip finds its fellow, and no pair has to be tried.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice

from tutorbot.core.answers.expression import Expression
from tutorbot.core.answers.mistakes.mutation import Mutation, without_sign
from tutorbot.core.answers.mistakes.ranking import rank
from tutorbot.core.answers.mistakes.table import Table
from tutorbot.core.answers.secret import PRIME
from tutorbot.core.answers.tree import Add, Div, Mul, Node
from tutorbot.core.answers.verdicts import Slip

MAX_ENTRIES = 800
MAX_TRIED = 24  # pairs that are looked at more closely

LIKELY = frozenset(
    (
        "argument-bracket",
        "chain",
        "coefficient",
        "denominator-missing",
        "distributed",
        "exponent",
        "exponent-missing",
        "fraction-turned",
        "function-swapped",
        "middle-term",
        "minus-bracket",
        "missing-factor",
        "missing-term",
        "number",
        "number-missing",
        "number-sign",
        "part-sign",
        "power-spread",
        "root-dropped",
        "symbol",
        "term-factor",
        "term-sign",
    )
)


class TwoSlips:
    """The likely slips of a table, ready to be put together in pairs."""

    def __init__(self, table: Table, key: tuple[int, int]) -> None:
        """``key``: the fingerprints of the right answer."""
        self.table = table
        self.key, self.other = key
        sums, products = _entries(table, sums=True), _entries(table, sums=False)
        self.sums = _Sorted(sums)
        self.products = _Sorted(products)
        self.fellows = array("Q", _inverses([print_ for print_, _ in products]))

    def find(self, prints: tuple[int, int]) -> Slip | None:
        """The two slips that make together what has these fingerprints."""
        found: list[tuple[int, Mutation, Mutation]] = []
        for one, two in islice(self._pairs(prints[0]), MAX_TRIED):
            first, whole = self.table.made(one)
            second, other = self.table.made(two)
            trees = {self._tree(one), self._tree(two)}
            tree = trees.pop()
            if trees:
                continue  # against two different shapes of the key
            touched, also = _touched(tree, whole), _touched(tree, other)
            if touched & also or not (touched and also):
                continue
            if self._holds(tree, (whole, other), prints[1]):
                found.append((rank(first.code) + rank(second.code), first, second))
        if not found:
            return None
        _, first, second = min(found, key=lambda each: each[0])
        return together(first.slip(), second.slip())

    def _holds(self, tree: Node, wholes: tuple[Node, Node], print_: int) -> bool:
        """Whether they make it at the other point, too: of powers, one shows little."""
        one, two = (Expression(whole).prints for whole in wholes)
        if one is None or two is None:
            return False
        if isinstance(without_sign(tree), Add):
            return (one[1] + two[1] - self.other - print_) % PRIME == 0
        return (one[1] * two[1] - self.other * print_) % PRIME == 0

    def _pairs(self, print_: int) -> Iterator[tuple[int, int]]:
        for known, place in zip(self.sums.prints, self.sums.places, strict=True):
            for fellow in self.sums.at((print_ - known + self.key) % PRIME):
                if place < fellow:
                    yield place, fellow
        scaled = print_ * self.key % PRIME
        for inverse, place in zip(self.fellows, self.products.places, strict=True):
            for fellow in self.products.at(scaled * inverse % PRIME):
                if place < fellow:
                    yield place, fellow

    def _tree(self, place: int) -> Node:
        return self.table.site(place).tree


def together(first: Slip, second: Slip) -> Slip:
    """Both in one; the values of each go by its number: ``1.term``."""
    details = {"1": first.code, "2": second.code}
    for number, slip in (("1", first), ("2", second)):
        details.update({f"{number}.{name}": value for name, value in slip.details.items()})
    return Slip(code="two-slips", details=details)


class _Sorted:
    """Fingerprints in ascending order with the places of their slips: some kilobytes a key."""

    def __init__(self, entries: list[tuple[int, int]]) -> None:
        self.prints = array("Q", (print_ for print_, _ in entries))
        self.places = array("H", (place for _, place in entries))

    def at(self, print_: int) -> Iterator[int]:
        place = bisect_left(self.prints, print_)
        while place < len(self.prints) and self.prints[place] == print_:
            yield self.places[place]
            place += 1


def _entries(table: Table, *, sums: bool) -> list[tuple[int, int]]:
    """The fingerprints and places of the likely slips in sums, or in products."""
    known = dict(zip(table.places, table.prints, strict=True))
    found: list[tuple[int, int]] = []
    for site, start in zip(table.sites, table.starts, strict=True):
        root = without_sign(site.tree)
        if site.swaps or site.node is None or not isinstance(root, Add if sums else Mul | Div):
            continue
        for place, mutation in enumerate(site.slips(table.words), start):
            print_ = known.get(place)
            if print_ and mutation.code in LIKELY:
                found.append((print_, place))
        if len(found) >= MAX_ENTRIES:
            break
    return sorted(found[:MAX_ENTRIES])


def _touched(tree: Node, whole: Node) -> frozenset[int]:
    """Which parts of a sum or product are not as they were."""
    left = set(map(id, _parts(whole)))
    return frozenset(place for place, part in enumerate(_parts(tree)) if id(part) not in left)


def _parts(tree: Node) -> tuple[Node, ...]:
    tree = without_sign(tree)
    match tree:
        case Add():
            return tree.terms
        case Mul():
            return tree.factors
        case Div(over, under):
            above, below = without_sign(over), without_sign(under)
            return (
                *(above.factors if isinstance(above, Mul) else (above,)),
                *(below.factors if isinstance(below, Mul) else (below,)),
            )
        case _:
            return (tree,)


def _inverses(values: list[int]) -> list[int]:
    """Modulo the prime, all for the price of one (Montgomery's trick)."""
    if not values:
        return []
    running, products = 1, list[int]()
    for value in values:
        products.append(running)
        running = running * value % PRIME
    inverse = pow(running, -1, PRIME)
    found = [0] * len(values)
    for at in reversed(range(len(values))):
        found[at] = inverse * products[at] % PRIME
        inverse = inverse * values[at] % PRIME
    return found
