"""Slips in lists, sets, intervals, statements, quantities and words: a look first, then whole."""

from gettext import NullTranslations

HARMLESS = frozenset(
    ("entry-count", "matrix-size", "unit-missing", "dimension", "figures", "spelling")
)
"""Of these, nothing of the answer is given away: they may be told at once."""


def of_structures(words: NullTranslations, code: str) -> tuple[str, str] | None:
    """What to look at, and what is wrong; None for a slip of another family."""
    return (
        _of_lists(words, code)
        or _of_sets(words, code)
        or _of_statements(words, code)
        or _of_quantities(words, code)
    )


def _of_lists(words: NullTranslations, code: str) -> tuple[str, str] | None:
    _ = words.gettext
    match code:
        case "transposed":
            return (
                _("Look at the order of the numbers."),
                _("The numbers are right, their order is not: rows come first."),
            )
        case "reversed":
            return (
                _("Look at the order."),
                _("All of it is there, in the opposite order."),
            )
        case "entry":
            return _("Only one entry is off."), _("Only entry {place} is off.")
        case "entries":
            return _("Some entries are off."), _("These entries are off: {places}.")
        case "entry-count":
            return _twice(_("I expected {wanted} entries, and you gave {got}."))
        case "matrix-size":
            return _twice(_("I expected a matrix of size {wanted}, and yours is {got}."))
        case _:
            return None


def _of_sets(words: NullTranslations, code: str) -> tuple[str, str] | None:
    _ = words.gettext
    match code:
        case "missing-entries":
            return _("Something is still missing."), _("Not all are there yet; missing: {count}.")
        case "extra-entries":
            return _("There is too much in it."), _("This does not belong there: {entries}.")
        case "wrong-entries":
            return (
                _("Something in it does not belong there, and something is missing."),
                _("This does not belong there: {entries}."),
            )
        case "bracket":
            return (
                _("Look at the ends."),
                _("The ends are the right ones; which of them belong to it?"),
            )
        case _:
            return None


def _of_statements(words: NullTranslations, code: str) -> tuple[str, str] | None:
    _ = words.gettext
    match code:
        case "strictness":
            return (
                _("Look at the signs of comparison."),
                _("Does it hold where both sides are equal? Look at < and ≤."),
            )
        case "direction":
            return (
                _("Look at the signs of comparison."),
                _("It is the other way round: turn the sign."),
            )
        case "and-or":
            return _("Look at “and” and “or”."), _(
                "“And” stands where “or” belongs, or “or” for “and”."
            )
        case "negated":
            return _("Try it with an example."), _("That is the very opposite.")
        case _:
            return None


def _of_quantities(words: NullTranslations, code: str) -> tuple[str, str] | None:
    _ = words.gettext
    match code:
        case "unit-missing":
            return _twice(_("It has no unit, and without one a number says too little."))
        case "dimension":
            return _twice(_("{got} is a unit of something else than what is asked for."))
        case "unit-scale":
            return (
                _("Look at how you changed the units."),
                _("You are off by the factor {factor}: look at how you changed the units."),
            )
        case "figures":
            return _twice(_("Give it with {wanted} figures."))
        case "spelling":
            return _twice(_("Nearly: look at the spelling."))
        case _:
            return None


def _twice(said: str) -> tuple[str, str]:
    return said, said
