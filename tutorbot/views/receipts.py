"""Words for what came of quizzes that were set."""

from gettext import NullTranslations

from tutorbot.core.broadcasts import (
    Cancel,
    Extend,
    ListQuizzes,
    ListWaiting,
    NotStarted,
    QuizLine,
    QuizPage,
    Quizzes,
    Remind,
    ShowProgressOf,
    ShowQuiz,
    State,
)
from tutorbot.core.classes import OpenClass
from tutorbot.core.drafts import NewQuiz
from tutorbot.core.prose import Bullets, Heading, Text, words as plain
from tutorbot.views import local
from tutorbot.views.broadcasts import moment
from tutorbot.views.classes import SLOT
from tutorbot.views.reply import Button, Change, Reply, Say, Toast, Utterance


def quizzes(words: NullTranslations, outcome: Quizzes) -> tuple[Utterance, ...]:
    _ = words.gettext
    rows = [
        (Button(label=_line(words, each), action=ShowQuiz(each.assignment)),)
        for each in outcome.lines
    ]
    if outcome.may_set:
        rows.append((Button(label=_("📝 Set a quiz"), action=NewQuiz(outcome.class_id)),))
    rows.append((Button(label=_("◀ Class"), action=OpenClass(outcome.class_id)),))
    said = (
        _("What was set so far, and how many have finished:")
        if outcome.lines
        else _("Nothing was set yet.")
    )
    head = Heading((Text(_("Quizzes of {group}").format(group=outcome.class_title)),))
    return (Change(slot=SLOT, reply=Reply(prose=(head, plain(said)), keyboard=tuple(rows))),)


def page(words: NullTranslations, outcome: QuizPage, *, anew: bool) -> tuple[Utterance, ...]:
    reply = _page(words, outcome)
    shown = Say(slot=SLOT, reply=reply) if anew else Change(slot=SLOT, reply=reply)
    if outcome.told is None:
        return (shown,)
    said = words.ngettext(
        "Put off. {count} learner hears of it.",
        "Put off. {count} learners hear of it.",
        outcome.told,
    )
    return (Toast(text=said.format(count=outcome.told)), shown)


def not_started(words: NullTranslations, outcome: NotStarted) -> tuple[Utterance, ...]:
    _ = words.gettext
    back = Button(label=_("◀ The quiz"), action=ShowQuiz(outcome.assignment))
    head = Heading((Text(_("Not started: “{title}”").format(title=outcome.title)),))
    if not outcome.people:
        prose = (head, plain(_("Everybody has started.")))
    else:
        names = [
            name if reached else _("{name} (may not have it)").format(name=name)
            for name, reached in outcome.people
        ]
        prose = (head, plain(local.listed(words, names)))
    return (Change(slot=SLOT, reply=Reply(prose=prose, keyboard=((back,),))),)


def too_soon(words: NullTranslations) -> tuple[Utterance, ...]:
    said = words.gettext("They were reminded less than 12 hours ago. Give them a little time.")
    return (Toast(text=said, alert=True),)


def nothing_to_remind(words: NullTranslations) -> tuple[Utterance, ...]:
    return (Toast(text=words.gettext("There is nobody to remind now.")),)


def _line(words: NullTranslations, line: QuizLine) -> str:
    _ = words.gettext
    if line.cancelled:
        return _("↩ {title}: taken back").format(title=line.title)
    said = _("{title} · {reached} of {of}")
    return said.format(title=line.title, reached=line.finished, of=line.people)


def _page(words: NullTranslations, outcome: QuizPage) -> Reply:
    _ = words.gettext
    number = local.number
    lines = [
        _("Delivered: {count} of {all}").format(
            count=number(words, outcome.delivered), all=number(words, outcome.people)
        ),
        _("Opened: {count}").format(count=number(words, outcome.opened)),
        _("Started: {count}").format(count=number(words, outcome.started)),
        _("Finished: {count}").format(count=number(words, outcome.finished)),
    ]
    if outcome.cancelled:
        lines.insert(0, _("It was taken back."))
    elif outcome.due_at:
        due = moment(words, outcome.due_at, outcome.timezone)
        lines.insert(0, _("Due {when}").format(when=due))
    if outcome.kept_until and outcome.kept_until > outcome.now:
        when = moment(words, outcome.kept_until, outcome.timezone)
        lines.append(_("What is right is told to nobody before {when}").format(when=when))
    if outcome.reminded_at:
        when = moment(words, outcome.reminded_at, outcome.timezone)
        lines.append(_("Reminded last: {when}").format(when=when))
    quiz = outcome.assignment
    rows: list[tuple[Button, ...]] = []
    missing = outcome.people - outcome.started
    if missing > 0:
        label = _("👥 Not started: {count}").format(count=number(words, missing))
        rows.append((Button(label=label, action=ListWaiting(quiz)),))
    if outcome.may_remind:
        label = _("🔔 Remind those who have not started")
        rows.append((Button(label=label, action=Remind(quiz)),))
    if outcome.may_set and outcome.due_at and not outcome.cancelled:
        rows.append(
            (
                Button(label=_("⏳ 24 h more"), action=Extend(quiz, 24)),
                Button(label=_("⏳ 3 days more"), action=Extend(quiz, 72)),
            )
        )
    going = outcome.announcement
    if outcome.may_set and going and not outcome.cancelled:
        row = [Button(label=_("✕ Take back"), action=Cancel(going.broadcast))]
        if going.state is not State.DONE:
            progress = Button(label=_("📣 How far it is"), action=ShowProgressOf(going.broadcast))
            row.insert(0, progress)
        rows.append(tuple(row))
    rows.append((Button(label=_("◀ Quizzes"), action=ListQuizzes(outcome.class_id)),))
    prose = (
        Heading((Text(outcome.title),)),
        Bullets(tuple((Text(line),) for line in lines)),
    )
    return Reply(prose=prose, keyboard=tuple(rows))
