"""What learners type when they are in a hurry: it is pointed at, and costs nothing."""

import pytest

from tests.chat.school import Sitter
from tests.chat.test_kinds import course, question
from tests.chat.test_talk import answers_of, goes_to
from tutorbot.courses.load import Loaded, load

pytestmark = [pytest.mark.postgres]

AWKWARD = course(
    "awkward",
    question("count", "formula", "3*(n^2+n*m+n)", "symbols: n m"),
    question("number", "number", "60"),
    question("matrix", "matrix", "[1, 2; 3, 4]"),
    question("slope", "formula", "f'(x)/f(x)", "symbols: x", "functions: f"),
)


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Loaded, ...]:
    folder = tmp_path_factory.mktemp("content")
    (folder / "1.quiz.md").write_text(AWKWARD, "utf-8")
    loaded = load(folder)
    assert isinstance(loaded, tuple), str(loaded)
    return loaded


@pytest.mark.parametrize(
    ("name", "attempts", "right"),
    [
        (
            "count",
            {
                "3(n²+nm+n": "The “(” opened here is never closed.",
                "3n²+nm+n)": "This “)” closes nothing.",
                "3[n²+n}": "“}” stands here where I expected “]”.",
                "3(n^2+*n)": "Something is missing after “+”.",
                "answer: 3n": "“answer” is not a symbol of this question.",
                "3x(n+m+1)": "To multiply, type * or ·.",
                "3n^2 = 36": "Only one side, please",
                "\\frac{3}{n": "The “{” opened here is never closed.",
                "|n|m|": "Something is missing after “|”.",
                "n/0": "This divides by zero.",
                "?": "I don't know what “?” means here.",
                "3n ✅": "I don't know what “✅” means here.",
                "n² + 3n2": "Did you mean n² or 2·n?",
            },
            "３ｎ（ｎ＋ｍ＋１）",
        ),
        (
            "number",
            {
                "sixty": "I expected a number here, and “sixty” is none.",
                "60 €": "I don't know what “€” means here.",
            },
            "60.",
        ),
        (
            "matrix",
            {
                "[1,2;3,4]": "Did you mean [1.2, 3.4] or [1, 2; 3, 4]?",
                "[[1,2],[3]]": "This row is not as long as the ones before it.",
            },
            "[1, 2; 3, 4]",
        ),
        (
            "slope",
            {
                "f'x/fx": "“f′” needs its argument in brackets.",
                "df/dx/f": "“df” is not a symbol of this question.",
                "f^{-1}(x)": "Did you mean 1/f(x)?",
            },
            "f’(x)/f(x)",
        ),
    ],
)
async def test_what_cannot_be_read_costs_nothing_however_often_it_is_typed(
    ada: Sitter, name: str, attempts: dict[str, str], right: str
):
    await goes_to(ada, ada.school.paper(1), name)
    for typed, told in attempts.items():
        said = await ada.writes_and_sees(typed, told)
        assert typed.split()[0] in said.text, "the line as typed stands above the caret"
    assert await answers_of(ada) == 0
    await ada.writes_and_sees(right, "Right.")


async def test_commas_are_read_so_that_a_matrix_has_the_size_that_is_asked_for(ada: Sitter):
    await goes_to(ada, ada.school.paper(1), "matrix")
    said = await ada.writes_and_sees("[1,2;3,5]", "Not quite")
    assert "I read [1, 2; 3, 5]." in said.text
    assert "3 of 4 are right already." in said.text
