"""Practice in words: the question, the verdict, hint, solution, and the end of a paper.

Slots name the messages of an attempt, so that their keyboards can be put to rest: the question is
``q7``, the panel of buttons under the newest verdict or hint is ``p7.TRIES.HINTS``, and what asks
which reading of an answer is meant is ``u7.FIRST``.
"""

from fractions import Fraction
from gettext import NullTranslations

from tutorbot.core.actions import (
    AskHint,
    AskLesson,
    Choose,
    Done,
    ListCourses,
    Next,
    ReadAs,
    ShowSolution,
    StartOver,
    Tick,
    TryAgain,
)
from tutorbot.core.answers.verdicts import Right, RightButForm, Undecided, Wrong
from tutorbot.core.course import Choice, Mark, Question, Typed
from tutorbot.core.grading import matched
from tutorbot.core.practice import (
    LETTERS,
    ChoiceAnswered,
    HintOpened,
    NotRead,
    PaperFinished,
    Posed,
    PosedAgain,
    PosedNext,
    QuestionResult,
    SolutionOpened,
    TapInstead,
    TicksChanged,
    TypedAnswered,
    WhichReading,
)
from tutorbot.core.prose import (
    Block,
    Choices,
    Heading,
    Paragraph,
    Prose,
    Quote,
    Style,
    Text,
    words as plain,
)
from tutorbot.core.streaks import News
from tutorbot.views import further, local
from tutorbot.views.answers import (
    echo_prose,
    form_prose,
    problem_prose,
    reading_labels,
    wrong_prose,
)
from tutorbot.views.examples import how_to_type
from tutorbot.views.home import probe
from tutorbot.views.reply import Button, Change, Keyboard, Reply, Say, Toast, Utterance
from tutorbot.views.streaks import news_lines, streak_line
from tutorbot.views.worked import worked_prose


def posed_next(words: NullTranslations, outcome: PosedNext) -> tuple[Utterance, ...]:
    said: list[Utterance] = []
    if outcome.waiting:
        said.append(Say(reply=Reply(prose=(plain(further.waiting_line(words, outcome.waiting)),))))
    if outcome.resumed:  # the older copy would answer as well, and lead astray
        said += [*question_keyboard_gone(outcome.posed), *panel_gone(outcome.posed)]
    if outcome.probe:
        said.append(probe(words))
    said.append(_question(words, outcome.posed))
    if outcome.left is not None:
        said += laid_to_rest(outcome.left)
    return tuple(said)


def posed_again(words: NullTranslations, outcome: PosedAgain) -> tuple[Utterance, ...]:
    posed = outcome.posed
    if isinstance(posed.question.body, Typed):
        return (Toast(text=words.gettext("Go on: just type your next answer.")),)
    return (_question(words, posed), *panel_gone(posed))


def ticks_changed(words: NullTranslations, outcome: TicksChanged) -> tuple[Utterance, ...]:
    keyboard = question_keyboard(words, outcome.posed)
    return (Change(slot=question_slot(outcome.posed), reply=Reply(prose=(), keyboard=keyboard)),)


def nothing_ticked(words: NullTranslations) -> tuple[Utterance, ...]:
    return (Toast(text=words.gettext("Tick at least one option first.")),)


def already_answered(words: NullTranslations, *, pressed: bool) -> tuple[Utterance, ...]:
    said = words.gettext("This one has its answer. Use the buttons under it to go on.")
    return (Toast(text=said),) if pressed else (Say(reply=Reply(prose=(plain(said),))),)


def tap_instead(words: NullTranslations, outcome: TapInstead) -> tuple[Utterance, ...]:
    _ = words.gettext
    last = LETTERS[len(outcome.posed.shown) - 1]
    body = outcome.posed.question.body
    said = (
        _("This question has options: tick them above, or type their letters, such as A, {last}.")
        if isinstance(body, Choice) and body.several
        else _("This question has options: tap one above, or type its letter, A to {last}.")
    )
    return (Say(reply=Reply(prose=(plain(said.format(last=last)),))),)


