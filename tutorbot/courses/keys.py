"""Whether the typed key of a question holds, in each of its variants."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tutorbot.core.answers.derived import derived
from tutorbot.core.answers.judge import checked, judge
from tutorbot.core.answers.printing import unicode
from tutorbot.core.answers.verdicts import Asked, Right, RightButForm, Unreadable, Wrong
from tutorbot.core.course import Form, Question, Typed, Values
from tutorbot.courses.faults import Severity

_VARIANTS_TYPED = 30
"""In how many variants each line is typed in as a learner would; a pattern shows in fewer."""

_CODES = {
    "is marked as a mistake": "wrong-is-right",
    "does not accept itself": "key-refuses-itself",
    "is not in the form": "key-refuses-itself",
    "divides by zero": "key-divides-by-zero",
    "cannot be read": "key-unreadable",
}
_QUOTED = re.compile(r"`([^`]*)`")
_NAME = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What is wrong with one line of a key: ``Typed.accepted[at]``, or ``Typed.mistaken[at]``."""

    accepted: bool = True
    at: int = 0
    what: str
    mend: str
    code: str
    severity: Severity = Severity.ERROR


Findings = tuple[Finding, ...]
Judging = Callable[[Sequence[Question]], Iterable[Findings]]
"""How the typed keys of questions are judged: the findings for each, in their order."""

UNDECIDED = Finding(
    what="This key takes too long to judge, or too much memory.",
    mend="Ask for less at once, or give the params fewer values.",
    code="key-too-dear",
)
"""For a key that was given up on."""


def judged_here(questions: Sequence[Question]) -> Iterator[Findings]:
    """In this process, for as long as it takes."""
    return map(findings, questions)


def findings(question: Question) -> Findings:
    """What contradicts itself in the key of a question whose answer is typed."""
    typed = question.body
    assert isinstance(typed, Typed)
    lines = {line.text: (True, at) for at, line in enumerate(typed.accepted)}
    # A mistake that is written like an answer is the one at fault.
    lines |= {line.text: (False, at) for at, line in enumerate(typed.mistaken)}
    for variant in _told_apart(question.variants, typed):
        found = tuple(checked(Asked(typed=typed, values=variant)))
        if found:
            return tuple(_contradiction(sentence, variant, lines) for sentence in found)
    return tuple(_met(question, typed))


def as_typed(asked: Asked, line: str) -> str:
    """A line of the key as a learner could type it, who knows no names of the author's."""
    values = dict(asked.values)
    results = _worked_out(asked) if asked.typed.derived else {}

    def typed(name: re.Match[str]) -> str:
        if name[0] in results:
            return f"({results[name[0]]})"
        return f"({values[name[0]]})" if name[0] in values else name[0]

    return _NAME.sub(typed, line)


def _told_apart(variants: Sequence[Values], typed: Typed) -> tuple[Values, ...]:
    """The variants as far as the key can tell them apart: most keys use few of the params."""
    texts = [line.text for line in (*typed.accepted, *typed.mistaken)]
    texts += [text for _, text in typed.derived]
    names = {name for text in texts for name in _NAME.findall(text)}
    kept = (tuple(pair for pair in variant if pair[0] in names) for variant in variants)
    return tuple(dict.fromkeys(kept))


@lru_cache(maxsize=64)
def _worked_out(asked: Asked) -> dict[str, str]:
    return {name: unicode(tree) for name, tree in derived(asked).items()}


def _contradiction(sentence: str, variant: Values, lines: dict[str, tuple[bool, int]]) -> Finding:
    quoted = _QUOTED.match(sentence)
    accepted, at = lines.get(quoted[1], (True, 0)) if quoted else (True, 0)
    return Finding(
        accepted=accepted,
        at=at,
        what=f"{_capital(sentence)}{_where(variant)}.",
        mend="Mend the expression, or the params so that this variant is left out."
        if variant
        else "Mend the expression, or leave the line out.",
        code=next((code for words, code in _CODES.items() if words in sentence), "key-unsound"),
    )


def _met(question: Question, typed: Typed) -> Iterator[Finding]:
    """What a learner types must find its line: the answer, and each mistake in some variant."""
    met: set[int] = set()
    for variant in _told_apart(question.variants, typed)[:_VARIANTS_TYPED]:
        asked = Asked(typed=typed, values=variant)
        verdict = judge(asked, as_typed(asked, typed.accepted[0].text))
        # A key may be known better than it is asked for: three figures of pi.
        if isinstance(verdict, Unreadable) and verdict.problem.code == "to-work-out":
            return  # the key is an integral, and learners type what it comes to
        rounded = isinstance(verdict, RightButForm) and verdict.form is Form.FIGURES
        if not isinstance(verdict, Right) and not rounded:
            yield Finding(
                what=f"Who types the answer is not understood{_where(variant)}.",
                mend="Write it with the symbols and functions of the meta block only.",
                code="key-refuses-itself",
            )
            return
        for at, mistake in enumerate(typed.mistaken):
            verdict = judge(asked, as_typed(asked, mistake.text))
            if not isinstance(verdict, Wrong) or verdict.mistaken == at:
                met.add(at)
    for at in range(len(typed.mistaken)):
        if at not in met:
            yield Finding(
                accepted=False,
                at=at,
                what="A line above says the same, so this one is never met.",
                mend="Leave one of the two out.",
                code="wrong-never-met",
            )


def _where(variant: Values) -> str:
    if not variant:
        return ""
    return " where " + ", ".join(f"{name} = {value}" for name, value in variant)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
