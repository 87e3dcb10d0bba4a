import pytest
from hypothesis import given, strategies as st

from tutorbot.core.actions import FormulaForm, Setting, Theme
from tutorbot.core.ids import ChatId, LearnerId
from tutorbot.core.languages import Language, nearest
from tutorbot.core.learner import Learner
from tutorbot.core.settings import chosen, step_after, steps

ADA = Learner(
    id=LearnerId(1), chat=ChatId(1), language="en", timezone="UTC", day_starts=4, probed=False
)
SPOKEN = (Language(tag="en", name="English"), Language(tag="de", name="Deutsch"))


def set_to(setting: Setting, value: str) -> Learner:
    learner = chosen(ADA, setting, value, SPOKEN)
    assert learner is not None
    return learner


def test_a_language_that_was_chosen_is_known_as_chosen():
    learner = set_to(Setting.LANGUAGE, "de")
    assert (learner.language, learner.language_chosen) == ("de", True)


def test_a_choice_of_how_formulas_come_means_that_they_were_asked():
    learner = set_to(Setting.FORMULAS, "picture.dark")
    assert (learner.formulas, learner.theme, learner.probed) == (
        FormulaForm.PICTURE,
        Theme.DARK,
        True,
    )


def test_each_setting_can_be_chosen():
    assert set_to(Setting.ZONE, "Asia/Kolkata").timezone == "Asia/Kolkata"
    assert set_to(Setting.DAY_STARTS, "0").day_starts == 0
    assert set_to(Setting.GOAL, "20").goal == 20
    assert set_to(Setting.REMINDER, "8").reminder_hour == 8
    assert set_to(Setting.REMINDER, "-").reminder_hour is None
    assert set_to(Setting.CERTAINTY, "1").certainty
    assert not set_to(Setting.CERTAINTY, "0").certainty


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        (Setting.LANGUAGE, "tlh"),
        (Setting.ZONE, "Europe/Atlantis"),
        (Setting.ZONE, "localtime"),
        (Setting.DAY_STARTS, "7"),
        (Setting.DAY_STARTS, "04"),
        (Setting.FORMULAS, "native"),
        (Setting.FORMULAS, "native.purple"),
        (Setting.GOAL, "1000"),
        (Setting.REMINDER, "3"),
        (Setting.CERTAINTY, "yes"),
    ],
)
def test_what_no_button_offers_cannot_be_chosen(setting: Setting, value: str):
    assert chosen(ADA, setting, value, SPOKEN) is None


@given(st.sampled_from(Setting), st.text(max_size=48))
def test_whatever_a_button_says_nothing_breaks(setting: Setting, value: str):
    chosen(ADA, setting, value, SPOKEN)


def test_who_can_only_hear_one_language_is_not_asked_for_it():
    assert Setting.LANGUAGE not in steps(SPOKEN[:1])
    assert steps(SPOKEN)[0] is Setting.LANGUAGE


def test_the_first_steps_come_one_after_the_other_and_end():
    asked: list[Setting] = []
    step: Setting | None = steps(SPOKEN)[0]
    while step is not None:
        asked.append(step)
        step = step_after(step, SPOKEN)
    assert tuple(asked) == steps(SPOKEN)


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("de", "Deutsch"),
        ("de-AT", "Deutsch"),
        ("DE_ch", "Deutsch"),
        ("den", "English"),
        ("", "English"),
    ],
)
def test_the_language_is_guessed_from_the_app(tag: str, name: str):
    assert nearest(tag, SPOKEN).name == name
