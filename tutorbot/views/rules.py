"""Slips with rules that have a name, and slips of the pen: a look first, then the slip itself."""

from gettext import NullTranslations


def of_rules(words: NullTranslations, code: str) -> tuple[str, str] | None:
    """What to look at, and what is wrong; None for a slip of another family."""
    return _of_derivatives(words, code) or _of_algebra(words, code) or _of_numbers(words, code)


def _of_derivatives(words: NullTranslations, code: str) -> tuple[str, str] | None:
    _ = words.gettext
    match code:
        case "product-rule":
            return (
                _("Think of the product rule."),
                _("The derivative of a product is not the product of the derivatives."),
            )
        case "quotient-rule":
            return (
                _("Think of the quotient rule."),
                _("The derivative of a quotient is not the quotient of the derivatives."),
            )
        case "power-rule":
            return (
                _("Does the variable stand in the base or in the exponent?"),
                _("{power} has its variable in the exponent: the power rule is not for it."),
            )
        case "inside-differentiated":
            return (
                _("Think of the chain rule."),
                _("The inner function stays as it is in {part}; its derivative comes before it."),
            )
        case "differentiated":
            return (
                _("Differentiate or integrate?"),
                _("It seems that you differentiated where you should integrate."),
            )
        case "integrated":
            return (
                _("Differentiate or integrate?"),
                _("It seems that you integrated where you should differentiate."),
            )
        case _:
            return None


def _of_algebra(words: NullTranslations, code: str) -> tuple[str, str] | None:
    _ = words.gettext
    match code:
        case "complement":
            return (
                _("Is it this, or what is left of 1?"),
                _("You have what {sum} leaves of 1."),
            )
        case "exponent-joined":
            return (
                _("Look at what stands in the exponent."),
                _("In {sum}, only {power} is the power; the rest stands outside of its exponent."),
            )
        case "brackets-lost":
            return (
                _("Are brackets missing?"),
                _("With brackets around the sums it would be right."),
            )
        case "unlike-terms":
            return (
                _("Which terms can be put together?"),
                _("{sum} cannot be put together like that."),
            )
        case "log-quotient":
            return (
                _("Look at the laws of logarithms."),
                _("{sum} is not the quotient of the two logarithms."),
            )
        case _:
            return None


def _of_numbers(words: NullTranslations, code: str) -> tuple[str, str] | None:
    _ = words.gettext
    match code:
        case "angle":
            said = _("Degrees or radians? Look at the unit of the angle.")
        case "digits-swapped":
            said = _("So close: have two digits changed places?")
        case _:
            return None
    return said, said
