import pytest

from tutorbot.drawing.canvas import NotDrawable
from tutorbot.drawing.certainty_chart import certainty_png
from tutorbot.drawing.theme import Theme
from tutorbot.views.reply import CertaintyPicture, LevelBar


def picture(share: int | None = 76, title: str = "How well you know") -> CertaintyPicture:
    bar = LevelBar(name="Certain", means=(90, 100), word="29 of 38", share=share, between=(61, 87))
    return CertaintyPicture(
        title=title,
        subtitle="",
        levels=(bar,) * 3,
        scale=((0, "0%"), (50, "50%"), (90, "90%"), (100, "100%")),
        means="a",
        share="b",
        between="c",
    )


def test_the_picture_is_as_wide_as_a_phone_and_as_high_whatever_it_shows():
    drawn = [certainty_png(picture(share), Theme.LIGHT) for share in (None, 0, 50, 100)]
    assert all(each.startswith(b"\x89PNG") for each in drawn)
    assert {int.from_bytes(each[16:20], "big") for each in drawn} == {1100}
    assert len({each[20:24] for each in drawn}) == 1
    assert len(set(drawn)) == 4


def test_light_and_dark_differ():
    assert certainty_png(picture(), Theme.LIGHT) != certainty_png(picture(), Theme.DARK)


def test_letters_that_the_font_lacks_are_refused():
    with pytest.raises(NotDrawable):
        certainty_png(picture(title="进步"), Theme.LIGHT)
