"""How sure learners are: the question after an answer, and the picture of how it went.

What asks below a typed answer is the slot ``e7`` of attempt 7; about options, their own message
asks.
"""

from collections.abc import Sequence
from gettext import NullTranslations

from tutorbot.core.actions import (
    Card,
    Choose,
    ChooseSetting,
    MendMistakes,
    SayCertainty,
    Setting,
)
from tutorbot.core.answers.verdicts import Right, Wrong
from tutorbot.core.certainty import (
    LEAST,
    MEANS,
    Calibrated,
    Calibration,
    Finding,
    Level,
    Noted,
    ToldBefore,
)
from tutorbot.core.course import Choice
from tutorbot.core.practice import LETTERS, ChoiceAnswered, Posed, TypedAnswered
from tutorbot.core.prose import (
    Block,
    Bullets,
    Heading,
    Line,
    Paragraph,
    Prose,
    Style,
    Text,
    words as plain,
)
from tutorbot.core.settings import ON
from tutorbot.views import local
from tutorbot.views.answers import echo_prose
from tutorbot.views.reply import (
    Button,
    CertaintyPicture,
    Change,
    Keyboard,
    LevelBar,
    Reply,
    Say,
    Toast,
    Utterance,
)
from tutorbot.views.settings import PAGE

Answered = ChoiceAnswered | TypedAnswered

_WIDTH = 4  # letters in a row


def ask(words: NullTranslations, outcome: Answered, *, pressed: bool) -> tuple[Utterance, ...]:
    """Ask before the verdict: where the answer was tapped, or below where it was typed."""
    posed, question = outcome.posed, _question(words)
    if isinstance(outcome, ChoiceAnswered) and pressed:
        keyboard = (*_as_chosen(outcome), (_label(posed, question),), _levels(words, posed))
        return (Change(slot=f"q{posed.attempt}", reply=Reply(prose=(), keyboard=keyboard)),)
    prose = (*_read(words, outcome), Paragraph((Text(question, Style.BOLD),)))
    reply = Reply(prose=prose, keyboard=(_levels(words, posed),))
    return (Say(reply=reply, slot=_slot(posed)),)


def told(
    outcome: Answered, verdict: Sequence[Utterance], *, pressed: bool
) -> tuple[Say | Change, ...]:
    """The verdict as it is told later, when what asked has no buttons any more."""
    said = tuple(each for each in verdict if isinstance(each, Say | Change))
    if isinstance(outcome, ChoiceAnswered) and pressed:  # the verdict marks the options itself
        return said
    return (*said, Change(slot=_slot(outcome.posed), reply=Reply(prose=())))


def asked_before(words: NullTranslations) -> tuple[Utterance, ...]:
    return (Toast(text=words.gettext("Your answer is in. How sure are you of it?")),)


def noted(words: NullTranslations, outcome: Noted | ToldBefore) -> tuple[Utterance, ...]:
    _ = words.gettext
    match outcome:
        case ToldBefore():
            said = _("That has been told already, so it no longer counts.")
        case Noted(level=Level.CERTAIN, right=False):
            said = _("You were certain: such a surprise sticks best. Have a close look at it.")
        case Noted(level=Level.GUESS, right=True):
            said = _("A guess, and right. It comes back a little sooner, to make sure.")
        case Noted():
            said = _("Noted.")
    return (Toast(text=said),)


def no_mistakes(words: NullTranslations) -> tuple[Utterance, ...]:
    return (Toast(text=words.gettext("All of these are mended.")),)


