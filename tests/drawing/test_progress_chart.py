from dataclasses import replace
from itertools import pairwise

import pytest

from tutorbot.drawing.canvas import NotDrawable
from tutorbot.drawing.progress_chart import progress_png
from tutorbot.drawing.theme import Theme
from tutorbot.views.reply import ProgressPicture, SkillBar

BAR = SkillBar(name="rnn · sizes", right=2, level=2, word="coming along")
DAYS = tuple((name, count) for count, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri")))


def picture(skills: int = 3, title: str = "1 of 3 skills mastered") -> ProgressPicture:
    return ProgressPicture(
        title=title, subtitle="", skills=(BAR,) * skills, ahead="Days ahead", days=DAYS
    )


def height(png: bytes) -> int:
    return int.from_bytes(png[20:24], "big")


def test_every_skill_has_a_line_and_every_picture_a_phone_s_width():
    drawn = [progress_png(picture(skills), Theme.LIGHT) for skills in range(4)]
    assert all(each.startswith(b"\x89PNG") for each in drawn)
    assert {int.from_bytes(each[16:20], "big") for each in drawn} == {1100}
    assert len({height(b) - height(a) for a, b in pairwise(drawn)}) == 1


def test_light_and_dark_differ():
    assert progress_png(picture(), Theme.LIGHT) != progress_png(picture(), Theme.DARK)


def test_letters_that_the_font_lacks_are_refused():
    with pytest.raises(NotDrawable):
        progress_png(picture(title="进步"), Theme.LIGHT)


def test_three_right_of_three_do_not_look_like_three_of_four():
    of_three, of_four = (
        replace(picture(), skills=(replace(BAR, right=3, recent=recent),)) for recent in (3, 4)
    )
    assert progress_png(of_three, Theme.LIGHT) != progress_png(of_four, Theme.LIGHT)
