"""How a class does, as pictures and in the same words."""

from gettext import NullTranslations

from tutorbot.core.analysis import Flag, ItemFigures, OptionFigures, histogram
from tutorbot.core.calendar import clock_time
from tutorbot.core.classes import OpenClass
from tutorbot.core.course import Choice, Mark, Typed
from tutorbot.core.key_alarm import Alarm
from tutorbot.core.keys import OpenDoubt
from tutorbot.core.mastery import Standing
from tutorbot.core.practice import LETTERS
from tutorbot.core.prose import (
    Block,
    Bullets,
    Choices,
    Heading,
    Line,
    Paragraph,
    Style,
    Text,
    words as plain,
)
from tutorbot.core.results import (
    ClassResults,
    LearnerLine,
    LearnerList,
    LearnerMark,
    LearnerResults,
    ListLearnerResults,
    QuestionLine,
    QuestionResults,
    QuizLine,
    QuizResults,
    SendMarks,
    SendStatements,
    SetDigest,
    ShowLearnerResults,
    ShowQuestionResults,
    ShowQuizResults,
    ShowResults,
    mean,
    median,
)
from tutorbot.views import local
from tutorbot.views.reply import (
    Button,
    Document,
    Keyboard,
    Reply,
    ResultBar,
    ResultsPicture,
    Say,
    Toast,
    Utterance,
)
from tutorbot.views.review import skill_name


def of_class(words: NullTranslations, outcome: ClassResults) -> tuple[Utterance, ...]:
    _ = words.gettext
    title = _("How {name} does").format(name=outcome.title)
    learners = words.ngettext("{count} learner", "{count} learners", outcome.learners)
    said = [learners.format(count=outcome.learners)]
    if outcome.silent:
        said.append(
            words.ngettext(
                "{count} of them has answered nothing for a week",
                "{count} of them have answered nothing for a week",
                outcome.silent,
            ).format(count=outcome.silent)
        )
    prose: list[Block] = [Heading((Text(title),)), plain(", ".join(said) + ".")]
    if outcome.quizzes:
        prose.append(Bullets(tuple((Text(quiz_line(words, each)),) for each in outcome.quizzes)))
    else:
        prose.append(plain(_("No quiz was set yet.")))
    if outcome.more:
        prose.append(
            plain(
                words.ngettext(
                    "And {count} older quiz.", "And {count} older quizzes.", outcome.more
                ).format(count=outcome.more)
            )
        )
    prose += weak_prose(words, outcome)
    rows: list[tuple[Button, ...]] = [
        (Button(label=short(each.title), action=ShowQuizResults(each.assignment)),)
        for each in outcome.quizzes
    ]
    rows.append((Button(label=_("👥 Learners"), action=ListLearnerResults(outcome.class_id, 0)),))
    if outcome.digest is not None:
        label = _("🔕 No word on Mondays") if outcome.digest else _("🔔 A word every Monday")
        action = SetDigest(outcome.class_id, not outcome.digest)
        rows.append((Button(label=label, action=action),))
    rows.append((_to_class(words, outcome),))
    return (Say(reply=Reply(prose=tuple(prose), keyboard=tuple(rows))),)


def quiz_line(words: NullTranslations, line: QuizLine) -> str:
    """One sentence about a quiz."""
    _ = words.gettext
    late = ""
    if line.late:
        late = words.ngettext(", {count} late", ", {count} late", line.late).format(count=line.late)
    said = _("{title}: {finished} of {all} finished{late}").format(
        title=line.title, finished=line.finished, all=line.learners, late=late
    )
    if line.facility is None:
        return said
    share = local.percent(words, line.facility)
    return _("{said}; {share} right at first").format(said=said, share=share)


def weak_prose(words: NullTranslations, outcome: ClassResults) -> list[Block]:
    if not outcome.weak:
        return []
    lines = tuple(
        (
            Text(
                words.ngettext(
                    "{skill}: {share} of {count} answer",
                    "{skill}: {share} of {count} answers",
                    each.answers,
                ).format(
                    skill=skill_name(each.name),
                    share=local.percent(words, each.facility),
                    count=each.answers,
                )
            ),
        )
        for each in outcome.weak[:_SKILLS]
    )
    heading = Text(words.gettext("Weak skills, by what was right at first"), Style.BOLD)
    return [Paragraph((heading,)), Bullets(lines)]


