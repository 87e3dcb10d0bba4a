"""How a typed answer was read, where it could not be, and which slip was made, in words."""

import unicodedata
from collections.abc import Sequence
from gettext import NullTranslations

from tutorbot.core.answers.verdicts import (
    Echo,
    Note,
    Problem,
    Reading,
    RightButForm,
    Slip,
    Wrong,
)
from tutorbot.core.prose import Prose, Style, Verbatim, words as plain
from tutorbot.views import places, slips

WHOLE = 2  # wrong tries after which a slip is told whole
LABEL = 24  # characters of a button, two of which stand side by side
COLUMNS = 32  # of monospaced text fit on a narrow phone

_WITHOUT_PLACE = frozenset(("empty", "too-long", "too-many-parts"))


def echo_prose(words: NullTranslations, echo: Echo) -> Prose:
    """What was read, and in a quiet line each what is worth knowing about how it was read."""
    read = plain(words.gettext("I read {answer}.").format(answer=echo.text))
    notes = (_note_sentence(words, note) for note in echo.notes)
    return (read, *(plain(each, Style.ITALIC) for each in notes if each))


def problem_prose(words: NullTranslations, problem: Problem, text: str) -> Prose:
    """The line as typed with a caret under the place, and how to mend it."""
    said = _which(words, problem.readings) or _problem_sentence(words, problem)
    sentence = plain(said)
    if problem.code in _WITHOUT_PLACE or not text.strip():
        return (sentence,)
    return (Verbatim(pointed(text, problem.at, problem.length)), sentence)


def wrong_prose(words: NullTranslations, verdict: Wrong, tries: int) -> Prose:
    """What to say about a wrong answer, after ``tries`` wrong ones that came before it.

    Told in stages, since a slip can give the answer away: first where it is right already, then
    which kind of slip it was, then the term itself. Neither verdict nor echo is repeated in it; an
    author's own words on a mistake go before it, and mostly instead of it.
    """
    named = slip_prose(words, verdict.slip, tries) if verdict.slip is not None else ()
    if named and tries != 1:
        return named
    example = places.counterexample(words, verdict)
    if named:
        return (*named, plain(example)) if verdict.example is not None else named
    right = _right_already(words, verdict, tries)
    if tries == 0:
        said = [right or places.trial(words, verdict) or _differs(words, verdict)]
    elif not (right or example):
        said = [_differs(words, verdict), words.gettext("Have another look at the question.")]
    else:
        said = [right, example]
        if tries >= WHOLE and verdict.example is not None:
            said.append(words.gettext("Go through your steps with these numbers."))
    return (plain(" ".join(each for each in said if each)),)


def _right_already(words: NullTranslations, verdict: Wrong, tries: int) -> str:
    agrees = verdict.agrees
    if agrees is None or (tries == 0 and agrees.code in slips.TELLING):
        return ""
    return slips.agreement(words, agrees, how_far=tries >= WHOLE)


def _differs(words: NullTranslations, verdict: Wrong) -> str:
    _ = words.gettext
    if verdict.proof.method == "text":  # words are not equal to words
        return _("That is not what is asked for.")
    return _("It is not equal to what is asked for.")


def slip_prose(words: NullTranslations, slip: Slip, stage: int = WHOLE) -> Prose:
    """The slip in a sentence or two; nothing for one that has no words at this stage.

    Stage 0 tells nothing of it, 1 its kind, 2 and beyond everything.
    """
    if stage < 1 and slip.code not in slips.HARMLESS:
        return ()
    sentence = slips.kind(words, slip) if stage < WHOLE else slips.whole(words, slip)
    if not sentence:
        return ()
    if stage < WHOLE or "yours" not in slip.details:
        return (plain(sentence),)
    # The slip was found in another shape than the one that was typed.
    same = words.gettext("Yours is the same as {yours}.").format(yours=slip.details["yours"])
    return (plain(f"{same} {sentence}"),)


