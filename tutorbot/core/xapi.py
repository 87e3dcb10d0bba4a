"""Answers as xAPI statements, one on each line: version 1.0.3, and 2.0 as far as the two agree.

An actor is an account named by the code of the learner in the class: nothing in a statement says
who that is. Ids follow from what they are about: a file that is taken in twice adds nothing.
(IEEE 9274.1.1-2023; github.com/adlnet/xAPI-Spec, xAPI-Data.md.)
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

Json = dict[str, object]

_ANSWERED = "http://adlnet.gov/expapi/verbs/answered"
_COMPLETED = "http://adlnet.gov/expapi/verbs/completed"
_INTERACTION = "http://adlnet.gov/expapi/activities/cmi.interaction"
_ASSESSMENT = "http://adlnet.gov/expapi/activities/assessment"
_CLASS = "http://adlnet.gov/expapi/activities/course"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where it happened. ``home`` is the address of the bot, below which all has its own."""

    home: str
    class_id: int
    class_title: str
    quiz: int
    quiz_title: str
    language: str  # of the titles, BCP 47

    @property
    def class_iri(self) -> str:
        return f"{self.home}/class/{self.class_id}"

    @property
    def quiz_iri(self) -> str:
        return f"{self.home}/quiz/{self.quiz}"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question; without options it is typed. ``right``: ids, or typed answers each by itself."""

    id: str
    title: str
    options: tuple[tuple[str, str], ...] = ()  # ids and words
    right: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AnswerGiven:
    number: int  # of the answer, among all
    code: str
    asked: Asked
    response: tuple[str, ...]  # ids, or what was typed
    points: float | None  # None: undecided
    out_of: float | None
    took: timedelta | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Finished:
    code: str
    points: float
    out_of: float
    took: timedelta | None
    at: datetime


def lines(place: Place, answers: Iterable[AnswerGiven], finished: Iterable[Finished]) -> str:
    made = [_answered(place, each) for each in answers]
    made += [_completed(place, each) for each in finished]
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in made)


def _answered(place: Place, given: AnswerGiven) -> Json:
    iri = f"{place.quiz_iri}/question/{given.asked.id}"
    result: Json = {"response": "[,]".join(given.response)} | _scored(given.points, given.out_of)
    if given.points is not None and given.out_of:
        result["success"] = given.points >= given.out_of
    return _statement(
        place,
        given.code,
        about=f"{iri}/answer/{given.number}",
        verb=(_ANSWERED, "answered"),
        activity={"objectType": "Activity", "id": iri, "definition": _definition(place, given)},
        result=result | _duration(given.took),
        parent=[_quiz(place)],
        at=given.at,
    )


def _completed(place: Place, done: Finished) -> Json:
    return _statement(
        place,
        done.code,
        about=f"{place.quiz_iri}/done/{done.code}",
        verb=(_COMPLETED, "completed"),
        activity=_quiz(place),
        result=_scored(done.points, done.out_of) | {"completion": True} | _duration(done.took),
        parent=[],
        at=done.at,
    )


def _statement(
    place: Place,
    code: str,
    *,
    about: str,
    verb: tuple[str, str],
    activity: Json,
    result: Json,
    parent: Sequence[Json],
    at: datetime,
) -> Json:
    a_class: Json = {
        "objectType": "Activity",
        "id": place.class_iri,
        "definition": {"type": _CLASS, "name": {place.language: place.class_title}},
    }
    within: Json = {"grouping": [a_class]}
    if parent:
        within["parent"] = list(parent)
    return {
        "id": str(uuid5(NAMESPACE_URL, about)),
        "actor": {
            "objectType": "Agent",
            "account": {"homePage": place.class_iri, "name": code},
        },
        "verb": {"id": verb[0], "display": {"en-US": verb[1]}},
        "object": activity,
        "result": result,
        "context": {
            # Of this learner in this class, for good.
            "registration": str(uuid5(NAMESPACE_URL, f"{place.class_iri}/learner/{code}")),
            "contextActivities": within,
            "platform": "tutorbot",
        },
        "timestamp": at.isoformat(timespec="milliseconds"),
    }


def _quiz(place: Place) -> Json:
    definition: Json = {"type": _ASSESSMENT, "name": {place.language: place.quiz_title}}
    return {"objectType": "Activity", "id": place.quiz_iri, "definition": definition}


def _definition(place: Place, given: AnswerGiven) -> Json:
    asked = given.asked
    made: Json = {"type": _INTERACTION, "name": {place.language: asked.title}}
    if not asked.options:
        made["interactionType"] = "fill-in"
        if asked.right:
            made["correctResponsesPattern"] = list(asked.right)
        return made
    return made | {
        "interactionType": "choice",
        "correctResponsesPattern": ["[,]".join(asked.right)],
        "choices": [
            {"id": option, "description": {place.language: words}}
            for option, words in asked.options
        ],
    }


def _scored(points: float | None, out_of: float | None) -> Json:
    if points is None or not out_of:
        return {}
    return {
        "score": {
            "scaled": round(points / out_of, 6),
            "raw": points,
            "min": 0,
            "max": out_of,
        }
    }


def _duration(took: timedelta | None) -> Json:
    """ISO 8601, to a hundredth of a second, as the standard counts."""
    if took is None or took < timedelta():
        return {}
    return {"duration": f"PT{took.total_seconds():.2f}S"}
