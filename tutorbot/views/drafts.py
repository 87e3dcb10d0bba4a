"""Words for making a quiz: one message, edited in place, with a page for each choice."""

from fractions import Fraction
from gettext import NullTranslations

from tutorbot.core.assignments import Reveals
from tutorbot.core.broadcasts import ListQuizzes
from tutorbot.core.drafts import (
    LATE_TERMS,
    Aspect,
    Choosable,
    ChooseAspect,
    Confirming,
    ConfirmQuiz,
    Draft,
    DraftPage,
    DropDraft,
    Dropped,
    OfCohort,
    OpenAspect,
    PreviewQuiz,
    QuizPreviewed,
    QuizSet,
    SendQuiz,
    ShowDraft,
    Typing,
    Unfinished,
    Unsendable,
    WeakIn,
    WholeClass,
    skills_chosen,
)
from tutorbot.core.ids import AssignmentId
from tutorbot.core.prose import Block, Bullets, Heading, Text, words as plain
from tutorbot.views import local
from tutorbot.views.broadcasts import lasting, moment
from tutorbot.views.cities import place_name
from tutorbot.views.classes import too_long
from tutorbot.views.publishing import question_previewed
from tutorbot.views.reply import Button, Change, Keyboard, Reply, Say, Toast, Utterance
from tutorbot.views.review import skill_name


def page(words: NullTranslations, outcome: DraftPage, *, anew: bool) -> tuple[Utterance, ...]:
    """Show the quiz as it is, or what can be chosen; anew: below what was said last."""
    reply = _choices(words, outcome) if outcome.aspect else _whole(words, outcome)
    slot = _slot(outcome.draft.id)
    return (Say(slot=slot, reply=reply) if anew else Change(slot=slot, reply=reply),)


def typing(words: NullTranslations, outcome: Typing) -> tuple[Utterance, ...]:
    _ = words.gettext
    if outcome.aspect is Aspect.TITLE:
        asked = _("What shall the quiz be called? Type it, in 60 characters at most.")
    else:
        asked = _("Type the day and the hour by the clocks of {place}, such as: 2026-12-01 18:00")
        asked = asked.format(place=place_name(words, outcome.timezone))
    lines = [asked]
    if outcome.over:
        lines.insert(0, _("That is over by now."))
    elif outcome.wrong and outcome.aspect is not Aspect.TITLE:
        lines.insert(0, _("I could not read that."))
    prose: tuple[Block, ...] = tuple(plain(line) for line in lines)
    if outcome.wrong and outcome.aspect is Aspect.TITLE:
        prose = (too_long(words), *prose)
    back = Button(label=_("◀ The quiz"), action=ShowDraft(outcome.draft))
    return (Say(reply=Reply(prose=prose, keyboard=((back,),))),)


def previewed(words: NullTranslations, outcome: QuizPreviewed) -> tuple[Utterance, ...]:
    _ = words.gettext
    row: list[Button] = []
    if outcome.number > 1:
        before = PreviewQuiz(outcome.draft, outcome.number - 2)
        row.append(Button(label=_("◀ Back"), action=before))
    if outcome.number < outcome.of:
        after = PreviewQuiz(outcome.draft, outcome.number)
        row.append(Button(label=_("Next ▶"), action=after))
    back = Button(label=_("◀ The quiz"), action=ShowDraft(outcome.draft))
    prose = question_previewed(
        words, outcome.question, outcome.values, number=outcome.number, of=outcome.of
    )
    reply = Reply(prose=prose, keyboard=(tuple(row), (back,)))
    return (Change(slot=_slot(outcome.draft), reply=reply),)


