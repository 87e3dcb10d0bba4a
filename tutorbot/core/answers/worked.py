"""The way to what an author lets be derived, for the solution of a question that has none written.

Only what our own rules can do is shown, each step proved; SymPy's results come without a way.
"""

from dataclasses import dataclass
from functools import lru_cache

from tutorbot.core.answers.closing import is_unworked
from tutorbot.core.answers.derived import FORM, named
from tutorbot.core.answers.reader import read
from tutorbot.core.answers.steps import Goal, Step, work
from tutorbot.core.answers.tree import Node, Operation, substitute, symbols, walk
from tutorbot.core.answers.verdicts import Asked, Problem
from tutorbot.core.answers.vocabulary import canonical
from tutorbot.core.answers.words import for_author

MAX_SIZE = 120  # nodes; nobody follows the way of something larger
MOST_STEPS = 10  # on a phone

_GOALS = {"expand": Goal.EXPANDED, "factor": Goal.FACTORED}


@dataclass(frozen=True, kw_only=True)
class Way:
    """From what a line of ``derive`` says to what comes out, never empty."""

    name: str
    steps: tuple[Step, ...]


@lru_cache(maxsize=256)
def ways(asked: Asked) -> tuple[Way, ...]:
    """The ways to all that is derived; none if one of them cannot be shown from end to end."""
    values = {canonical(name): value for name, value in asked.values}
    vocabulary = for_author(asked)
    results: dict[str, Node] = {}
    found: list[Way] = []
    for name, text in asked.typed.derived:
        form = FORM.fullmatch(text)
        outcome = read(form[2] if form else text, vocabulary)
        if isinstance(outcome, Problem):
            return ()
        start = named(outcome.tree, results)
        nodes = list(walk(start))
        if len(nodes) > MAX_SIZE or any(map(is_unworked, nodes)):
            return ()
        goal = _goal(form[1] if form else None, substitute(start, values))
        steps = () if goal is None else work(start, goal, values)
        last = steps[-1].after if steps else substitute(start, values)
        if any(isinstance(each, Operation) for each in walk(last)):
            return ()
        results[canonical(name)] = last
        if 0 < len(steps) <= MOST_STEPS:
            found.append(Way(name=name, steps=steps))
    return tuple(found)


def _goal(form: str | None, start: Node) -> Goal | None:
    if form is not None:
        return _GOALS.get(form)
    if any(isinstance(each, Operation) for each in walk(start)):
        return Goal.DIFFERENTIATED
    return None if symbols(start) else Goal.ADDED_UP