def of_quiz(words: NullTranslations, outcome: QuizResults) -> tuple[Utterance, ...]:
    _ = words.gettext
    line = outcome.line
    going = _("{finished} of {all} finished, {late} late.").format(
        finished=line.finished, all=line.learners, late=line.late
    )
    prose: list[Block] = [Heading((Text(line.title),)), plain(going)]
    if outcome.marks:
        prose.append(plain(_marks(words, outcome)))
    prose.append(
        Bullets(tuple(_question_line(words, each) for each in outcome.questions), ordered=True)
    )
    prose += _trust(words, outcome)
    numbers = [
        Button(
            label=("⚠ " if each.figures.alarm else "") + str(each.place + 1),
            action=ShowQuestionResults(line.assignment, each.place),
        )
        for each in outcome.questions[:_BUTTONS]
    ]
    rows: list[tuple[Button, ...]] = [
        tuple(numbers[at : at + _IN_A_ROW]) for at in range(0, len(numbers), _IN_A_ROW)
    ]
    rows.append(
        (
            Button(label=_("⬇ Table (CSV)"), action=SendMarks(line.assignment)),
            Button(label=_("⬇ xAPI"), action=SendStatements(line.assignment)),
        )
    )
    rows.append((Button(label=_("◀ Results"), action=ShowResults(outcome.class_id)),))
    picture = _quiz_picture(words, outcome, going) if outcome.marks else None
    return (Say(reply=Reply(prose=tuple(prose), keyboard=tuple(rows), picture=picture)),)


def of_question(words: NullTranslations, outcome: QuestionResults) -> tuple[Utterance, ...]:
    _ = words.gettext
    figures, body = outcome.figures, outcome.question.body
    title = _("{quiz}, question {number}: {title}").format(
        quiz=outcome.title, number=outcome.place + 1, title=outcome.question.title
    )
    prose: list[Block] = [Heading((Text(title),))]
    if not figures.answers:
        prose.append(plain(_("Nobody has answered it yet.")))
        return (Say(reply=Reply(prose=tuple(prose), keyboard=_around(words, outcome))),)
    letters = _letters(outcome.question.body)
    summary = _summary(words, figures)
    prose.append(plain(summary))
    prose += [plain(_sentence(words, flag, outcome)) for flag in figures.flags]
    if isinstance(body, Choice):
        by_id = {each.option: each for each in figures.options}
        prose.append(
            Choices(
                tuple(
                    (
                        letters[each.id],
                        (*each.prose, plain(_option(words, by_id[each.id], each.mark))),
                    )
                    for each in body.options
                )
            )
        )
        if figures.unused:
            named = local.listed(words, [letters[each] for each in figures.unused])
            prose.append(plain(_("Nobody chose {letters}.").format(letters=named)))
    elif figures.options:
        prose.append(Paragraph((Text(_("What was typed instead"), Style.BOLD),)))
        prose.append(
            Bullets(
                tuple(
                    (Text(f"{each.option}: {_counted(words, each)}"),) for each in figures.options
                )
            )
        )
    if figures.tags:
        named = ", ".join(f"{skill_name(tag)} ({count})" for tag, count in figures.tags[:_TAGS])
        prose.append(plain(_("Mistakes with a name: {tags}.").format(tags=named)))
    prose += _beside(words, outcome)
    return (
        Say(
            reply=Reply(
                prose=tuple(prose),
                keyboard=_around(words, outcome),
                picture=_question_picture(words, outcome, title, letters),
            )
        ),
    )


def learner_list(words: NullTranslations, outcome: LearnerList) -> tuple[Utterance, ...]:
    _ = words.gettext
    if not outcome.learners:
        return (Toast(text=_("Nobody learns in this class yet.")),)
    lines = tuple(
        (Text(f"{_called(each)}: {_last(words, each, outcome)}"),) for each in outcome.learners
    )
    rows: list[tuple[Button, ...]] = [
        (Button(label=_called(each), action=ShowLearnerResults(outcome.class_id, each.code)),)
        for each in outcome.learners
    ]
    turning: list[Button] = []
    if outcome.page:
        before = ListLearnerResults(outcome.class_id, outcome.page - 1)
        turning.append(Button(label=_("◀ Back"), action=before))
    if outcome.page + 1 < outcome.pages:
        after = ListLearnerResults(outcome.class_id, outcome.page + 1)
        turning.append(Button(label=_("Next ▶"), action=after))
    rows.append(tuple(turning))
    rows.append((Button(label=_("◀ Results"), action=ShowResults(outcome.class_id)),))
    prose = (Heading((Text(_("Learners")),)), Bullets(lines))
    return (Say(reply=Reply(prose=prose, keyboard=tuple(rows))),)