def confirming(words: NullTranslations, outcome: Confirming) -> tuple[Utterance, ...]:
    _ = words.gettext
    draft = outcome.draft
    count = words.ngettext(
        "“{title}” goes to {count} learner of {group}.",
        "“{title}” goes to {count} learners of {group}.",
        outcome.people,
    ).format(
        title=draft.title,
        count=local.number(words, outcome.people),
        group=draft.class_title,
    )
    later = draft.opens_at > outcome.now
    time = lasting(words, outcome.seconds)
    lines = [
        _("It goes out {when}, and that takes {time}.").format(
            when=moment(words, draft.opens_at, draft.timezone), time=time
        )
        if later
        else _("It goes out as soon as you confirm, and that takes {time}.").format(time=time),
        _what(words, draft),
        _audience(words, draft, outcome.choosable),
        *_facts(words, draft),
    ]
    if later:
        lines.append(_("To whom it goes is settled when it goes out."))
    if not outcome.at_night:
        lines.append(_("Where it is between 22:00 and 8:00, it waits for the morning."))
    silent, at_night = outcome.silent, outcome.at_night
    send = SendQuiz(draft.id, silent, at_night)
    keyboard: Keyboard = (
        (
            Button(
                label=_("🔕 Without a sound") if silent else _("🔔 With a sound"),
                action=ConfirmQuiz(draft.id, not silent, at_night),
            ),
            Button(
                label=_("🌙 Also at night") if at_night else _("☀ By day only"),
                action=ConfirmQuiz(draft.id, silent, not at_night),
            ),
        ),
        (Button(label=_("📣 Schedule it") if later else _("📣 Send it now"), action=send),),
        (Button(label=_("◀ The quiz"), action=ShowDraft(draft.id)),),
    )
    prose = (plain(count), Bullets(tuple((Text(line),) for line in lines)))
    return (Change(slot=_slot(draft.id), reply=Reply(prose=prose, keyboard=keyboard)),)


def unsendable(words: NullTranslations, why: Unsendable) -> tuple[Utterance, ...]:
    _ = words.gettext
    match why:
        case Unsendable.NOBODY:
            said = _("There is nobody to whom it would go. Invite learners, or choose others.")
        case Unsendable.OVER:
            said = _("It would be due before it opens. Choose another time.")
    return (Toast(text=said, alert=True),)


def was_set(words: NullTranslations, outcome: QuizSet) -> tuple[Utterance, ...]:
    """Take the buttons off the message on which it was made; how far it is comes below."""
    said = words.gettext("“{title}” is set.").format(title=outcome.draft.title)
    lines = tuple((Text(line),) for line in _facts(words, outcome.draft))
    prose: tuple[Block, ...] = (Heading((Text(said),)), Bullets(lines))
    return (Change(slot=_slot(outcome.draft.id), reply=Reply(prose=prose)),)


def too_late(words: NullTranslations) -> tuple[Utterance, ...]:
    said = words.gettext("That quiz was set or put aside meanwhile. /teach shows your classes.")
    return (Say(reply=Reply(prose=(plain(said),))),)


def dropped(words: NullTranslations, outcome: Dropped) -> tuple[Utterance, ...]:
    said = words.gettext("“{title}” is put aside. Nobody has seen it.")
    reply = Reply(prose=(plain(said.format(title=outcome.title)),))
    return (Change(slot=_slot(outcome.draft), reply=reply),)


def _slot(draft: AssignmentId) -> str:
    return f"draft.{draft}"


def _whole(words: NullTranslations, outcome: DraftPage) -> Reply:
    _ = words.gettext
    draft = outcome.draft
    facts = (
        _what(words, draft),
        _audience(words, draft, outcome.choosable),
        _opens(words, outcome),
        *_facts(words, draft),
    )
    pairs = (
        ((Aspect.WHAT, _("📚 Questions")), (Aspect.DRAW, _("🎲 How many"))),
        ((Aspect.AUDIENCE, _("👥 For whom")), (Aspect.TITLE, _("✏ Title"))),
        ((Aspect.OPENS, _("▶ Opens")), (Aspect.DUE, _("⏳ Due"))),
        ((Aspect.LATE, _("🐢 Late")), (Aspect.TRIES, _("🔁 Tries"))),
        ((Aspect.MINUTES, _("⏱ Time")), (Aspect.REVEAL, _("💡 Solutions"))),
        ((Aspect.PRACTICE, _("🏋 Practice after")), (Aspect.COURSE, _("📖 Course"))),
    )
    rows = [
        tuple(Button(label=label, action=OpenAspect(draft.id, aspect)) for aspect, label in pair)
        for pair in pairs
    ]
    rows += [
        (
            Button(label=_("👁 Preview"), action=PreviewQuiz(draft.id, 0)),
            Button(label=_("✕ Put aside"), action=DropDraft(draft.id)),
        ),
        (Button(label=_("Go on ▶"), action=ConfirmQuiz(draft.id)),),
        (Button(label=_("◀ Quizzes"), action=ListQuizzes(draft.class_id)),),
    ]
    prose = (
        Heading((Text(_("A quiz for {group}").format(group=draft.class_title)),)),
        plain(_("“{title}”").format(title=draft.title)),
        Bullets(tuple((Text(line),) for line in facts)),
    )
    return Reply(prose=prose, keyboard=tuple(rows))


