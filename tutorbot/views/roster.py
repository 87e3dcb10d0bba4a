"""Words for who is in a class, and what is arranged for one of them."""

from datetime import datetime
from gettext import NullTranslations

from tutorbot.core.calendar import clock_time
from tutorbot.core.classes import (
    AskRemove,
    ChangeCohort,
    ExtendTime,
    InviteBack,
    OpenClass,
    RemoveMember,
    Role,
    SetRole,
    SetTime,
    ShowMember,
    ShowRoster,
)
from tutorbot.core.groups import shown_name
from tutorbot.core.joining import WhichCohort
from tutorbot.core.prose import Block, Bullets, Heading, Line, Style, Text, words as plain
from tutorbot.core.roster import TIMES, Card, Person, Removed, Roster, SureToRemove
from tutorbot.views import local
from tutorbot.views.classes import SLOT, role_name
from tutorbot.views.links import cohort_asked
from tutorbot.views.reply import Button, Change, Keyboard, Reply, Say, Toast, Utterance


def roster(words: NullTranslations, outcome: Roster) -> tuple[Utterance, ...]:
    _ = words.gettext
    title = _("Members of {title}").format(title=outcome.title)
    prose: list[Block] = [
        Heading((Text(title),)),
        Bullets(tuple(_line(words, each, outcome) for each in outcome.people)),
    ]
    if not outcome.names:
        prose.append(plain(_("You see codes in the place of names.")))
    elif outcome.may_manage:
        prose.append(plain(_("Tap somebody to give more time, a cohort, or to remove them.")))
    reply = Reply(prose=tuple(prose), keyboard=_roster_keyboard(words, outcome))
    return (Change(slot=SLOT, reply=reply),)


def card(words: NullTranslations, outcome: Card, *, pressed: bool = True) -> tuple[Utterance, ...]:
    """Show one person; what was typed before is answered by a new message."""
    _ = words.gettext
    reply = _card(words, outcome)
    shown = Change(slot=SLOT, reply=reply) if pressed else Say(slot=SLOT, reply=reply)
    if outcome.extended is not None:
        return (Toast(text=_extended(words, outcome.extended)), shown)
    return (Toast(text=_("Saved.")), shown) if outcome.changed else (shown,)


def which_cohort(words: NullTranslations, outcome: WhichCohort) -> tuple[Utterance, ...]:
    none = plain(words.gettext("Type - for none."))
    return (Say(reply=Reply(prose=(*cohort_asked(words, outcome), none))),)


def sure_to_remove(words: NullTranslations, outcome: SureToRemove) -> tuple[Utterance, ...]:
    _ = words.gettext
    person, class_id = outcome.person, outcome.class_id
    said = _("Remove {name} from {title}?").format(
        name=shown_name(person.name), title=outcome.title
    )
    kept = _("What was answered stays in the results. An invitation brings them back.")
    keyboard = (
        (
            Button(label=_("Yes, remove"), action=RemoveMember(class_id, person.code)),
            Button(label=_("No"), action=ShowMember(class_id, person.code)),
        ),
    )
    return (Change(slot=SLOT, reply=Reply(prose=(plain(said), plain(kept)), keyboard=keyboard)),)


def removed(words: NullTranslations, outcome: Removed) -> tuple[Utterance, ...]:
    _ = words.gettext
    person, class_id = outcome.person, outcome.class_id
    said = _("{name} is no longer in {title}. The links of the class do not work for them.")
    prose = (plain(said.format(name=shown_name(person.name), title=outcome.title)),)
    back = _("↩ Invite back")
    if person.role is not Role.LEARNER:
        back = _("↩ Invite back as a learner")
    keyboard = (
        (Button(label=back, action=InviteBack(class_id, person.code)),),
        (Button(label=_("👥 Members"), action=ShowRoster(class_id, 0)),),
    )
    return (Change(slot=SLOT, reply=Reply(prose=prose, keyboard=keyboard)),)


def not_there(words: NullTranslations) -> tuple[Utterance, ...]:
    return (Toast(text=words.gettext("They are not in the class as that any more.")),)


