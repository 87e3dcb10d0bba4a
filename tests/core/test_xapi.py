"""Statements are what the standard says, and name nobody."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tutorbot.core.xapi import AnswerGiven, Asked, Finished, Place, lines

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PLACE = Place(
    home="https://t.me/tutor_bot",
    class_id=3,
    class_title="Networks",
    quiz=7,
    quiz_title="Quiz 1",
    language="en",
)
CHOICE = Asked(id="gate", title="Gates", options=(("a", "One"), ("b", "Two")), right=("a", "b"))


def given(asked: Asked = CHOICE, *response: str, points: float | None = 0.5) -> AnswerGiven:
    return AnswerGiven(
        number=41,
        code="ABCDE",
        asked=asked,
        response=response,
        points=points,
        out_of=1,
        took=timedelta(seconds=12.34),
        at=NOON,
    )


def read(*answers: AnswerGiven) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines(PLACE, answers, ()).splitlines()]


def test_an_answer_says_what_was_chosen_and_what_it_came_to():
    (made,) = read(given(CHOICE, "a", "b"))
    assert made["actor"] == {
        "objectType": "Agent",
        "account": {"homePage": "https://t.me/tutor_bot/class/3", "name": "ABCDE"},
    }
    assert made["verb"]["id"] == "http://adlnet.gov/expapi/verbs/answered"
    definition = made["object"]["definition"]
    assert definition["type"] == "http://adlnet.gov/expapi/activities/cmi.interaction"
    assert definition["interactionType"] == "choice"
    assert definition["correctResponsesPattern"] == ["a[,]b"]
    assert [each["id"] for each in definition["choices"]] == ["a", "b"]
    assert made["result"] == {
        "response": "a[,]b",
        "score": {"scaled": 0.5, "raw": 0.5, "min": 0, "max": 1},
        "success": False,
        "duration": "PT12.34S",
    }
    assert datetime.fromisoformat(made["timestamp"]) == NOON
    assert (
        made["context"]["contextActivities"]["parent"][0]["id"]
        == made["object"]["id"].split("/question")[0]
    )


def test_the_same_answer_has_the_same_id_whenever_it_is_written():
    (first,), (second,) = read(given(CHOICE, "a")), read(given(CHOICE, "b", points=1))
    assert UUID(first["id"])
    assert first["id"] == second["id"]
    assert UUID(first["context"]["registration"])


@pytest.mark.parametrize("right", [("23",), ()])
def test_what_was_typed_is_filled_in(right: tuple[str, ...]):
    (made,) = read(given(Asked(id="sum", title="Sum", right=right), "3·(n + 1)", points=None))
    definition = made["object"]["definition"]
    assert definition["interactionType"] == "fill-in"
    assert definition.get("correctResponsesPattern", []) == list(right)
    assert made["result"]["response"] == "3·(n + 1)"
    assert "score" not in made["result"]  # nobody has decided it


def test_who_is_done_has_completed_the_quiz():
    done = Finished(code="ABCDE", points=3, out_of=4, took=None, at=NOON)
    (made,) = (json.loads(line) for line in lines(PLACE, (), (done,)).splitlines())
    assert made["verb"]["id"] == "http://adlnet.gov/expapi/verbs/completed"
    assert made["result"]["score"]["scaled"] == 0.75
    assert made["result"]["completion"] is True
    assert made["object"]["id"] == "https://t.me/tutor_bot/quiz/7"
