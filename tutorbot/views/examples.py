"""How an answer is typed: one line under each question, with an example that is not the answer."""

from gettext import NullTranslations

from tutorbot.core.course import Form, Kind, Typed


def how_to_type(words: NullTranslations, body: Typed) -> str:
    """What to type, such as one would, and the form if one is asked for."""
    asked = _asked(words, body).format(names=_names(body), example=example(body))
    form = "" if body.form is None else _form(words, body.form)
    return f"{asked} {form}".rstrip()


def example(body: Typed) -> str:
    """An answer of the right kind that the judge can read, in the names of the question.

    The numbers are odd ones, so that it is hardly ever the very answer.

    >>> example(Typed(kind=Kind.FORMULA, accepted=(), symbols=("n", "m")))
    '7n² − m/5'
    """
    first, second = (*body.symbols, *"xy")[:2]
    if len(body.symbols) == 1:
        second = "2"
    times = f"7{first}" if len(first) == 1 else f"7·{first}"
    match body.kind:
        case Kind.FORMULA if body.functions:
            return f"7·{body.functions[0]}({first if body.symbols else 5})/5"
        case Kind.FORMULA:
            return f"{times}² − {second}/5"
        case Kind.NUMBER:
            return _figures(body.significant or 0)
        case Kind.SIZE:
            return "3x4"
        case Kind.QUANTITY:
            return f"{_figures(body.significant or 2)} m/s"
        case Kind.EQUATION:
            return f"{times} = {second} + 5"
        case Kind.INEQUALITY:
            return f"{times} <= 5"
        case Kind.SET:
            return "{1, 5, 7}"
        case Kind.SOLUTIONS:
            return f"{first} = 5 or {first} = 7"
        case Kind.INTERVAL:
            return "[5, 7)"
        case Kind.TUPLE | Kind.VECTOR:
            return "(1, 5, 7)"
        case Kind.MATRIX:
            return "[1, 5; 0, 7]"
        case Kind.LOGIC:
            return f"{first} -> ~{second}"
        case Kind.TEXT:
            return ""


def _asked(words: NullTranslations, body: Typed) -> str:
    _ = words.gettext
    match body.kind:
        case Kind.FORMULA:
            return _("Type a formula in {names}, such as {example}.")
        case Kind.NUMBER if body.significant:
            return _("Type a number with as many figures as {example}.")
        case Kind.NUMBER:
            return _("Type a number, such as {example}.")
        case Kind.SIZE:
            return _("Type a size: rows x columns, such as {example}.")
        case Kind.QUANTITY:
            return _("Type a number with its unit, such as {example}.")
        case Kind.EQUATION:
            return _("Type an equation, such as {example}.")
        case Kind.INEQUALITY:
            return _("Type an inequality, such as {example}.")
        case Kind.SET:
            return _("Type a set, such as {example}.")
        case Kind.SOLUTIONS:
            return _("Type all solutions, such as {example}.")
        case Kind.INTERVAL:
            return _("Type an interval, such as {example}.")
        case Kind.TUPLE:
            return _("Type it in order, such as {example}.")
        case Kind.VECTOR:
            return _("Type a vector, such as {example}.")
        case Kind.MATRIX:
            return _("Type a matrix row by row, such as {example}.")
        case Kind.LOGIC:
            return _("Type a formula of logic in {names}, such as {example}.")
        case Kind.TEXT:
            return _("Type a few words.")


def _form(words: NullTranslations, form: Form) -> str:
    _ = words.gettext
    match form:
        case Form.EXPANDED:
            return _("Multiply everything out.")
        case Form.FACTORED:
            return _("Write it as a product.")
        case Form.LOWEST_TERMS:
            return _("Cancel what can be cancelled.")
        case Form.SINGLE_FRACTION:
            return _("Write it as one fraction.")
        case Form.PARTIAL_FRACTIONS:
            return _("Split it into partial fractions.")
        case Form.SIMPLIFIED_RADICAL:
            return _("Simplify the roots.")
        case Form.SAME_UP_TO_ORDER | Form.AS_TYPED:  # what is asked, only the question can say
            return ""
        case Form.FIGURES:  # the example has as many
            return ""


def _names(body: Typed) -> str:
    return ", ".join((*body.symbols, *(f"{name}(…)" for name in body.functions)))


def _figures(significant: int) -> str:
    """A number with so many figures; 0 for an exact one."""
    if not significant:
        return "75/4"
    return "7" if significant == 1 else "7.5" + "0" * (significant - 2)
