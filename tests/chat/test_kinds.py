"""A paper with an answer of every kind, played as learners play it."""

import pytest
from sqlalchemy import text

from tests.chat.school import Sitter
from tests.chat.test_talk import answers_of, goes_to
from tutorbot.courses.load import Loaded, load

pytestmark = [pytest.mark.postgres]


def question(name: str, kind: str, key: str, *settings: str, further: str = "") -> str:
    meta = "\n".join((f"type: {kind}", *settings))
    return f"## {name} {{#{name}}}\n```meta\n{meta}\n```\nAsk.\n- answer: `{key}`\n{further}"


def course(name: str, *questions: str) -> str:
    return "\n".join((f"---\nid: {name}\ntitle: All {name}\nlang: en\n---\n", *questions))


MIND = "- wrong: `a - c` {tag=sign}\n  > Mind the sign, says the author.\n"
FORMS = course(
    "forms",
    question("half", "formula", "n/(2*m)", "symbols: n m"),
    question("sum", "formula", "3*n^2 + 2*n*m", "symbols: n m"),
    question("known", "formula", "a + c", "symbols: a c", further=MIND),
    question("expand", "formula", "x^2 + 2*x + 1", "symbols: x", "form: expanded"),
    question("once", "formula", "(x - 1)*(x + 1)", "symbols: x", "form: factored", "tries: 1"),
    question("cancel", "number", "3/4", "form: lowest-terms"),
    question("thousands", "number", "60000"),
    question("figures", "number", "3.14159", "figures: 3"),
    question("unknown", "formula", "1/f(x)", "symbols: x", "functions: f"),
)
KINDS = course(
    "kinds",
    question("quantity", "quantity", "72 km/h", "unit: km/h"),
    question("equation", "equation", "y = 2*x + 1", "symbols: x y"),
    question("inequality", "inequality", "x < 3", "symbols: x"),
    question("set", "set", "{1, 2, 3}"),
    question("solutions", "solutions", "x = 2 or x = -2", "symbols: x"),
    question("interval", "interval", "(0, 1]"),
    question("tuple", "tuple", "(1, 2, 3)"),
    question("vector", "vector", "(1, 2)"),
    question("matrix", "matrix", "[1, 2; 3, 4]"),
    question("logic", "logic", "p -> q", "symbols: p q"),
    question("text", "text", "gradient clipping"),
)


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Loaded, ...]:
    folder = tmp_path_factory.mktemp("content")
    (folder / "1.quiz.md").write_text(FORMS, "utf-8")
    (folder / "2.quiz.md").write_text(KINDS, "utf-8")
    loaded = load(folder)
    assert isinstance(loaded, tuple), str(loaded)
    return loaded


async def facts(sitter: Sitter) -> list[tuple[str, int | None]]:
    """The verdict of each answer, in order, with its points."""
    async with sitter.school.store.unit() as unit:
        rows = await unit.execute(
            text(
                "SELECT verdict ->> 'code' AS code, points FROM answers"
                " LEFT JOIN scores ON answer_id = id ORDER BY id"
            )
        )
        return [(row.code, None if row.points is None else int(row.points)) for row in rows]


async def test_a_right_value_in_another_form_is_neither_right_nor_wrong(ada: Sitter):
    await goes_to(ada, ada.school.paper(1), "expand")
    said = await ada.writes_and_sees("(x+1)^2", "Nearly there.")
    assert "I read (x + 1)²." in said.text
    assert "Not quite" not in said.text
    assert "Right." not in said.text
    assert "↩ Try again" in said.enabled
    await ada.writes_and_sees("x^2+2x+1", "Right.")
    assert await facts(ada) == [("form", 0), ("right", 1)]


async def test_a_missing_form_uses_up_no_try(ada: Sitter):
    await goes_to(ada, ada.school.paper(1), "once")
    await ada.writes_and_sees("x^2 - 1", "Nearly there.")
    await ada.writes_and_sees("(x+1)(x-1)", "Right.")


async def test_a_wrong_answer_uses_up_a_try(ada: Sitter):
    await goes_to(ada, ada.school.paper(1), "once")
    said = await ada.writes_and_sees("x^2 + 1", "Not quite")
    assert "↩ Try again" not in said.enabled
    await ada.writes_and_sees("(x+1)(x-1)", "has its answer")