def choice_answered(words: NullTranslations, outcome: ChoiceAnswered) -> tuple[Utterance, ...]:
    grade, posed = outcome.grade, outcome.posed
    _ = words.gettext
    prose: list[Block] = [verdict_line(_("✅ Right.") if grade.right else _("❌ Not quite."))]
    if not grade.right and outcome.points:
        of = posed.question.points
        said = _("🟡 Partly right: {points} of {of} points.").format(
            points=_in_figures(words, outcome.points), of=_in_figures(words, of)
        )
        prose = [verdict_line(said)]
    prose += feedback(outcome)
    if not grade.right and isinstance(posed.question.body, Choice) and posed.question.body.several:
        prose.append(plain(how_near(words, outcome)))
    elif not grade.right and len(prose) == 1:
        prose.append(plain(_("Have another look at the question.")))
    if grade.right:  # before that, the reasons could tell too much
        prose += dispute(words, posed.question)
    prose += further.lesson_offer(words, due=outcome.lesson)
    prose += news_prose(words, outcome.news)
    return (
        _panel(words, posed, tuple(prose), right=grade.right, lesson=outcome.lesson),
        Change(
            slot=question_slot(posed),
            reply=Reply(prose=(), keyboard=_answered_keyboard(outcome)),
        ),
        *panel_gone(posed, tries=posed.tries - 1),
    )


def typed_answered(words: NullTranslations, outcome: TypedAnswered) -> tuple[Utterance, ...]:
    _ = words.gettext
    posed, verdict = outcome.posed, outcome.verdict
    assert isinstance(posed.question.body, Typed)
    line = matched(posed.question.body, verdict)
    said = line.feedback if line else ()
    prose: list[Block] = []
    match verdict:
        case Right(echo=echo):
            prose += [verdict_line(_("✅ Right.")), *echo_prose(words, echo), *said]
        case RightButForm(echo=echo):
            prose += [
                verdict_line(_("🟡 Nearly there.")),
                *echo_prose(words, echo),
                *form_prose(words, verdict),
            ]
        case Wrong(echo=echo):
            prose += [verdict_line(_("❌ Not quite.")), *echo_prose(words, echo)]
            prose += said or wrong_prose(words, verdict, posed.wrong - 1)
        case Undecided(echo=echo):
            prose += [
                verdict_line(_("🤔 I cannot tell.")),
                *echo_prose(words, echo),
                plain(
                    _(
                        "I can neither prove nor refute this one, so it is not held against you."
                        " Try to write it in another form, or go on."
                    )
                ),
            ]
        case _:  # unreadable texts come as NotRead
            prose.append(verdict_line(_("❌ Not quite.")))
    if isinstance(verdict, Right):
        prose += dispute(words, posed.question)
    prose += further.lesson_offer(words, due=outcome.lesson)
    prose += news_prose(words, outcome.news)
    before = panel_gone(posed, tries=posed.tries - 1)
    right = isinstance(verdict, Right)
    return (
        _panel(words, posed, tuple(prose), right=right, lesson=outcome.lesson),
        *before,
        *readings_gone(posed),
        *(() if posed.tries > 1 else question_keyboard_gone(posed)),
    )


def not_read(words: NullTranslations, outcome: NotRead) -> tuple[Utterance, ...]:
    prose = (
        *problem_prose(words, outcome.verdict.problem, outcome.text),
        plain(words.gettext("That cost you nothing. Try once more.")),
    )
    keyboard = question_keyboard(words, outcome.posed)
    return (Say(reply=Reply(prose=prose, keyboard=keyboard)), *readings_gone(outcome.posed))


def which_reading(words: NullTranslations, outcome: WhichReading) -> tuple[Utterance, ...]:
    """A button for each reading; whoever types instead gives a new answer."""
    posed, problem = outcome.posed, outcome.verdict.problem
    prose = (
        *problem_prose(words, problem, outcome.text),
        plain(words.gettext("Tap what you meant, or type it anew. This costs you nothing.")),
    )
    buttons = [
        Button(label=label, action=ReadAs(posed.attempt, number))
        for number, label in enumerate(reading_labels(problem.readings), start=outcome.first)
    ]
    asked = Say(
        reply=Reply(prose=prose, keyboard=in_rows(buttons, width=2)),
        slot=_readings_slot(posed, outcome.first),
    )
    return (asked, *readings_gone(posed))


def reading_gone(words: NullTranslations) -> tuple[Utterance, ...]:
    said = words.gettext("You have gone on from that answer. Just type the next one.")
    return (Toast(text=said),)


def hint_opened(words: NullTranslations, outcome: HintOpened) -> tuple[Utterance, ...]:
    posed = outcome.posed
    _ = words.gettext
    title = _("💡 Hint {number} of {of}").format(number=outcome.number, of=outcome.of)
    if outcome.is_worked_example:
        title = _("🧭 Worked example")
    prose = (verdict_line(title), *outcome.hint.prose)
    if posed.tries == 0:  # the question above is still open for its first answer
        buttons = [_hint_button(words, posed)] if posed.hints_left else []
        buttons += [_solution_button(words, posed)] if posed.solution_due else []
        rows = [tuple(buttons)] if buttons else []
        if posed.sibling and not posed.hints_left:
            rows.append((further.sibling_button(words, posed),))
        reply = Reply(prose=prose, keyboard=tuple(rows))
        panel = Say(reply=reply, slot=panel_slot(posed))
    else:
        panel = _panel(words, posed, prose, right=False)
    before = panel_gone(posed, hints=posed.hints_opened - 1)
    return (panel, *before, *_question_without_hint(words, posed))


