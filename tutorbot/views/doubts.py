"""What learners who find something wrong with a question are asked, and told."""

from gettext import NullTranslations

from tutorbot.core.ids import AttemptId
from tutorbot.core.keys import (
    LONGEST_WORDS,
    Doubt,
    DoubtAsked,
    DoubtNoted,
    SayDoubt,
    TakeDoubtBack,
)
from tutorbot.core.prose import Prose, words as plain
from tutorbot.views.reply import Button, Change, Reply, Say, Utterance


def doubt_asked(words: NullTranslations, outcome: DoubtAsked) -> tuple[Utterance, ...]:
    _ = words.gettext

    def button(doubt: Doubt, label: str) -> tuple[Button]:
        return (Button(label=label, action=SayDoubt(outcome.attempt, doubt)),)

    keyboard = (
        button(Doubt.KEY, _("The answer counted as right is wrong")),
        button(Doubt.UNCLEAR, _("The question is unclear")),
        button(Doubt.TYPO, _("There is a typo")),
        button(Doubt.ELSE, _("Something else")),
    )
    said = plain(_("What is wrong with this question?"))
    return (Say(reply=Reply(prose=(said,), keyboard=keyboard), slot=f"f{outcome.attempt}"),)


def doubt_noted(
    words: NullTranslations, outcome: DoubtNoted, *, typed: bool = False
) -> tuple[Utterance, ...]:
    """Thank for it: in the message that asked, or below what was typed."""
    _ = words.gettext
    slot = f"f{outcome.attempt}"
    if outcome.to_be_typed:
        said = plain(_("Type what is wrong, in a sentence or two."))
        return (Change(slot=slot, reply=Reply(prose=(said,))),)
    said = _("Thank you! Somebody who knows the key will look at it.")
    if outcome.before:
        said = _("Thank you! I have put that in the place of what you said before.")
    back = Button(label=_("Take it back"), action=TakeDoubtBack(outcome.attempt))
    prose: Prose = (plain(said),)
    if outcome.cut:
        prose = (*prose, plain(only_the_first(words)))
    reply = Reply(prose=prose, keyboard=((back,),))
    return (Say(slot=slot, reply=reply) if typed else Change(slot=slot, reply=reply),)


def doubt_taken_back(words: NullTranslations, attempt: AttemptId) -> tuple[Utterance, ...]:
    said = plain(words.gettext("Taken back."))
    return (Change(slot=f"f{attempt}", reply=Reply(prose=(said,))),)


def only_the_first(words: NullTranslations) -> str:
    """Say that what was typed was too long."""
    said = words.gettext("That was long: I have kept the first {most} characters.")
    return said.format(most=LONGEST_WORDS)
