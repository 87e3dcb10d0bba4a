"""Rules for stems, and for the variants that they and questions come in."""

import re
from collections.abc import Iterable, Iterator

from tutorbot.core.course import Choice, Question, Typed
from tutorbot.courses.faults import Severity
from tutorbot.courses.outline import GroupDraft, QuestionDraft
from tutorbot.courses.prose import plain
from tutorbot.courses.rules.paper import Paper

FEWEST_VARIANTS = 3

_HOLE = re.compile(r"\{\{\s*([A-Za-z]\w*)\s*\}\}")
_NAME = re.compile(r"[^\W\d]\w*")


def check(paper: Paper) -> None:
    used = {other.attributes.values.get("uses") for other in paper.outline.groups}
    for group in paper.outline.groups:
        if group.is_stem:
            _check_stem(paper, group, used)
    for question, draft in paper.pairs:
        if "params" in draft.policy:
            _check_variants(paper, draft, (question,))


def _check_stem(paper: Paper, group: GroupDraft, used: set[str | None]) -> None:
    if not group.prose:
        paper.notebook.note(
            group.line,
            "This stem says nothing.",
            "Write what its questions share, or leave .stem out.",
            code="stem-empty",
        )
    users = paper.under(group)
    if not users and group.attributes.id not in used:
        paper.notebook.note(
            group.line,
            "No question uses this stem.",
            "Put questions under it with ##.",
            code="stem-unused",
        )
    elif users and "params" in group.policy:
        _check_variants(paper, group, users)


def _check_variants(
    paper: Paper, heading: QuestionDraft | GroupDraft, questions: tuple[Question, ...]
) -> None:
    variants = questions[0].variants
    line = heading.policy["params"].line
    if len(variants) < FEWEST_VARIANTS:
        paper.notebook.note(
            line,
            "There is only one variant."
            if len(variants) == 1
            else f"There are only {len(variants)} variants.",
            f"Give the params values for at least {FEWEST_VARIANTS}, or write the numbers out.",
            code="variants-few",
        )
    spoken = set(_names(questions))
    for name, _ in variants[0]:
        if name not in spoken:
            paper.notebook.note(
                line,
                f"The parameter “{name}” occurs in no text and no key.",
                f"Write {{{{{name}}}}} where its value should stand, or leave it out.",
                near=f"{name}:",
                code="param-unused",
                severity=Severity.WARNING,
            )


def _names(questions: Iterable[Question]) -> Iterator[str]:
    """Whatever could be the name of a parameter, in texts and in keys."""
    for question in questions:
        texts = [question.stem, question.prose, question.solution, question.worked]
        texts += [hint.prose for hint in question.hints]
        match question.body:
            case Choice(options=options):
                texts += [prose for option in options for prose in (option.prose, option.feedback)]
            case Typed(accepted=accepted, mistaken=mistaken, derived=derived):
                lines = (*accepted, *mistaken)
                texts += [line.feedback for line in lines]
                for text in (*(line.text for line in lines), *(text for _, text in derived)):
                    yield from _NAME.findall(text)
        for prose in texts:
            yield from _HOLE.findall(plain(prose))
