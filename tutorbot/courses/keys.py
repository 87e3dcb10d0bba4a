"""Whether the typed key of a question holds, in each of its variants."""

import re
from collections.abc import Sequence

from tutorbot.core.answers.derived import derived
from tutorbot.core.answers.judge import checked, judge
from tutorbot.core.answers.printing import unicode
from tutorbot.core.answers.verdicts import Asked, Right, RightButForm, Unreadable, Wrong
from tutorbot.core.course import Form, Question, Typed, Values
from tutorbot.courses.faults import Notebook

_VARIANTS_TYPED = 30
"""In how many variants each line is typed in as a learner would; a pattern shows in fewer."""

_QUOTED = re.compile(r"`([^`]*)`")
_NAME = re.compile(r"[^\W\d]\w*")


def check_typed(
    question: Question,
    typed: Typed,
    accepted_lines: Sequence[int],
    mistaken_lines: Sequence[int],
    notebook: Notebook,
) -> None:
    """Note what contradicts itself in a key; the lines are those of `Typed`, in its order."""
    lines = {
        each.text: line
        for each, line in zip(
            (*typed.mistaken, *typed.accepted), (*mistaken_lines, *accepted_lines), strict=True
        )
    }
    for variant in question.variants:
        found = checked(Asked(typed=typed, values=variant))
        for sentence in found:
            quoted = _QUOTED.match(sentence)
            notebook.note(
                lines.get(quoted[1], accepted_lines[0]) if quoted else accepted_lines[0],
                f"{_capital(sentence)}{_where(variant)}.",
                "Mend the expression, or the params so that this variant is left out.",
                near="`",
            )
        if found:
            return
    _check_as_typed(question, typed, accepted_lines[0], mistaken_lines, notebook)


def _check_as_typed(
    question: Question,
    typed: Typed,
    answer_line: int,
    mistaken_lines: Sequence[int],
    notebook: Notebook,
) -> None:
    """What a learner types must find its line: the answer, and each mistake in some variant."""
    met: set[int] = set()
    variants = question.variants[:_VARIANTS_TYPED]
    for variant in variants:
        asked = Asked(typed=typed, values=variant)
        verdict = judge(asked, _with_values(_worked_out(asked), variant))
        # A key may be known better than it is asked for: three figures of pi.
        if isinstance(verdict, Unreadable) and verdict.problem.code == "to-work-out":
            return  # the key is an integral, and learners type what it comes to
        rounded = isinstance(verdict, RightButForm) and verdict.form is Form.FIGURES
        if not isinstance(verdict, Right) and not rounded:
            notebook.note(
                answer_line,
                f"Who types the answer is not understood{_where(variant)}.",
                "Write it with the symbols and functions of the meta block only.",
                near="`",
            )
            return
        for at, mistake in enumerate(typed.mistaken):
            verdict = judge(asked, _with_values(mistake.text, variant))
            if not isinstance(verdict, Wrong) or verdict.mistaken == at:
                met.add(at)
    for at, line in enumerate(mistaken_lines):
        if at not in met:
            notebook.note(
                line,
                "A line above says the same, so this one is never met.",
                "Leave one of the two out.",
                near="`",
            )


def _worked_out(asked: Asked) -> str:
    """The answer as learners could give it, with what is derived in place of its name."""
    results = {name: unicode(tree) for name, tree in derived(asked).items()}
    text = asked.typed.accepted[0].text
    return _NAME.sub(lambda it: f"({results[it[0]]})" if it[0] in results else it[0], text)


def _with_values(expression: str, variant: Values) -> str:
    """The expression as a learner could type it, who knows no names of parameters."""
    values = dict(variant)
    return _NAME.sub(
        lambda name: f"({values[name[0]]})" if name[0] in values else name[0], expression
    )


def _where(variant: Values) -> str:
    if not variant:
        return ""
    return " where " + ", ".join(f"{name} = {value}" for name, value in variant)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
