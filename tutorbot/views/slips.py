"""Slips in a teacher's words: its kind, to look for it oneself, and then the slip itself."""

from gettext import NullTranslations

from tutorbot.core.answers.verdicts import Slip
from tutorbot.views import rules, structures

HARMLESS = structures.HARMLESS | {"reading", "rounded"}
"""Slips that give nothing of the answer away: they may be told at once."""

TWO = "two-slips"

TELLING = frozenset(("too-large", "too-small"))
"""What is told of numbers only after another try, lest they be found by halving."""


def kind(words: NullTranslations, slip: Slip) -> str:
    """What to look at; empty for a slip that has no words."""
    if slip.code == TWO:
        return _both(words, [kind(words, each) for each in _two(slip)])
    return _sentences(words, slip.code)[0].format_map(slip.details)


def whole(words: NullTranslations, slip: Slip) -> str:
    """What is wrong, and mostly what is right; empty for a slip that has no words."""
    if slip.code == TWO:
        return _both(words, [whole(words, each) for each in _two(slip)])
    if slip.code == "missing-entries":
        return structures.missing(words, int(slip.details["count"]))
    said = _sentences(words, slip.code)[1].format_map(slip.details)
    within = whole(words, nested(slip, "inner")) if "inner" in slip.details else ""
    return f"{said} {within}".strip()


def agreement(words: NullTranslations, agrees: Slip, *, how_far: bool = True) -> str:
    """What is right already; of a number, on which side of it the right one is, and ``how_far``."""
    _ = words.gettext
    match agrees.code:
        case "right-terms":
            sentence = (
                _("{last} is right already.")
                if agrees.details["count"] == "1"
                else _("{parts} and {last} are right already.")
            )
        case "right-factors":
            sentence = (
                _("The factor {last} is right already.")
                if agrees.details["count"] == "1"
                else _("The factors {parts} and {last} are right already.")
            )
        case "right-denominator":
            sentence = _("The denominator {under} is right already.")
        case "right-numerator":
            sentence = _("The numerator {over} is right already.")
        case "right-where":
            sentence = _("For {where} yours is right already.")
        case "entries-right":
            sentence = words.ngettext(
                "{count} of {of} is right already.",
                "{count} of {of} are right already.",
                int(agrees.details["count"]),
            )
        case "right-entries":
            sentence = _("Right already: {parts}.")
        case "too-narrow":
            sentence = _("Wherever yours holds, it should; but it should hold elsewhere, too.")
        case "too-wide":
            sentence = _("Yours holds wherever it should, and in places where it should not.")
        case "too-large" if how_far and "times" in agrees.details:
            sentence = _("Yours is more than {times} times the right answer.")
        case "too-small" if how_far and "times" in agrees.details:
            sentence = _("The right answer is more than {times} times yours.")
        case "too-large":
            sentence = _("The right answer is smaller than yours.")
        case "too-small":
            sentence = _("The right answer is larger than yours.")
        case _:
            return ""
    return sentence.format_map(agrees.details)


def _both(words: NullTranslations, sentences: list[str]) -> str:
    """The same look is not asked for twice."""
    return " ".join((words.gettext("Two things are off."), *dict.fromkeys(sentences)))


def _two(slip: Slip) -> tuple[Slip, Slip]:
    return nested(slip, "1"), nested(slip, "2")


def nested(slip: Slip, name: str) -> Slip:
    """The slip within a slip, whose details go by its name."""
    details = {
        key.removeprefix(f"{name}."): value
        for key, value in slip.details.items()
        if key.startswith(f"{name}.")
    }
    return Slip(code=slip.details.get(name, ""), details=details)


def _sentences(words: NullTranslations, code: str) -> tuple[str, str]:
    for group in (
        _of_sums,
        _of_powers,
        _of_fractions,
        _of_functions,
        _of_parts,
        _of_reading,
        rules.of_rules,
        structures.of_structures,
    ):
        found = group(words, code)
        if found is not None:
            return found
    return "", ""


_Pair = tuple[str, str] | None


