"""Words for the links by which people join a class, as those see them who hand them out."""

from datetime import datetime
from gettext import NullTranslations

from tutorbot.core.classes import (
    ChooseStaff,
    EndLink,
    InviteCohort,
    InviteStaff,
    LetLinkLast,
    LimitLink,
    OpenClass,
    RenewLink,
    Role,
)
from tutorbot.core.ids import ClassId
from tutorbot.core.joining import (
    DAYS,
    MOST_JOINS,
    STAFF_ROLES,
    JoinLink,
    LinkShown,
    LinkSwitchedOff,
    WhichCohort,
    WhichRole,
    command_with,
    link_to,
)
from tutorbot.core.prose import Block, Heading, Paragraph, Style, Text, words as plain
from tutorbot.views import local
from tutorbot.views.classes import role_name
from tutorbot.views.moments import moment_in
from tutorbot.views.reply import Button, Change, Keyboard, Reply, Say, Utterance

SLOT = "class-link"
"""The message with the link that was asked for last."""


def link(
    words: NullTranslations, outcome: LinkShown, me: str, *, changed: bool = False
) -> tuple[Utterance, ...]:
    """Show a link, ready to be copied; ``me`` is the bot's user name."""
    reply = _link(words, outcome, me)
    return (Change(slot=SLOT, reply=reply) if changed else Say(slot=SLOT, reply=reply),)


def switched_off(words: NullTranslations, outcome: LinkSwitchedOff) -> tuple[Utterance, ...]:
    _ = words.gettext
    prose = (plain(_("That link is switched off: nobody joins by it any more.")),)
    return (
        Change(slot=SLOT, reply=Reply(prose=prose, keyboard=(_to_class(words, outcome.class_id),))),
    )


def which_role(words: NullTranslations, outcome: WhichRole) -> tuple[Utterance, ...]:
    _ = words.gettext
    prose = (
        Heading((Text(_("Who works in this class")),)),
        plain(_("An instructor does all that you do, but invites nobody to work here.")),
        plain(_("An assistant sets quizzes and looks after learners, and changes no key.")),
        plain(_("An observer sees results without any name.")),
        plain(_("As what shall somebody join? The link is for one person, for 24 hours.")),
    )
    row = tuple(
        Button(
            label=role_name(words, role).capitalize(), action=InviteStaff(outcome.class_id, role)
        )
        for role in STAFF_ROLES
    )
    keyboard = (row, _to_class(words, outcome.class_id))
    return (Say(slot=SLOT, reply=Reply(prose=prose, keyboard=keyboard)),)


def which_cohort(words: NullTranslations, outcome: WhichCohort) -> tuple[Utterance, ...]:
    """Ask for the cohort that a link is for."""
    _ = words.gettext
    return (Say(reply=Reply(prose=cohort_asked(words, outcome))),)


def cohort_asked(words: NullTranslations, outcome: WhichCohort) -> tuple[Block, ...]:
    _ = words.gettext
    prose: list[Block] = []
    if outcome.too_long:
        prose.append(plain(_("A cohort has a short name, of 24 characters at most.")))
    prose.append(plain(_("Which cohort? Type its name, for example: Monday group")))
    if outcome.known:
        said = _("There are: {cohorts}.")
        prose.append(plain(said.format(cohorts=local.listed(words, outcome.known))))
    return tuple(prose)


def _link(words: NullTranslations, outcome: LinkShown, me: str) -> Reply:
    _ = words.gettext
    shown = outcome.link
    prose: list[Block] = [Heading((Text(_title(words, outcome)),))]
    if outcome.replaced:
        prose.append(plain(_("This is the new link. The one before works no more.")))
    prose += [
        plain(link_to(me, shown.code)),
        Paragraph(
            (
                Text(_("Or send me this:")),
                Text(" "),
                Text(command_with(shown.code), Style.CODE),
            )
        ),
        plain(_how_far(words, outcome)),
    ]
    return Reply(prose=tuple(prose), keyboard=_keyboard(words, outcome))


def _title(words: NullTranslations, outcome: LinkShown) -> str:
    _ = words.gettext
    shown, title = outcome.link, outcome.title
    if shown.role is not Role.LEARNER:
        role = role_name(words, shown.role)
        return _("Join {title} as {role}").format(title=title, role=role)
    if shown.cohort:
        said = _("Join {title}, cohort {cohort}")
        return said.format(title=title, cohort=shown.cohort)
    return _("Join {title}").format(title=title)


def _how_far(words: NullTranslations, outcome: LinkShown) -> str:
    """Say how many may join by it, how many did, and until when."""
    _ = words.gettext
    shown = outcome.link
    if shown.ended(outcome.now):
        return _("It has ended. A new one takes a tap.")
    until = _until(words, shown, outcome.timezone, outcome.now)
    if shown.for_one:
        if shown.full:
            return _("It has been used.")
        return _("It is for one person, and works until {until}.").format(until=until)
    if shown.most is None:
        joined = words.ngettext(
            "{count} person has joined by it.", "{count} people have joined by it.", shown.uses
        ).format(count=shown.uses)
    else:
        joined = _("{count} of {most} have joined by it.").format(count=shown.uses, most=shown.most)
    lasts = _("It works until {until}.").format(until=until) if until else _("It has no end.")
    return f"{joined} {lasts}"


def _until(words: NullTranslations, shown: JoinLink, timezone: str, now: datetime) -> str:
    return moment_in(words, shown.expires_at, timezone, now) if shown.expires_at else ""


def _keyboard(words: NullTranslations, outcome: LinkShown) -> Keyboard:
    _ = words.gettext
    shown = outcome.link
    off = Button(label=_("✖ Switch off"), action=EndLink(shown.id))
    back = _to_class(words, shown.class_id)
    if shown.for_one:
        return ((off,), back)
    most: list[Button] = []
    for each in MOST_JOINS:
        label = _("{count} at most").format(count=each) if each else _("Any number")
        set_so = each == (shown.most or 0)
        action = LimitLink(shown.id, each)
        most.append(Button(label=f"✓ {label}" if set_so else label, action=action))
    days = tuple(
        Button(
            label=words.ngettext("{days} day", "{days} days", each).format(days=each)
            if each
            else _("No end"),
            action=LetLinkLast(shown.id, each),
        )
        for each in DAYS
    )
    rows: list[tuple[Button, ...]] = [
        (Button(label=_("🔁 New link"), action=RenewLink(shown.id)), off),
        tuple(most[:2]),
        tuple(most[2:]),
        days,
        (Button(label=_("For one cohort"), action=InviteCohort(shown.class_id)),),
    ]
    if outcome.may_invite_staff:
        rows.append((Button(label=_("Invite to teach"), action=ChooseStaff(shown.class_id)),))
    return (*rows, back)


def _to_class(words: NullTranslations, class_id: ClassId) -> tuple[Button, ...]:
    return (Button(label=words.gettext("◀ Class"), action=OpenClass(class_id)),)
