"""A question played through in another language than English, in one of them from right to left."""

import json

import pytest

from tests.chat.school import School, Sitter
from tutorbot.languages import END, FIRST_STRONG, SPOKEN, languages

pytestmark = [pytest.mark.postgres]

GRU = "gru-count-typed"


async def goes_to(sitter: Sitter, language: str, question_id: str) -> None:
    """Open the first paper and skip on to one of its questions."""
    words = languages(language)
    paper = sitter.school.paper(1)
    of = len(paper.questions)
    await sitter.actor.says("/start")
    await sitter.sees(words.gettext("Pick a paper:"))
    label = paper.title[:20]
    for number, question in enumerate(paper.questions, start=1):
        title = words.gettext("Question {number} of {of}").format(number=number, of=of)
        await sitter.presses_and_sees(label, title)
        if question.id == question_id:
            return
        label = words.gettext("Skip ▸")


async def test_a_german_learner_plays_a_question_through(school: School):
    anna = Sitter(school, school.person("Anna", "de-AT"))
    await goes_to(anna, "de", GRU)
    asked = anna.actor.last()
    assert "Tippe eine Formel in n, m, etwa" in asked.text
    assert asked.enabled == ("💡 Tipp", "Überspringen ▸")
    await anna.writes_and_sees("3(n2+nm+n)", "Meinst du n² oder 2·n?")
    wrong = await anna.presses_and_sees("2·n", "❌ Noch nicht ganz.")
    assert "Ich lese 3·(2·n + n·m + n)." in wrong.text
    assert "↩ Noch einmal" in wrong.enabled
    named = await anna.writes_and_sees("3(n²+nm)+5n", "❌ Noch nicht ganz.")
    assert "Ich lese" in named.text
    hint = await anna.presses_and_sees("💡 Tipp", "💡 Tipp 1 von")
    assert "📖 Lösung" in hint.enabled
    await anna.writes_and_sees("3(n²+nm+n)", "✅ Richtig.")
    await anna.presses_and_sees("📖 Lösung", "📖 Lösung")


async def test_a_slip_is_named_in_german_in_stages(school: School):
    anna = Sitter(school, school.person("Anna", "de"))
    await goes_to(anna, "de", GRU)
    await anna.writes_and_sees("3(n²+nm-n)", "Noch nicht ganz")
    kind = await anna.writes_and_sees("3(n²+nm-n)", "Ein Vorzeichen ist falsch.")
    assert "Schau auf das Vorzeichen von" not in kind.text
    await anna.writes_and_sees("3(n²+nm-n)", "Schau auf das Vorzeichen von")


async def test_an_arabic_learner_plays_a_question_through(school: School):
    amal = Sitter(school, school.person("أمل", "ar"))
    await goes_to(amal, "ar", GRU)
    asked = amal.actor.last()
    assert f"اكتب صيغة بدلالة {alone('n, m')}" in asked.text
    assert asked.enabled == ("💡 تلميح", "تخطَّ ◂")
    await amal.writes_and_sees("3(n²+nm-n)", "❌ ليس تمامًا.")
    wrong = await amal.writes_and_sees("3(n²+nm-n)", "إحدى الإشارات خاطئة.")
    assert f"أقرأ: {alone('3·(n² + n·m − n)')}." in wrong.text
    await amal.writes_and_sees("3(n²+nm-n)", "انظر إلى إشارة")
    await amal.presses_and_sees("💡 تلميح", "💡 التلميح")
    await amal.writes_and_sees(f"\u200f{alone('3(n²+nm+n)')}", "✅ صحيح.")  # as it is copied
    await amal.presses_and_sees("📖 الحل", "📖 الحل")


async def test_toasts_and_the_end_of_a_day_are_said_in_the_language(school: School):
    ivan = Sitter(school, school.person("Иван", "ru"))
    await goes_to(ivan, "ru", GRU)
    for _ in range(2):
        school.clock.passes(seconds=20)
        await ivan.writes_and_sees("3(n²+nm-n)", "❌ Пока не то.")
    school.clock.passes(seconds=20)
    right = await ivan.writes_and_sees("3(n²+nm+n)", "✅ Верно.")
    first_day = languages("ru").gettext("Your first study day. A good start.")
    assert first_day in right.text
    await ivan.actor.says("/streak")
    told = await ivan.sees("1 день подряд")
    assert "вс 3" in told.text


async def test_the_menu_of_commands_speaks_each_language(school: School):
    ada = Sitter(school, school.person())
    await ada.actor.says("/start")
    await ada.sees("Hello")
    menus = school.playground.world.commands
    spoken = {json.loads(key)[1] for key in menus}
    assert spoken == {"", *SPOKEN}


def alone(text: str) -> str:
    return f"{FIRST_STRONG}{text}{END}"
