"""What is kept about a learner in plain words; their archive; and the question before deletion."""

from datetime import datetime
from gettext import NullTranslations

from tutorbot.core.actions import Forget, KeepAll
from tutorbot.core.privacy import ASKED, MESSAGES_KEPT, Kind
from tutorbot.core.prose import Bullets, Heading, Line, Style, Text, words as plain
from tutorbot.views.reply import Button, Change, Reply, Say, Toast, Utterance

_QUESTION = "forget"


def page(words: NullTranslations) -> tuple[Utterance, ...]:
    _ = words.gettext
    days = MESSAGES_KEPT.days
    return (
        Say(
            reply=Reply(
                prose=(
                    Heading((Text(_("What I keep about you")),)),
                    Bullets(tuple(_line(words, kind) for kind in Kind)),
                    plain(
                        _(
                            "How long: until you say /forget. What I said, and what broke"
                            " something, goes by itself after {days} days."
                        ).format(days=days)
                    ),
                    plain(
                        _(
                            "Who sees it: you, and whoever runs this bot. They need your answers to"
                            " mend questions and to help you. No advertising, nothing is sold, and"
                            " nothing is passed on. All messages travel through Telegram, which has"
                            " rules of its own; your chat there stays until you delete it."
                        )
                    ),
                    plain(
                        _(
                            "Not kept: your phone number, your surname, and where you are. If you"
                            " send a location, I look up the time zone and drop the rest. The log"
                            " of the machine names chats by number, without any words."
                        )
                    ),
                    plain(_("/export sends you all of it as a file.\n/forget deletes all of it.")),
                )
            )
        ),
    )


def _line(words: NullTranslations, kind: Kind) -> Line:
    _ = words.gettext
    match kind:
        case Kind.PROFILE:
            name = _("Profile")
            why = _(
                "your number and first name on Telegram, your settings and reminders, so that I"
                " know you again"
            )
        case Kind.ANSWERS:
            name = _("Answers")
            why = _(
                "what you tapped or typed, how sure you were if I asked, the hints you took, the"
                " points, and when a question is due again: for what comes next"
            )
        case Kind.DAYS:
            name = _("Study days")
            why = _("on which days you answered or were free, in which time zone: for your streak")
        case Kind.MESSAGES:
            name = _("My messages to you")
            why = _("so that none is lost and old buttons work")
        case Kind.UPLOADS:
            name = _("Course files")
            why = _("if you sent any; a published course stays, without your name")
        case Kind.GROUPS:
            name = _("Groups")
            why = _(
                "which questions you asked for or answered in a group, and whether you stand in its"
                " table"
            )
        case Kind.CLASSES:
            name = _("Classes")
            why = _(
                "in which you are, what was set to you there and how it went: your teachers see"
                " that, and the other learners do not"
            )
        case Kind.TROUBLE:
            name = _("Messages that broke something")
            why = _("so that it can be mended")
    return (Text(name, Style.BOLD), Text(f": {why}"))


def export(words: NullTranslations, slot: str) -> tuple[Utterance, ...]:
    _ = words.gettext
    said = _("Everything that I keep about you. README.txt says what is in it.")
    return (Say(reply=Reply(prose=(plain(said),), archive=True), slot=slot),)


def export_on_its_way(words: NullTranslations) -> tuple[Utterance, ...]:
    return _say(words.gettext("Your file is already on its way."))


def sure_to_forget(words: NullTranslations, now: datetime) -> tuple[Utterance, ...]:
    _ = words.gettext
    minutes = int(ASKED.total_seconds()) // 60
    return (
        Say(
            slot=_QUESTION,
            reply=Reply(
                prose=(
                    Heading((Text(_("Delete everything about you?")),)),
                    plain(
                        _(
                            "Your profile, answers, points, study days and streak go at once and"
                            " for good. Nobody can bring them back. /export gives you a copy first."
                        )
                    ),
                    plain(
                        words.ngettext(
                            "The button works for {n} minute.",
                            "The button works for {n} minutes.",
                            minutes,
                        ).format(n=minutes)
                    ),
                ),
                keyboard=(
                    (Button(label=_("Keep everything"), action=KeepAll()),),
                    (Button(label=_("Delete everything"), action=Forget(int(now.timestamp()))),),
                ),
            ),
        ),
    )


def forgotten(words: NullTranslations) -> tuple[Utterance, ...]:
    _ = words.gettext
    said = _(
        "Done: everything about you is deleted, this line included once it has reached you. To"
        " clear the chat as well, delete it in Telegram. If you ever like to learn again, /start"
        " begins anew."
    )
    return (
        Toast(text=_("Everything is deleted.")),
        Say(reply=Reply(prose=(plain(said),)), traceless=True),
    )


def asked_too_long_ago(words: NullTranslations) -> tuple[Utterance, ...]:
    return (
        Toast(text=words.gettext("That button has expired, and nothing was deleted. Ask /forget.")),
        Change(slot=_QUESTION, reply=Reply(prose=())),
    )


def kept(words: NullTranslations) -> tuple[Utterance, ...]:
    return (
        Toast(text=words.gettext("Good. Nothing was deleted.")),
        Change(slot=_QUESTION, reply=Reply(prose=())),
    )


def _say(text: str) -> tuple[Utterance, ...]:
    return (Say(reply=Reply(prose=(plain(text),))),)
