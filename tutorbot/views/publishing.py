"""What an author hears of a course file sent in the chat: findings, a preview, what was done."""

from collections.abc import Iterator, Sequence
from gettext import NullTranslations

from tutorbot.core.actions import DropUpload, PreviewUpload, PublishUpload
from tutorbot.core.course import Choice, Mark, Question, Typed, Values
from tutorbot.core.ids import UploadId
from tutorbot.core.practice import LETTERS
from tutorbot.core.prose import (
    Block,
    Bullets,
    Choices,
    Heading,
    Line,
    Paragraph,
    Prose,
    Quote,
    Style,
    Text,
    Verbatim,
    words as plain,
)
from tutorbot.core.publishing import (
    LARGEST_UPLOAD,
    Decision,
    Difference,
    Dropped,
    Finding,
    NoCourseFile,
    NotAnAuthor,
    NotFetched,
    Overtaken,
    Plan,
    Previewed,
    Published,
    Received,
    Settled,
    Sound,
    TooLarge,
    Unsound,
)
from tutorbot.views.reply import Button, Change, Keyboard, Reply, Say, Toast, Utterance

_MOST_FINDINGS = 10
_MOST_DIFFERENCES = 15
_LONGEST_LINE = 60
_LONGEST_SOURCE = 34  # in characters of one width, as many as a phone shows beside one another
_MARKS = {Mark.RIGHT: "✅", Mark.WRONG: "▫️", Mark.UNSCORED: "❔"}


def receipt(
    words: NullTranslations, outcome: TooLarge | NoCourseFile | Received
) -> tuple[Utterance, ...]:
    """What is said as soon as the file is here."""
    _ = words.gettext
    match outcome:
        case TooLarge(name=name, size=size):
            said = _("{name} is too large: {size} MB, and I can fetch {most}.").format(
                name=_short(name),
                size=f"{size / 1_000_000:.1f}",
                most=LARGEST_UPLOAD // 1_000_000,
            )
        case NoCourseFile(name=name):
            said = _(
                "{name} is no course file. Send NAME.quiz.md, or a ZIP of it with its pictures and"
                " translations. Other formats become one with: tutorbot content import."
            ).format(name=_short(name))
        case Received(name=name, upload=upload):
            said = _("📄 {name} is here. I am checking it …").format(name=_short(name))
            return (Say(reply=Reply(prose=(plain(said),)), slot=_slot(upload)),)
    return (Say(reply=Reply(prose=(plain(said),))),)


def examination(
    words: NullTranslations, outcome: NotFetched | Unsound | Sound
) -> tuple[Change, ...]:
    """What is said once the file is checked."""
    match outcome:
        case NotFetched():
            reply = Reply(prose=(plain(_not_fetched(words, outcome)),))
        case Unsound():
            reply = Reply(prose=_unsound(words, outcome))
        case Sound():
            reply = Reply(prose=_sound(words, outcome), keyboard=_keyboard(words, outcome.upload))
    return (Change(slot=_slot(outcome.upload), reply=reply),)


def plan_as_text(words: NullTranslations, title: str, plan: Plan) -> str:
    """What publishing would do, as lines of text."""
    if plan.hindrances:
        blocks = _findings(words, plan.hindrances, "")
    else:
        quoted = words.gettext("“{title}”").format(title=title)
        blocks = (plain(quoted), *_plan(words, plan))
    return "\n".join(_lines(blocks))


def decision(
    words: NullTranslations,
    outcome: Decision,
) -> tuple[Utterance, ...]:
    """What is said to a button under the findings or the preview."""
    _ = words.gettext
    match outcome:
        case Previewed():
            return (Change(slot=_preview_slot(outcome.upload), reply=_preview(words, outcome)),)
        case Published(upload=upload, title=title, number=number, of=of):
            said = words.ngettext(
                "📢 “{title}” is published as version {number}, with {of} question.",
                "📢 “{title}” is published as version {number}, with {of} questions.",
                of,
            ).format(title=title, number=number, of=of)
            return (Say(reply=Reply(prose=(plain(said),))), *_buttons_gone(upload))
        case Overtaken(sound=sound):
            return (Say(reply=_overtaken(words, sound), slot=_slot(sound.upload)),)
        case Dropped(upload=upload, name=name):
            said = _("{name} is put aside. Nothing was published.").format(name=_short(name))
            return (Say(reply=Reply(prose=(plain(said),))), *_buttons_gone(upload))
        case Unsound(upload=upload):
            return (Say(reply=Reply(prose=_unsound(words, outcome))), *_buttons_gone(upload))
        case Settled():
            return (Toast(text=_("That was decided before.")),)
        case NotAnAuthor():
            return (Toast(text=_("Only authors can publish.")),)