def _of_sums(words: NullTranslations, code: str) -> _Pair:
    _ = words.gettext
    match code:
        case "constant-missing":
            return _("It is not the only one."), _("The constant of integration is missing.")
        case "sign":
            return _("Look at the signs."), _("Everything is right but the sign.")
        case "term-sign":
            return _("One sign is wrong."), _("Look at the sign of {term}.")
        case "number-sign":
            return _("One sign is wrong."), _("You have {wrong} where {right} belongs.")
        case "number-missing":
            return _("A number is missing."), _("You have {wrong} where {right} belongs.")
        case "part-sign":
            return _("One sign is wrong."), _("Look at the sign of {part}.")
        case "bracket-sign":
            return (
                _("Look at the sign before a bracket."),
                _("The sign before ({bracket}) is the wrong one."),
            )
        case "missing-term" | "lacks-term":
            return _("A term is missing."), _("A term is missing: {term}.")
        case "extra-term":
            return _("There is a term too many."), _("You have a term too many: {term}.")
        case "term-factor":
            return (
                _("One term is off by a factor."),
                _("You have {wrong} where {term} belongs."),
            )
        case "distributed":
            return (
                _("Look at how you multiplied the bracket out."),
                _("The factor {factor} belongs to every term of {bracket}."),
            )
        case "minus-bracket":
            return (
                _("Look at a minus before a bracket."),
                _("The minus before the bracket turns every sign in {bracket}."),
            )
        case "cross-terms":
            return (
                _("Look at how you multiplied the brackets out."),
                _("In ({first})·({second}) every term meets every term of the other bracket."),
            )
        case "product-for-sum":
            return _("Sum or product?"), _("{sum} is a sum, and you multiplied.")
        case "sum-for-product":
            return _("Sum or product?"), _("{product} is a product, and you added.")
        case "sum-low":
            return _("Look at where the sum begins."), _("The sum begins at {right}.")
        case "sum-high":
            return _("Look at where the sum ends."), _("The sum ends at {right}.")
        case "sum-of-product":
            return (
                _("Look at the product inside the sum."),
                _("The sum of {product} is not a product of two sums."),
            )
        case _:
            return None


def _of_powers(words: NullTranslations, code: str) -> _Pair:
    _ = words.gettext
    laws = _("Look at the laws of powers.")
    match code:
        case "power-spread":
            return (
                _("Look at the power of a sum."),
                _("A power of a sum is not the sum of the powers: look at {power}."),
            )
        case "power-joined":
            return (
                _("Look at a sum of powers."),
                _("A sum of powers is not the power of the sum: look at {sum}."),
            )
        case "middle-term":
            return (
                _("Look at the square of a sum."),
                _("The middle term comes twice in {power}."),
            )
        case "minus-squared":
            return (
                _("Look at a minus together with a power."),
                _("Mind the minus in {power}: does the power reach it?"),
            )
        case "negative-exponent":
            return (
                _("Look at a negative exponent."),
                _("A negative exponent means one over, not a minus: look at {power}."),
            )
        case "exponent-spread":
            return laws, _("A sum in the exponent makes a product of powers: look at {power}.")
        case "exponents-multiplied":
            return laws, _("When powers of {base} are multiplied, their exponents add up.")
        case "exponents-added":
            return laws, _("The exponents of {base} are multiplied here, not added.")
        case "exponents-powered":
            return laws, _("The exponent in {power} is a product, not a power.")
        case "power-of-product":
            return laws, _("In {power} every factor takes the exponent.")
        case "power-of-fraction":
            return laws, _("In {power} the exponent goes to the top and to the bottom.")
        case "power-too-wide":
            return (
                _("Look at how far a power reaches."),
                _("The exponent of {power} does not reach {factor}."),
            )
        case "exponent-bracket":
            return (
                _("Look at what belongs to an exponent. Are brackets missing?"),
                _("Put the whole exponent of {power} in brackets."),
            )
        case "exponent-turned":
            return (
                _("Look at a fraction in an exponent."),
                _("The fraction in the exponent of {power} is upside down in yours."),
            )
        case "power-as-product":
            return _("Power or product?"), _("{power} is a power, and you multiplied.")
        case "product-as-power":
            return _("Power or product?"), _("{product} is a product, not a power.")
        case "base-exponent":
            return (
                _("Look at what is the base and what the exponent."),
                _("Base and exponent of {power} have changed places."),
            )
        case "exponent":
            return _("Look at the exponents."), _("You have {wrong} where {right} belongs.")
        case "exponent-near":
            return _("Look at the exponents."), _("The exponent of {power} is off by one.")
        case "exponent-sign":
            return (
                _("Look at the sign of an exponent."),
                _("Look at the sign of the exponent in {power}."),
            )
        case "exponent-missing":
            return _("An exponent is missing."), _("An exponent is missing: {power}.")
        case "squared":
            return _("Look at the powers."), _("Yours is the square of the right answer.")
        case "rooted":
            return _("Look at the powers."), _("Yours is the square root of the right answer.")
        case "root-dropped":
            return _("A root is missing."), _("A root is missing: {root}.")
        case "root-of-square":
            return (
                _("Look at the root of a square."),
                _("{root} is never negative: think of what is below zero."),
            )
        case "squared-for-root":
            return _("Root or square?"), _("{root} is a root, and you squared.")
        case "halved-for-root":
            return _("Root or half?"), _("{root} is a root, and you halved.")
        case _:
            return None