def last_active(words: NullTranslations, at: datetime | None, timezone: str, now: datetime) -> str:
    """Say when somebody last answered something, by the clocks of the class."""
    _ = words.gettext
    if at is None:
        return _("not yet active")
    day = clock_time(at, timezone).date()
    days = (clock_time(now, timezone).date() - day).days
    if days <= 0:
        return _("active today")
    if days < _LONG_AGO:
        said = words.ngettext("active {days} day ago", "active {days} days ago", days)
        return said.format(days=days)
    return _("active on {day}").format(day=local.day_and_month(words, day))


_LONG_AGO = 30  # days


def _line(words: NullTranslations, person: Person, outcome: Roster) -> Line:
    who = shown_name(person.name) if outcome.names else person.code
    details = [role_name(words, person.role)]  # who works there is not known by answers
    if person.role is Role.LEARNER:
        details = [
            *((person.cohort,) if person.cohort else ()),
            *((_times(person.percent),) if person.percent != TIMES[0] else ()),
            last_active(words, person.active_at, outcome.timezone, outcome.now),
        ]
    return (Text(who, Style.BOLD), Text(" – "), Text(" · ".join(details)))


def _roster_keyboard(words: NullTranslations, outcome: Roster) -> Keyboard:
    _ = words.gettext
    rows: list[tuple[Button, ...]] = []
    if outcome.may_manage:
        people = [
            Button(label=shown_name(each.name), action=ShowMember(outcome.class_id, each.code))
            for each in outcome.people
        ]
        rows += [tuple(people[at : at + 2]) for at in range(0, len(people), 2)]
    turning = (
        *(
            (Button(label=_("◀ Back"), action=ShowRoster(outcome.class_id, outcome.page - 1)),)
            if outcome.page
            else ()
        ),
        *(
            (Button(label=_("Next ▶"), action=ShowRoster(outcome.class_id, outcome.page + 1)),)
            if outcome.page + 1 < outcome.pages
            else ()
        ),
    )
    back = (Button(label=_("◀ Class"), action=OpenClass(outcome.class_id)),)
    return (*rows, *((turning,) if turning else ()), back)


def _card(words: NullTranslations, outcome: Card) -> Reply:
    _ = words.gettext
    person, class_id = outcome.person, outcome.class_id
    joined = clock_time(person.joined_at, outcome.timezone).date()
    lines = [
        _("In {title} as {role}, code {code}").format(
            title=outcome.title, role=role_name(words, person.role), code=person.code
        ),
        _("Joined on {day}").format(day=local.day_and_month(words, joined)),
    ]
    rows: list[tuple[Button, ...]] = []
    if person.role is Role.LEARNER:
        active = last_active(words, person.active_at, outcome.timezone, outcome.now)
        lines += [
            active[:1].upper() + active[1:],
            _("Cohort: {cohort}").format(cohort=person.cohort or "–"),
            _("Time where it is limited: {factor}").format(factor=_times(person.percent)),
        ]
        rows = [
            tuple(
                Button(
                    label=_marked(_times(each), chosen=each == person.percent),
                    action=SetTime(class_id, person.code, each),
                )
                for each in TIMES
            ),
            (
                Button(label=_("⏳ +48 hours"), action=ExtendTime(class_id, person.code)),
                Button(label=_("Cohort"), action=ChangeCohort(class_id, person.code)),
            ),
        ]
    if outcome.roles:
        rows.append(
            tuple(
                Button(
                    label=role_name(words, role).capitalize(),
                    action=SetRole(class_id, person.code, role),
                )
                for role in outcome.roles
            )
        )
    if outcome.may_remove:
        rows.append((Button(label=_("✖ Remove"), action=AskRemove(class_id, person.code)),))
    rows.append((Button(label=_("👥 Members"), action=ShowRoster(class_id, 0)),))
    return Reply(
        prose=(
            Heading((Text(shown_name(person.name)),)),
            Bullets(tuple((Text(line),) for line in lines)),
        ),
        keyboard=tuple(rows),
    )


def _extended(words: NullTranslations, quizzes: int) -> str:
    _ = words.gettext
    if not quizzes:
        return _("48 hours more would open nothing to them.")
    said = words.ngettext(
        "48 hours more for {count} quiz.", "48 hours more for {count} quizzes.", quizzes
    )
    return said.format(count=quizzes)


def _times(percent: int) -> str:
    """Write how much of the usual time.

    >>> _times(125), _times(100)
    ('×1.25', '×1')
    """
    return f"×{percent / 100:g}"


def _marked(label: str, *, chosen: bool) -> str:
    return f"✓ {label}" if chosen else label