def no_more_hints(words: NullTranslations) -> tuple[Utterance, ...]:
    return (Toast(text=words.gettext("That was the last hint.")),)


def solution_opened(words: NullTranslations, outcome: SolutionOpened) -> tuple[Utterance, ...]:
    _ = words.gettext
    posed = outcome.posed
    prose: list[Block] = [verdict_line(_("📖 Solution")), *key_in_words(words, posed)]
    prose += posed.question.solution or _worked(words, posed)
    for question in outcome.held_back:
        prose += [Heading((Text(question.title),)), *question.solution, *dispute(words, question)]
    prose += dispute(words, posed.question)
    more = len(posed.question.variants) > 1 and posed.rule.aside
    again = [further.another_button(words, posed)] if more else []
    keyboard = (
        (*again, _next_button(words, posed)),
        (further.doubt_button(words, posed),),
    )
    return (
        Say(reply=Reply(prose=tuple(prose), keyboard=keyboard), slot=f"s{posed.attempt}"),
        *panel_gone(posed),
        *readings_gone(posed),
        *(() if posed.tries else question_keyboard_gone(posed)),
    )


def _worked(words: NullTranslations, posed: Posed) -> Prose:
    """In place of a solution that nobody wrote."""
    return worked_prose(words, posed.asked) if posed.asked is not None else ()


def solution_later(words: NullTranslations) -> tuple[Utterance, ...]:
    said = words.gettext("The solution comes at the end of this part: it would tell too much now.")
    return (Toast(text=said),)


def paper_finished(words: NullTranslations, outcome: PaperFinished) -> tuple[Utterance, ...]:
    _ = words.gettext
    results = outcome.results
    first = sum(each.first_right for each in results)
    later = sum(each.ever_right and not each.first_right for each in results)
    lines = [
        words.ngettext(
            "{first} of {of} question right at the first try.",
            "{first} of {of} questions right at the first try.",
            outcome.of,
        ).format(first=first, of=outcome.of)
    ]
    if later:
        lines.append(
            words.ngettext(
                "{later} more after a second look.", "{later} more after a second look.", later
            ).format(later=later)
        )
    prose: list[Block] = [
        Heading((Text(_("🏁 The end of “{title}”").format(title=outcome.title)),)),
        plain(" ".join(lines)),
    ]
    if outcome.points is not None:
        prose.append(
            plain(
                _("Your best answers come to {points} of {of} points.").format(
                    points=_in_figures(words, outcome.points),
                    of=_in_figures(words, outcome.out_of),
                )
            )
        )
    again = _worth_another_look(words, results)
    prose += again
    prose.append(plain(streak_line(words, outcome.streak)))
    keyboard = (
        (Button(label=_("↺ Once more"), action=StartOver(outcome.course)),),
        (Button(label=_("Papers"), action=ListCourses()),),
    )
    said = Say(reply=Reply(prose=tuple(prose), keyboard=keyboard))
    return (said, *laid_to_rest(outcome.left))


def question_keyboard(words: NullTranslations, posed: Posed) -> Keyboard:
    """The buttons under an open question: its options, Done for ticks, a hint, the way past it."""
    _ = words.gettext
    body = posed.question.body
    rows: list[tuple[Button, ...]] = []
    if isinstance(body, Choice):
        if body.several:
            options = [
                Button(
                    label=f"{'☑' if place in posed.ticked else '☐'} {LETTERS[place]}",
                    action=Tick(posed.attempt, place),
                )
                for place in range(len(posed.shown))
            ]
        else:
            options = [
                Button(label=LETTERS[place], action=Choose(posed.attempt, place))
                for place in range(len(posed.shown))
            ]
        rows += in_rows(options)
        if body.several:
            rows.append((Button(label=_("Done"), action=Done(posed.attempt)),))
    last: list[Button] = []
    if posed.hints_left and (posed.tries or not posed.hints_opened):
        last.append(_hint_button(words, posed))
    last.append(Button(label=_("Skip ▸"), action=Next(posed.attempt)))
    return (*rows, tuple(last))