def of_learner(words: NullTranslations, outcome: LearnerResults) -> tuple[Utterance, ...]:
    _ = words.gettext
    prose: list[Block] = [
        Heading((Text(_called(outcome.line)),)),
        plain(_last(words, outcome.line, outcome)),
    ]
    if outcome.marks:
        prose.append(Bullets(tuple((Text(_learner_mark(words, each)),) for each in outcome.marks)))
    else:
        prose.append(plain(_("No quiz was set to them yet.")))
    if outcome.skills:
        prose.append(Paragraph((Text(_("Skills that need something"), Style.BOLD),)))
        prose.append(
            Bullets(
                tuple(
                    (
                        Text(
                            (
                                _("{skill}: stuck, more of the same does not help")
                                if each.standing is Standing.STUCK
                                else _("{skill}: needs practice")
                            ).format(skill=skill_name(each.name))
                        ),
                    )
                    for each in outcome.skills[:_SKILLS]
                )
            )
        )
    back = Button(label=_("◀ Learners"), action=ListLearnerResults(outcome.class_id, 0))
    return (Say(reply=Reply(prose=tuple(prose), keyboard=((back,),))),)


def document(words: NullTranslations, action: SendMarks | SendStatements) -> tuple[Utterance, ...]:
    _ = words.gettext
    if isinstance(action, SendMarks):
        kind = "marks"
        said = _("The marks of the quiz, one line for each learner.")
    else:
        kind = "statements"
        said = _("The answers of the quiz as xAPI statements, one on each line.")
    made = Document(kind=kind, assignment=action.assignment)
    return (Say(reply=Reply(prose=(plain(said),), document=made)),)


def nothing_there(words: NullTranslations) -> tuple[Utterance, ...]:
    return (Toast(text=words.gettext("There is nothing to show there any more.")),)


def flag_word(words: NullTranslations, flag: Flag) -> str:
    _ = words.gettext
    match flag:
        case Flag.KEY:
            return _("the strong miss this: check the key")
        case Flag.AGAINST:
            return _("the better do worse here")
        case Flag.MISSED:
            return _("few know this")
        case Flag.EASY:
            return _("easy")
        case Flag.VAGUE:
            return _("weak and strong do alike")


def _flag_in_brief(words: NullTranslations, flag: Flag) -> str:
    return words.gettext("check the key") if flag is Flag.KEY else flag_word(words, flag)


def short(title: str) -> str:
    """A title as it fits a button."""
    return title if len(title) <= _LONGEST else title[: _LONGEST - 1].rstrip() + "…"


def _marks(words: NullTranslations, outcome: QuizResults) -> str:
    return words.ngettext(
        "Mean mark {mean} of {count} learner; half have {median} or more.",
        "Mean mark {mean} of {count} learners; half have {median} or more.",
        len(outcome.marks),
    ).format(
        mean=local.percent(words, mean(outcome.marks)),
        count=len(outcome.marks),
        median=local.percent(words, median(outcome.marks)),
    )


def _question_line(words: NullTranslations, line: QuestionLine) -> Line:
    _ = words.gettext
    figures = line.figures
    if figures.facility is None:
        return (Text(_("{title}: no answers yet").format(title=line.title)),)
    share = local.percent(words, figures.facility)
    flags = [flag_word(words, each) for each in figures.flags]
    if not flags:
        return (Text(f"{line.title} – {share}"),)
    return (Text(f"{line.title} – {share}, "), Text(", ".join(flags), Style.ITALIC))


def _trust(words: NullTranslations, outcome: QuizResults) -> list[Block]:
    """How far the figures can be trusted."""
    _ = words.gettext
    analysis = outcome.analysis
    said: list[str] = []
    if analysis.alpha is not None and analysis.error is not None:
        said.append(
            words.ngettext(
                "Cronbach's alpha is {alpha}, by {count} learner who answered everything: a mark"
                " is good to ±{error}.",
                "Cronbach's alpha is {alpha}, by {count} learners who answered everything: a mark"
                " is good to ±{error}.",
                analysis.complete,
            ).format(
                alpha=local.number(words, round(analysis.alpha, 2)),
                count=analysis.complete,
                error=local.percent(words, analysis.error),
            )
        )
    if any(each.figures.unsteady for each in outcome.questions):
        said.append(_("Figures by fewer than 30 answers are unsteady."))
    return [plain(" ".join(said))] if said else []


