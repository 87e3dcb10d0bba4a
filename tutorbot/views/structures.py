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
        or _of_relations(words, code)
        or _of_logic(words, code)
        or _of_quantities(words, code)
    )


def missing(words: NullTranslations, count: int) -> str:
    """How many entries of a set are still missing: a bare number could be taken for one of them."""
    if count == 1:
        return words.gettext("One more belongs in it.")
    return words.ngettext(
        "{count} more belongs in it.", "{count} more belong in it.", count
    ).format(count=count)


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
        case "entries-swapped":
            return (
                _("Look at the order."),
                _("Entries {first} and {second} have changed places."),
            )
        case "other-order":
            return _("Look at the order."), _("All of it is there, in another order.")
        case "rows-swapped":
            return _("Look at the order of the rows."), _("The rows are right, their order is not.")
        case "columns-swapped":
            return (
                _("Look at the order of the columns."),
                _("The columns are right, their order is not."),
            )
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
            return _("Something is still missing."), _("There are more that belong in it.")
        case "extra-entries":
            return _("There is too much in it."), _("This does not belong there: {entries}.")
        case "wrong-entries":
            return (
                _("Something in it does not belong there, and something is missing."),
                _("This does not belong there: {entries}."),
            )
        case "signs-turned":
            return _("Look at the signs."), _("Everything is right but the signs.")
        case "low-end":
            return _("One end is right."), _("The upper end is right, the lower one is not.")
        case "high-end":
            return _("One end is right."), _("The lower end is right, the upper one is not.")
        case "points-only":
            return (
                _("Which numbers belong to it?"),
                _("Braces hold only the numbers listed. What lies between belongs to it, too."),
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


def _of_relations(words: NullTranslations, code: str) -> tuple[str, str] | None:
    _ = words.gettext
    match code:
        case "side-sign":
            return (
                _("One sign is wrong."),
                _("Look at the sign of {term}: a term that changes sides changes its sign."),
            )
        case "side-number":
            return _("One number is off."), _("Look at the number in {term}.")
        case "side-term-missing":
            return _("A term is missing."), _("A term is missing: {term}.")
        case "side-term-extra":
            return _("There is a term too many."), _("There is a term too many: {term}.")
        case "solutions-lost":
            return (
                _("Does yours have all the solutions?"),
                _("Some solutions are lost: a factor that can be 0 was divided out."),
            )
        case "solutions-extra":
            return (
                _("Does yours have more solutions than it should?"),
                _("It has more solutions than it should: a factor came in that can be 0."),
            )
        case "always-true":
            return _twice(_("Yours holds always, so it says nothing."))
        case "never-true":
            return _twice(_("Yours never holds."))
        case "condition-missing":
            return _("Something is still missing."), _("One more condition has to hold.")
        case "condition-extra":
            return _("There is a condition too many."), _("{condition} need not hold.")
        case _:
            return None


def _of_logic(words: NullTranslations, code: str) -> tuple[str, str] | None:
    _ = words.gettext
    match code:
        case "converse":
            return (
                _("Look at the direction of the arrow."),
                _("That is the converse: it follows the other way round."),
            )
        case "inverse":
            return (
                _("Does a statement say the same when both of its sides are negated?"),
                _("That is the inverse: negating both sides turns the arrow around."),
            )
        case "de-morgan":
            return (
                _("Think of De Morgan's laws."),
                _("A “not” before a bracket turns “and” into “or”, and “or” into “and”."),
            )
        case "negation-missing":
            return _("Look at what is negated."), _("A “not” is missing.")
        case "negation-extra":
            return _("Look at what is negated."), _("There is a “not” too many.")
        case "negation-spread":
            return (
                _("Look at what is negated."),
                _("A “not” before a bracket is meant for all of the bracket."),
            )
        case "implication-and":
            return (
                _("Look at how the two sides are joined."),
                _("“If … then” says something else than “and” or “or”."),
            )
        case "both-ways":
            return _("Look at the arrow."), _("It follows in one direction only.")
        case "one-way":
            return _("Look at the arrow."), _("It has to follow in both directions.")
        case "either-or":
            return (
                _("Look at “or”."),
                _("Does it hold where both are true? Look at which “or” is meant."),
            )
        case "letter":
            return _twice(_("One letter stands where another belongs."))
        case "grouping":
            return _("Look at the brackets."), _("The brackets stand around the wrong part.")
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
