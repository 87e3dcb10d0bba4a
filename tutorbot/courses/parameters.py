"""The parameters of a stem or a question, from its meta block to its variants."""

import re
from fractions import Fraction

from tutorbot.core.course import Values
from tutorbot.courses.faults import Notebook
from tutorbot.courses.policy import Policy
from tutorbot.courses.variants import UnreadableError, read_condition, variants

NAME = re.compile(r"[^\W\d]\w*")

_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?(?:/\d{1,15})?", re.ASCII)
_PLAIN: tuple[Values, ...] = ((),)  # what has no parameters has one variant


def read_number(text: str) -> Fraction | None:
    """A whole number, a decimal or a fraction such as ``3/4``, exactly."""
    if not _NUMBER.fullmatch(text.strip()):
        return None
    try:
        return Fraction(text.strip())
    except ZeroDivisionError:
        return None


def read_parameters(policy: Policy, notebook: Notebook) -> tuple[Values, ...]:
    """The variants that ``params`` and ``where`` describe; one without values if there are none."""
    where = policy.get("where")
    if "params" not in policy:
        if where:
            notebook.note(where.line, "There is a where without params.", "Add params.")
        return _PLAIN
    params = _read_values(policy, notebook)
    if not params:
        return _unknown(policy)
    line = (where or policy["params"]).line
    conditions = (where.text(),) if where and isinstance(where.value, str) else ()
    if where and isinstance(where.value, tuple):
        conditions = where.value
    try:
        read = tuple(read_condition(text, tuple(params)) for text in conditions)
    except UnreadableError as why:
        notebook.note(
            line,
            f"I cannot read this condition: {why}.",
            "Write where: e != h, with the names of the params.",
        )
        return _unknown(policy)
    try:
        found = variants(params, read)
    except UnreadableError as why:
        notebook.note(line, f"I cannot make the variants: {why}.", "Give the params fewer values.")
        return _unknown(policy)
    if not found:
        notebook.note(line, "No variant is left.", "Let the condition through more of them.")
    return found or _unknown(policy)


def _unknown(policy: Policy) -> tuple[Values, ...]:
    """After a fault: the names, so that it is not told again wherever one of them is used."""
    return (tuple((name, Fraction(1)) for name in policy["params"].table()),)


def _read_values(policy: Policy, notebook: Notebook) -> dict[str, tuple[Fraction, ...]]:
    setting = policy["params"]
    params: dict[str, tuple[Fraction, ...]] = {}
    for name, given in setting.table().items():
        values = [read_number(text) for text in ((given,) if isinstance(given, str) else given)]
        numbers = tuple(value for value in values if value is not None)
        if not NAME.fullmatch(name) or not numbers or len(numbers) != len(values):
            notebook.note(
                setting.line,
                f"The parameter “{name[:40]}” is no list of numbers.",
                "Write params: {h: [100, 128, 80]}.",
            )
            return {}
        params[name] = tuple(dict.fromkeys(numbers))
    if not params:
        notebook.note(setting.line, "There are no params.", "Write params: {h: [100, 128, 80]}.")
    return params