def form_prose(words: NullTranslations, verdict: RightButForm) -> Prose:
    """That the value is right, and what is missing to the form, but not the way to get there."""
    _ = words.gettext
    details = verdict.missing.details
    match verdict.missing.code:
        case "form-bracket":
            sentence = _("The bracket {part} is not multiplied out.")
        case "form-multiply":
            sentence = _("{part} is still to be multiplied out.")
        case "form-like-terms":
            sentence = _("{first} and {second} can be put together.")
        case "form-not-factored":
            sentence = _("It is still a sum: write it as a product.")
        case "form-factor-further":
            sentence = _("The factor {part} can be factored further.")
        case "form-common-factor":
            sentence = _("The terms of {part} have the factor {common} in common.")
        case "form-reduce":
            sentence = _("{part} can be reduced by {by}.")
        case "form-decimal":
            sentence = _("Write {part} as a fraction.")
        case "form-nested-fraction":
            sentence = _("There is a fraction inside of {part}.")
        case "form-not-worked-out":
            sentence = _("{part} is still to be worked out.")
        case "form-fractions-left":
            sentence = _("There are still {count} fractions. Write it all as one.")
        case "form-fraction-in-sum":
            sentence = _("{part} stands beside other terms. Write it all as one fraction.")
        case "form-denominator":
            sentence = _("The denominator of {part} can be split further.")
        case "form-numerator":
            sentence = _("The numerator of {part} is not smaller than its denominator's factor.")
        case "form-same-denominator":
            sentence = _("The denominator of {part} occurs twice.")
        case "form-root-square" if details.get("index") == "2":
            sentence = _("{part} can be simplified: a square number can be taken out.")
        case "form-root-square":
            sentence = _("{part} can be simplified.")
        case "form-root-fraction":
            sentence = _("There is a fraction under the root {part}.")
        case "form-root-below":
            sentence = _("The root {part} stands in a denominator.")
        case "figures":
            sentence = _("Give it with {wanted} figures.")
        case "form-order":
            sentence = _("Only the order of terms and factors may differ from what is asked for.")
        case _:
            sentence = _("It is to be written exactly as asked for.")
    value = _("The value is right.")
    return (plain(f"{value} {sentence.format_map(details)}"),)


def pointed(text: str, at: int, length: int = 1) -> str:
    """Two lines: the part of the text around a place, and carets under it.

    >>> print(pointed("3(n²+nm+n", 1))
    3(n²+nm+n
     ^
    """
    shown = "".join(each if each.isprintable() else " " for each in text)
    at = min(at, len(shown))
    first, last = _window(shown, at)
    before = ("…" if first else "") + shown[first:at]
    line = before + shown[at:last] + ("…" if last < len(shown) else "")
    marked = _width(shown[at : min(at + length, last)])
    return f"{line}\n{' ' * _width(before)}{'^' * max(1, marked)}"


def _window(text: str, at: int) -> tuple[int, int]:
    """From where to where the text fits on a line with ``at`` in sight, the dots included."""
    if _width(text) <= COLUMNS:
        return 0, len(text)
    first = last = at
    room = COLUMNS - 2  # a dot at each end
    while room > 0 and (first > 0 or last < len(text)):
        # Two thirds of what is seen stand before the place: the cause is mostly there.
        take_before = first > 0 and (last >= len(text) or at - first <= 2 * (last - at))
        width = _width(text[first - 1]) if take_before else _width(text[last])
        if width > room:
            break
        room -= width
        first, last = (first - 1, last) if take_before else (first, last + 1)
    return first, last


def _width(text: str) -> int:
    """In columns: letters of East Asia take two, combining marks none."""
    return sum(
        2
        if unicodedata.east_asian_width(each) in {"W", "F"}
        else 0
        if unicodedata.combining(each) or unicodedata.category(each) == "Cf"
        else 1
        for each in text
    )


def reading_labels(readings: Sequence[Reading]) -> tuple[str, ...]:
    """What stands on the buttons: the readings, or their numbers where one of them is long."""
    if all(len(reading.shown) <= LABEL for reading in readings):
        return tuple(reading.shown for reading in readings)
    return tuple(str(number) for number in range(1, len(readings) + 1))


def _which(words: NullTranslations, readings: Sequence[Reading]) -> str:
    """The question which of the readings is meant; empty where there is none to ask about."""
    _ = words.gettext
    shown = [_clipped(reading.shown) for reading in readings]
    labels = reading_labels(readings)
    if shown and shown[0] != labels[0]:
        shown = [f"{label}) {each}" for label, each in zip(labels, shown, strict=True)]
    match shown:
        case []:
            return ""
        case [only]:
            return _("Did you mean {reading}?").format(reading=only)
        case [*others, last]:
            return _("Did you mean {readings} or {last}?").format(
                readings=", ".join(others), last=last
            )
        case _:  # no list is left over
            return ""


def _clipped(text: str, room: int = 300) -> str:
    return text if len(text) <= room else text[: room - 1] + "…"


def _note_sentence(words: NullTranslations, note: Note) -> str:
    _ = words.gettext
    match note.code:
        case "look-alike":
            sentence = _("I took letters of another alphabet for the Latin {letters}.")
        case "left-to-right":
            sentence = _("I read from left to right; {other} would need its brackets.")
        case _:
            return ""
    return sentence.format_map(note.details)


