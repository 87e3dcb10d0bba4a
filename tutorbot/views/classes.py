"""Words for classes."""

from gettext import NullTranslations

from tutorbot.core.classes import Classes, OpenClass, Taught
from tutorbot.core.ids import ClassId
from tutorbot.core.prose import Heading, Text, words as plain
from tutorbot.core.results import ShowResults
from tutorbot.views.reply import Button, Reply, Say, Toast, Utterance


def taught(words: NullTranslations, outcome: Classes) -> tuple[Utterance, ...]:
    _ = words.gettext
    if not outcome.taught:
        return (Say(reply=Reply(prose=(plain(_("You teach no class here yet.")),))),)
    rows = tuple(
        (Button(label=each.title, action=OpenClass(each.class_id)),) for each in outcome.taught
    )
    return (Say(reply=Reply(prose=(plain(_("Your classes:")),), keyboard=rows)),)


def one(words: NullTranslations, outcome: Taught) -> tuple[Utterance, ...]:
    learners = words.ngettext("{count} learner", "{count} learners", outcome.learners)
    return (
        Say(
            reply=Reply(
                prose=(
                    Heading((Text(outcome.title),)),
                    plain(learners.format(count=outcome.learners)),
                ),
                keyboard=((results_button(words, outcome.class_id),),),
            )
        ),
    )


def results_button(words: NullTranslations, class_id: ClassId) -> Button:
    return Button(label=words.gettext("📊 Results"), action=ShowResults(class_id))


def not_allowed(words: NullTranslations) -> tuple[Utterance, ...]:
    return (Toast(text=words.gettext("That is not for you to do in this class.")),)
