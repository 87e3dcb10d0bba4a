"""Every expression that is one slip away from the key, found again by its fingerprint.

What is kept of a thousand slips is a sorted row of fingerprints and their places in the order in
which slips are made: some kilobytes a key. The slip itself is made once more when it is asked for.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterator, Sequence
from itertools import islice

from tutorbot.core.answers.constant import UndefinedError
from tutorbot.core.answers.expression import Expression
from tutorbot.core.answers.fingerprint import Remembering
from tutorbot.core.answers.mistakes.mutants import Site, Words, sites
from tutorbot.core.answers.mistakes.mutation import Mutation
from tutorbot.core.answers.mistakes.ranking import bends_a_rule
from tutorbot.core.answers.printing import unicode
from tutorbot.core.answers.tree import Neg, Node, walk

MAX_ENTRIES = 4_000
MAX_WORK = 60_000  # nodes to visit: bounds the time, whatever the key
MAX_FOUND = 24  # slips that make the same of a key
LONGER = 4  # times as many nodes as were typed
MAX_SHOWN = 60  # characters of an answer in another shape


class Table:
    """The slips of one key, in all its shapes."""

    def __init__(self, trees: Sequence[Node], words: Words, known: frozenset[int]) -> None:
        """``known``: the fingerprints of right answers, which are no slips."""
        self.trees = tuple(trees)
        self.words = words
        self.sites: list[Site] = []
        self.starts = array("H")  # the place of the first slip of each site
        entries = [
            (print_, place)
            for place, print_ in enumerate(self._prints())
            if print_ is not None and print_ not in known
        ]
        entries.sort()
        self.prints = array("Q", (print_ for print_, _ in entries))
        self.places = array("H", (place for _, place in entries))

    def __len__(self) -> int:
        return len(self.prints)

    def find(self, got: Expression, confirmed: Container[str] = ()) -> list[Mutation]:
        """The slips that make of the key what the answer is, by its fingerprint at point 0.

        That another expression has it is less likely than one in 10¹⁴, and would cost a wrong word.
        First come those of the shape that is most like what was typed. A slip that makes the very
        thing that was typed leaves no room for one that only makes its equal, unless that one bends
        a rule or is ``confirmed``.
        """
        found: list[tuple[int, Mutation]] = []
        assert got.prints is not None
        print_ = got.prints[0]
        place = bisect_left(self.prints, print_)
        if self.prints[place : place + 1] != array("Q", (print_,)):
            return []
        typed = _parts(got.tree)
        for at in range(place, min(place + MAX_FOUND, len(self.prints))):
            if self.prints[at] != print_:
                break
            mutation, whole = self.made(self.places[at])
            made = Expression(whole)
            if (got.exponents or made.exponents) and not got.matches(made):
                continue  # of powers, one point shows little
            unlike = len(_parts(whole) ^ typed) if got.symbols else 0
            if unlike and made.size > LONGER * got.size and not bends_a_rule(mutation):
                continue  # nobody had all that in mind who typed so little
            found.append(_told(mutation, whole, unlike))
        found.sort(key=lambda each: each[0])
        return [
            mutation
            for unlike, mutation in found
            if unlike == found[0][0]
            or found[0][0]
            or bends_a_rule(mutation)
            or mutation.code in confirmed
        ]

    def made(self, place: int) -> tuple[Mutation, Node]:
        """The slip at a place in the order in which slips are made, and what it makes."""
        which = bisect_right(self.starts, place) - 1
        slips = self.sites[which].mutants(self.words)
        return next(islice(slips, place - self.starts[which], None))

    def site(self, place: int) -> Site:
        """Where that slip is made."""
        return self.sites[bisect_right(self.starts, place) - 1]

    def _prints(self) -> Iterator[int | None]:
        """In the order of the slips; it ends where there are enough, or the work is too much."""
        place = work = 0
        for tree in self.trees:
            field = Remembering(tree)
            for site in sites(tree):
                self.sites.append(site)
                self.starts.append(place)
                for _, whole in site.mutants(self.words):
                    yield _value(field, whole)
                    place += 1
                    if place >= MAX_ENTRIES or work + field.visited > MAX_WORK:
                        return
            work += field.visited


def _value(field: Remembering, tree: Node) -> int | None:
    try:
        return field.value(tree)
    except UndefinedError:
        return None


def _told(mutation: Mutation, whole: Node, unlike: int) -> tuple[int, Mutation]:
    """With what it makes, where that is not how the answer was typed."""
    if unlike and not bends_a_rule(mutation) and len(shown := unicode(whole)) <= MAX_SHOWN:
        mutation = mutation._replace(details=(*mutation.details, ("yours", shown)))
    return unlike, mutation


def _parts(tree: Node) -> frozenset[int]:
    """The values of all its parts: they are the same in the same shape, whatever the order."""
    field = Remembering(tree)
    values = (_value(field, each) for each in walk(tree) if not isinstance(each, Neg))
    return frozenset(value for value in values if value is not None)