def _question(words: NullTranslations, posed: Posed) -> Say:
    _ = words.gettext
    question, body = posed.question, posed.question.body
    title = _("Question {number} of {of}").format(number=posed.number, of=posed.of)
    if question.points != 1:
        title = f"{title} · {_worth(words, question.points)}"
    prose: list[Block] = [Heading((Text(title),)), *question.stem, *question.prose]
    if isinstance(body, Choice):
        letters = zip(LETTERS, posed.shown, strict=False)
        prose.append(Choices(tuple((letter, option.prose) for letter, option in letters)))
        if body.several:
            prose.append(
                Paragraph((Text(_("Tick all that are right, then tap Done."), Style.ITALIC),))
            )
    else:
        prose.append(Paragraph((Text(how_to_type(words, body), Style.ITALIC),)))
    prose += further.closing_soon(words, posed.rule.minutes_left)
    return Say(
        reply=Reply(prose=tuple(prose), keyboard=question_keyboard(words, posed)),
        slot=question_slot(posed),
    )


def _in_figures(words: NullTranslations, points: Fraction) -> str:
    """Points with two decimals at most."""
    return local.number(words, float(round(points, 2)))


def _worth(words: NullTranslations, points: Fraction) -> str:
    sentence = (
        words.ngettext("{points} point", "{points} points", points.numerator)
        if points.denominator == 1
        else words.gettext("{points} points")
    )
    return sentence.format(points=_in_figures(words, points))


def how_near(words: NullTranslations, outcome: ChoiceAnswered) -> str:
    """How far off the ticks are, without telling which: that is for the next look."""
    grade = outcome.grade
    parts: list[str] = []
    if grade.chosen_wrong:
        wrong = len(grade.chosen_wrong)
        parts.append(
            words.ngettext(
                "{count} tick is too many.", "{count} ticks are too many.", wrong
            ).format(count=wrong)
        )
    if grade.missing:
        parts.append(
            words.ngettext(
                "{count} right option is still unticked.",
                "{count} right options are still unticked.",
                grade.missing,
            ).format(count=grade.missing)
        )
    return " ".join(parts)


def verdict_line(text: str) -> Paragraph:
    return Paragraph((Text(text, Style.BOLD),))


def dispute(words: NullTranslations, question: Question) -> Prose:
    """Why the key of this question is doubted, told once an answer is in."""
    doubt = question.dispute
    if doubt is None:
        return ()
    disputed = words.gettext("The key of this question is disputed.")
    title = Text(f"{disputed} ", Style.BOLD)
    lines = [block.line for block in doubt.why if isinstance(block, Paragraph)]
    if not lines:
        return (Paragraph((title,)), *doubt.why)
    return (Quote(((title, *lines[0]), *lines[1:])),)


def news_prose(words: NullTranslations, news: News | None) -> Prose:
    return () if news is None else tuple(map(plain, news_lines(words, news)))


def key_in_words(words: NullTranslations, posed: Posed) -> Prose:
    """The right answer first, by the letters that this learner saw."""
    _ = words.gettext
    body = posed.question.body
    if isinstance(body, Typed):
        return ()
    right = [
        LETTERS[place] for place, option in enumerate(posed.shown) if option.mark is Mark.RIGHT
    ]
    return (
        plain(
            words.ngettext("Right is {letters}.", "Right are {letters}.", len(right)).format(
                letters=local.listed(words, right)
            )
        ),
    )


def feedback(outcome: ChoiceAnswered) -> Prose:
    """What the author says to each option that was taken, with its letter where there are more."""
    body = outcome.posed.question.body
    several = isinstance(body, Choice) and body.several
    prose: list[Block] = []
    for place in sorted(outcome.chosen):
        told = outcome.posed.shown[place].feedback
        if several and told:
            letter = Text(f"{LETTERS[place]}  ", Style.BOLD)
            match told[0]:
                case Paragraph(line):
                    told = (Paragraph((letter, *line)), *told[1:])
                case _:
                    told = (Paragraph((letter,)), *told)
        prose += told
    return tuple(prose)


def _worth_another_look(
    words: NullTranslations, results: tuple[QuestionResult, ...]
) -> list[Block]:
    open_ones = [each for each in results if not each.ever_right]
    if not open_ones:
        return []
    lines = "\n".join(f"{each.number}. {each.title}" for each in open_ones)
    return [plain(words.gettext("Worth another look:")), plain(lines)]