def show(words: NullTranslations, calibration: Calibration) -> tuple[Utterance, ...]:
    _ = words.gettext
    title = _("How well you know what you know")
    heading = Heading((Text(title),))
    if not calibration.said:
        return (_introduced(words, heading, on=calibration.on),)
    advice = _advice(words, calibration)
    lines = tuple(_line(words, each) for each in calibration.levels if each.of)
    prose: list[Block] = [heading, plain(advice), Bullets(lines)]
    judged = any(each.finding is not Finding.TOO_FEW for each in calibration.levels)
    if judged:
        prose.append(
            plain(
                _("A range allows for luck: it holds the true share in 95 of 100 cases."),
                Style.ITALIC,
            )
        )
    keyboard: Keyboard = ()
    if calibration.mistakes:
        prose.append(plain(_("Certain, and not right yet. Nothing is worth more of your time:")))
        prose.append(
            Bullets(tuple((Text(f"{each.title} · {each.paper}"),) for each in calibration.mistakes))
        )
        keyboard = ((Button(label=_("🎯 Practise these"), action=MendMistakes()),),)
    if not calibration.on:
        prose.append(plain(_("I am not asking at the moment; /settings turns it on again.")))
    picture = _picture(words, calibration, title) if judged else None
    return (Say(reply=Reply(prose=tuple(prose), keyboard=keyboard, picture=picture)),)


def _introduced(words: NullTranslations, heading: Heading, *, on: bool) -> Say:
    """What it is about, for who has not said yet how sure they are."""
    _ = words.gettext
    said = _(
        "After an answer, and before I say whether it is right, I can ask how sure you are. Here"
        " you see what became of it, and nobody else does."
    )
    meaning = Bullets(tuple(_meaning(words, level) for level in Level))
    if on:
        prose = (heading, plain(said), meaning, plain(_("Nothing here yet: go on answering.")))
        return Say(reply=Reply(prose=prose))
    ask_me = Button(label=_("Yes, ask me"), action=ChooseSetting(Card.PAGE, Setting.CERTAINTY, ON))
    return Say(reply=Reply(prose=(heading, plain(said), meaning), keyboard=((ask_me,),)), slot=PAGE)


def _question(words: NullTranslations) -> str:
    return words.gettext("How sure are you?")


def _read(words: NullTranslations, outcome: Answered) -> Prose:
    """What came in, so that nobody is sure of something else."""
    if isinstance(outcome, ChoiceAnswered):
        letters = [LETTERS[place] for place in sorted(outcome.chosen)]
        said = words.gettext("Your answer: {letters}.")
        return (plain(said.format(letters=local.listed(words, letters))),)
    verdict = outcome.verdict
    return echo_prose(words, verdict.echo) if isinstance(verdict, Right | Wrong) else ()


def _as_chosen(outcome: ChoiceAnswered) -> Keyboard:
    """The options as they were answered, telling nothing yet."""
    body = outcome.posed.question.body
    mark = "☑" if isinstance(body, Choice) and body.several else "●"
    labels = [
        f"{mark} {LETTERS[place]}" if place in outcome.chosen else LETTERS[place]
        for place in range(len(outcome.posed.shown))
    ]
    buttons = [_label(outcome.posed, label) for label in labels]
    return tuple(tuple(buttons[start : start + _WIDTH]) for start in range(0, len(buttons), _WIDTH))


def _label(posed: Posed, label: str) -> Button:
    return Button(label=label, action=Choose(posed.attempt, 0), enabled=False)


def _levels(words: NullTranslations, posed: Posed) -> tuple[Button, ...]:
    return tuple(
        Button(label=_name(words, level), action=SayCertainty(posed.attempt, level))
        for level in Level
    )


def _name(words: NullTranslations, level: Level) -> str:
    """A level in a word or two; three of them stand side by side."""
    _ = words.gettext
    match level:
        case Level.GUESS:
            return _("A guess")
        case Level.FAIRLY:
            return _("Fairly sure")
        case Level.CERTAIN:
            return _("Certain")


def _meaning(words: NullTranslations, level: Level) -> Line:
    _ = words.gettext
    match level:
        case Level.GUESS:
            said = _("right half of the time at most")
        case Level.FAIRLY:
            said = _("right more often than not, up to 9 times of 10")
        case Level.CERTAIN:
            said = _("right more than 9 times of 10")
    return (Text(_name(words, level), Style.BOLD), Text(f": {said}"))