def _what(words: NullTranslations, draft: Draft) -> str:
    of = words.ngettext("{count} question", "{count} questions", len(draft.questions)).format(
        count=len(draft.questions)
    )
    if draft.draw is None:
        return of
    said = words.gettext("{count} of {questions}, drawn for each learner")
    return said.format(count=draft.draw, questions=of)


def _audience(words: NullTranslations, draft: Draft, of: Choosable) -> str:
    _ = words.gettext
    match draft.audience:
        case WholeClass():
            return _("For the whole class")
        case OfCohort(cohort=cohort):
            return _("For {cohort}").format(cohort=cohort)
        case Unfinished(assignment=quiz):
            title = dict(of.before).get(quiz, "…")
            return _("For whoever has not finished “{title}”").format(title=title)
        case WeakIn(skill=skill):
            return _("For whoever is weak in {skill}").format(skill=skill_name(skill))


def _opens(words: NullTranslations, outcome: DraftPage) -> str:
    draft = outcome.draft
    if draft.opens_at <= outcome.now:
        return words.gettext("Opens at once")
    when = moment(words, draft.opens_at, draft.timezone)
    return words.gettext("Opens {when}").format(when=when)


def _facts(words: NullTranslations, draft: Draft) -> tuple[str, ...]:
    """By which rules it is answered."""
    _ = words.gettext
    lines: list[str] = []
    if draft.due_at is None:
        lines.append(_("Due at no time"))
    else:
        due = moment(words, draft.due_at, draft.timezone)
        lines.append(_("Due {when}").format(when=due))
        if draft.late_until is None:
            lines.append(_("Nothing counts after that"))
        else:
            until = moment(words, draft.late_until, draft.timezone)
            late = _("Late answers count {share} until {when}")
            share = local.percent(words, float(draft.late_share))
            lines.append(late.format(share=share, when=until))
    if draft.tries is None:
        lines.append(_("As many tries as each question allows"))
    else:
        tries = words.ngettext(
            "{count} try at each question", "{count} tries at each question", draft.tries
        )
        lines.append(tries.format(count=draft.tries))
    if draft.minutes is not None:
        minutes = words.ngettext(
            "{count} minute from the moment that it is opened",
            "{count} minutes from the moment that it is opened",
            draft.minutes,
        )
        lines.append(minutes.format(count=draft.minutes))
    lines.append(_reveal(words, draft))
    if draft.practice_after:
        lines.append(_("Can be practised afterwards"))
    else:
        lines.append(_("Cannot be practised afterwards"))
    return tuple(lines)


def _reveal(words: NullTranslations, draft: Draft) -> str:
    _ = words.gettext
    match draft.reveal:
        case Reveals.ANSWERED:
            return _("What is right is told after each answer")
        case Reveals.FINISHED:
            return _("What is right is told when a learner has finished")
        case Reveals.DUE:
            if draft.due_at is None:  # it never ends for all
                return _("What is right is told when a learner has finished")
            last = moment(words, draft.late_until or draft.due_at, draft.timezone)
            said = _("What is right is told when nobody can answer any more: not before {when}")
            return said.format(when=last)


def _choices(words: NullTranslations, outcome: DraftPage) -> Reply:
    assert outcome.aspect is not None
    question, offered = _offered(words, outcome, outcome.aspect)
    draft, aspect = outcome.draft, outcome.aspect
    rows = tuple(
        (Button(label=_short(label), action=ChooseAspect(draft.id, aspect, value)),)
        for label, value in offered
    )
    back = Button(label=words.gettext("◀ The quiz"), action=ShowDraft(draft.id))
    return Reply(prose=(plain(question),), keyboard=(*rows, (back,)))


Offered = tuple[str, list[tuple[str, str]]]


