"""How a learner stands, as a picture and in the same words; and the exam they learn for."""

from datetime import date
from gettext import NullTranslations

from tutorbot.core.actions import ListCourses, Review
from tutorbot.core.mastery import Skill, Standing
from tutorbot.core.progress import ExamSet, Progress
from tutorbot.core.prose import (
    Block,
    Bullets,
    Heading,
    Line,
    Paragraph,
    Style,
    Text,
    words as plain,
)
from tutorbot.views import local
from tutorbot.views.reply import Button, ProgressPicture, Reply, Say, SkillBar, Utterance
from tutorbot.views.review import skill_name, stuck_prose

_DRAWN = 10
"""Skills that a picture has room for; the words name them all."""


def show(words: NullTranslations, progress: Progress) -> tuple[Utterance, ...]:
    return (Say(reply=progress_reply(words, progress)),)


def progress_reply(words: NullTranslations, progress: Progress) -> Reply:
    _ = words.gettext
    if not progress.met:
        said = _("Nothing here yet: answer a few questions, and I draw how you come along.")
        papers = Button(label=_("Papers"), action=ListCourses())
        return Reply(prose=(plain(said),), keyboard=((papers,),))
    today = progress.coming[0][1]
    title = _title(words, progress)
    due = _due(words, today)
    prose: list[Block] = [Heading((Text(title),)), plain(due)]
    for standing in _ORDER:
        those = [each for each in progress.skills if each.standing is standing]
        if those:
            heading = Text(f"{_SIGNS[standing]} {standing_word(words, standing)}", Style.BOLD)
            prose.append(Paragraph((heading,)))
            prose.append(Bullets(tuple(_line(words, each) for each in those)))
    stuck = tuple(each.name for each in progress.skills if each.standing is Standing.STUCK)
    prose += stuck_prose(words, stuck)
    names = local.weekdays(words)
    ahead = ", ".join(f"{names[day.weekday()]} {count}" for day, count in progress.coming)
    prose.append(plain(_("Due on the days ahead: {days}.").format(days=ahead)))
    if progress.exam is not None:
        prose.append(plain(_exam_line(words, progress.exam, (progress.exam - progress.today).days)))
    label = _("▶ Review now") if today else _("Papers")
    button = Button(label=label, action=Review() if today else ListCourses())
    return Reply(
        prose=tuple(prose),
        keyboard=((button,),),
        picture=_picture(words, progress, title, due),
    )


def exam(words: NullTranslations, exam: ExamSet) -> tuple[Utterance, ...]:
    _ = words.gettext
    if exam.unread:
        said = _(
            "Send the day of your exam like this: /exam 2027-02-15. It has to be still to come;"
            " /exam off forgets it."
        )
    elif exam.day is None:
        said = _("Good: no exam in sight. Questions come back when they are due.")
    else:
        said = _exam_line(words, exam.day, exam.days)
    return (Say(reply=Reply(prose=(plain(said),))),)


def standing_word(words: NullTranslations, standing: Standing) -> str:
    _ = words.gettext
    match standing:
        case Standing.MASTERED:
            return _("mastered")
        case Standing.LEARNING:
            return _("coming along")
        case Standing.WEAK:
            return _("needs practice")
        case Standing.STUCK:
            return _("try another way")


_ORDER = (Standing.STUCK, Standing.WEAK, Standing.LEARNING, Standing.MASTERED)
_SIGNS = {
    Standing.STUCK: "🧗",
    Standing.WEAK: "🌱",
    Standing.LEARNING: "🌿",
    Standing.MASTERED: "🌳",
}


def _line(words: NullTranslations, skill: Skill) -> Line:
    said = words.ngettext(
        "{name}: {right} of the last {recent} right without help",
        "{name}: {right} of the last {recent} right without help",
        skill.recent,
    ).format(name=skill_name(skill.name), right=skill.right, recent=skill.recent)
    return (Text(said),)


def _title(words: NullTranslations, progress: Progress) -> str:
    of = len(progress.skills)
    done = sum(each.standing is Standing.MASTERED for each in progress.skills)
    return words.ngettext(
        "{done} of {of} skill mastered", "{done} of {of} skills mastered", of
    ).format(done=done, of=of)


def _due(words: NullTranslations, count: int) -> str:
    if not count:
        return words.gettext("Nothing to review today.")
    return words.ngettext(
        "{count} question to review today.", "{count} questions to review today.", count
    ).format(count=count)


def _exam_line(words: NullTranslations, day: date, days: int) -> str:
    return words.ngettext(
        "Your exam is in {days} day, on {date}. Everything comes once more in the week before.",
        "Your exam is in {days} days, on {date}. Everything comes once more in the week before.",
        days,
    ).format(days=days, date=local.day_and_whole_month(words, day))


def _picture(
    words: NullTranslations, progress: Progress, title: str, subtitle: str
) -> ProgressPicture:
    names = local.weekdays(words)
    order = {standing: place for place, standing in enumerate(_ORDER)}
    skills = sorted(progress.skills, key=lambda each: (order[each.standing], each.name))
    left = len(skills) - _DRAWN
    return ProgressPicture(
        title=title,
        subtitle=subtitle,
        skills=tuple(
            SkillBar(
                name=skill_name(each.name),
                right=each.right,
                level=order[each.standing],
                word=standing_word(words, each.standing),
                recent=each.recent,
            )
            for each in skills[:_DRAWN]
        ),
        more=words.ngettext("and {count} more", "and {count} more", left).format(count=left)
        if left > 0
        else "",
        ahead=words.gettext("Due on the days ahead"),
        days=tuple((names[day.weekday()], count) for day, count in progress.coming),
    )
