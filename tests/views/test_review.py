"""What a learner reads about reviews and progress: plain, and the same in picture and words."""

from datetime import UTC, date, datetime, timedelta
from gettext import NullTranslations

import pytest

from tutorbot.core.mastery import Skill, Standing
from tutorbot.core.practice import NothingDue
from tutorbot.core.progress import ExamSet, Progress
from tutorbot.core.prose import Bullets, Heading, Paragraph, Text
from tutorbot.core.review import Coming
from tutorbot.views import progress as progress_view, review
from tutorbot.views.reply import Reply, Say, Utterance

WORDS = NullTranslations()
SUNDAY = date(2026, 11, 22)


def text_of(said: tuple[Utterance, ...]) -> str:
    (only,) = said
    assert isinstance(only, Say)
    return text(only.reply)


def text(reply: Reply) -> str:
    lines = [
        line
        for block in reply.prose
        for line in (
            block.items
            if isinstance(block, Bullets)
            else (block.line,)
            if isinstance(block, Heading | Paragraph)
            else ()
        )
    ]
    return "\n".join("".join(p.text for p in line if isinstance(p, Text)) for line in lines)


@pytest.mark.parametrize(
    ("days", "count", "said"),
    [
        (1, 1, "Next: 1 question tomorrow."),
        (1, 5, "Next: 5 questions tomorrow."),
        (9, 1, "Next: 1 question in 9 days."),
        (2, 3, "Next: 3 questions in 2 days."),
    ],
)
def test_when_the_next_are_due_is_told_in_days(days: int, count: int, said: str):
    coming = Coming(day=SUNDAY + timedelta(days=days), days=days, count=count)
    assert review.coming_line(WORDS, coming) == said
    assert said in text_of(review.nothing_due(WORDS, NothingDue(coming=coming)))


def test_new_questions_are_offered_only_where_there_are_some():
    coming = Coming(day=SUNDAY, days=1, count=1)
    with_some = review.nothing_due(WORDS, NothingDue(coming=coming, new=3))[0]
    without = review.nothing_due(WORDS, NothingDue(coming=coming))[0]
    assert isinstance(with_some, Say)
    assert isinstance(without, Say)
    assert "3 new questions" in with_some.reply.keyboard[0][0].label
    assert len(without.reply.keyboard) == 1


def skill(name: str, standing: Standing, right: int) -> Skill:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    return Skill(name=name, standing=standing, answers=12, right=right, recent=4, last=at)


PROGRESS = Progress(
    today=SUNDAY,
    skills=(
        skill("rnn.hidden-size", Standing.MASTERED, 4),
        skill("rnn.gates", Standing.STUCK, 1),
        skill("rnn.loss", Standing.WEAK, 0),
    ),
    met=9,
    coming=tuple((SUNDAY + timedelta(days=n), n) for n in range(7)),
    exam=SUNDAY + timedelta(days=10),
)


def test_picture_and_words_of_progress_say_the_same():
    reply = progress_view.progress_reply(WORDS, PROGRESS)
    said, picture = text(reply), reply.picture
    assert picture is not None
    assert picture.title in said
    assert picture.subtitle in said
    assert "rnn · hidden size: 4 of the last 4 right without help" in said
    for bar in getattr(picture, "skills", ()):
        assert bar.name in said
        assert bar.word in said
    assert "Sun 0, Mon 1, Tue 2" in said
    assert "Your exam is in 10 days, on 2 December." in said


def test_who_is_stuck_is_shown_another_way_and_not_told_to_try_harder():
    said = text(progress_view.progress_reply(WORDS, PROGRESS))
    assert "rnn · gates is a tough one" in said
    assert "a hint before you answer" in said
    assert "a solved one" in said


def test_many_skills_are_all_in_words_and_the_picture_says_how_many_it_left_out():
    skills = tuple(skill(f"s{n:02}", Standing.LEARNING, 2) for n in range(14))
    reply = progress_view.progress_reply(
        WORDS, Progress(today=SUNDAY, skills=skills, met=14, coming=PROGRESS.coming)
    )
    assert getattr(reply.picture, "more", "") == "and 4 more"
    assert all(each.name in text(reply) for each in skills)


@pytest.mark.parametrize(
    ("exam", "said"),
    [
        (ExamSet(), "no exam in sight"),
        (ExamSet(unread=True), "/exam 2027-02-15"),
        (ExamSet(day=SUNDAY, days=1), "in 1 day, on 22 November"),
    ],
)
def test_an_exam_is_noted_or_asked_for_again(exam: ExamSet, said: str):
    assert said in text_of(progress_view.exam(WORDS, exam))