def _of_fractions(words: NullTranslations, code: str) -> _Pair:
    _ = words.gettext
    match code:
        case "upside-down":
            return (
                _("Look at what is above and what is below."),
                _("Yours is the right answer upside down."),
            )
        case "fraction-turned":
            return _("A fraction is upside down."), _("{fraction} is upside down in yours.")
        case "fractions-added":
            return (
                _("Look at how you added the fractions."),
                _("Tops and bottoms are not added: {sum} needs a common denominator."),
            )
        case "numerators-added":
            return (
                _("Look at how you added the fractions."),
                _("Bring {sum} to a common denominator before you add."),
            )
        case "fraction-split":
            return (
                _("Look at a sum under a fraction bar."),
                _("{fraction} cannot be taken apart at the sum below."),
            )
        case "only-divided":
            return (
                _("Look at what is divided. Are brackets missing?"),
                _("Every term of {over} is divided by {under}."),
            )
        case "cancelled":
            return (
                _("Look at what you cancelled."),
                _("Only factors cancel, and {part} stands in a sum."),
            )
        case "denominator-bracket":
            return (
                _("Look at what stands under the fraction bar. Are brackets missing?"),
                _("All of {under} stands below: put it in brackets."),
            )
        case "denominator-missing":
            return _("A denominator is missing."), _("The denominator {under} is missing.")
        case "numerator-missing":
            return _("A numerator is missing."), _("The numerator {over} is missing.")
        case "multiplied":
            return _("Multiply or divide?"), _("Divide by {by}; you multiplied.")
        case "divided":
            return _("Multiply or divide?"), _("Multiply by {by}; you divided.")
        case _:
            return None


