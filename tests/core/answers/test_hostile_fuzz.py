"""Any text at all gets a verdict, of whatever kind the question is."""

from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.fuzz.questions import PIECES, QUESTIONS
from tutorbot.core.answers.judge import echoed, judge
from tutorbot.core.answers.verdicts import Echo, Problem, Unreadable, Verdict

anything = st.text(alphabet=st.characters(codec=None), max_size=80)
almost = st.lists(st.sampled_from(PIECES), max_size=24).map("".join)
mixed = st.lists(st.sampled_from(PIECES) | st.characters(codec=None), max_size=24).map("".join)


@pytest.mark.parametrize("name", QUESTIONS)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(typed=anything | almost | mixed)
def test_any_text_gets_a_verdict(name: str, typed: str):
    asked = QUESTIONS[name]
    verdict = judge(asked, typed)
    assert isinstance(verdict, get_args(Verdict))
    if isinstance(verdict, Unreadable):
        problem = verdict.problem
        assert 0 <= problem.at <= len(typed)
        assert problem.length >= 1
    else:
        assert verdict.echo.text
    assert isinstance(echoed(asked, typed), Echo | Problem)
