"""Words for what can be changed about a class itself, for leaving it, and for its end."""

from gettext import NullTranslations

from tutorbot.core.classes import (
    LONGEST_TITLE,
    AskEndClass,
    AskHandOver,
    AskLeaveClass,
    ChangeZone,
    ChooseOwner,
    ClassEnded,
    ClassLeft,
    ClassPage,
    EndClass,
    HandedOver,
    HandOver,
    Inherited,
    LeaveClass,
    ListClasses,
    ListMyClasses,
    ManageClass,
    MyClasses,
    OpenClass,
    RenameClass,
    Right,
    Role,
    SureToEnd,
    SureToHandOver,
    SureToLeave,
    UseMyZone,
    WhichNewTitle,
    WhichOwner,
    WhichZone,
)
from tutorbot.core.prose import Block, Bullets, Heading, Text, words as plain
from tutorbot.core.zones import time_in
from tutorbot.views import classes as classes_view
from tutorbot.views.cities import place_name
from tutorbot.views.classes import SLOT, role_name, short
from tutorbot.views.reply import Button, Change, Reply, Say, Toast, Utterance


def manage(
    words: NullTranslations, page: ClassPage, *, pressed: bool = True
) -> tuple[Utterance, ...]:
    """Show what can be changed about a class by whoever looks."""
    _ = words.gettext
    place = place_name(words, page.timezone)
    lines = (
        _("Title: {title}").format(title=page.title),
        _("Time zone: {place}, where it is {time}").format(
            place=place, time=time_in(page.timezone, page.now)
        ),
    )
    class_id = page.class_id
    rows: list[tuple[Button, ...]] = []
    if page.may(Right.MANAGE_CLASS):
        rows.append(
            (
                Button(label=_("✏ Title"), action=RenameClass(class_id)),
                Button(label=_("🕓 Time zone"), action=ChangeZone(class_id)),
            )
        )
    if page.may(Right.STAFF):
        rows.append((Button(label=_("🤝 Hand over"), action=ChooseOwner(class_id)),))
    leaving = Button(label=_("Leave the class"), action=AskLeaveClass(class_id))
    ending = Button(label=_("End the class"), action=AskEndClass(class_id))
    rows.append((leaving, ending) if page.may(Right.END_CLASS) else (leaving,))
    rows.append((Button(label=_("◀ Class"), action=OpenClass(class_id)),))
    prose = (
        Heading((Text(_("Settings of {title}").format(title=page.title)),)),
        Bullets(tuple((Text(line),) for line in lines)),
    )
    reply = Reply(prose=prose, keyboard=tuple(rows))
    return (Change(slot=SLOT, reply=reply) if pressed else Say(slot=SLOT, reply=reply),)


def which_title(words: NullTranslations, outcome: WhichNewTitle) -> tuple[Utterance, ...]:
    _ = words.gettext
    prose: list[Block] = []
    if outcome.too_long:
        said = _("A title has {most} characters at most, and at least one.")
        prose.append(plain(said.format(most=LONGEST_TITLE)))
    asked = _("What shall {title} be called from now on? Type it.")
    prose.append(plain(asked.format(title=outcome.title)))
    return (Say(reply=Reply(prose=tuple(prose))),)


def which_zone(words: NullTranslations, outcome: WhichZone) -> tuple[Utterance, ...]:
    _ = words.gettext
    prose: list[Block] = []
    if outcome.unknown:
        prose.append(plain(_("I know no time zone or city of that name.")))
    asked = _("By which clocks shall the class live? Type a city or a zone: Berlin, Asia/Kolkata")
    prose.append(plain(asked))
    rows: list[tuple[Button, ...]] = []
    if outcome.mine != outcome.timezone:
        label = _("As mine: {place}").format(place=place_name(words, outcome.mine))
        rows.append((Button(label=label, action=UseMyZone(outcome.class_id)),))
    return (Say(reply=Reply(prose=tuple(prose), keyboard=tuple(rows))),)


def which_owner(words: NullTranslations, outcome: WhichOwner) -> tuple[Utterance, ...]:
    _ = words.gettext
    class_id = outcome.class_id
    if outcome.instructors:
        said = _("To whom shall {title} belong? You stay in it as an instructor.")
    else:
        said = _("{title} has no instructor yet to whom it could be handed over. Invite one first.")
    rows = [
        (Button(label=each.name, action=AskHandOver(class_id, each.code)),)
        for each in outcome.instructors
    ]
    back = (Button(label=_("◀ Back"), action=ManageClass(class_id)),)
    prose = (plain(said.format(title=outcome.title)),)
    return (Change(slot=SLOT, reply=Reply(prose=prose, keyboard=(*rows, back))),)


