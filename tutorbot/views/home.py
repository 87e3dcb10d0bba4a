"""The way in: the shelf of papers, help, how formulas are shown, and kind words for stray input."""

from gettext import NullTranslations

from tutorbot.core.actions import (
    AskStartOver,
    FormulaForm,
    ListCourses,
    OpenCourse,
    SetFormulas,
    StartOver,
    Theme,
)
from tutorbot.core.practice import OnShelf, Shelf, SureToStartOver
from tutorbot.core.prose import Bullets, Display, Heading, Paragraph, Text, words as plain
from tutorbot.views.reply import Button, Change, Keyboard, Reply, Say, Toast, Utterance

_PROBE = "probe"


def shelf(words: NullTranslations, outcome: Shelf) -> tuple[Utterance, ...]:
    _ = words.gettext
    greeting = _("Hello, {name}!").format(name=outcome.name) if outcome.name else _("Hello!")
    if not outcome.papers:
        return (
            Say(
                reply=Reply(
                    prose=(
                        plain(greeting),
                        plain(_("There is no paper here yet. Look in again soon.")),
                    )
                )
            ),
        )
    return (
        Say(
            reply=Reply(
                prose=(
                    Heading((Text(greeting),)),
                    plain(
                        _(
                            "I ask, you answer by tapping or typing, and I say at once what stands"
                            " and what does not. A wrong answer costs nothing but a second look."
                        )
                    ),
                    plain(_("Pick a paper:")),
                ),
                keyboard=paper_buttons(words, outcome),
            )
        ),
    )


def paper_buttons(words: NullTranslations, outcome: Shelf) -> Keyboard:
    rows: list[tuple[Button, ...]] = []
    for paper in outcome.papers:
        rows.append((Button(label=_label(words, paper), action=OpenCourse(paper.course)),))
        if paper.reached is not None and paper.reached > 1:
            rows.append(
                (
                    Button(
                        label=words.gettext("↺ Start over: {title}").format(
                            title=_short(paper.title, 30)
                        ),
                        action=AskStartOver(paper.course),
                    ),
                )
            )
    return tuple(rows)


def nothing_open(words: NullTranslations, outcome: Shelf) -> tuple[Utterance, ...]:
    _ = words.gettext
    return (
        Say(
            reply=Reply(
                prose=(plain(_("No question is waiting for an answer just now. Pick a paper:")),),
                keyboard=paper_buttons(words, outcome),
            )
        ),
    )


def help_(words: NullTranslations) -> tuple[Utterance, ...]:
    _ = words.gettext
    return (
        Say(
            reply=Reply(
                prose=(
                    Heading((Text(_("How it works")),)),
                    Bullets(
                        (
                            (Text(_("Tap an option, or tick several and tap Done.")),),
                            (
                                Text(
                                    _(
                                        "Type numbers, sizes such as 100x50, and formulas such as"
                                        " 3(n²+nm) or 3n^2+3nm, as they come to you. I say what"
                                        " I read; what I cannot read costs nothing."
                                    )
                                ),
                            ),
                            (Text(_("Hint, Try again and Solution are there after each answer.")),),
                            (
                                Text(
                                    _(
                                        "Add me to a group: /quiz there posts a question for all,"
                                        " and /table shows how you do."
                                    )
                                ),
                            ),
                        )
                    ),
                    Paragraph(
                        (
                            Text(
                                _(
                                    "/start – the papers, and on where you left off\n"
                                    "/review – what is due to come back\n"
                                    "/progress – what you master by now\n"
                                    "/certainty – how sure you were, and how right\n"
                                    "/exam 2027-02-15 – have it all fresh by then\n"
                                    "/streak – the days you studied\n"
                                    "/classes – the classes you are in; /join, /teach\n"
                                    "/tz – your time zone\n"
                                    "/formulas – how formulas are shown\n"
                                    "/settings – time zone, goal, reminder, formulas\n"
                                    "/privacy – what I keep about you; /export, /forget\n"
                                    "/help – this page"
                                )
                            ),
                        )
                    ),
                ),
                keyboard=((Button(label=_("Papers"), action=ListCourses()),),),
            )
        ),
    )


