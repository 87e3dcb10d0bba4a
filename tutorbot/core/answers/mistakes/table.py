"""Every expression that is one slip away from the key, found again by its fingerprint.

What is kept of a thousand slips is a sorted row of fingerprints and their places in the order in
which slips are made: some kilobytes a key. The slip itself is made once more when it is asked for.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import combinations

from tutorbot.core.answers.constant import UndefinedError
from tutorbot.core.answers.derivative import NotDifferentiableError, differentiated
from tutorbot.core.answers.fingerprint import Remembering, fingerprint
from tutorbot.core.answers.mistakes import arithmetic, functions
from tutorbot.core.answers.mistakes.mutation import ONE, TWO, Mutation, at
from tutorbot.core.answers.tree import (
    Add,
    Apply,
    Call,
    Constant,
    Div,
    Mul,
    Neg,
    Node,
    Number,
    Operation,
    Pow,
    Symbol,
    Total,
    children,
    rebuilt,
)

MAX_ENTRIES = 4_000
MAX_WORK = 60_000  # nodes to visit: bounds the time, whatever the key
MAX_LEAVES = 12  # of which each is swapped with each
MAX_FOUND = 12  # slips that make the same of a key


class Table:
    """The slips of one key, in all its shapes."""

    def __init__(
        self,
        trees: Sequence[Node],
        names: tuple[str, ...],
        functions_: tuple[str, ...],
        known: frozenset[int],
    ) -> None:
        """``known``: the fingerprints of right answers, which are no slips."""
        self.trees = tuple(trees)
        self.names = names
        self.functions = functions_
        entries: list[tuple[int, int]] = []
        for place, print_ in enumerate(self._prints()):
            if print_ is not None and print_ not in known:
                entries.append((print_, place))
            if len(entries) >= MAX_ENTRIES:
                break
        entries.sort()
        self.prints = array("Q", (print_ for print_, _ in entries))
        self.places = array("H", (place for _, place in entries))

    def __len__(self) -> int:
        return len(self.prints)

    def find(self, prints: tuple[int, int], like: Node) -> list[Mutation]:
        """The slips that make the expression of these fingerprints of the key.

        First come those of the shape that is most like what was typed.
        """
        first = at = bisect_left(self.prints, prints[0])
        while at < len(self.prints) and self.prints[at] == prints[0]:
            at += 1
        if first == at:
            return []
        wanted = set(self.places[first : min(at, first + MAX_FOUND)])
        last = max(wanted)
        found: list[tuple[int, Mutation]] = []
        for place, (_, mutation, whole) in enumerate(self.all()):
            if place in wanted and _print(whole, 1) == prints[1]:
                found.append((_unlikeness(whole, like), mutation))
            if place == last:
                break
        return [mutation for _, mutation in sorted(found, key=lambda each: each[0])]

    def _prints(self) -> Iterator[int | None]:
        """In the order of the slips; it ends where the work is too much."""
        fields = [Remembering(tree) for tree in self.trees]
        by_tree = dict(zip(map(id, self.trees), fields, strict=True))
        work = 0
        for tree, mutation, whole in self.all():
            del mutation
            field = by_tree[id(tree)]
            before = field.visited
            try:
                print_ = field.value(whole)
            except UndefinedError:
                print_ = None
            work += field.visited - before
            yield print_
            if work > MAX_WORK:
                return

    def all(self) -> Iterator[tuple[Node, Mutation, Node]]:
        """Each tree, a slip in it, and the whole that it makes; always in the same order."""
        context = self.names, self.functions
        for tree in self.trees:
            for mutation, whole in mutated(tree, *context):
                yield tree, mutation, whole


def _unlikeness(tree: Node, typed: Node) -> int:
    """How different two ways to write the same thing look."""
    if type(tree) is not type(typed):
        return 2
    return int(len(children(tree)) != len(children(typed)))


def _print(tree: Node, point: int) -> int | None:
    try:
        return fingerprint(tree, point)
    except UndefinedError:
        return None


def mutated(
    tree: Node, names: tuple[str, ...], functions_: tuple[str, ...] = ()
) -> Iterator[tuple[Mutation, Node]]:
    """Every slip in the tree, with the whole that it makes."""
    for mutation in _of_whole(tree, names):
        yield mutation, mutation.tree
    yield from _anywhere(tree, names, functions_)
    yield from _swapped(tree)


def _of_whole(tree: Node, names: tuple[str, ...]) -> Iterator[Mutation]:
    yield Mutation(Neg(tree), "sign")
    yield Mutation(
        Div(tree.under, tree.over) if isinstance(tree, Div) else Div(ONE, tree), "upside-down"
    )
    yield Mutation(Pow(tree, TWO), "squared")
    for name in names:
        try:
            slope = differentiated(tree, name)
        except NotDifferentiableError:
            continue
        yield Mutation(slope, "derivative-given", (("symbol", Symbol(name)),))


def _anywhere(
    node: Node, names: tuple[str, ...], functions_: tuple[str, ...]
) -> Iterator[tuple[Mutation, Node]]:
    for mutation in of_node(node, names, functions_):
        yield mutation, mutation.tree
    parts = children(node)
    for place, child in enumerate(parts):
        if isinstance(node, Pow) and place == 1 and isinstance(child, Number):
            continue  # what happens to a number up there is told as an exponent
        for mutation, new in _anywhere(child, names, functions_):
            yield mutation, rebuilt(node, at(parts, place, new))


def of_node(node: Node, names: tuple[str, ...], functions_: tuple[str, ...]) -> Iterator[Mutation]:
    match node:
        case Number():
            yield from arithmetic.of_number(node)
        case Symbol():
            yield from arithmetic.of_symbol(node, names)
        case Constant():
            yield from arithmetic.of_constant(node)
        case Add():
            yield from arithmetic.of_sum(node, names)
        case Mul():
            yield from arithmetic.of_product(node)
        case Neg():
            yield from arithmetic.of_opposite(node)
        case Div():
            yield from arithmetic.of_quotient(node)
        case Pow():
            yield from arithmetic.of_power(node)
        case Call():
            yield from functions.of_call(node)
        case Apply():
            yield from functions.of_application(node, functions_)
        case Total():
            yield from functions.of_total(node)
        case Operation():
            yield from functions.of_operation(node)


def _swapped(tree: Node) -> Iterator[tuple[Mutation, Node]]:
    """Two leaves that changed places."""
    leaves = list(_leaves(tree))[:MAX_LEAVES]
    for (path, one), (other_path, two) in combinations(leaves, 2):
        if one != two:
            whole = _put(_put(tree, path, two), other_path, one)
            yield Mutation(whole, "swapped", (("first", one), ("second", two))), whole


def _leaves(node: Node, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Node]]:
    if isinstance(node, Number | Symbol):
        yield path, node
    for place, child in enumerate(children(node)):
        yield from _leaves(child, (*path, place))


def _put(node: Node, path: tuple[int, ...], new: Node) -> Node:
    if not path:
        return new
    place, *rest = path
    parts = children(node)
    return rebuilt(node, at(parts, place, _put(parts[place], tuple(rest), new)))
