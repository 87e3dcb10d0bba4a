"""Every catalogue says everything, rightly formed, in words that fit where they are shown."""

import ast
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir

from tests.labels import BUTTONS, COUNTED, OF_A_TITLE, TICKED, TOASTS
from tutorbot.languages import END, FIRST_STRONG, SPOKEN, catalogue, isolated, languages
from tutorbot.telegram.app import commands_in_groups, usual_commands
from tutorbot.views import local

PACKAGE = Path(__file__).parent.parent / "tutorbot"

LONGEST_TOAST = 200  # UTF-16 units, set by Telegram
LONGEST_COMMAND = 256
ROOM = {
    1: 40,
    2: 20,
    3: 12,
    4: 10,
}  # characters that a button shows on a phone, by those in its row
TICK = "✓ "  # before what is chosen

COUNTS = (*range(130), 200, 201, 202, 1000, 1001)


@cache
def source() -> frozenset[str | tuple[str, ...]]:
    """What the code says, plural forms together."""
    found = extract_from_dir(PACKAGE, method_map=[("**.py", "python")])
    return frozenset(message for _file, _line, message, _comments, _context in found)


@cache
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
    words = languages(name)
    for label, beside in BUTTONS.items():
        said = words.gettext(label)
        assert len(said) <= ROOM[beside], said
        if label in TICKED:
            assert wide(TICK + said) <= ROOM[beside], said


@pytest.mark.parametrize("name", ["", *SPOKEN])
def test_a_label_made_of_parts_fits_on_its_button(name: str):
    words = languages(name)
    for (one, many), beside in COUNTED.items():
        hole = holes(many).pop()
        for n in (3, 7, 14, 30, 99, 100):
            said = words.ngettext(one, many, n).format(**{hole: n})
            assert wide(said) <= ROOM[beside], said
    for day in local.weekdays(words):
        assert wide(TICK + day) <= ROOM[4], day
    for title in OF_A_TITLE:
        said = words.gettext(title).format(title="Networks", reached=12, of=34)
        assert wide(said) <= ROOM[1], said


def wide(said: str) -> int:
    """The characters that take up room: no marks upon others, and no sign of direction."""
    return sum(unicodedata.category(each) not in {"Mn", "Cf"} for each in said)


@pytest.mark.parametrize("name", ["", *SPOKEN])
def test_the_menu_of_commands_is_taken(name: str):
    words = languages(name)
    for command, said in (*usual_commands(words), *commands_in_groups(words)):
        assert re.fullmatch(r"[a-z0-9_]{1,32}", command)
        assert 1 <= len(said) <= LONGEST_COMMAND


def test_every_toast_and_label_of_the_code_is_measured():
    counted = {each for both in COUNTED for each in both}
    assert set(said_in("Toast", "text")) == set(TOASTS)
    assert set(said_in("Button", "label")) == set(BUTTONS) | OF_A_TITLE | counted


def said_in(kind: str, argument: str) -> Iterator[str]:
    """The messages from which the views make this argument, in the call or on the way to it."""
    trees = views()
    everywhere = {each.name: each for tree in trees for each in functions(tree)}
    for tree in trees:
        helpers = everywhere | {each.name: each for each in functions(tree)}
        for function in functions(tree):
            for call in calls(function, kind):
                value = next(each.value for each in call.keywords if each.arg == argument)
                for part in on_the_way(value, function, helpers):
                    yield from messages(part)
                for given, giver in handed_in(value, function, tree):
                    for part in on_the_way(given, giver, helpers):
                        yield from messages(part)


@cache
def views() -> list[ast.Module]:
    return [ast.parse(path.read_text("utf-8")) for path in (PACKAGE / "views").glob("*.py")]


def on_the_way(
    value: ast.expr, function: ast.FunctionDef, helpers: dict[str, ast.FunctionDef]
) -> Iterator[ast.AST]:
    """The value, what its names were set to, and what makes it where it is called for."""
    yield value
    yield from made_by(value, helpers)
    names = names_in(value)
    inner = {each.name for each in functions(function)}
    for each in ast.walk(function):
        match each:
            case ast.Assign(targets=[ast.Name(id=name)]) if name in names - {"_"}:
                yield each.value
            case ast.Assign(targets=[ast.Tuple(elts=several)], value=ast.Tuple(elts=values)):
                for target, part in zip(several, values, strict=True):
                    if isinstance(target, ast.Name) and target.id in names:
                        yield part
                        yield from made_by(part, helpers)
            case ast.Call(func=ast.Name(id="choice"), args=[label, *_]) if "choice" in inner:
                yield label
            case _:
                pass


def made_by(value: ast.expr, helpers: dict[str, ast.FunctionDef]) -> Iterator[ast.FunctionDef]:
    yield from (helpers[name] for name in names_in(value) & helpers.keys())


def names_in(value: ast.expr) -> set[str]:
    return {each.id for each in ast.walk(value) if isinstance(each, ast.Name)}


def handed_in(
    value: ast.expr, function: ast.FunctionDef, tree: ast.AST
) -> Iterator[tuple[ast.expr, ast.FunctionDef]]:
    """What the callers of the function, in its own module, give for a value that it is handed."""
    names = [each.arg for each in function.args.args]
    if isinstance(value, ast.Name) and value.id in names:
        place = names.index(value.id)
        for giver in functions(tree):
            for call in calls(giver, function.name):
                yield call.args[place], giver


def functions(tree: ast.AST) -> list[ast.FunctionDef]:
    return [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)]


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for each in ast.walk(tree):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == name:
            yield each


def messages(tree: ast.AST) -> Iterator[str]:
    """What is asked of gettext."""
    for each in ast.walk(tree):
        match each:
            case ast.Call(
                func=ast.Name(id="_") | ast.Attribute(attr="gettext" | "ngettext"), args=args
            ):
                for text in args:
                    if isinstance(text, ast.Constant) and isinstance(text.value, str):
                        yield text.value
            case _:
                pass


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
    turned = str.maketrans("▸◂▶◀←→↩↪↺↻", "◂▸◀▶→←↪↩↻↺")
    for message in written("ar"):
        arrows = re.findall("[▸◂▶◀←→↩↪↺↻]", ids(message)[0])
        for said in forms(message):
            assert re.findall("[▸◂▶◀←→↩↪↺↻]", said) == [each.translate(turned) for each in arrows]


def test_lists_numbers_and_days_are_written_as_the_language_does():
    german, russian = languages("de"), languages("ru")
    assert local.listed(german, ("A", "B", "C")) == "A, B und C"
    assert local.listed(languages("es"), ("A", "B")) == "A y B"
    assert local.number(german, 1.5) == "1,5"
    assert local.number(languages("ar"), 12.5) == "12.5"  # in the digits that are typed
    assert local.weekdays(russian)[0] == "пн"
    assert local.months(german)[2] == "Mär"