def _of_functions(words: NullTranslations, code: str) -> _Pair:
    _ = words.gettext
    match code:
        case "function-spread":
            return (
                _("Look at a function of a sum."),
                _("{part} cannot be taken apart term by term."),
            )
        case "log-of-sum":
            return (
                _("Look at the laws of logarithms."),
                _("The logarithm of a sum cannot be taken apart: look at {part}."),
            )
        case "function-of-product":
            return (
                _("Look at what stands inside a function."),
                _("{part} cannot be taken apart like that."),
            )
        case "function-joined":
            return (
                _("Look at how you put functions together."),
                _("{sum} cannot be put together under one {function}."),
            )
        case "power-inside":
            return (
                _("Look at what a power belongs to."),
                _("In {power} the value is raised, not the argument."),
            )
        case "power-outside":
            return (
                _("Look at what a power belongs to."),
                _("In {part} the argument is raised, not the value."),
            )
        case "minus-outside":
            return (
                _("Look at a minus inside a function."),
                _("The minus in {part} belongs to the argument."),
            )
        case "factor-outside":
            return (
                _("Look at a factor inside a function."),
                _("The factor {factor} cannot be taken out of {part}."),
            )
        case "factor-inside":
            return (
                _("Look at a factor before a function."),
                _("The factor {factor} cannot go inside {function}."),
            )
        case "argument-bracket":
            return (
                _("Look at where an argument ends. Are brackets missing?"),
                _("All of it is the argument in {part}: put it in brackets."),
            )
        case "degrees":
            return (
                _("Degrees or radians?"),
                _("Degrees and radians are mixed up inside {function}."),
            )
        case "inverse-reciprocal":
            return (
                _("Inverse function, or one over the function?"),
                _("{function} is the inverse function, not one over it."),
            )
        case "log-base":
            return _("Look at the base of the logarithm."), _("Look at the base of {part}.")
        case "log-turned":
            return (
                _("Look at the base of the logarithm."),
                _("Base and argument of {part} have changed places."),
            )
        case "chain":
            return _("Think of the chain rule."), _("The inner derivative {factor} is missing.")
        case "function-swapped":
            return (
                _("Look at which functions you use."),
                _("You have {wrong} where {right} belongs."),
            )
        case "function-dropped":
            return _("A function is missing."), _("{function} is missing: {part}.")
        case "primes":
            return _("Look at the primes."), _("You have {wrong} where {right} belongs.")
        case "operation-dropped":
            return (
                _("One step is not done yet."),
                _("{part} is still to be worked out."),
            )
        case "operation":
            return (
                _("Look at the limits and orders of what is to be worked out."),
                _("You have {wrong} where {right} belongs."),
            )
        case "derivative-given":
            return (
                _("Look again at what is asked for."),
                _("You gave the derivative of the right answer with respect to {symbol}."),
            )
        case "antiderivative-given":
            return (
                _("Look again at what is asked for."),
                _("The derivative of yours with respect to {symbol} is the right answer."),
            )
        case "constant-missing":
            return (
                _("Is this every antiderivative?"),
                _("The constant is missing: {constant} may be any number."),
            )
        case "order-counted":
            return _("Does the order count here?"), _("The order does not count: it is {right}.")
        case "binomial-quotient":
            return (
                _("Look at the binomial coefficient."),
                _("{right} is a binomial coefficient: divide by both factorials."),
            )
        case "binomial":
            return (
                _("Look at the binomial coefficient."),
                _("You have {wrong} where {right} belongs."),
            )
        case "factorial":
            return _("Look at the factorial."), _("You have {wrong} where {right} belongs.")
        case "power-for-factorial":
            return _("Look at the factorial."), _("{right} is a factorial, not a power.")
        case "factorial-bracket":
            return (
                _("Look at what the factorial is taken of."),
                _("The factorial is taken of the whole in {right}."),
            )
        case _:
            return None


def _of_parts(words: NullTranslations, code: str) -> _Pair:
    _ = words.gettext
    instead = _("You have {wrong} where {right} belongs.")
    match code:
        case "missing-factor":
            return _("A factor is missing."), _("A factor is missing: {factor}.")
        case "extra-factor":
            return _("There is a factor too many."), _("You have a factor too many: {factor}.")
        case "extra-denominator":
            return _("You divide once too often."), _("You divide by {under}, and need not.")
        case "factor":
            return (
                _("You are off by a factor."),
                _("You are off by the factor {factor}."),
            )
        case "times":
            return (
                _("You are off by a factor."),
                _("Yours is the right answer times {factor}."),
            )
        case "number":
            return _("One number is off."), instead
        case "coefficient":
            return _("One coefficient is off."), instead
        case "symbol" | "replaced":
            return _("One symbol stands where another belongs."), instead
        case "shifted" | "shifted-everywhere":
            return _("You are off by one somewhere."), instead
        case "instead" | "misplaced":
            return _("One part is off; the rest is right."), instead
        case "needless-symbol":
            return (
                _("Look at which symbols belong in the answer."),
                _("The right answer does not depend on {names}."),
            )
        case "symbol-unused":
            return (
                _("Look at which symbols belong in the answer."),
                _("The right answer depends on {names}, too."),
            )
        case "swapped":
            return (
                _("Two things have changed places."),
                _("{first} and {second} have changed places."),
            )
        case "off-by-one":
            return _("So close: you are off by one."), _(
                "So close: yours minus the right answer is {by}."
            )
        case "off-by":
            return _("You are a little off."), _("You are off by {by}.")
        case "rounded":
            return (
                _("That is very near. Was something rounded on the way?"),
                _("That is very near. Round nothing before the end; keep roots and fractions."),
            )
        case _:
            return None


def _of_reading(words: NullTranslations, code: str) -> _Pair:
    if code != "reading":
        return None
    said = words.gettext("I read from left to right. If you meant {other}, say so with brackets.")
    return said, said
