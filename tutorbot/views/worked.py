"""The worked way to what is derived, a step a line."""

from gettext import NullTranslations

from tutorbot.core.answers.printing import latex
from tutorbot.core.answers.verdicts import Asked
from tutorbot.core.answers.worked import ways
from tutorbot.core.prose import Block, Display, Prose, Style, words as plain


def worked_prose(words: NullTranslations, asked: Asked) -> Prose:
    """What is done, and what comes out; nothing where nothing is derived."""
    said: list[Block] = []
    for way in ways(asked):
        said.append(Display(latex(way.steps[0].before)))
        for step in way.steps:
            said.append(plain(_rule(words, step.rule), Style.ITALIC))
            said.append(Display(f"= {latex(step.after)}"))
    return tuple(said)


def _rule(words: NullTranslations, rule: str) -> str:
    _ = words.gettext
    match rule:
        case "substitute":
            return _("Put the numbers in:")
        case "write-power-out":
            return _("Write the power as a product:")
        case "multiply-out":
            return _("Multiply out:")
        case "multiply":
            return _("Multiply within each term:")
        case "add-like-terms":
            return _("Put like terms together:")
        case "take-out":
            return _("Take out what all terms share:")
        case "factor":
            return _("Write it as a product:")
        case "differentiate":
            return _("Differentiate, one rule at a time:")
        case _:
            return _("Work it out, from the inside:")