def _facility(words: NullTranslations, figures: ItemFigures, facility: float) -> str:
    return words.ngettext(
        "{share} of the points at first, by {count} answer.",
        "{share} of the points at first, by {count} answers.",
        figures.answers,
    ).format(share=local.percent(words, facility), count=figures.answers)


def _summary(words: NullTranslations, figures: ItemFigures) -> str:
    _ = words.gettext
    assert figures.facility is not None
    said = [_facility(words, figures, figures.facility)]
    if figures.corrected is not None:
        known = local.percent(words, max(0.0, figures.corrected))
        said.append(_("Without guessing: {share}.").format(share=known))
    if figures.discrimination is not None:
        said.append(
            _("Discrimination {value}.").format(
                value=local.number(words, round(figures.discrimination, 2))
            )
        )
    if figures.unsteady:
        said.append(_("Unsteady: fewer than 30 answers."))
    return " ".join(said)


def _sentence(words: NullTranslations, flag: Flag, outcome: QuestionResults) -> str:
    alarm = outcome.figures.alarm
    if flag is not Flag.KEY or alarm is None:
        said = flag_word(words, flag)
        return said[:1].upper() + said[1:] + "."
    return alarm_told(words, alarm, outcome.question.body)


def alarm_told(words: NullTranslations, alarm: Alarm, body: Choice | Typed) -> str:
    """What speaks against a key, and how strongly."""
    _ = words.gettext
    times = local.number(words, min(float(_MANY), float(int(alarm.factor))))
    often = (
        _("Such answers are more than {times} times likelier if the key is wrong.")
        if alarm.factor > _MANY
        else _("Such answers are {times} times likelier if the key is wrong.")
    ).format(times=times)
    answer = _letters(body).get(alarm.answer, alarm.answer)
    if isinstance(body, Choice) and body.several:
        told = _(
            "⚠ Check {answer} in the key: of the {strong} strongest, {chose} see it otherwise."
        )
    else:
        told = _(
            "⚠ Check the key: of the {strong} strongest, {chose} answered {answer}, and {key} what"
            " the key says."
        )
    told = told.format(answer=answer, strong=alarm.strong, chose=alarm.chose, key=alarm.key)
    return f"{told} {often}"


def _option(words: NullTranslations, figures: OptionFigures, mark: Mark) -> str:
    _ = words.gettext
    said = _counted(words, figures)
    if figures.strong is not None:
        share = local.percent(words, figures.strong)
        said = _("{said}; of the strong {share}").format(said=said, share=share)
    return _("✓ the key: {said}").format(said=said) if mark is Mark.RIGHT else said


def _counted(words: NullTranslations, figures: OptionFigures) -> str:
    return words.ngettext(
        "{count} answer, {share}", "{count} answers, {share}", figures.count
    ).format(count=figures.count, share=local.percent(words, figures.share))


def _beside(words: NullTranslations, outcome: QuestionResults) -> list[Block]:
    """What all who learn by the course do with it, and what is still undecided."""
    said: list[str] = []
    everybody, undecided = outcome.everybody, outcome.figures.undecided
    if everybody and everybody.facility is not None:
        said.append(
            words.ngettext(
                "All who learn by this course: {share}, by {count} answer.",
                "All who learn by this course: {share}, by {count} answers.",
                everybody.answers,
            ).format(share=local.percent(words, everybody.facility), count=everybody.answers)
        )
    if undecided:
        said.append(
            words.ngettext(
                "{count} answer could not be decided.",
                "{count} answers could not be decided.",
                undecided,
            ).format(count=undecided)
        )
    return [plain(" ".join(said))] if said else []


