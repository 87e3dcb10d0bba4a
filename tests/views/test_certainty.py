"""What is told of certainty, in words and on the picture that says the same."""

from gettext import NullTranslations

import pytest

from tutorbot.core.certainty import Calibrated, Calibration, Level
from tutorbot.core.prose import Bullets, Heading, Paragraph, Prose, Text
from tutorbot.views.certainty import show
from tutorbot.views.reply import CertaintyPicture, Say

WORDS = NullTranslations()


def calibration(
    guess: tuple[int, int] = (0, 0),
    fairly: tuple[int, int] = (0, 0),
    certain: tuple[int, int] = (0, 0),
    *,
    on: bool = True,
) -> Calibration:
    went = zip(Level, (guess, fairly, certain), strict=True)
    return Calibration(
        on=on,
        levels=tuple(Calibrated(level=level, right=right, of=of) for level, (right, of) in went),
    )


def said(found: Calibration) -> tuple[str, CertaintyPicture | None]:
    (say,) = show(WORDS, found)
    assert isinstance(say, Say)
    picture = say.reply.picture
    assert picture is None or isinstance(picture, CertaintyPicture)
    return text(say.reply.prose), picture


def text(prose: Prose) -> str:
    lines = [
        line
        for block in prose
        if isinstance(block, Heading | Paragraph | Bullets)
        for line in (block.items if isinstance(block, Bullets) else (block.line,))
    ]
    return "\n".join("".join(p.text for p in line if isinstance(p, Text)) for line in lines)


@pytest.mark.parametrize(
    ("found", "advice"),
    [
        (calibration(certain=(7, 10), guess=(10, 10)), "When you feel certain, look once more"),
        (calibration(fairly=(1, 10), certain=(10, 10)), "give it a second look"),
        (calibration(guess=(10, 10), certain=(10, 10)), "You know more than you think"),
        (calibration(fairly=(100, 100)), "You can trust that more"),
        (calibration(guess=(3, 10), fairly=(7, 10), certain=(10, 10)), "go well together"),
        (calibration(guess=(3, 10), certain=(8, 10)), "A few answers more"),
        (calibration(guess=(9, 9), certain=(1, 9)), "A few answers more"),
    ],
)
def test_one_thing_is_advised_and_nobody_is_blamed(found: Calibration, advice: str):
    told, _ = said(found)
    assert advice in told
    assert not {"wrong", "bad", "fail", "overconfident"} & set(told.casefold().split())


def test_the_picture_has_the_figures_of_the_words():
    told, picture = said(calibration((6, 14), (19, 25), (29, 38)))
    assert picture is not None
    for bar in picture.levels:
        low, high = bar.between
        assert bar.word.partition(":")[0] in told
        assert f"{bar.share}%, a range from {low}% to {high}%." in told
        assert f"{bar.means[0]}% to {bar.means[1]}%" in told


def test_below_ten_answers_no_share_is_drawn_or_told():
    told, picture = said(calibration(guess=(9, 9), certain=(10, 10)))
    assert picture is not None
    guess, fairly, certain = picture.levels
    assert guess.share is fairly.share is None
    assert certain.share == 100
    assert "9 of 9 right. Too few to say more: it takes 10." in told


def test_where_nothing_can_be_said_nothing_is_drawn():
    assert said(calibration(guess=(9, 9)))[1] is None


def test_who_has_switched_it_off_is_told_how_to_go_on():
    assert "/settings turns it on again" in said(calibration(guess=(1, 2), on=False))[0]
