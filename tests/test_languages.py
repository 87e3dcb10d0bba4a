"""Every catalogue says everything, rightly formed, in words that fit where they are shown."""

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir

from tutorbot.languages import END, FIRST_STRONG, SPOKEN, catalogue, isolated, languages
from tutorbot.telegram.app import usual_commands
from tutorbot.views import local

PACKAGE = Path(__file__).parent.parent / "tutorbot"

LONGEST_TOAST = 200  # UTF-16 units, set by Telegram
LONGEST_COMMAND = 256
ROOM = {1: 40, 2: 20}  # characters that a button shows on a phone, by the buttons in its row

TOASTS = (
    "Go on: just type your next answer.",
    "Tick at least one option first.",
    "This one has its answer. Use the buttons under it to go on.",
    "You have gone on from that answer. Just type the next one.",
    "That was the last hint.",
    "The solution comes at the end of this part: it would tell too much now.",
    "That question is behind you. /start takes you on.",
    "Good: from now on formulas come as part of the message.",
    "Good: from now on formulas come as dark pictures.",
    "Good: from now on formulas come as pictures.",
    "Good: from now on formulas come as plain text.",
    "That was decided before.",
    "Only authors can publish.",
    "Good: once more at {time}.",
    "All right, no more today.",
    "It gets late for that: no more today.",
    "I remind you no more. /settings brings reminders back.",
)
BUTTONS = {
    "Papers": 1,
    "Go on where I am": 1,
    "Start over": 1,
    "↺ Once more": 1,
    "Done": 1,
    "👁 Preview": 1,
    "Yes, I see it": 2,
    "No, or odd signs": 2,
    "Dark pictures": 2,
    "Only text": 2,
    "Skip ▸": 2,
    "↩ Try again": 2,
    "💡 Hint": 2,
    "🧭 Worked example": 1,
    "📖 Solution": 2,
    "Next ▸": 2,
    "Finish 🏁": 2,
    "◀ Back": 2,
    "Next ▶": 2,
    "📢 Publish": 2,
    "Put aside": 2,
    "▶ Review now": 1,
    "▶ Go on": 1,
    "⏰ In an hour": 2,
    "Not today": 2,
    "No more reminders": 1,
    "My usual hour": 2,
    "No reminder": 2,
}
COUNTS = (*range(130), 200, 201, 202, 1000, 1001)


def source() -> set[str | tuple[str, ...]]:
    """What the code says, plural forms together."""
    found = extract_from_dir(PACKAGE, method_map=[("**.py", "python")])
    return {message for _file, _line, message, _comments, _context in found}


def written(name: str) -> list[Message]:
    return [message for message in catalogue(name) if message.id]


def _key(message: Message) -> str | tuple[str, ...]:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def forms(message: Message) -> tuple[str, ...]:
    said = message.string
    return (said,) if isinstance(said, str) else tuple(said or ())