def _not_fetched(words: NullTranslations, outcome: NotFetched) -> str:
    return words.gettext(
        "{name} could not be taken in. Please send it again; if that does not help, split it."
    ).format(name=_short(outcome.name))


def _unsound(words: NullTranslations, outcome: Unsound) -> Prose:
    hindering = sum(each.hinders for each in outcome.findings)
    title = words.ngettext(
        "✋ {name} cannot be published yet: {count} thing to mend",
        "✋ {name} cannot be published yet: {count} things to mend",
        hindering,
    ).format(name=_short(outcome.name), count=hindering)
    return (
        Heading((Text(title),)),
        *_findings(words, outcome.findings, outcome.name),
        plain(words.gettext("Mend the file and send it again; nothing has changed so far.")),
    )


def _sound(words: NullTranslations, outcome: Sound) -> Prose:
    _ = words.gettext
    count = len(outcome.course.questions)
    blocks: list[Block] = [
        Heading((Text(_("✅ {name} is sound").format(name=_short(outcome.name))),)),
        plain(
            words.ngettext(
                "“{title}”, {count} question.", "“{title}”, {count} questions.", count
            ).format(title=outcome.course.title, count=count)
        ),
    ]
    blocks += _plan(words, outcome.plan)
    if outcome.findings:
        blocks += [
            plain(_("Worth a look:"), Style.BOLD),
            *_findings(words, outcome.findings, outcome.name),
        ]
    return tuple(blocks)


def _overtaken(words: NullTranslations, sound: Sound) -> Reply:
    said = words.gettext(
        "Another file of “{title}” was published since you sent {name}. This is what publishing it"
        " would change now; tap Publish again if you want that."
    ).format(title=sound.course.title, name=_short(sound.name))
    prose = (plain(said), *_plan(words, sound.plan))
    return Reply(prose=prose, keyboard=_keyboard(words, sound.upload))


def _plan(words: NullTranslations, plan: Plan) -> Prose:
    _ = words.gettext
    blocks: list[Block] = []
    if plan.same:
        blocks.append(plain(_("It is what is published already.")))
    elif plan.number == 1:
        blocks.append(plain(_("It is new here.")))
    else:
        changes = _("From version {before} to version {now}:").format(
            before=plan.number - 1, now=plan.number
        )
        blocks += [plain(changes), *_differences(words, plan.differences)]
    if plan.under_way:
        blocks.append(
            plain(
                words.ngettext(
                    "{count} learner is in the middle of it and finishes the version begun.",
                    "{count} learners are in the middle of it and finish the version begun.",
                    plan.under_way,
                ).format(count=plan.under_way)
            )
        )
    return tuple(blocks)


def _differences(words: NullTranslations, differences: Sequence[Difference]) -> Prose:
    _ = words.gettext
    told = {"new": _("new"), "gone": _("gone"), "changed": _("changed")}
    if not differences:
        return (plain(_("Only words between the questions have changed.")),)
    items: list[Line] = []
    for each in differences[:_MOST_DIFFERENCES]:
        how = told[each.how]
        parts = f" ({', '.join(each.parts)})" if each.parts else ""
        title = each.title or _("the course")
        items.append((Text(title, Style.BOLD), Text(f": {how}{parts}")))
    left = len(differences) - _MOST_DIFFERENCES
    if left > 0:
        items.append((Text(words.ngettext("and {n} more", "and {n} more", left).format(n=left)),))
    return (Bullets(tuple(items)),)


def _findings(words: NullTranslations, findings: Sequence[Finding], sent: str) -> Prose:
    """Each with its place; its file is named where it is not the one that was ``sent``."""
    _ = words.gettext
    blocks: list[Block] = []
    for each in findings[:_MOST_FINDINGS]:
        said = Text(f"{each.what} {each.mend}".strip())
        if not each.line:
            blocks.append(Paragraph((said,)))
            continue
        place = _("line {line}, column {column}").format(line=each.line, column=each.column)
        head = place if each.file == sent else f"{each.file}, {place}"
        blocks.append(Paragraph((Text(f"{head}: ", Style.BOLD), said)))
        if each.source.strip():
            blocks.append(Verbatim(_pointed_at(each)))
    left = len(findings) - _MOST_FINDINGS
    if left > 0:
        blocks.append(
            plain(words.ngettext("… and {n} more.", "… and {n} more.", left).format(n=left))
        )
    return tuple(blocks)


