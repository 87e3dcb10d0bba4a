"""Words for classes: those one teaches, and the page of each."""

from datetime import date
from gettext import NullTranslations

from tutorbot.core.broadcasts import ListQuizzes
from tutorbot.core.classes import (
    LONGEST_TITLE,
    ChooseCourse,
    Classes,
    ClassPage,
    ClassStarted,
    InviteLearners,
    ListClasses,
    ManageClass,
    NameAfterCourse,
    OpenClass,
    Right,
    Role,
    ShowHolidays,
    ShowRoster,
    StartClass,
    WhichCourse,
    WhichTitle,
)
from tutorbot.core.drafts import NewQuiz
from tutorbot.core.keys import ListDoubts
from tutorbot.core.prose import Block, Bullets, Heading, Text, words as plain
from tutorbot.core.results import ShowResults
from tutorbot.core.zones import time_in
from tutorbot.views import local
from tutorbot.views.cities import place_name
from tutorbot.views.reply import Button, Change, Keyboard, Reply, Say, Toast, Utterance

SLOT = "class"
"""The message in which the pages of classes follow each other."""


def taught(
    words: NullTranslations, outcome: Classes, *, pressed: bool = False
) -> tuple[Utterance, ...]:
    return (_shown(_taught(words, outcome), pressed=pressed),)


def one(words: NullTranslations, page: ClassPage, *, pressed: bool = True) -> tuple[Utterance, ...]:
    return (_shown(_page(words, page), pressed=pressed),)


def which_course(words: NullTranslations, outcome: WhichCourse) -> tuple[Utterance, ...]:
    _ = words.gettext
    if not outcome.courses:
        return (Toast(text=_("There is no course yet of which a class could be made.")),)
    rows = tuple(
        (Button(label=title, action=StartClass(course)),) for course, title in outcome.courses
    )
    prose = (
        Heading((Text(_("A new class")),)),
        plain(_("Which course shall it be about? More can be set to it later.")),
    )
    return (Change(slot=SLOT, reply=Reply(prose=prose, keyboard=(*rows, _to_classes(words)))),)


def which_title(words: NullTranslations, outcome: WhichTitle) -> tuple[Utterance, ...]:
    _ = words.gettext
    asked = _("What shall the class be called? Type it, for example: Networks, spring 2027")
    prose: tuple[Block, ...] = (plain(asked),)
    if outcome.too_long:
        prose = (too_long(words), *prose)
    label = _("As the course: {title}").format(title=short(outcome.title, 24))
    button = Button(label=label, action=NameAfterCourse(outcome.course, outcome.asked_at))
    return (Say(reply=Reply(prose=prose, keyboard=((button,),))),)


def too_long(words: NullTranslations) -> Block:
    said = words.gettext("A title has {most} characters at most, and at least one.")
    return plain(said.format(most=LONGEST_TITLE))


def started(words: NullTranslations, outcome: ClassStarted) -> tuple[Utterance, ...]:
    """Show the new class, below the words that lead on from it."""
    _ = words.gettext
    place = place_name(words, outcome.page.timezone)
    prose: list[Block] = [plain(_("Your class is ready. Invite your learners next."))]
    if outcome.zone_known:
        said = _("It lives by your clocks, those of {place}. Settings changes that.")
    else:
        said = _("I do not know your time zone yet, so it lives by {place}. Settings changes that.")
    prose.append(plain(said.format(place=place)))
    page = _page(words, outcome.page)
    return (
        Say(
            slot=SLOT,
            reply=Reply(prose=(*page.prose, *prose), keyboard=page.keyboard),
        ),
    )


def not_allowed(words: NullTranslations) -> tuple[Utterance, ...]:
    said = words.gettext("That is not for you to do in this class, or the class is over.")
    return (Toast(text=said),)


def not_a_teacher(words: NullTranslations) -> tuple[Utterance, ...]:
    return (Toast(text=words.gettext("Only authors, and who teaches already, can start one.")),)


def role_name(words: NullTranslations, role: Role) -> str:
    _ = words.gettext
    match role:
        case Role.OWNER:
            return _("owner")
        case Role.INSTRUCTOR:
            return _("instructor")
        case Role.ASSISTANT:
            return _("assistant")
        case Role.LEARNER:
            return _("learner")
        case Role.OBSERVER:
            return _("observer")


def span(words: NullTranslations, first: date, last: date) -> str:
    """Write the days from the first to the last."""
    if first == last:
        return local.day_and_month(words, first, weekday=True)
    return words.gettext("{first} to {last}").format(
        first=local.day_and_month(words, first, weekday=True),
        last=local.day_and_month(words, last, weekday=True),
    )