async def test_a_form_that_was_missed_is_no_right_first_try_but_comes_right_later(ada: Sitter):
    paper = ada.school.paper(1)
    await goes_to(ada, paper, "expand")
    await ada.writes_and_sees("(x+1)^2", "Nearly there.")
    await ada.writes_and_sees("x^2+2x+1", "Right.")
    await ada.actor.presses("Next")
    await ada.sees(f"Question {(number := 5)} of")
    while number < len(paper.questions):
        number += 1
        await ada.presses_and_sees("Skip", f"Question {number} of")
    end = await ada.presses_and_sees("Skip", "The end of")
    assert f"0 of {number} questions right at the first try. 1 more" in end.text


@pytest.mark.parametrize(
    ("name", "unfinished", "right"),
    [
        ("expand", "x(x+2) + 1", "1+x^2+2x"),
        ("once", "x² - 1", "(x-1)(x+1)"),
        ("cancel", "6/8", "3/4"),
        ("figures", "3.1416", "3.14"),
    ],
)
async def test_every_form_is_asked_for_until_it_is_there(
    ada: Sitter, name: str, unfinished: str, right: str
):
    await goes_to(ada, ada.school.paper(1), name)
    await ada.writes_and_sees(unfinished, "Nearly there.")
    await ada.writes_and_sees(right, "Right.")


async def test_more_is_told_with_each_wrong_try(ada: Sitter):
    await goes_to(ada, ada.school.paper(1), "sum")
    told: list[str] = []
    for answer in ("3n^2", "3n*n", "3n²"):
        said = await ada.writes_and_sees(answer, "Not quite")
        told.append(said.text.split("I read", 1)[1].split("\n\n")[1])
    assert "2·n·m" not in told[0]
    assert "2·n·m" in told[2]


async def test_the_authors_words_come_before_our_own(ada: Sitter):
    await goes_to(ada, ada.school.paper(1), "known")
    said = await ada.writes_and_sees("a-c", "Not quite")
    assert "Mind the sign, says the author." in said.text
    assert "not equal" not in said.text


async def test_a_product_after_a_slash_is_read_from_left_to_right_and_the_bot_says_so(ada: Sitter):
    await goes_to(ada, ada.school.paper(1), "half")
    said = await ada.writes_and_sees("n/3m", "Not quite")
    assert "I read from left to right; n/(3·m) would need its brackets." in said.text
    said = await ada.writes_and_sees("n/2m", "Not quite")
    assert "If you meant n/(2·m), say so with brackets." in said.text
    await ada.writes_and_sees("n/(2m)", "Right.")


async def test_letters_of_another_alphabet_are_read_and_told_in_a_quiet_line(ada: Sitter):
    await goes_to(ada, ada.school.paper(1), "known")
    typed = "\N{CYRILLIC SMALL LETTER A} + \N{CYRILLIC SMALL LETTER ES}"
    said = await ada.writes_and_sees(typed, "Right.")
    assert "I read a + c." in said.text
    assert "another alphabet for the Latin a, c." in said.text


@pytest.mark.parametrize(
    ("name", "typed", "asked", "tap"),
    [
        (
            "thousands",
            "60.000",
            "Did you mean 60.000 or 60\N{NARROW NO-BREAK SPACE}000?",
            "60\N{NARROW NO-BREAK SPACE}000",
        ),
        ("unknown", "f⁻¹(x)", "Did you mean 1/f(x)?", "1/f(x)"),
    ],
)
async def test_whatever_can_be_meant_in_two_ways_is_asked_about(
    ada: Sitter, name: str, typed: str, asked: str, tap: str
):
    await goes_to(ada, ada.school.paper(1), name)
    await ada.writes_and_sees(typed, asked)
    assert await answers_of(ada) == 0
    await ada.presses_and_sees(tap, "Right.")


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("quantity", "20 m/s", "72 m/s"),
        ("equation", "2x - y = -1", "y = 2x - 1"),
        ("inequality", "3 > x", "x > 3"),
        ("set", "{3, 1, 2}", "{1, 2}"),
        ("solutions", "±2", "x = 2"),
        ("interval", "0 < x <= 1", "[0, 1]"),
        ("tuple", "(1, 2, 3)", "(1, 3, 2)"),
        ("vector", "(1, 2)", "(2, 1)"),
        ("matrix", "[[1, 2], [3, 4]]", "[[1, 3], [2, 4]]"),
        ("logic", "~p | q", "q -> p"),
        ("text", "Gradient  Clipping", "dropout"),
    ],
)
async def test_every_kind_can_be_got_wrong_and_right(
    ada: Sitter, name: str, right: str, wrong: str
):
    await goes_to(ada, ada.school.paper(2), name)
    said = await ada.writes_and_sees(wrong, "Not quite")
    assert "I read" in said.text
    await ada.writes_and_sees(right, "Right.")
    assert await answers_of(ada) == 2