def _around(words: NullTranslations, outcome: QuestionResults) -> Keyboard:
    _ = words.gettext
    row: list[Button] = []
    if outcome.place:
        before = ShowQuestionResults(outcome.assignment, outcome.place - 1)
        row.append(Button(label=_("◀ Back"), action=before))
    if outcome.place + 1 < outcome.of:
        after = ShowQuestionResults(outcome.assignment, outcome.place + 1)
        row.append(Button(label=_("Next ▶"), action=after))
    rows: list[tuple[Button, ...]] = [tuple(row)]
    if outcome.key is not None:
        rows.append((Button(label=_("🔑 Look at the key"), action=OpenDoubt(outcome.key)),))
    rows.append((Button(label=_("◀ The quiz"), action=ShowQuizResults(outcome.assignment)),))
    return tuple(rows)


def _quiz_picture(words: NullTranslations, outcome: QuizResults, going: str) -> ResultsPicture:
    _ = words.gettext
    counts = histogram(outcome.marks)
    shown = outcome.questions[:_DRAWN]
    left = len(outcome.questions) - len(shown)
    return ResultsPicture(
        title=outcome.line.title,
        subtitle=f"{going}\n{_marks(words, outcome)}",
        columns=tuple((local.percent(words, at / 10), count) for at, count in enumerate(counts)),
        heading=_("Right at first"),
        bars=tuple(_question_bar(words, each) for each in shown),
        more=words.ngettext("and {count} more", "and {count} more", left).format(count=left)
        if left > 0
        else "",
    )


def _question_bar(words: NullTranslations, line: QuestionLine) -> ResultBar:
    figures = line.figures
    if figures.facility is None:
        word = words.gettext("no answers yet")
        return ResultBar(name=f"{line.place + 1}. {line.title}", percent=None, word=word)
    flags = figures.flags
    share = local.percent(words, figures.facility)
    return ResultBar(
        name=f"{line.place + 1}. {line.title}",
        percent=round(100 * figures.facility),
        word=f"{share} · {_flag_in_brief(words, flags[0])}" if flags else share,
        alarm=figures.alarm is not None,
    )


def _question_picture(
    words: NullTranslations,
    outcome: QuestionResults,
    title: str,
    letters: dict[str, str],
) -> ResultsPicture | None:
    figures, body = outcome.figures, outcome.question.body
    if not figures.options or figures.facility is None:
        return None
    summary = _facility(words, figures, figures.facility)
    right = (
        {each.id for each in body.options if each.mark is Mark.RIGHT}
        if isinstance(body, Choice)
        else set[str]()
    )
    return ResultsPicture(
        title=title,
        subtitle=summary,
        bars=tuple(
            ResultBar(
                name=letters.get(each.option, each.option),
                percent=round(100 * each.share),
                word=_counted(words, each),
                strong=None if each.strong is None else round(100 * each.strong),
                right=each.option in right,
                alarm=figures.alarm is not None and figures.alarm.answer == each.option,
            )
            for each in figures.options
        ),
        strong=words.gettext("how many of the better half chose it"),
    )


def _letters(body: Choice | Typed) -> dict[str, str]:
    """As the author wrote the options down; learners see them in orders of their own."""
    if not isinstance(body, Choice):
        return {}
    return {each.id: letter for letter, each in zip(LETTERS, body.options, strict=False)}


def _called(line: LearnerLine) -> str:
    return line.code if line.name is None else f"{line.name} · {line.code}"


def _last(words: NullTranslations, line: LearnerLine, outcome: LearnerList | LearnerResults) -> str:
    _ = words.gettext
    if line.last is None:
        return _("no answer yet")
    day = clock_time(line.last, outcome.timezone).date()
    said = _("last answer on {day}").format(day=local.day_and_month(words, day, weekday=True))
    return _("{said}, silent since").format(said=said) if line.silent(outcome.now) else said


def _learner_mark(words: NullTranslations, mark: LearnerMark) -> str:
    _ = words.gettext
    if mark.share is None:
        return _("{title}: not begun").format(title=mark.title)
    share = local.percent(words, mark.share)
    if mark.late:
        return _("{title}: {share}, late").format(title=mark.title, share=share)
    if mark.finished:
        return _("{title}: {share}").format(title=mark.title, share=share)
    return _("{title}: {share} so far").format(title=mark.title, share=share)


def _to_class(words: NullTranslations, outcome: ClassResults) -> Button:
    return Button(label=words.gettext("◀ Class"), action=OpenClass(outcome.class_id))


_SKILLS = 6
_TAGS = 5
_DRAWN = 20
_BUTTONS = 60
_IN_A_ROW = 5
_LONGEST = 38
_MANY = 1000