def _advice(words: NullTranslations, calibration: Calibration) -> str:
    """The one thing that helps most, or that all is well."""
    _ = words.gettext
    found = {each.level: each.finding for each in calibration.levels}
    if found[Level.CERTAIN] is Finding.LESS:
        return _(
            "When you feel certain, look once more before you answer: at the sign, the unit, the"
            " option you passed over. It pays off."
        )
    if found[Level.FAIRLY] is Finding.LESS:
        return _("When you are fairly sure, give it a second look, or call it a guess.")
    if found[Level.GUESS] is Finding.MORE:
        return _("You know more than you think: what you call a guess is mostly right.")
    if found[Level.FAIRLY] is Finding.MORE:
        return _("When you are fairly sure, you are nearly always right. You can trust that more.")
    if Finding.FITS in found.values() and Finding.OPEN not in found.values():
        return _("How sure you are and how right you are go well together.")
    return _("A few answers more, and I can tell you how the two go together.")


def _line(words: NullTranslations, went: Calibrated) -> Line:
    _ = words.gettext
    name = (Text(_name(words, went.level), Style.BOLD),)
    counts = {"right": went.right, "of": went.of}
    if went.finding is Finding.TOO_FEW:
        said = words.ngettext(
            "{right} of {of} right. Too few to say more: it takes {least}.",
            "{right} of {of} right. Too few to say more: it takes {least}.",
            went.of,
        )
        return (*name, Text(f": {said.format(**counts, least=LEAST)}"))
    said = words.ngettext(
        "{right} of {of} right, {share}, a range from {low} to {high}.",
        "{right} of {of} right, {share}, a range from {low} to {high}.",
        went.of,
    ).format(
        **counts,
        share=local.percent(words, went.share),
        low=local.percent(words, went.interval[0]),
        high=local.percent(words, went.interval[1]),
    )
    return (*name, Text(f": {said} {_compared(words, went)}"))


def _compared(words: NullTranslations, went: Calibrated) -> str:
    _ = words.gettext
    match went.finding:
        case Finding.LESS:
            said = _("That is less often than {least} to {most}, which the word stands for.")
        case Finding.MORE:
            said = _("That is more often than {least} to {most}, which the word stands for.")
        case Finding.FITS:
            said = _("That fits {least} to {most}, which the word stands for.")
        case Finding.OPEN | Finding.TOO_FEW:
            said = _("The word stands for {least} to {most}; that it is outside may be luck.")
    least, most = MEANS[went.level]
    return said.format(least=local.percent(words, least), most=local.percent(words, most))


def _picture(words: NullTranslations, calibration: Calibration, title: str) -> CertaintyPicture:
    _ = words.gettext
    said = words.ngettext("{count} answer", "{count} answers", calibration.said)
    return CertaintyPicture(
        title=title,
        subtitle=said.format(count=calibration.said),
        levels=tuple(_bar(words, each) for each in calibration.levels),
        scale=tuple(
            (round(100 * share), local.percent(words, share))
            for share in sorted({end for ends in MEANS.values() for end in ends})
        ),
        means=_("what the word stands for"),
        share=_("how often you were right"),
        between=_("range that allows for luck"),
    )


def _bar(words: NullTranslations, went: Calibrated) -> LevelBar:
    _ = words.gettext
    match went.finding:
        case Finding.TOO_FEW:
            said = _("{right} of {of} right: too few to say")
        case Finding.LESS:
            said = _("{right} of {of} right: less than that")
        case Finding.MORE:
            said = _("{right} of {of} right: more than that")
        case Finding.FITS:
            said = _("{right} of {of} right: fits")
        case Finding.OPEN:
            said = _("{right} of {of} right: may be luck")
    least, most = MEANS[went.level]
    low, high = went.interval
    few = went.finding is Finding.TOO_FEW
    return LevelBar(
        name=_name(words, went.level),
        means=(round(100 * least), round(100 * most)),
        word=said.format(right=went.right, of=went.of),
        share=None if few else round(100 * went.share),
        between=(0, 100) if few else (round(100 * low), round(100 * high)),
    )


def _slot(posed: Posed) -> str:
    return f"e{posed.attempt}"
