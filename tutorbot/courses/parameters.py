"""The parameters of a stem or a question, from its meta block to its variants."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from tutorbot.core.course import Parameters, Values
from tutorbot.courses.faults import Notebook
from tutorbot.courses.policy import Policy, Setting, Words
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


def read_parameters(
    policy: Policy, notebook: Notebook, shared: tuple[Values, ...] = _PLAIN
) -> tuple[Values, ...]:
    """The variants that ``params`` and ``where`` describe; one without values if there are none.

    ``shared`` are the variants of a stem that this one uses; its values come first in each.
    """
    where = policy.get("where")
    known = tuple(name for name, _ in shared[0])
    if "params" not in policy and not (where and known):
        if where:
            notebook.note(
                where.line,
                "There is a where without params.",
                "Add params.",
                code="where-without-params",
            )
        return shared
    columns = _read_columns(policy, known, notebook) if "params" in policy else ()
    if columns is None:
        return _unknown(policy, shared)
    names = (*known, *(name for column in columns for name, _ in column[0]))
    line = (where or policy["params"]).line
    conditions = where.words_apart() if where else ()
    try:
        read = tuple(read_condition(text, names) for text in conditions)
    except UnreadableError as why:
        notebook.note(
            line,
            f"I cannot read this condition: {why}.",
            "Write where: e != h, with the names of the params.",
            code="where-bad",
        )
        return _unknown(policy, shared)
    try:
        found = variants(columns, read, shared)
    except UnreadableError as why:
        notebook.note(
            line,
            f"I cannot make the variants: {why}.",
            "Give the params fewer values.",
            code="variants-many",
        )
        return _unknown(policy, shared)
    if not found:
        notebook.note(
            line,
            "No variant is left.",
            "Let the condition through more of them.",
            code="variants-none",
        )
    return found or _unknown(policy, shared)


def authored(policy: Policy) -> Parameters | None:
    """What the author wrote, to be written again."""
    if not policy.keys() & {"params", "where"}:
        return None
    table = _table(policy)
    return Parameters(
        values=tuple(
            (name, (given,) if isinstance(given, str) else given) for name, given in table.items()
        ),
        where=policy["where"].words_apart() if "where" in policy else (),
    )


def settings_of(parameters: Parameters) -> Policy:
    """The settings that `authored` has read."""
    policy: Policy = {}
    if parameters.values:
        policy["params"] = Setting(key="params", value=dict(parameters.values), line=1)
    if parameters.where:
        policy["where"] = Setting(key="where", value=parameters.where, line=1)
    return policy


@dataclass(frozen=True, kw_only=True)
class Shared:
    """The variants of a stem, each beginning with one of the stem that it uses."""

    variants: tuple[Values, ...]
    uses: str | None = None


def share(stems: Mapping[str, Shared]) -> dict[str, Shared]:
    """Leave what can be drawn for all stems of a tree at once; the used ones stand before.

    After that, each variant of a stem goes on in every stem that uses it, and the other way round.
    """
    found = dict(stems)
    for name, stem in reversed(list(stems.items())):
        if stem.uses in found:
            used, width = found[stem.uses], len(found[stem.uses].variants[0])
            begun = {each[:width] for each in found[name].variants}
            left = tuple(each for each in used.variants if each in begun)
            found[stem.uses] = replace(used, variants=left or used.variants)
    for name, stem in stems.items():
        if stem.uses in found:
            width = len(found[stem.uses].variants[0])
            begun = set(found[stem.uses].variants)
            left = tuple(each for each in found[name].variants if each[:width] in begun)
            found[name] = replace(found[name], variants=left or found[name].variants)
    return found


def settled(stems: Mapping[str, Shared], name: str) -> tuple[tuple[str, int], ...]:
    """Which stems add values to the variants of this one, and how many there are by then."""
    chain: list[tuple[str, int]] = []
    at: str | None = name
    while at is not None and at in stems:
        chain.append((at, len(stems[at].variants[0])))
        at = stems[at].uses
    grown: list[tuple[str, int]] = []
    for stem, count in reversed(chain):
        if count > (grown[-1][1] if grown else 0):
            grown.append((stem, count))
    return () if [stem for stem, _ in grown] in ([], [name]) else tuple(grown)


def _table(policy: Policy) -> Mapping[str, Words]:
    return policy["params"].table() if "params" in policy else {}


def _unknown(policy: Policy, shared: tuple[Values, ...]) -> tuple[Values, ...]:
    """After a fault: the names, so that it is not told again wherever one of them is used."""
    table = _table(policy)
    names = dict.fromkeys(name for key in table for name in key.split())
    known = dict(shared[0])
    return (shared[0] + tuple((name, Fraction(1)) for name in names if name not in known),)


def _read_columns(
    policy: Policy, known: Sequence[str], notebook: Notebook
) -> tuple[tuple[Values, ...], ...] | None:
    setting = policy["params"]
    columns: list[tuple[Values, ...]] = []
    taken = set(known)
    for key, given in setting.table().items():
        names = key.split()
        rows: list[Values] = []
        for text in (given,) if isinstance(given, str) else given:
            numbers = [read_number(word) for word in text.split()]
            row = tuple(number for number in numbers if number is not None)
            if len(names) == len(row) == len(numbers):
                rows.append(tuple(zip(names, row, strict=True)))
            else:
                rows.clear()
                break
        if not rows or not all(NAME.fullmatch(name) for name in names):
            notebook.note(
                setting.line,
                f"The parameter “{key[:40]}” is no list of numbers.",
                "Write params: {h: [100, 128, 80]}, or {e h: [50 100, 64 128]} for two that go "
                "together.",
                code="param-bad",
            )
            return None
        for name in names:
            if name in taken:
                notebook.note(
                    setting.line,
                    f"The parameter “{name[:40]}” is there already.",
                    "Give this one another name, also beside those of the stem that is used.",
                    code="param-twice",
                )
                return None
            taken.add(name)
        columns.append(tuple(dict.fromkeys(rows)))
    if not columns:
        notebook.note(
            setting.line,
            "There are no params.",
            "Write params: {h: [100, 128, 80]}.",
            code="params-empty",
        )
        return None
    return tuple(columns)
