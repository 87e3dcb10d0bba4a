"""A right expression, made ready once for all the wrong ones to come."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property

from tutorbot.core.answers.constant import rational
from tutorbot.core.answers.expression import Domain, Expression
from tutorbot.core.answers.mistakes import identities
from tutorbot.core.answers.mistakes.mutants import Words
from tutorbot.core.answers.mistakes.numeric import Numeric, is_needed
from tutorbot.core.answers.mistakes.pair import Elsewhere
from tutorbot.core.answers.mistakes.shapes import shapes
from tutorbot.core.answers.mistakes.table import Table
from tutorbot.core.answers.mistakes.two_slips import TwoSlips
from tutorbot.core.answers.tree import Apply, Node, Symbol, children, walk

MAX_EXAMPLES = 64  # values that are kept
MAX_ELSEWHERE = 256  # fingerprints that are kept
MAX_NAMES = 8  # that may stand for one another
MAX_SIZE = 200  # nodes of a key; beyond it nobody can say in a sentence what is wrong


class Known:
    """The key of one question, an entry of a tuple, a side of an equation.

    ``names`` and ``functions`` are what a learner may type, ``also`` are other expressions that are
    as right, and ``confirmed`` counts how often a slip, by its code, turned out to be the one.
    """

    def __init__(
        self,
        expected: Expression,
        *,
        names: Iterable[str] = (),
        functions: Iterable[str] = (),
        domain: Domain | None = None,
        also: Iterable[Expression] = (),
        confirmed: Mapping[str, int] | None = None,
    ) -> None:
        self.expected = expected
        self.names = tuple(sorted({*names, *expected.symbols}, key=self._by_use))[:MAX_NAMES]
        applied = {each.name for each in walk(expected.tree) if isinstance(each, Apply)}
        self.functions = tuple(sorted({*functions, *applied} if applied else ()))
        self.domain = domain or Domain()
        self.also = tuple(also)
        self.confirmed = dict(confirmed or {})
        self.elsewhere = Elsewhere()
        self.prints: dict[tuple[Node, tuple[tuple[str, int], ...]], int | None] = {}
        self.examples: dict[tuple[tuple[str, Fraction], ...], Fraction | None] = {}

    @cached_property
    def _written(self) -> tuple[str, ...]:
        """The symbols of the key, from left to right."""
        waiting, found = [self.expected.tree], dict[str, None]()
        while waiting:
            node = waiting.pop()
            if isinstance(node, Symbol) and node.name in self.expected.symbols:
                found[node.name] = None
            waiting.extend(reversed(children(node)))
        return tuple(found)

    def value(self, point: Mapping[str, Fraction]) -> Fraction | None:
        """The exact value of the key where its symbols have these values; none if there is none."""
        here = tuple((name, point[name]) for name in self._written)
        if here in self.examples:
            return self.examples[here]
        if len(self.examples) >= MAX_EXAMPLES:
            self.examples = {}
        try:
            value = rational(self.expected.tree, point)
        except ArithmeticError:
            value = None
        self.examples[here] = value
        return value

    def order(self, name: str) -> tuple[int, str]:
        """In which order symbols are told: as the key has them."""
        written = self._written
        return written.index(name) if name in written else len(written), name

    def _by_use(self, name: str) -> tuple[bool, str]:
        """Those that occur in the key first."""
        return name not in self.expected.symbols, name

    @cached_property
    def trees(self) -> tuple[Node, ...]:
        """The key, its other shapes, and the other lines: a slip may be one against any of them."""
        lines = [each.tree for each in (self.expected, *self.also) if each.size <= MAX_SIZE]
        others = [shape for tree in lines[:1] for shape in shapes(tree)]
        if lines and self.expected.size <= identities.MAX_SIZE:
            others.extend(identities.rewritten(lines[0]))
        return tuple(dict.fromkeys((*lines, *others)))

    @cached_property
    def table(self) -> Table:
        right = (each.prints for each in (self.expected, *self.also))
        known = frozenset(prints[0] for prints in right if prints is not None)
        return Table(self.trees, Words(self.names, self.functions), known)

    @cached_property
    def two_slips(self) -> TwoSlips | None:
        prints = self.expected.prints
        return TwoSlips(self.table, prints) if prints and prints[0] else None

    @cached_property
    def numeric(self) -> Numeric | None:
        """The table by values; none where fingerprints see all there is."""
        if self.expected.proves or not is_needed(self.trees):
            return None
        return Numeric(self.table, self.domain)

    def prepared(self) -> "Known":
        """With all at hand that every diagnosis asks for."""
        _ = self.table, self.numeric, self.two_slips
        return self
