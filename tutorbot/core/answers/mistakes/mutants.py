"""All that one slip can make of a tree, place by place and always in the same order."""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from tutorbot.core.answers.derivative import NotDifferentiableError, differentiated
from tutorbot.core.answers.mistakes import arithmetic, brackets, functions
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

MAX_LEAVES = 12  # of which each is swapped with each


class Words(NamedTuple):
    """What a learner may type."""

    names: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()


class Site(NamedTuple):
    """Where in a tree slips are made: in the whole, at a node, or between the leaves."""

    tree: Node
    node: Node | None
    above: tuple[tuple[Node, int], ...] = ()  # the way down: each parent, and which child it was
    swaps: bool = False

    def mutants(self, words: Words) -> Iterator[tuple[Mutation, Node]]:
        """Each slip made here, and the whole that it makes."""
        if self.swaps:
            yield from _swapped(self.tree)
        elif self.node is None:
            for mutation in _of_whole(self.tree, words):
                yield mutation, mutation.tree
        else:
            for mutation in _of_node(self.node, words):
                yield mutation, _put(self.above, mutation.tree)

    def slips(self, words: Words) -> Iterator[Mutation]:
        """The same slips in the same order, at a node, without the wholes."""
        if self.node is not None:
            yield from _of_node(self.node, words)


def sites(tree: Node) -> Iterator[Site]:
    yield Site(tree, None)
    yield from _nodes(tree, tree, ())
    yield Site(tree, None, swaps=True)


def mutants(tree: Node, words: Words) -> Iterator[tuple[Mutation, Node]]:
    """Every slip in the tree, with the whole that it makes."""
    for site in sites(tree):
        yield from site.mutants(words)


def _nodes(tree: Node, node: Node, above: tuple[tuple[Node, int], ...]) -> Iterator[Site]:
    yield Site(tree, node, above)
    for place, child in enumerate(children(node)):
        if isinstance(node, Pow) and place == 1 and isinstance(child, Number):
            continue  # what happens to a number up there is told as an exponent
        yield from _nodes(tree, child, (*above, (node, place)))


def _put(above: tuple[tuple[Node, int], ...], new: Node) -> Node:
    for parent, place in reversed(above):
        new = rebuilt(parent, at(children(parent), place, new))
    return new


def _of_whole(tree: Node, words: Words) -> Iterator[Mutation]:
    yield Mutation(Neg(tree), "sign")
    turned = Div(tree.under, tree.over) if isinstance(tree, Div) else Div(ONE, tree)
    yield Mutation(turned, "upside-down")
    yield Mutation(Pow(tree, TWO), "squared")
    lost = brackets.lost(tree)
    if lost is not None:
        yield Mutation(lost, "brackets-lost")
    for name in words.names:
        try:
            slope = differentiated(tree, name)
        except NotDifferentiableError:
            continue
        yield Mutation(slope, "derivative-given", (("symbol", Symbol(name)),))
        if isinstance(slope, Number):
            continue
        try:
            again = differentiated(slope, name)
        except NotDifferentiableError:
            continue
        if not isinstance(again, Number):
            yield Mutation(again, "differentiated", (("symbol", Symbol(name)),))


def _of_node(node: Node, words: Words) -> Iterator[Mutation]:
    match node:
        case Number():
            yield from arithmetic.of_number(node)
        case Symbol():
            yield from arithmetic.of_symbol(node, words.names)
        case Constant():
            yield from arithmetic.of_constant(node)
        case Add():
            yield from arithmetic.of_sum(node, words.names)
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
            yield from functions.of_application(node, words.functions)
        case Total():
            yield from functions.of_total(node)
        case Operation():
            yield from functions.of_operation(node)


def _swapped(tree: Node) -> Iterator[tuple[Mutation, Node]]:
    """Two leaves that changed places."""
    leaves = [
        (site.above, site.node)
        for site in _nodes(tree, tree, ())
        if isinstance(site.node, Number | Symbol)
    ][:MAX_LEAVES]
    for (above, one), (other_above, two) in combinations(leaves, 2):
        if one != two:
            half = _put(above, two)
            whole = _put(_followed(half, other_above), one)
            yield Mutation(whole, "swapped", (("first", one), ("second", two))), whole


def _followed(tree: Node, above: tuple[tuple[Node, int], ...]) -> tuple[tuple[Node, int], ...]:
    """The same way down through another tree."""
    way: list[tuple[Node, int]] = []
    for _, place in above:
        way.append((tree, place))
        tree = children(tree)[place]
    return tuple(way)
