"""Codes that people copy from a board, and who may come in by a link."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, strategies as st

from tutorbot.core.classes import Role
from tutorbot.core.ids import ClassId, LinkId
from tutorbot.core.joining import (
    LETTERS,
    AlreadyIn,
    JoinLink,
    LinkEnded,
    LinkFull,
    Place,
    StaysLearner,
    WasRemoved,
    code_shown,
    code_typed,
    hindrance,
    link_code,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LINK = JoinLink(
    id=LinkId(1),
    class_id=ClassId(1),
    code="ACDEFGHJ",
    role=Role.LEARNER,
    cohort=None,
    uses=3,
    most=30,
    made_at=NOON,
    expires_at=NOON + timedelta(days=1),
    ended_at=None,
)
HERE = Place(code="AAAAA", role=Role.LEARNER, cohort=None, here=True, removed=False)


def test_no_two_letters_of_a_code_look_alike():
    for alike in ("0OQ", "1IL", "2Z", "5S", "8B", "UV"):
        assert len(set(alike) & set(LETTERS)) <= 1, alike


@given(
    st.integers(), st.sampled_from(("{}", " {} ", "class_{}", "https://t.me/a_bot?start=class_{}"))
)
def test_a_code_is_read_however_it_is_copied(seed: int, around: str):
    code = link_code(Random(seed))
    assert code_typed(around.format(code)) == code
    assert code_typed(code_shown(code)) == code
    assert code_typed(code_shown(code).lower().replace("-", " – ")) == code


@given(st.text())
def test_any_text_is_a_code_or_none(typed: str):
    code = code_typed(typed)
    assert code is None or set(code) <= set(LETTERS)


@pytest.mark.parametrize(
    ("link", "place", "why"),
    [
        (LINK, None, None),
        (LINK, HERE, AlreadyIn),
        (replace(LINK, ended_at=NOON), HERE, AlreadyIn),  # whatever became of the link
        (LINK, replace(HERE, role=Role.ASSISTANT), AlreadyIn),  # nobody is made less
        (replace(LINK, role=Role.ASSISTANT), HERE, StaysLearner),  # nor loses their quizzes
        (replace(LINK, role=Role.OBSERVER), replace(HERE, role=Role.OWNER), AlreadyIn),
        (LINK, replace(HERE, here=False), None),  # who left comes back as they please
        (LINK, replace(HERE, here=False, removed=True), WasRemoved),
        (replace(LINK, ended_at=NOON), None, LinkEnded),
        (replace(LINK, expires_at=NOON), None, LinkEnded),
        (replace(LINK, expires_at=None), None, None),
        (replace(LINK, uses=30), None, LinkFull),
        (replace(LINK, uses=30, most=None), None, None),
    ],
)
def test_who_comes_in_by_a_link(link: JoinLink, place: Place | None, why: type | None):
    found = hindrance(link, place, "Sums", NOON)
    assert (type(found) if found else None) is why