def _problem_sentence(words: NullTranslations, problem: Problem) -> str:
    _ = words.gettext
    match problem.code:
        case "empty":
            sentence = _("I see no answer there.")
        case "too-long":
            sentence = _("That is longer than the {limit} characters I can read.")
        case "too-many-parts":
            sentence = _("That has more parts than I can read at once. Is there a shorter form?")
        case "too-deep":
            sentence = _("Too much stands inside of something else here. Is there a simpler form?")
        case "character":
            sentence = _("I don't know what “{character}” means here.")
        case "unclosed-bracket":
            sentence = _("The “{bracket}” opened here is never closed.")
        case "unopened-bracket":
            sentence = _(
                "This “{bracket}” closes nothing. Is an opening bracket missing before it?"
            )
        case "wrong-bracket":
            sentence = _("“{bracket}” stands here where I expected “{wanted}”.")
        case "empty-bracket":
            sentence = _("There is nothing between these brackets.")
        case "unknown-symbol" if "suggestion" in problem.details:
            sentence = _("“{name}” is not a symbol of this question. Do you mean “{suggestion}”?")
        case "unknown-symbol" if problem.details["name"] in {"x", "X"}:
            sentence = _("“{name}” is not a symbol of this question. To multiply, type * or ·.")
        case "unknown-symbol":
            sentence = _("“{name}” is not a symbol of this question.")
        case "number-wanted":
            sentence = _("I expected a number here, and “{name}” is none.")
        case "value-name":
            sentence = _("“{name}” has a value in this question: type the number.")
        case "unknown-command":
            sentence = _("I don't know the command “{command}”.")
        case "number-too-long":
            sentence = _("This number has more than the {limit} digits I can read.")
        case "exponent-too-large":
            sentence = _("This makes a number too large for me. Check the exponent.")
        case "operand-missing":
            sentence = _("Something is missing after “{sign}”.")
        case "two-numbers":
            sentence = _(
                "{first} and {second} stand side by side. Put the sign that you mean between them."
            )
        case "ambiguous-power":
            sentence = _("Do you mean {power} or {product}? Both could be read here.")
        case "ambiguous-number":
            sentence = _("Do you mean {first} or {second}? Please type it without the separator.")
        case "base-or-decimal":
            sentence = _("Do you mean {first} or {second}? Please type a point, or a space.")
        case "relation":
            sentence = _("Only one side, please: type the expression without “{sign}”.")
        case "comma":
            sentence = _("I expected one expression, and this begins a second one.")
        case "function-without-argument":
            sentence = _("“{function}” needs its argument in brackets.")
        case "argument-missing":
            sentence = _("Something is missing after “{command}”.")
        case "argument-count":
            sentence = _("“{function}” takes {wanted} here, counting what stands between commas.")
        case "double-factorial":
            sentence = _(
                "Two “!” can mean two things. Please put brackets around the first factorial."
            )
        case "inverse-function":
            sentence = _("Is this the inverse, or one divided by the value? Please write it out.")
        case "division-by-zero":
            sentence = _("This divides by zero.")
        case "ambiguous-list":
            sentence = _("Do you mean {first} or {second}? Please type a blank after each comma.")
        case "mixed-number":
            sentence = _("Do you mean {first} plus {second}, or {first} times {second}?")
        case "infinity-reached":
            sentence = _("Infinity is never reached: use < or > beside it.")
        case "size-wanted":
            sentence = _("I expected a size here, such as 3 × 4.")
        case "equation-wanted":
            sentence = _("I expected an equation here, with “=” in it.")
        case "inequality-wanted":
            sentence = _("I expected an inequality here, with “<” or “>” in it.")
        case "set-wanted":
            sentence = _("I expected a set here, such as {{1, 5}}.")
        case "solutions-wanted":
            sentence = _("I expected all solutions here, with “or” or commas between them.")
        case "interval-wanted":
            sentence = _("I expected an interval here, such as [5, 7).")
        case "tuple-wanted":
            sentence = _("I expected several entries here, such as (1, 5).")
        case "vector-wanted":
            sentence = _("I expected a vector here, such as (1, 5).")
        case "matrix-wanted":
            sentence = _("I expected a matrix here, such as [1, 5; 0, 7].")
        case "logic-wanted":
            sentence = _("I expected a formula of logic here, such as p -> q.")
        case "unknown-unit":
            sentence = _("I don't know the unit “{unit}”.")
        case "ragged":
            sentence = _("This row is not as long as the ones before it.")
        case "to-work-out":
            sentence = _("“{what}” is still to be worked out: the result is asked for.")
        case "operation-shape":
            sentence = _("I cannot make out what “{what}” is applied to, or in which variable.")
        case "integral-bounds":
            sentence = _("This integral has one bound. It takes two, or none.")
        case "differential-missing":
            sentence = _("The integral opened here lacks its dx at the end.")
        case "sum-shape":
            sentence = _("I read sums written like sum(a_t, t, 1, T).")
        case _:
            sentence = _("I cannot read on from here. Is a sign missing?")
    return sentence.format_map(problem.details)