def sure_to_hand_over(words: NullTranslations, outcome: SureToHandOver) -> tuple[Utterance, ...]:
    _ = words.gettext
    said = _("Hand {title} over to {name}? Only {name} can give it back to you then.")
    keyboard = (
        (
            Button(
                label=_("Yes, hand it over"), action=HandOver(outcome.class_id, outcome.to.code)
            ),
            Button(label=_("No"), action=ManageClass(outcome.class_id)),
        ),
    )
    prose = (plain(said.format(title=outcome.title, name=outcome.to.name)),)
    return (Change(slot=SLOT, reply=Reply(prose=prose, keyboard=keyboard)),)


def handed_over(words: NullTranslations, outcome: HandedOver) -> tuple[Utterance, ...]:
    said = words.gettext("Done: the class belongs to {name} now.").format(name=outcome.name)
    return (Toast(text=said), *classes_view.one(words, outcome.page))


def inherited(words: NullTranslations, outcome: Inherited) -> Say:
    """Tell somebody that a class is theirs now."""
    _ = words.gettext
    said = _("The class {title} belongs to you now: who owned it has handed it over, or left.")
    button = Button(label=_("Open the class"), action=OpenClass(outcome.class_id))
    prose = (plain(said.format(title=outcome.title)),)
    return Say(reply=Reply(prose=prose, keyboard=((button,),)))


def sure_to_end(words: NullTranslations, outcome: SureToEnd) -> tuple[Utterance, ...]:
    _ = words.gettext
    said = _("End {title}? Its quizzes close, and nobody can look at its results here any more.")
    people = words.ngettext(
        "{count} person is in it.", "{count} people are in it.", outcome.people
    ).format(count=outcome.people)
    keyboard = (
        (
            Button(label=_("Yes, end it"), action=EndClass(outcome.class_id)),
            Button(label=_("No"), action=ManageClass(outcome.class_id)),
        ),
    )
    prose = (
        plain(said.format(title=outcome.title)),
        plain(people),
        plain(_("What each has learnt stays theirs.")),
    )
    return (Change(slot=SLOT, reply=Reply(prose=prose, keyboard=keyboard)),)


def ended(words: NullTranslations, outcome: ClassEnded) -> tuple[Utterance, ...]:
    _ = words.gettext
    prose = (plain(_("{title} is over.").format(title=outcome.title)),)
    keyboard = ((Button(label=_("All classes"), action=ListClasses()),),)
    return (Change(slot=SLOT, reply=Reply(prose=prose, keyboard=keyboard)),)


def mine(
    words: NullTranslations, outcome: MyClasses, *, pressed: bool = False
) -> tuple[Utterance, ...]:
    """List the classes one is in; what one teaches opens, the others can be left."""
    _ = words.gettext
    if not outcome.joined:
        prose: tuple[Block, ...] = (
            plain(_("You are in no class. To join one, follow its link, or type /join.")),
        )
    else:
        prose = (
            Heading((Text(_("Your classes")),)),
            Bullets(
                tuple(
                    (
                        Text(
                            _("{title}, as {role}").format(
                                title=each.title, role=role_name(words, each.role)
                            )
                        ),
                    )
                    for each in outcome.joined
                )
            ),
        )
    rows = tuple(
        (
            Button(
                label=_("Leave {title}").format(title=short(each.title, 32)),
                action=AskLeaveClass(each.class_id),
            )
            if each.role is Role.LEARNER
            else Button(label=short(each.title, 40), action=OpenClass(each.class_id)),
        )
        for each in outcome.joined
    )
    reply = Reply(prose=prose, keyboard=rows)
    return (Change(slot=SLOT, reply=reply) if pressed else Say(slot=SLOT, reply=reply),)


def sure_to_leave(words: NullTranslations, outcome: SureToLeave) -> tuple[Utterance, ...]:
    _ = words.gettext
    prose: list[Block] = [plain(_("Leave {title}?").format(title=outcome.title))]
    if outcome.ends:
        prose.append(plain(_("There is no instructor to take it over, so the class would end.")))
    elif outcome.successor:
        said = _("It would belong to {name} then.")
        prose.append(plain(said.format(name=outcome.successor)))
    elif outcome.role is Role.LEARNER:
        prose.append(plain(_("Its quizzes come to you no more. What you learnt stays yours.")))
    staying = OpenClass(outcome.class_id) if outcome.role is not Role.LEARNER else ListMyClasses()
    keyboard = (
        (
            Button(label=_("Yes, leave"), action=LeaveClass(outcome.class_id)),
            Button(label=_("Stay"), action=staying),
        ),
    )
    return (Change(slot=SLOT, reply=Reply(prose=tuple(prose), keyboard=keyboard)),)


def left(words: NullTranslations, outcome: ClassLeft) -> tuple[Utterance, ...]:
    _ = words.gettext
    prose = (plain(_("You have left {title}.").format(title=outcome.title)),)
    keyboard = ((Button(label=_("Your classes"), action=ListMyClasses()),),)
    return (Change(slot=SLOT, reply=Reply(prose=prose, keyboard=keyboard)),)
