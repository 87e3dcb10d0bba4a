import re
from gettext import NullTranslations
from pathlib import Path

from tutorbot.core.answers.verdicts import Slip
from tutorbot.views import slips, structures

WORDS = NullTranslations()
KINDS = Path(__file__).parents[2] / "tutorbot" / "core" / "answers" / "kinds"


class Anything(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "7"


def test_every_slip_that_a_kind_of_answer_names_has_words():
    source = "".join(path.read_text() for path in KINDS.glob("*.py"))
    codes = set(re.findall(r'Slip\(\s*code="([a-z-]+)"', source))
    for name in ("statement", "logic_slips"):  # what is made, and the code that goes with it
        listed = (KINDS / f"{name}.py").read_text()
        codes |= set(re.findall(r', "([a-z]+(?:-[a-z]+)*)"\)?,?$', listed, re.MULTILINE))
    assert {"direction", "and-or", "negated", "missing-entries", "converse"} <= codes
    for code in codes:
        slip = Slip(code=code, details=Anything())
        said = slips.whole(WORDS, slip) or slips.agreement(WORDS, slip)
        assert said.endswith((".", "?")), code


def test_a_look_gives_less_away_than_the_whole():
    for code in ("missing-entries", "extra-entries", "entry", "direction", "unit-scale", "bracket"):
        found = structures.of_structures(WORDS, code)
        assert found is not None
        look, whole = found
        assert look != whole
        assert "{" not in look
