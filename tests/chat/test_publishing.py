"""An author sends a course in the chat: told what is wrong, shown it, asked, and published."""

import io
import re
import zipfile

import pytest

from tests.chat.school import School, Sitter
from tutorbot.core.ids import CourseId
from tutorbot.drawing import canvas
from tutorbot.playground.people import Actor, Bubble
from tutorbot.store import courses

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

CHECKING = 60.0
"""In seconds: how long a test waits for a process that is started to check a file."""

COURSE = """\
---
id: short-sums
title: Short sums
---

## Two and two {#two-two}

What is $2 + 2$?

- ( ) Three {#three}
- (x) Four {#four}
  > Right.

## Six and one {#six-one}

How much is six and one?

- answer: `7`
- hint: Count on from six.
"""


@pytest.fixture
def author(school: School) -> Actor:
    person = school.person("Emmy")
    school.authors.add(person.id)
    return person


async def _send(author: Actor, source: str, name: str = "short-sums.quiz.md") -> str:
    """Send a file; what is said about it in the end."""
    sent = await author.sends_document(source.encode(), name=name)

    def told(bubble: Bubble) -> bool:
        said = "is sound" in bubble.text or "to mend" in bubble.text
        return said and bubble.id > sent.id

    return next(filter(told, await author.hears(told, timeout=CHECKING))).text


async def _published(school: School) -> int:
    async with school.store.unit() as unit:
        newest = await courses.newest_of(unit, CourseId("short-sums"))
    return newest.number if newest else 0


async def test_a_sound_course_is_shown_and_published_only_when_its_author_says_so(
    school: School, author: Actor
) -> None:
    said = await _send(author, COURSE)
    assert "“Short sums”, 2 questions" in said
    assert "It is new here" in said
    assert await _published(school) == 0
    await author.presses("Preview")
    await author.hears(lambda bubble: "Preview 1 of 2" in bubble.text and "✅ B" in bubble.text)
    await author.presses("Next")
    await author.hears(lambda bubble: "Preview 2 of 2" in bubble.text and "7" in bubble.text)
    await author.presses("Publish")
    await author.hears(lambda bubble: "published as version 1" in bubble.text)
    assert await _published(school) == 1
    learner = school.person("Ada")
    await learner.says("/start")
    await learner.hears(lambda bubble: any("Short sums" in label for label in bubble.buttons))


async def test_what_is_wrong_is_told_with_its_line_and_nothing_is_published(
    school: School, author: Actor
) -> None:
    said = await _send(author, COURSE.replace("- (x) Four", "- ( ) Four"))
    assert "1 thing to mend" in said
    assert re.search(r"line 6, column \d+: No option of this question is right", said)
    assert await _published(school) == 0


async def test_who_is_in_the_middle_finishes_the_version_begun(
    school: School, author: Actor
) -> None:
    await _send(author, COURSE)
    await author.presses("Publish")
    await author.hears(lambda bubble: "version 1" in bubble.text)
    ada = Sitter(school, school.person("Ada"))
    await ada.actor.says("/start")
    await ada.sees("Pick a paper")
    await ada.actor.presses("Short sums")
    first = await ada.sees("Question 1 of 2")

    longer = COURSE + "\n## One more {#one-more}\n\nHow much is one and one?\n\n- answer: `2`\n"
    said = await _send(author, longer.replace("six and one?", "six plus one?"))
    assert "From version 1 to version 2" in said
    assert "One more: new" in said
    assert "Six and one: changed (question)" in said
    assert "1 learner is in the middle of it" in said
    await author.presses("Publish")
    await author.hears(lambda bubble: "version 2" in bubble.text)

    await ada.actor.says("A" if "A  Four" in first.text else "B")
    await ada.sees("Right")
    await ada.actor.presses("Next")
    bubble = await ada.sees("Question 2 of 2")
    assert "six and one?" in bubble.text


async def test_an_option_cannot_say_something_else_under_the_id_that_answers_hang_on(
    school: School, author: Actor
) -> None:
    await _send(author, COURSE)
    await author.presses("Publish")
    await author.hears(lambda bubble: "version 1" in bubble.text)
    said = await _send(author, COURSE.replace("Three {#three}", "Five {#three}"))
    assert "something else" in said
    assert await _published(school) == 1


async def test_a_button_pressed_twice_publishes_once(school: School, author: Actor) -> None:
    await _send(author, COURSE)
    await author.presses("Publish")
    await author.hears(lambda bubble: "version 1" in bubble.text)
    found = next(
        each
        for each in author.messages()
        if "Publish" in " ".join(each.buttons) or "sound" in each.text
    )
    await author.presses_on(found, "Publish")
    assert "decided before" in (await author.sees_toast()).text
    assert await _published(school) == 1


async def test_an_old_button_does_not_undo_what_was_published_since(
    school: School, author: Actor
) -> None:
    await _send(author, COURSE)
    old = next(each for each in reversed(author.messages()) if "is sound" in each.text)
    school.clock.passes(minutes=5)
    await _send(author, COURSE.replace("six and one?", "six plus one?"))
    await author.presses("Publish")
    await author.hears(lambda bubble: "version 1" in bubble.text)
    await author.presses_on(old, "Publish")
    await author.hears(lambda bubble: "Another file" in bubble.text and "changed" in bubble.text)
    assert await _published(school) == 1
    await author.presses("Publish")
    await author.hears(lambda bubble: "version 2" in bubble.text)