def probe(words: NullTranslations) -> Say:
    """Ask whether a native formula is seen; nothing but the learner's eyes can tell."""
    _ = words.gettext
    return Say(
        reply=Reply(
            native=True,
            prose=(
                plain(_("Can you see a fraction here, with n + 1 above the line?")),
                Display(r"\frac{n+1}{2}"),
                plain(_("Your answer only decides how I show formulas to you.")),
            ),
            keyboard=(
                (
                    Button(label=_("Yes, I see it"), action=SetFormulas(FormulaForm.NATIVE)),
                    Button(
                        label=_("No, or odd signs"),
                        action=SetFormulas(FormulaForm.PICTURE, Theme.LIGHT),
                    ),
                ),
                (
                    Button(
                        label=_("Dark pictures"),
                        action=SetFormulas(FormulaForm.PICTURE, Theme.DARK),
                    ),
                    Button(label=_("Only text"), action=SetFormulas(FormulaForm.PLAIN)),
                ),
            ),
        ),
        slot=_PROBE,
    )


def formulas_set(words: NullTranslations, action: SetFormulas) -> tuple[Utterance, ...]:
    _ = words.gettext
    match action.form:
        case FormulaForm.NATIVE:
            said = _("Good: from now on formulas come as part of the message.")
        case FormulaForm.PICTURE:
            said = (
                _("Good: from now on formulas come as dark pictures.")
                if action.theme is Theme.DARK
                else _("Good: from now on formulas come as pictures.")
            )
        case FormulaForm.PLAIN:
            said = _("Good: from now on formulas come as plain text.")
    # The choice is made: its buttons have done their work.
    return (Toast(text=said), Change(slot=_PROBE, reply=Reply(prose=())))


def sure_to_start_over(words: NullTranslations, outcome: SureToStartOver) -> tuple[Utterance, ...]:
    _ = words.gettext
    paper = outcome.paper
    said = _(
        "Start “{title}” from the first question? You are at {reached} of {of}; what you"
        " answered so far stays counted."
    ).format(title=paper.title, reached=paper.reached, of=paper.of)
    keyboard = (
        (Button(label=_("Go on where I am"), action=OpenCourse(paper.course)),),
        (Button(label=_("Start over"), action=StartOver(paper.course)),),
    )
    return (Say(reply=Reply(prose=(plain(said),), keyboard=keyboard)),)


def stale(words: NullTranslations) -> tuple[Utterance, ...]:
    return (Toast(text=words.gettext("That question is behind you. /start takes you on.")),)


def unknown_command(words: NullTranslations) -> tuple[Utterance, ...]:
    return _line(words.gettext("I do not know that command. /help lists what I can do."))


def unfit(words: NullTranslations) -> tuple[Utterance, ...]:
    return _line(
        words.gettext("Thank you! I can only read text, though: tap a button or type an answer.")
    )


def edited(words: NullTranslations) -> tuple[Utterance, ...]:
    return _line(
        words.gettext(
            "I see that you edited a message. I leave first answers as they are;"
            " send a new message to answer again."
        )
    )


def broken(words: NullTranslations, reference: str) -> tuple[Utterance, ...]:
    return _line(
        words.gettext(
            "Something went wrong on my side, and nothing of yours is lost. Please try once more."
            " If it stays so, tell us this reference: {reference}"
        ).format(reference=reference)
    )


def _line(text: str) -> tuple[Utterance, ...]:
    return (Say(reply=Reply(prose=(plain(text),))),)


def _label(words: NullTranslations, paper: OnShelf) -> str:
    title = _short(paper.title)
    if paper.reached is None:
        return title
    return words.gettext("▶ {title} · {reached} of {of}").format(
        title=title, reached=paper.reached, of=paper.of
    )


def _short(title: str, limit: int = 48) -> str:
    """A title that a button can carry on a phone."""
    return title if len(title) <= limit else title[: limit - 1].rstrip() + "…"
