"""The form of a structure: that of each expression in it, in its own place."""

from collections.abc import Iterable

from tutorbot.core.answers.constant import fraction
from tutorbot.core.answers.forms.asked import missing
from tutorbot.core.answers.structures import (
    FLIPPED,
    STRUCTURES,
    Relation,
    SetOf,
    Structure,
    Thing,
    expressions,
    parts,
)
from tutorbot.core.answers.tree import Node
from tutorbot.core.answers.verdicts import Slip
from tutorbot.core.course import Form

_AS_THE_KEY = {Form.SAME_UP_TO_ORDER: "form-order", Form.AS_TYPED: "form-as-typed"}


def missing_in(form: Form, got: Thing, accepted: Iterable[Thing]) -> Slip | None:
    """What is still to be done; nothing if all of it has the form.

    ``accepted``: the lines of the key that it is equal to.
    """
    if form in _AS_THE_KEY:
        slip: Slip | None = None
        for expected in accepted:
            slip = _beside(form, got, expected)
            if slip is None:
                return None
        return slip
    found = (_of_one(form, each) for each in expressions(got))
    return next((each for each in found if each is not None), None)


def _of_one(form: Form, node: Node) -> Slip | None:
    if form is Form.FACTORED and fraction(node) is not None:
        return None  # nobody asks for the primes of a side or an entry
    return missing(form, node, (node,))


def _beside(form: Form, got: Thing, expected: Thing) -> Slip | None:
    """Whether it is written as this line is, part by part."""
    if not isinstance(got, STRUCTURES) and not isinstance(expected, STRUCTURES):
        return missing(form, got, (expected,))
    other = Slip(code=_AS_THE_KEY[form])
    if not isinstance(got, STRUCTURES) or not isinstance(expected, STRUCTURES):
        return other
    if form is Form.SAME_UP_TO_ORDER and isinstance(got, Relation):
        turned = Relation(got.right, FLIPPED.get(got.sign, got.sign), got.left)
        if _in_order(form, turned, expected):
            return None
    same = _in_any_order if isinstance(got, SetOf) else _in_order
    return None if same(form, got, expected) else other


def _in_order(form: Form, got: Structure, expected: Structure) -> bool:
    ours, theirs = parts(got), parts(expected)
    if type(got) is not type(expected) or _sign(got) != _sign(expected):
        return False
    return len(ours) == len(theirs) and all(
        _beside(form, one, other) is None for one, other in zip(ours, theirs, strict=True)
    )


def _in_any_order(form: Form, got: Structure, expected: Structure) -> bool:
    """The order of a set is none; each entry has its like."""
    return isinstance(expected, SetOf) and all(
        any(_beside(form, one, other) is None for other in expected.entries) for one in parts(got)
    )


def _sign(thing: Structure) -> str | None:
    return getattr(thing, "sign", None)
