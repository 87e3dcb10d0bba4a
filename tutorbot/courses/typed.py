"""The key of a question whose answer is typed, from its lines to a `Typed`."""

import re
from collections.abc import Sequence
from fractions import Fraction

from tutorbot.core.course import Expression, Kind, Typed, Values
from tutorbot.courses.faults import Notebook
from tutorbot.courses.lines import ExpressionLine
from tutorbot.courses.outline import QuestionDraft
from tutorbot.courses.parameters import NAME, read_number
from tutorbot.courses.policy import Policy, Words

_SIZE = re.compile(r"(?<![^\W\d])x(?![^\W\d])")  # rows x columns
_WORD = re.compile(r"[^\W\d]\w*")
_KINDS = {
    "formula": Kind.FORMULA,
    "number": Kind.NUMBER,
    "size": Kind.SIZE,
    "shape": Kind.SIZE,
}
_ASSUMED = frozenset({"positive", "integer"})


def read_typed(draft: QuestionDraft, variant: Values, notebook: Notebook) -> Typed:
    """The key of a question without options; ``variant`` is any of its variants."""
    if "pin" in draft.policy:
        notebook.note(draft.policy["pin"].line, "There is no option to pin.", "Leave pin out.")
    accepted = draft.accepted()
    symbols = _names(draft.policy, "symbols", notebook)
    assumed = _assumed(draft.policy, symbols, notebook)
    return Typed(
        kind=_kind(draft, accepted, {name for name, _ in variant}, notebook),
        accepted=tuple(map(_expression, accepted)),
        mistaken=tuple(map(_expression, draft.mistaken())),
        symbols=symbols,
        functions=_names(draft.policy, "functions", notebook),
        positive=tuple(name for name in symbols if "positive" in assumed.get(name, ())),
        integer=tuple(name for name in symbols if "integer" in assumed.get(name, ())),
        tolerance=_tolerance(draft.policy, notebook),
    )


def _expression(line: ExpressionLine) -> Expression:
    return Expression(
        text=line.text,
        feedback=line.feedback,
        tag=line.attributes.values.get("tag"),
        note=line.attributes.values.get("note"),
    )


def _kind(
    draft: QuestionDraft,
    accepted: Sequence[ExpressionLine],
    params: set[str],
    notebook: Notebook,
) -> Kind:
    setting = draft.policy.get("type")
    if setting and setting.text() in _KINDS:
        kind = _KINDS[setting.text()]
        if kind is Kind.FORMULA and "symbols" not in draft.policy:
            notebook.note(
                setting.line,
                "A formula needs its symbols.",
                "Add symbols: n m, the letters that an answer may use.",
            )
        return kind
    if setting:
        notebook.note(
            setting.line,
            f"I do not know the type “{setting.text()[:40]}”.",
            "The types are formula, number and size; options need none.",
        )
        return Kind.NUMBER
    key = accepted[0].text if accepted else ""
    if "x" not in params and _SIZE.search(key):
        return Kind.SIZE
    strange = [name for name in _WORD.findall(key) if name not in params]
    if strange:
        notebook.note(
            accepted[0].line,
            f"I cannot tell what kind of answer this is: “{strange[0][:20]}” is no parameter.",
            "For a formula, add type: formula and symbols: to the meta block.",
        )
    return Kind.NUMBER


def _names(policy: Policy, key: str, notebook: Notebook) -> tuple[str, ...]:
    names = policy[key].words() if key in policy else ()
    for name in names:
        if not NAME.fullmatch(name):
            notebook.note(
                policy[key].line,
                f"“{name[:40]}” cannot be a name.",
                f"Write {key}: n m, letters with digits or _ after them.",
            )
    return names


def _assumed(
    policy: Policy, symbols: Sequence[str], notebook: Notebook
) -> dict[str, tuple[str, ...]]:
    """``assume: positive integer`` for all symbols, or ``assume: {n: positive}`` for some."""
    setting = policy.get("assume")
    if not setting:
        return {}
    table: dict[str, Words] = dict.fromkeys(symbols, setting.words())
    if isinstance(setting.value, dict):
        table = setting.value
    found: dict[str, tuple[str, ...]] = {}
    for name, given in table.items():
        words = tuple(given.replace(",", " ").split()) if isinstance(given, str) else given
        found[name] = words
        if name not in symbols or not words or set(words) - _ASSUMED:
            notebook.note(
                setting.line,
                f"I cannot read what is assumed of “{name[:40]}”.",
                "Write assume: positive integer, or assume: {n: positive}, of the symbols.",
            )
    return found


def _tolerance(policy: Policy, notebook: Notebook) -> Fraction | None:
    setting = policy.get("tolerance")
    if not setting:
        return None
    text = setting.text()
    number = read_number(text.removesuffix("%"))
    share = number / 100 if number is not None and text.endswith("%") else number
    if share is None or not 0 <= share < 1:
        notebook.note(setting.line, "The tolerance is no share.", "Write tolerance: 0.01 or 1%.")
        return None
    return share
