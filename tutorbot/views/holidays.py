"""Words for the holidays of a class."""

from gettext import NullTranslations

from tutorbot.core.classes import AddHoliday, DropHoliday, OpenClass
from tutorbot.core.holidays import (
    LONGEST,
    Backwards,
    Holidays,
    NoDate,
    TooFar,
    TooLong,
    Trouble,
    WhichDays,
)
from tutorbot.core.prose import Block, Bullets, Heading, Text, words as plain
from tutorbot.views.classes import SLOT, span
from tutorbot.views.reply import Button, Change, Reply, Say, Utterance


def holidays(
    words: NullTranslations, outcome: Holidays, *, pressed: bool = True
) -> tuple[Utterance, ...]:
    _ = words.gettext
    prose: list[Block] = [Heading((Text(_("Holidays of {title}").format(title=outcome.title)),))]
    if outcome.added:
        said = _("{days}: noted. These days cost nobody in the class their streak.")
        prose.append(plain(said.format(days=span(words, *outcome.added))))
    if outcome.spans:
        prose.append(Bullets(tuple((Text(span(words, *each)),) for each in outcome.spans)))
    else:
        prose.append(
            plain(_("None ahead. On a holiday, the streaks of the class's learners rest."))
        )
    rows: list[tuple[Button, ...]] = []
    if outcome.may_change:
        rows += [
            (
                Button(
                    label=_("✖ {days}").format(days=span(words, first, last)),
                    action=DropHoliday(outcome.class_id, first),
                ),
            )
            for first, last in outcome.spans[:_MOST]
        ]
        rows.append((Button(label=_("🗓 Add holidays"), action=AddHoliday(outcome.class_id)),))
    rows.append((Button(label=_("◀ Class"), action=OpenClass(outcome.class_id)),))
    reply = Reply(prose=tuple(prose), keyboard=tuple(rows))
    return (Change(slot=SLOT, reply=reply) if pressed else Say(slot=SLOT, reply=reply),)


def which_days(words: NullTranslations, outcome: WhichDays) -> tuple[Utterance, ...]:
    _ = words.gettext
    year = outcome.today.year
    asked = _("Which days are free? Type them like this: {first} to {last}, or one date.")
    prose: list[Block] = []
    if outcome.trouble:
        prose.append(plain(_trouble(words, outcome.trouble)))
    prose.append(plain(asked.format(first=f"{year}-12-24", last=f"{year + 1}-01-06")))
    return (Say(reply=Reply(prose=tuple(prose))),)


def _trouble(words: NullTranslations, trouble: Trouble) -> str:
    _ = words.gettext
    match trouble:
        case NoDate():
            return _("I found no date in that: year, month, day.")
        case Backwards():
            return _("The last day comes before the first there.")
        case TooLong():
            said = words.ngettext(
                "Holidays last {days} day at most.", "Holidays last {days} days at most.", LONGEST
            )
            return said.format(days=LONGEST)
        case TooFar():
            return _("Those days are over, or more than a year away.")


_MOST = 20  # buttons