def _taught(words: NullTranslations, outcome: Classes) -> Reply:
    _ = words.gettext
    rows: list[tuple[Button, ...]] = [
        (Button(label=short(each.title, 40), action=OpenClass(each.class_id)),)
        for each in outcome.taught
    ]
    if outcome.may_start:
        rows.append((Button(label=_("🆕 New class"), action=ChooseCourse()),))
    if any(each.teaches for each in outcome.taught):
        prose = plain(_("The classes in which you teach:"))
    elif outcome.taught:
        prose = plain(_("The classes that you observe:"))
    elif outcome.may_start:
        prose = plain(
            _(
                "A class brings your learners together: you set quizzes to it, and see how they"
                " do. You have none yet."
            )
        )
    else:
        prose = plain(
            _(
                "You teach no class here yet. Who teaches one can invite you, and authors can"
                " start their own. To learn in a class, type /join and its code."
            )
        )
    return Reply(prose=(prose,), keyboard=tuple(rows))


def _page(words: NullTranslations, page: ClassPage) -> Reply:
    _ = words.gettext
    time = time_in(page.timezone, page.now)
    lines = [
        _("Course: {title}").format(title=page.course),
        local.listed(words, _counted(words, page)),
        _("Clocks of {place}, where it is {time}").format(
            place=place_name(words, page.timezone), time=time
        ),
    ]
    if page.holiday:
        lines.append(_("Next holidays: {days}").format(days=span(words, *page.holiday)))
    else:
        lines.append(_("No holidays ahead"))
    if page.role is not Role.OWNER:
        lines.append(_("Your role here: {role}").format(role=role_name(words, page.role)))
    return Reply(
        prose=(
            Heading((Text(page.title),)),
            Bullets(tuple((Text(line),) for line in lines)),
        ),
        keyboard=_buttons(words, page),
    )


def _buttons(words: NullTranslations, page: ClassPage) -> Keyboard:
    """What whoever looks may do here; that they may is asked again when they press.

    One line for each, in the order in which they stand, two in a row.
    """
    _ = words.gettext
    offered = [
        (Right.INVITE, Button(label=_("✉ Invite"), action=InviteLearners(page.class_id))),
        (Right.SET, Button(label=_("📝 Set a quiz"), action=NewQuiz(page.class_id))),
        (Right.SEE_RESULTS, Button(label=_("🗂 Quizzes"), action=ListQuizzes(page.class_id))),
        (Right.SEE_RESULTS, Button(label=_("👥 Members"), action=ShowRoster(page.class_id, 0))),
        (Right.SEE_RESULTS, Button(label=_("📊 Results"), action=ShowResults(page.class_id))),
        (Right.SEE_RESULTS, Button(label=_("🗓 Holidays"), action=ShowHolidays(page.class_id))),
        (Right.SEE_RESULTS, Button(label=_("⚙ Settings"), action=ManageClass(page.class_id))),
        (Right.EDIT_KEYS, Button(label=_("🔑 Doubted keys"), action=ListDoubts(page.class_id))),
    ]
    buttons = [button for right, button in offered if page.may(right)]
    return (*(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)), _to_classes(words))


def _counted(words: NullTranslations, page: ClassPage) -> tuple[str, ...]:
    """Say how many are in the class, of each role; learners always, and first."""
    count = {role: page.counts.get(role, 0) for role in Role}
    told = {
        Role.LEARNER: words.ngettext("{count} learner", "{count} learners", count[Role.LEARNER]),
        Role.OWNER: words.ngettext("{count} owner", "{count} owners", count[Role.OWNER]),
        Role.INSTRUCTOR: words.ngettext(
            "{count} instructor", "{count} instructors", count[Role.INSTRUCTOR]
        ),
        Role.ASSISTANT: words.ngettext(
            "{count} assistant", "{count} assistants", count[Role.ASSISTANT]
        ),
        Role.OBSERVER: words.ngettext(
            "{count} observer", "{count} observers", count[Role.OBSERVER]
        ),
    }
    return tuple(
        said.format(count=count[role])
        for role, said in told.items()
        if count[role] or role is Role.LEARNER
    )


def _to_classes(words: NullTranslations) -> tuple[Button, ...]:
    return (Button(label=words.gettext("All classes"), action=ListClasses()),)


def _shown(reply: Reply, *, pressed: bool) -> Utterance:
    return Change(slot=SLOT, reply=reply) if pressed else Say(slot=SLOT, reply=reply)


def short(title: str, longest: int) -> str:
    return title if len(title) <= longest else title[: longest - 1].rstrip() + "…"
