"""The key of a question whose answer is typed, from its lines to a `Typed`."""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

from tutorbot.core.course import Expression, Form, Kind, Typed, Values
from tutorbot.courses.faults import Notebook
from tutorbot.courses.lines import LONGEST_EXPRESSION, ExpressionLine
from tutorbot.courses.outline import QuestionDraft
from tutorbot.courses.parameters import NAME, read_number
from tutorbot.courses.policy import Policy, Words

_SIZE = re.compile(r"(?<![^\W\d])x(?![^\W\d])")  # rows x columns
_WORD = re.compile(r"[^\W\d]\w*")
_KINDS = {kind.value: kind for kind in Kind} | {"shape": Kind.SIZE}
_IN_SYMBOLS = frozenset({Kind.FORMULA, Kind.EQUATION, Kind.INEQUALITY, Kind.LOGIC})
_FORMS = {form.value: form for form in Form if form is not Form.FIGURES}
_FORMLESS = frozenset({Kind.SIZE, Kind.LOGIC, Kind.TEXT})
_ASSUMED = frozenset({"positive", "integer", "complex", "constant"})
_MOST_FIGURES = 15
_BASES = {"e": None, "2": 2, "10": 10}


def read_typed(draft: QuestionDraft, variant: Values, notebook: Notebook) -> Typed:
    """The key of a question without options; ``variant`` is any of its variants."""
    if "pin" in draft.policy:
        notebook.note(
            draft.policy["pin"].line,
            "There is no option to pin.",
            "Leave pin out.",
            code="pin-unknown",
        )
    accepted = draft.accepted()
    symbols = _names(draft.policy, "symbols", notebook)
    assumed = _assumed(draft.policy, symbols, notebook)
    kind = _kind(draft, accepted, {name for name, _ in variant}, notebook)
    return Typed(
        kind=kind,
        accepted=tuple(map(_expression, accepted)),
        mistaken=tuple(map(_expression, draft.mistaken())),
        symbols=symbols,
        functions=_names(draft.policy, "functions", notebook),
        positive=tuple(name for name in symbols if "positive" in assumed.get(name, ())),
        integer=tuple(name for name in symbols if "integer" in assumed.get(name, ())),
        complex=tuple(name for name in symbols if "complex" in assumed.get(name, ())),
        constants=_names(draft.policy, "constants", notebook),
        tolerance=_tolerance(draft.policy, notebook),
        significant=_figures(draft.policy, notebook),
        unit=draft.policy["unit"].text() or None if "unit" in draft.policy else None,
        form=_form(draft.policy, kind, notebook),
        constant=_constant(draft.policy, symbols, assumed, notebook),
        derived=_derived(draft.policy, symbols, notebook),
        log_base=_one_of(_BASES, draft.policy, "log", notebook),
    )


def _form(policy: Policy, kind: Kind, notebook: Notebook) -> Form | None:
    if "form" in policy and kind in _FORMLESS:
        notebook.note(
            policy["form"].line,
            f"An answer of the type {kind.value} has no form to ask for.",
            "Leave form out.",
            code="form-useless",
        )
        return None
    return _one_of(_FORMS, policy, "form", notebook)


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
        if kind in _IN_SYMBOLS and "symbols" not in draft.policy:
            notebook.note(
                setting.line,
                f"An answer of the type {kind.value} needs its symbols.",
                "Add symbols: n m, the letters that an answer may use.",
                code="symbols-missing",
            )
        return kind
    if setting:
        notebook.note(
            setting.line,
            f"I do not know the type “{setting.text()[:40]}”.",
            f"The types are {', '.join(kind.value for kind in Kind)}; options need none.",
            code="type-unknown",
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
            code="type-unclear",
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
                code="name-bad",
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
                code="assume-bad",
            )
    return found


def _constant(
    policy: Policy,
    symbols: Sequence[str],
    assumed: Mapping[str, tuple[str, ...]],
    notebook: Notebook,
) -> str | None:
    """The constant of integration: the symbol with ``assume: {C: constant}``."""
    names = [name for name in symbols if "constant" in assumed.get(name, ())]
    if not names:
        return None
    if len(names) > 1 or len(symbols) == 1:
        notebook.note(
            policy["assume"].line,
            "One symbol is the constant of integration, and another the variable.",
            "Write symbols: x C and assume: {C: constant}; the variable comes first.",
            code="constant-unclear",
        )
        return None
    return names[0]


def _derived(
    policy: Policy, symbols: Sequence[str], notebook: Notebook
) -> tuple[tuple[str, str], ...]:
    """``derive: {f: "diff(x^2, x)"}``: names for the key, and what is to be worked out."""
    setting = policy.get("derive")
    if not setting:
        return ()
    if not setting.table():
        notebook.note(
            setting.line,
            "There is nothing to derive.",
            'Write derive: {f: "diff(x^2*sin(x), x)"} and then - answer: `f`.',
            code="derive-empty",
        )
    found: list[tuple[str, str]] = []
    for name, text in setting.table().items():
        if not NAME.fullmatch(name) or name in symbols or not isinstance(text, str):
            notebook.note(
                setting.line,
                f"“{name[:40]}” cannot be a name for what is derived.",
                "Take letters that are no symbol of the question, and one expression for each.",
                code="derive-name-bad",
            )
        elif len(text) > LONGEST_EXPRESSION:
            notebook.note(
                setting.line,
                f"The expression of “{name[:40]}” is too long.",
                f"Keep it under {LONGEST_EXPRESSION} characters.",
                code="expression-long",
            )
        else:
            found.append((name, text))
    return tuple(found)


def _tolerance(policy: Policy, notebook: Notebook) -> Fraction | None:
    setting = policy.get("tolerance")
    if not setting:
        return None
    text = setting.text()
    number = read_number(text.removesuffix("%"))
    share = number / 100 if number is not None and text.endswith("%") else number
    if share is None or not 0 <= share < 1:
        notebook.note(
            setting.line,
            "The tolerance is no share.",
            "Write tolerance: 0.01 or 1%.",
            code="tolerance-bad",
        )
        return None
    return share


def _figures(policy: Policy, notebook: Notebook) -> int | None:
    setting = policy.get("figures")
    if not setting:
        return None
    text = setting.text()
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:3]) <= _MOST_FIGURES:
        notebook.note(
            setting.line,
            "I cannot read the number of figures.",
            f"Write figures: 3, or any number from 1 to {_MOST_FIGURES}.",
            code="figures-bad",
        )
        return None
    return int(text)


ValueT = TypeVar("ValueT")


def _one_of(
    known: Mapping[str, ValueT], policy: Policy, key: str, notebook: Notebook
) -> ValueT | None:
    setting = policy.get(key)
    if not setting:
        return None
    if setting.text() not in known:
        notebook.note(
            setting.line,
            f"I do not know the {key} “{setting.text()[:40]}”.",
            f"Write {key}: and one of {', '.join(known)}.",
            code="setting-unknown",
        )
    return known.get(setting.text())