def _panel(
    words: NullTranslations, posed: Posed, prose: Prose, *, right: bool, lesson: bool = False
) -> Say:
    """A verdict or hint with what can be done next under it."""
    _ = words.gettext
    rows: list[tuple[Button, ...]] = []
    if lesson:
        rows.append((Button(label=_("🧩 A closer look"), action=AskLesson(posed.attempt)),))
    if not right and posed.sibling and not posed.hints_left:
        rows.append((further.sibling_button(words, posed),))
    if not right:
        first: list[Button] = []
        if posed.hints_left and posed.may_try_again:
            first.append(_hint_button(words, posed))
        if posed.may_try_again:
            first.append(Button(label=_("↩ Try again"), action=TryAgain(posed.attempt)))
        rows += [tuple(first)] if first else []
    last = (_solution_button(words, posed),) * (posed.solution_due and not posed.solution_seen)
    rows += [(*last, _next_button(words, posed)), (further.doubt_button(words, posed),)]
    return Say(reply=Reply(prose=prose, keyboard=tuple(rows)), slot=panel_slot(posed))


def _hint_button(words: NullTranslations, posed: Posed) -> Button:
    _ = words.gettext
    ahead = posed.question.hints[posed.hints_opened :]
    label = _("💡 Hint") if ahead else _("🧭 Worked example")
    if ahead and ahead[0].cost:
        cost = local.percent(words, float(ahead[0].cost))
        label = _("{hint} −{share}").format(hint=label, share=cost)
    return Button(label=label, action=AskHint(posed.attempt))


def _solution_button(words: NullTranslations, posed: Posed) -> Button:
    return Button(label=words.gettext("📖 Solution"), action=ShowSolution(posed.attempt))


def _next_button(words: NullTranslations, posed: Posed) -> Button:
    _ = words.gettext
    label = _("Next ▸") if posed.number < posed.of else _("Finish 🏁")
    return Button(label=label, action=Next(posed.attempt))


def _answered_keyboard(outcome: ChoiceAnswered) -> Keyboard:
    """The options as they were answered, disabled; what was not chosen tells nothing."""
    posed = outcome.posed

    def label(place: int) -> str:
        letter = LETTERS[place]
        if place not in outcome.chosen:
            return letter
        match posed.shown[place].mark:
            case Mark.RIGHT:
                return f"✅ {letter}"
            case Mark.WRONG:
                return f"❌ {letter}"
            case Mark.UNSCORED:
                return f"☑ {letter}"

    return in_rows(
        [
            Button(label=label(place), action=Choose(posed.attempt, place), enabled=False)
            for place in range(len(posed.shown))
        ]
    )


def in_rows(buttons: list[Button], width: int = 4) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))


def question_slot(posed: Posed) -> str:
    return f"q{posed.attempt}"


def panel_slot(posed: Posed) -> str:
    return f"p{posed.attempt}.{posed.tries}.{posed.hints_opened}"


def panel_gone(
    posed: Posed, *, tries: int | None = None, hints: int | None = None
) -> tuple[Change, ...]:
    """Take the buttons off the panel that stood before, if there was one."""
    tries = posed.tries if tries is None else tries
    hints = posed.hints_opened if hints is None else hints
    if not tries and not hints:
        return ()
    return (Change(slot=f"p{posed.attempt}.{tries}.{hints}", reply=Reply(prose=())),)


def _readings_slot(posed: Posed, first: int) -> str:
    return f"u{posed.attempt}.{first}"


def readings_gone(posed: Posed) -> tuple[Change, ...]:
    """Take the buttons off the question which reading of an answer was meant, if it is open."""
    if posed.unclear is None:
        return ()
    return (Change(slot=_readings_slot(posed, posed.unclear.first), reply=Reply(prose=())),)


def question_keyboard_gone(posed: Posed) -> tuple[Change, ...]:
    return (Change(slot=question_slot(posed), reply=Reply(prose=())),)


def _question_without_hint(words: NullTranslations, posed: Posed) -> tuple[Change, ...]:
    """Once a hint is open, the next one is asked for under it, not under the question."""
    if posed.tries or posed.hints_opened != 1:
        return ()
    keyboard = question_keyboard(words, posed)
    return (Change(slot=question_slot(posed), reply=Reply(prose=(), keyboard=keyboard)),)


def laid_to_rest(left: Posed) -> tuple[Change, ...]:
    """No button of a question that was gone on from stays live."""
    rest = [*panel_gone(left), *readings_gone(left)]
    if left.solution_seen:
        rest.append(Change(slot=f"s{left.attempt}", reply=Reply(prose=())))
    if not left.tries and not left.solution_seen:
        rest += question_keyboard_gone(left)
    return tuple(rest)
