"""Whether an answer of the right value stands in the form that was asked for, and what is missing.

A form is a matter of what was typed, so it is judged on the tree as it was read.
"""

from collections.abc import Callable, Iterable

from tutorbot.core.answers.constant import UndefinedError
from tutorbot.core.answers.forms import expanded, factored, fractions, order, partial, radical
from tutorbot.core.answers.forms.ring import TooLargeError
from tutorbot.core.answers.tree import Node
from tutorbot.core.answers.verdicts import Slip
from tutorbot.core.course import Form

MAX_SIZE = 400  # nodes; nobody asks for a form of something larger

_MISSING: dict[Form, Callable[[Node, Node], Slip | None]] = {
    Form.EXPANDED: expanded.missing,
    Form.FACTORED: factored.missing,
    Form.LOWEST_TERMS: fractions.missing_lowest,
    Form.SINGLE_FRACTION: fractions.missing_single,
    Form.PARTIAL_FRACTIONS: partial.missing,
    Form.SAME_UP_TO_ORDER: order.missing_order,
    Form.SIMPLIFIED_RADICAL: radical.missing,
    Form.AS_TYPED: order.missing_typed,
}
_BY_KEY = frozenset((Form.SAME_UP_TO_ORDER, Form.AS_TYPED))


def missing(form: Form, got: Node, accepted: Iterable[Node]) -> Slip | None:
    """What is still to be done; nothing if the answer has the form.

    ``accepted``: the lines of the key that it is equal to; for some forms, one of them is to be
    met. What is too large to tell has the form: the value was right.
    """
    if form not in _MISSING:
        return None  # judged elsewhere, as figures are
    slip: Slip | None = None
    for expected in accepted:
        if form not in _MISSING:
            return None
        try:
            slip = _MISSING[form](got, expected)
        except (TooLargeError, UndefinedError):
            return None
        if slip is None or form not in _BY_KEY:
            return slip
    return slip