async def test_what_is_wrong_in_a_translation_is_told_with_its_file(author: Actor) -> None:
    packed = _zipped(
        short_sums__quiz__md=COURSE.encode(),
        short_sums__de__quiz__md=GERMAN.replace("{#two-two}", "{#two}").encode(),
    )
    await author.sends_document(packed, name="sums.zip", mime="application/zip")
    said = await author.hears(lambda bubble: "to mend" in bubble.text, timeout=CHECKING)
    assert re.search(r"short_sums\.de\.quiz\.md, line \d+, column \d+", said[-1].text)


async def test_what_cannot_be_opened_has_no_line(author: Actor) -> None:
    await author.sends_document(_zipped(readme__txt=b"-"), name="a.zip", mime="application/zip")
    said = await author.hears(lambda bubble: "holds no courses" in bubble.text, timeout=CHECKING)
    assert "line 1" not in said[-1].text


async def test_a_file_put_aside_is_not_published(school: School, author: Actor) -> None:
    await _send(author, COURSE)
    await author.presses("Put aside")
    await author.hears(lambda bubble: "Nothing was published" in bubble.text)
    assert await _published(school) == 0


async def test_a_learner_cannot_publish(school: School) -> None:
    ada = school.person("Ada")
    await ada.sends_document(COURSE.encode(), name="short-sums.quiz.md")
    await ada.hears(lambda bubble: "I can only read text" in bubble.text)
    assert await _published(school) == 0


async def test_who_is_no_author_any_more_cannot_press_the_button_either(
    school: School, author: Actor
) -> None:
    await _send(author, COURSE)
    school.authors.clear()
    await author.presses("Publish")
    assert "Only authors" in (await author.sees_toast()).text
    assert await _published(school) == 0


async def test_a_file_sent_while_the_bot_rests_is_checked_when_it_wakes(
    closed_school: School,
) -> None:
    school = closed_school
    author = school.person("Emmy")
    school.authors.add(author.id)
    await author.sends_document(COURSE.encode(), name="short-sums.quiz.md")
    async with school.bot():
        await author.hears(lambda bubble: "is sound" in bubble.text, timeout=CHECKING)


async def test_what_is_no_course_is_said_at_once(author: Actor) -> None:
    await author.sends_document(b"\xff\xd8", name="holiday.jpg")
    await author.hears(lambda bubble: "is no course file" in bubble.text)


async def test_a_file_that_is_no_text_is_told_so(author: Actor) -> None:
    await author.sends_document(b"\xff\xfe\x00", name="a.quiz.md")
    await author.hears(lambda bubble: "not UTF-8" in bubble.text, timeout=CHECKING)


GERMAN = """\
---
id: short-sums
title: Kleine Summen
lang: de
---

## Zwei und zwei {#two-two}

Wie viel ist $2 + 2$?

![Zwei Punkte neben zwei Punkten](dots.png)

- ( ) Drei {#three}
- (x) Vier {#four}
  > Richtig.

## Sechs und eins {#six-one}

Wie viel ist sechs und eins?

- hint: Zähle von sechs aus weiter.
"""
WITH_PICTURE = COURSE.replace(
    "What is $2 + 2$?\n", "What is $2 + 2$?\n\n![Two dots beside two dots](dots.png)\n"
)


def _zipped(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"sums/{name.replace('__', '.')}", content)
    return packed.getvalue()


async def test_an_archive_brings_pictures_and_translations_along(
    school: School, author: Actor
) -> None:
    dots = canvas.png('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"/>')
    packed = _zipped(
        short_sums__quiz__md=WITH_PICTURE.encode(),
        short_sums__de__quiz__md=GERMAN.encode(),
        dots__png=dots,
    )
    await author.sends_document(packed, name="sums.zip", mime="application/zip")
    await author.hears(lambda bubble: "is sound" in bubble.text, timeout=CHECKING)
    await author.presses("Preview")
    await author.hears(lambda bubble: "Preview 1 of 2" in bubble.text)
    await author.presses("Publish")
    await author.hears(lambda bubble: "version 1" in bubble.text)

    ada = school.person("Ada")
    await ada.says("/start")
    await ada.hears(lambda bubble: "Pick a paper" in bubble.text)
    await ada.presses("Short sums")
    await ada.hears(lambda bubble: "Two dots beside two dots" in bubble.text)
    assert any("photo" in bubble.wire for bubble in ada.messages())

    emil = school.playground.person(name="Emil", language="de")
    await emil.says("/start")
    await emil.hears(lambda bubble: "Such dir ein Blatt aus" in bubble.text)
    await emil.presses("Summen")
    await emil.hears(lambda bubble: "Zwei Punkte neben zwei Punkten" in bubble.text)


async def test_an_archive_with_two_courses_is_told_what_to_send(author: Actor) -> None:
    packed = _zipped(a__quiz__md=COURSE.encode(), b__quiz__md=COURSE.encode())
    await author.sends_document(packed, name="two.zip", mime="application/zip")
    await author.hears(lambda bubble: "holds 2 courses" in bubble.text, timeout=CHECKING)