def _pointed_at(finding: Finding) -> str:
    """The line with a caret under its column, cut to what a phone shows."""
    start = max(0, finding.column - 1 - _LONGEST_SOURCE // 2)
    line = finding.source.replace("\t", " ")
    shown = line[start : start + _LONGEST_SOURCE].rstrip()
    head = "…" if start else ""
    tail = "…" if len(line.rstrip()) > start + _LONGEST_SOURCE else ""
    caret = " " * (len(head) + finding.column - 1 - start) + "^"
    return f"{head}{shown}{tail}\n{caret}"


def _preview(words: NullTranslations, outcome: Previewed) -> Reply:
    _ = words.gettext
    row: list[Button] = []
    if outcome.number > 1:
        back = PreviewUpload(outcome.upload, outcome.number - 2)
        row.append(Button(label=_("◀ Back"), action=back))
    if outcome.number < outcome.of:
        row.append(Button(label=_("Next ▶"), action=PreviewUpload(outcome.upload, outcome.number)))
    prose = question_previewed(
        words, outcome.question, outcome.values, number=outcome.number, of=outcome.of
    )
    return Reply(prose=prose, keyboard=(tuple(row), *_decide(words, outcome.upload)))


def question_previewed(
    words: NullTranslations, question: Question, values: Values, *, number: int, of: int
) -> Prose:
    """A question as learners will see it, and all that it can say to them."""
    _ = words.gettext
    head = _("Preview {number} of {of}: {title}").format(number=number, of=of, title=question.title)
    blocks: list[Block] = [Heading((Text(head),)), *question.stem, *question.prose]
    if values:
        shown = ", ".join(f"{name} = {value}" for name, value in values)
        blocks.append(Quote(((Text(_("One variant of several: {values}").format(values=shown)),),)))
    blocks += _key(words, question)
    for rung, hint in enumerate(question.hints, 1):
        blocks += [plain(_("Hint {number}:").format(number=rung), Style.BOLD), *hint.prose]
    if question.worked:
        blocks += [plain(_("Worked example:"), Style.BOLD), *question.worked]
    if question.solution:
        blocks += [plain(_("Solution:"), Style.BOLD), *question.solution]
    return tuple(blocks)


def _key(words: NullTranslations, question: Question) -> Prose:
    _ = words.gettext
    match question.body:
        case Choice(options=options):
            letters = zip(LETTERS, options, strict=False)
            return (
                Choices(
                    tuple((f"{_MARKS[each.mark]} {letter}", each.prose) for letter, each in letters)
                ),
            )
        case Typed(accepted=accepted, mistaken=mistaken):
            lines: list[Line] = [(Text("✅ "), Text(line.text, Style.CODE)) for line in accepted]
            lines += [
                (Text("✖️ "), Text(line.text, Style.CODE), *_said(line.feedback))
                for line in mistaken
            ]
            return (plain(_("Typed answer:"), Style.BOLD), Bullets(tuple(lines)))


def _said(feedback: Prose) -> Line:
    first = feedback[0] if feedback else None
    return (Text("  "), *first.line) if isinstance(first, Paragraph) else ()


def _keyboard(words: NullTranslations, upload: UploadId) -> Keyboard:
    look = Button(label=words.gettext("👁 Preview"), action=PreviewUpload(upload, 0))
    return ((look,), *_decide(words, upload))


def _decide(words: NullTranslations, upload: UploadId) -> Keyboard:
    _ = words.gettext
    return (
        (
            Button(label=_("📢 Publish"), action=PublishUpload(upload)),
            Button(label=_("Put aside"), action=DropUpload(upload)),
        ),
    )


def _buttons_gone(upload: UploadId) -> tuple[Change, ...]:
    return tuple(
        Change(slot=slot, reply=Reply(prose=())) for slot in (_slot(upload), _preview_slot(upload))
    )


def _slot(upload: UploadId) -> str:
    return f"upload{upload}"


def _preview_slot(upload: UploadId) -> str:
    return f"preview{upload}"


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_LINE else name[: _LONGEST_LINE - 1] + "…"


def _lines(blocks: Prose) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph(line):
                yield _line(line)
            case Bullets(items):
                yield from (f"  - {_line(item)}" for item in items)
            case Verbatim(text):
                yield from (f"    {line}" for line in text.splitlines())
            case _:
                pass


def _line(line: Line) -> str:
    return "".join(part.text for part in line if isinstance(part, Text))
