"""Polls and quizzes."""

from typing import Any, cast

from tutorbot.playground.keyboards import read_keyboard
from tutorbot.playground.params import Params
from tutorbot.playground.refusals import bad_request
from tutorbot.playground.wire import JsonObject
from tutorbot.playground.world import Person, Poll, World

_QUESTION_LIMIT = 300
_OPTION_LIMIT = 100
_MOST_OPTIONS = 12
_OPEN_PERIOD = range(5, 601)  # seconds
_EXPLANATION_LIMIT = 200
_EXPLANATION_LINES = 2


def new_poll(world: World, params: Params) -> Poll:
    """Read and check a poll; its place in a chat is set when the message stands."""
    question = (params.text("question") or "").strip()
    if not question:
        raise bad_request("poll question must be non-empty")
    if len(question) > _QUESTION_LIMIT:
        raise bad_request(f"poll question length must not exceed {_QUESTION_LIMIT}")
    options = [_option(given) for given in params.array("options") or []]
    if not options:
        raise bad_request("poll must have at least 1 option")
    if len(options) > _MOST_OPTIONS:
        raise bad_request(f"poll can't have more than {_MOST_OPTIONS} options")
    kind = params.text("type") or "regular"
    right = _right(params, len(options)) if kind == "quiz" else ()
    wire: JsonObject = {
        "id": str(10**15 + world.new_number()),
        "question": question,
        "options": [
            {"text": text, "voter_count": 0, "persistent_id": str(place)}
            for place, text in enumerate(options)
        ],
        "total_voter_count": 0,
        "is_closed": params.flag("is_closed"),
        "members_only": params.flag("members_only"),
        "is_anonymous": params.flag("is_anonymous") if "is_anonymous" in params else True,
        "type": kind,
        "allows_multiple_answers": params.flag("allows_multiple_answers"),
        "allows_revoting": params.flag("allows_revoting")
        if "allows_revoting" in params
        else kind != "quiz",
    }
    if right:
        wire["correct_option_ids"] = list(right)
    if params.flag("hide_results_until_closes"):
        wire["hide_results_until_closes"] = True
    seconds = params.integer("open_period")
    if seconds is not None:
        if seconds not in _OPEN_PERIOD:
            raise bad_request("poll open period is invalid")
        wire |= {"open_period": seconds, "close_date": world.date() + seconds}
    if explanation := params.text("explanation"):
        if len(explanation) > _EXPLANATION_LIMIT or explanation.count("\n") > _EXPLANATION_LINES:
            raise bad_request("explanation is too long")
        wire["explanation"] = explanation
    return Poll(wire=wire, chat_id=0, message_id=0, right=right)


def stop_poll(world: World, params: Params) -> JsonObject:
    place = (params.integer("chat_id") or 0, params.integer("message_id") or 0)
    message = world.messages.get(place)
    if message is None or "poll" not in message:
        raise bad_request("message with poll to stop not found")
    poll = world.polls[message["poll"]["id"]]
    if is_closed(world, poll):
        raise bad_request("poll has already been closed")
    poll.wire = poll.wire | {"is_closed": True}
    keyboard = read_keyboard(params)
    changed = {name: value for name, value in message.items() if name != "reply_markup"}
    shown = as_shown(world, poll)
    world.replace(changed | {"poll": shown} | ({"reply_markup": keyboard} if keyboard else {}))
    world.push("poll", poll.wire)
    return poll.wire


def is_closed(world: World, poll: Poll) -> bool:
    """By whoever sent it, or because its time is up."""
    until = poll.wire.get("close_date")
    return poll.wire["is_closed"] or (until is not None and world.clock().timestamp() >= until)


def as_shown(world: World, poll: Poll) -> JsonObject:
    """The poll as people see it: perhaps without its results and its key, until it is closed."""
    if is_closed(world, poll):
        return poll.wire | {"is_closed": True}
    if not poll.wire.get("hide_results_until_closes"):
        return poll.wire
    options = [option | {"voter_count": 0} for option in poll.wire["options"]]
    hidden = poll.wire | {"options": options}
    hidden.pop("correct_option_ids", None)
    hidden.pop("explanation", None)
    return hidden


def vote(world: World, person: Person, poll: Poll, choice: list[int]) -> None:
    """A person votes; an empty choice takes the vote back. ValueError when it cannot be."""
    if is_closed(world, poll):
        raise ValueError("the poll is closed")
    if person.id in poll.votes and not poll.wire["allows_revoting"]:
        raise ValueError("this vote is final")
    if len(choice) > 1 and not poll.wire["allows_multiple_answers"]:
        raise ValueError("one answer only")
    if any(place not in range(len(poll.wire["options"])) for place in choice):
        raise ValueError("no such option")
    if choice:
        poll.votes[person.id] = choice
    else:
        poll.votes.pop(person.id, None)
    options = [
        option | {"voter_count": sum(place in chosen for chosen in poll.votes.values())}
        for place, option in enumerate(poll.wire["options"])
    ]
    poll.wire = poll.wire | {"options": options, "total_voter_count": len(poll.votes)}
    message = world.messages.get((poll.chat_id, poll.message_id))
    if message is not None:
        shown = message | {"poll": as_shown(world, poll)}
        world.messages[poll.chat_id, poll.message_id] = shown
        world.announce("edit", shown)
    if not poll.wire["is_anonymous"]:
        world.push(
            "poll_answer",
            {
                "poll_id": poll.wire["id"],
                "user": person.user(),
                "option_ids": choice,
                "option_persistent_ids": [str(place) for place in choice],
            },
        )
    world.push("poll", poll.wire)


def _option(given: Any) -> str:  # noqa: ANN401 - a string or an InputPollOption, as it came
    text = str(
        cast("JsonObject", given).get("text", "") if isinstance(given, dict) else given
    ).strip()
    if not text:
        raise bad_request("poll option must be non-empty")
    if len(text) > _OPTION_LIMIT:
        raise bad_request(f"poll options length must not exceed {_OPTION_LIMIT}")
    return text


def _right(params: Params, count: int) -> tuple[int, ...]:
    given = params.array("correct_option_ids")
    if given is None:
        single = params.integer("correct_option_id")
        given = [] if single is None else [single]
    if not given or any(place not in range(count) for place in given):
        raise bad_request("wrong correct option ID specified")
    return tuple(given)
