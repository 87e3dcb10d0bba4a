"""The ways on that a question offers beyond its hints, and a word before a review."""

from gettext import NullTranslations

from tutorbot.core.actions import AskAnother, AskSibling
from tutorbot.core.keys import AskDoubt
from tutorbot.core.practice import Posed
from tutorbot.core.prose import Prose, words as plain
from tutorbot.views.reply import Button


def lesson_offer(words: NullTranslations, *, due: bool) -> Prose:
    _ = words.gettext
    said = _("This slip has come up a few times now. Shall we look at it together?")
    return (plain(said),) if due else ()


def closing_soon(words: NullTranslations, minutes: int | None) -> Prose:
    """Told below a question of a quiz that soon takes no more answers."""
    if minutes is None:
        return ()
    if minutes < 1:
        return (plain(words.gettext("⏳ Less than a minute left.")),)
    said = words.ngettext("⏳ {count} minute left.", "⏳ {count} minutes left.", minutes)
    return (plain(said.format(count=minutes)),)


def waiting_line(words: NullTranslations, waiting: int) -> str:
    """Told as a review begins that not all of what is due is for today."""
    return words.ngettext(
        "I have put {count} more question off to the days to come, so that today stays light.",
        "I have put {count} more questions off to the days to come, so that today stays light.",
        waiting,
    ).format(count=waiting)


def another_button(words: NullTranslations, posed: Posed) -> Button:
    return Button(label=words.gettext("🎲 Other numbers"), action=AskAnother(posed.attempt))


def sibling_button(words: NullTranslations, posed: Posed) -> Button:
    return Button(label=words.gettext("👣 One like it, solved"), action=AskSibling(posed.attempt))


def doubt_button(words: NullTranslations, posed: Posed) -> Button:
    return Button(label=words.gettext("🚩 Something wrong?"), action=AskDoubt(posed.attempt))
