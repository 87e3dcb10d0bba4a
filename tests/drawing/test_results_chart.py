import pytest

from tutorbot.drawing.canvas import NotDrawable
from tutorbot.drawing.results_chart import results_png
from tutorbot.drawing.theme import Theme
from tutorbot.views.reply import ResultBar, ResultsPicture

BAR = ResultBar(name="A", percent=38, word="9 answers, 38%", strong=20, right=True)
MARKS = tuple((f"{tenth}0%", tenth) for tenth in range(10))


def picture(bars: int = 3, title: str = "Quiz 1") -> ResultsPicture:
    return ResultsPicture(title=title, subtitle="", columns=MARKS, bars=(BAR,) * bars)


def height(png: bytes) -> int:
    return int.from_bytes(png[20:24], "big")


def test_every_question_has_a_line_and_every_picture_a_phone_s_width():
    drawn = [results_png(picture(bars), Theme.LIGHT) for bars in (1, 2, 20)]
    assert all(each.startswith(b"\x89PNG") for each in drawn)
    assert {int.from_bytes(each[16:20], "big") for each in drawn} == {1100}
    step = height(drawn[1]) - height(drawn[0])
    assert height(drawn[2]) - height(drawn[0]) == 19 * step
    assert height(drawn[2]) + 1100 < 10_000  # what Telegram takes for a photo


def test_light_and_dark_differ():
    assert results_png(picture(), Theme.LIGHT) != results_png(picture(), Theme.DARK)


def test_nobody_yet_is_drawn_as_well():
    nobody = ResultsPicture(
        title="Quiz 1",
        subtitle="",
        columns=tuple((name, 0) for name, _ in MARKS),
        bars=(ResultBar(name="A", percent=None, word="no answers yet"),),
    )
    assert results_png(nobody, Theme.LIGHT)


def test_letters_that_the_font_lacks_are_refused():
    with pytest.raises(NotDrawable):
        results_png(picture(title="进步"), Theme.LIGHT)