def holes(sentence: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("name", SPOKEN)
def test_a_catalogue_says_what_the_code_says_and_nothing_else(name: str):
    """`make words` brings it up to date."""
    assert {_key(message) for message in written(name)} == source()


def test_every_folder_of_words_is_spoken():
    assert {path.name for path in (PACKAGE / "locales").iterdir()} == set(SPOKEN)


@pytest.mark.parametrize("name", SPOKEN)
def test_nothing_is_left_untranslated_or_in_doubt(name: str):
    for message in written(name):
        assert all(each.strip() for each in forms(message)), message.id
        assert not message.fuzzy, message.id


@pytest.mark.parametrize("name", SPOKEN)
def test_no_sentence_is_left_in_english(name: str):
    marks = re.compile(r"\{\w+\}|/\w+|NAME\.quiz\.md|ZIP|tutorbot content import|\bMB\b")
    for message in written(name):
        for said in forms(message):
            if " " in marks.sub("", ids(message)[0]).strip():
                assert said not in ids(message), said


@pytest.mark.parametrize("name", SPOKEN)
def test_a_translation_has_the_names_of_its_source(name: str):
    for message in written(name):
        for said in forms(message):
            assert holes(said) == holes(ids(message)[-1]), said


@pytest.mark.parametrize("name", SPOKEN)
def test_a_translation_begins_ends_and_breaks_like_its_source(name: str):
    for message in written(name):
        for said in forms(message):
            assert said == said.strip(), said
            assert said.count("\n") == ids(message)[0].count("\n"), said
            assert said.count(FIRST_STRONG) == said.count(END), said


@pytest.mark.parametrize("name", SPOKEN)
def test_a_catalogue_has_as_many_plural_forms_as_its_language(name: str):
    book = catalogue(name)
    for message in book:
        if not isinstance(message.id, str):
            assert len(forms(message)) == book.num_plurals, message.id


@pytest.mark.parametrize(
    ("name", "n", "said"),
    [
        ("de", 0, "0 Tage in Folge"),
        ("de", 1, "1 Tag in Folge"),
        ("es", 2, "2 días seguidos"),
        ("hi", 1, "लगातार 1 दिन"),
        ("ru", 1, "1 день подряд"),
        ("ru", 3, "3 дня подряд"),
        ("ru", 11, "11 дней подряд"),
        ("ru", 21, "21 день подряд"),
        ("ru", 112, "112 дней подряд"),
        ("ar", 2, "يومان متتاليان (2)"),
        ("ar", 3, "3 أيام متتالية"),
        ("ar", 11, "11 يومًا متتاليًا"),
        ("ar", 100, "100 يوم متتالٍ"),
        ("ar", 103, "103 أيام متتالية"),
    ],
)
def test_days_are_counted_as_the_language_counts(name: str, n: int, said: str):
    words = languages(name)
    told = words.ngettext("{days} day in a row", "{days} days in a row", n).format(days=n)
    assert told.replace(FIRST_STRONG, "").replace(END, "") == said


@pytest.mark.parametrize("name", SPOKEN)
def test_every_number_has_a_form_that_names_it(name: str):
    words = languages(name)
    for n in COUNTS:
        told = words.ngettext("{days} day in a row", "{days} days in a row", n).format(days=n)
        assert str(n) in told


@pytest.mark.parametrize("name", ["", *SPOKEN])
def test_what_passes_by_fits_into_a_callback_answer(name: str):
    for toast in TOASTS:
        said = languages(name).gettext(toast)
        assert len(said.encode("utf-16-le")) // 2 <= LONGEST_TOAST, said


@pytest.mark.parametrize("name", ["", *SPOKEN])
def test_a_label_fits_on_its_button(name: str):
    for label, beside in BUTTONS.items():
        said = languages(name).gettext(label)
        assert len(said) <= ROOM[beside], said


@pytest.mark.parametrize("name", ["", *SPOKEN])
def test_the_menu_of_commands_is_taken(name: str):
    for command, said in usual_commands(languages(name)):
        assert re.fullmatch(r"[a-z0-9_]{1,32}", command)
        assert 1 <= len(said) <= LONGEST_COMMAND


def test_every_toast_and_label_of_the_code_is_measured():
    said = {
        each
        for message in source()
        for each in ([message] if isinstance(message, str) else message)
    }
    assert said.issuperset(TOASTS)
    assert said.issuperset(BUTTONS)
    assert set(labelled("Toast", "text")) <= set(TOASTS)
    composed = {"↺ Start over: {title}"}  # of a title that is cut to what is left
    assert set(labelled("Button", "label")) - composed <= set(BUTTONS)


def labelled(kind: str, argument: str) -> Iterator[str]:
    """The messages that stand right in a call."""
    for path in (PACKAGE / "views").glob("*.py"):
        for found in re.finditer(
            rf'{kind}\(\s*{argument}=(?:words\.gettext|_)\(\s*"([^"]*)"', path.read_text("utf-8")
        ):
            yield found[1]


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("de", "Fertig"),
        ("de-AT", "Fertig"),
        ("DE_ch", "Fertig"),
        ("es-419", "Listo"),
        ("ru-RU", "Готово"),
        ("hi", "हो गया"),
        ("ar-EG", "تم"),
        ("en-GB", "Done"),
        ("pt-BR", "Done"),
        ("", "Done"),
        ("deu", "Done"),
        ("-", "Done"),
    ],
)
def test_a_learner_hears_the_nearest_language_that_is_spoken(tag: str, said: str):
    assert languages(tag).gettext("Done") == said


def test_a_language_is_read_once():
    assert languages("de-AT") is languages("de")


ARABIC = re.compile(r"[\u0600-\u06ff]")
TORN = re.compile(r"[0-9=<>×·+^\[\]{}()²]")


def test_what_runs_the_other_way_is_isolated_in_arabic():
    """Digits, signs and brackets of a formula never touch the words around it."""
    inside = re.compile(rf"\(?{FIRST_STRONG}[^{END}]*{END}\)?")
    for message in written("ar"):
        for said in map(isolated, forms(message)):
            assert ARABIC.search(said) or not re.search(r"\w", inside.sub("", said)), said
            left = inside.sub("", said).replace(" · ", "").replace("صفوف × أعمدة", "")
            assert not TORN.search(left), said
            assert "{" not in left, said


def test_arrows_point_onwards_in_arabic():
    turned = str.maketrans("▸◂▶◀↩↪↺↻", "◂▸◀▶↪↩↻↺")
    for message in written("ar"):
        arrows = re.findall("[▸◂▶◀↩↪↺↻]", ids(message)[0])
        for said in forms(message):
            assert re.findall("[▸◂▶◀↩↪↺↻]", said) == [each.translate(turned) for each in arrows]


def test_lists_numbers_and_days_are_written_as_the_language_does():
    german, russian = languages("de"), languages("ru")
    assert local.listed(german, ("A", "B", "C")) == "A, B und C"
    assert local.listed(languages("es"), ("A", "B")) == "A y B"
    assert local.number(german, 1.5) == "1,5"
    assert local.number(languages("ar"), 12.5) == "12.5"  # in the digits that are typed
    assert local.weekdays(russian)[0] == "пн"
    assert local.months(german)[2] == "Mär"