def _offered(words: NullTranslations, outcome: DraftPage, aspect: Aspect) -> Offered:
    """What is asked on a page, and the labels and values of its buttons."""
    _ = words.gettext
    draft, of = outcome.draft, outcome.choosable
    match aspect:
        case Aspect.COURSE:
            titles = [(title, str(course)) for course, title in of.courses]
            return _("Out of which course?"), titles
        case Aspect.WHAT:
            return _("Which questions? Of skills you can choose several."), _parts(words, outcome)
        case Aspect.DRAW:
            some = [
                (str(count), f"n{count}")
                for count in (1, 2, 3, 5, 10, 15, 20, 30)
                if count < len(draft.questions)
            ]
            return _("How many of them does each learner get?"), [(_("All of them"), "*"), *some]
        case Aspect.AUDIENCE:
            return _("To whom does it go?"), _audiences(words, outcome)
        case Aspect.OPENS:
            return _("When does it open?"), [
                (_("At once"), "*"),
                (_("Tomorrow at 9:00"), "t"),
                (_("✏ Type a time"), "type"),
            ]
        case Aspect.DUE:
            return _("When is it due?"), [
                (_("24 hours after it opens"), "h24"),
                (_("3 days after"), "h72"),
                (_("A week after"), "h168"),
                (_("At no time"), "*"),
                (_("✏ Type a time"), "type"),
            ]
        case Aspect.LATE:
            terms = [
                (_late(words, percent, hours), f"p{name}")
                for name, (percent, hours) in LATE_TERMS.items()
                if draft.due_at
            ]
            return _("What are late answers worth?"), [(_("Nothing"), "*"), *terms]
        case Aspect.TRIES:
            some = [(str(count), f"n{count}") for count in (1, 2, 3)]
            return _("How many tries at each question?"), [
                (_("As each question says"), "*"),
                *some,
            ]
        case Aspect.MINUTES:
            some = [
                (words.ngettext("{count} minute", "{count} minutes", n).format(count=n), f"n{n}")
                for n in (10, 20, 30, 45, 60, 90)
            ]
            return _("How long may it take from the moment that it is opened?"), [
                (_("As long as it is open"), "*"),
                *some,
            ]
        case Aspect.REVEAL:
            return _("When is it told what is right?"), [
                (_("After each answer"), "ranswered"),
                (_("When all is answered"), "rfinished"),
                (_("When nobody can answer any more"), "rdue"),
            ]
        case Aspect.PRACTICE:
            return _("May it be practised afterwards, when nothing counts any more?"), [
                (_("Yes"), "y"),
                (_("No"), "n"),
            ]
        case Aspect.TITLE:
            return _("What shall the quiz be called?"), []


def _parts(words: NullTranslations, outcome: DraftPage) -> list[tuple[str, str]]:
    _ = words.gettext
    of = outcome.choosable
    names = skills_chosen(outcome.draft, of)
    found = [(_("The whole course"), "*")]
    found += [(f"§ {title}", f"s{place}") for place, (title, _all) in enumerate(of.sections)]
    found += [(f"🎲 {name}", f"p{place}") for place, (name, _all, _n) in enumerate(of.pools)]
    for place, (name, _all) in enumerate(of.skills[:_MOST]):
        box = "☑" if name in names else "☐"
        found.append((f"{box} {skill_name(name)}", f"k{place}"))
    return found


def _audiences(words: NullTranslations, outcome: DraftPage) -> list[tuple[str, str]]:
    _ = words.gettext
    of = outcome.choosable
    found = [(_("The whole class"), "*")]
    found += [(name, f"h{place}") for place, name in enumerate(of.cohorts[:_MOST])]
    unfinished = _("Has not finished “{title}”")
    found += [
        (unfinished.format(title=title), f"u{place}")
        for place, (_quiz, title) in enumerate(of.before)
    ]
    weak = _("Weak in {skill}")
    found += [
        (weak.format(skill=skill_name(name)), f"w{place}")
        for place, (name, _all) in enumerate(of.skills[:_MOST])
    ]
    return found


def _late(words: NullTranslations, percent: int, hours: int) -> str:
    said = words.ngettext("{share} for {count} hour", "{share} for {count} hours", hours)
    return said.format(share=local.percent(words, float(Fraction(percent, 100))), count=hours)


_MOST = 20  # of one kind: a message has room for a hundred buttons
_LONGEST = 45


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST else label[: _LONGEST - 1] + "…"
