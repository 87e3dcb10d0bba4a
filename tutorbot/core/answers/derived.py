"""Expressions that an author lets be worked out: ``derive: {f: "diff(x^2*sin(x), x)"}``.

They are worked out once, when the key is read: derivatives by our own rules, all else by SymPy and
checked. Learners meet only the result.
"""

import re
from collections.abc import Callable, Mapping

from tutorbot.core.answers.closing import closed
from tutorbot.core.answers.compare import agree
from tutorbot.core.answers.reader import read
from tutorbot.core.answers.tree import Node, replaced, substitute
from tutorbot.core.answers.verdicts import Asked, Problem
from tutorbot.core.answers.vocabulary import canonical, canonical_all
from tutorbot.core.answers.words import for_author

FORMS = ("expand", "factor", "apart", "together", "simplify")
"""In which form it is to be written, as in ``expand((x+1)^3)``; around the whole only."""

FORM = re.compile(rf"\s*({'|'.join(FORMS)})\s*\((.*)\)\s*", re.DOTALL)


class NotDerivedError(ValueError):
    """A line of ``derive`` cannot be read or worked out; ``text`` is as the author wrote it."""

    def __init__(self, text: str, problem: Problem) -> None:
        super().__init__(f"`{text}` cannot be derived: {problem.code} at {problem.at}")
        self.text = text
        self.problem = problem


def derived(asked: Asked) -> dict[str, Node]:
    """What the names of ``derive`` stand for in this variant; each may use those before it.

    May take long, as SymPy may.

    Raises:
        NotDerivedError: one of them cannot be worked out.
    """
    found: dict[str, Node] = {}
    values = {canonical(name): value for name, value in asked.values}
    vocabulary = for_author(asked)
    positive = canonical_all(asked.typed.positive)
    integer = canonical_all(asked.typed.integer)
    for name, text in asked.typed.derived:
        form = FORM.fullmatch(text)
        outcome = read(form[2] if form else text, vocabulary)
        if isinstance(outcome, Problem):
            raise NotDerivedError(text, outcome)
        tree = closed(substitute(named(outcome.tree, found), values), positive, integer, agree)
        if tree is not None and form is not None:
            tree = _in_form(tree, form[1], lambda it, how: _simplified(it, how, positive, integer))
        if tree is None:
            raise NotDerivedError(text, Problem(code="not-worked-out", at=0, length=len(text)))
        found[canonical(name)] = tree
    return found


def named(tree: Node, names: Mapping[str, Node]) -> Node:
    """The tree with what the names of ``derive`` stand for."""
    return replaced(tree, names)


def _in_form(tree: Node, form: str, written: Callable[[Node, str], Node]) -> Node | None:
    """SymPy's way of writing it, if that is proved to be the same."""
    try:
        made = written(tree, form)
    except ValueError:
        return None
    return made if agree(made, tree) else None


def _simplified(tree: Node, how: str, positive: frozenset[str], integer: frozenset[str]) -> Node:
    from tutorbot.core.answers import algebra  # noqa: PLC0415 - half a second to load

    return algebra.simplified(tree, how, positive, integer)
