"""What must be true when all is over, found from the chats and the tables; no code of the bot.

A message of *certain fate* is one that the server made and answered for, to a process that lived on
to write that down. It must be there once. Where the answer was lost, or the process killed before
it could write, nobody knows whether the message arrived: it is said again, and counted here.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, LiteralString

import psycopg

from benchmarks.ordeal.house import Life
from benchmarks.ordeal.pupil import Pupil, buttons, fits, same
from benchmarks.ordeal.script import END, HELP, PROBE, REMINDER, SHELF, STEPS, UNREAD
from tutorbot.playground.people import words
from tutorbot.playground.wire import JsonObject

SOON = 3.0
"""Seconds in which a process has written down what the server answered, while it can."""

LOST_ANSWER = "said again: the answer of the server was lost"
UNWRITTEN = "said again: its process was killed before it could write that down"

_STAY_LIVE = (
    SHELF,
    END,
    HELP,
    STEPS,
    PROBE,
    UNREAD,
    REMINDER,
)  # messages whose buttons may be pressed for ever


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A message that the server made for a process, and whether it could say so."""

    at: float
    caller: str
    unheard: bool


@dataclass(frozen=True, kw_only=True)
class Troubles:
    """When what was out of order, in monotonic seconds."""

    lives: Sequence[Life]
    frozen: Sequence[tuple[str, float, float]]
    outages: Sequence[tuple[str, float, float]]

    def could_not_write(self, sent: Sent) -> bool:
        """Whether the process that sent a message was killed before it could write that down."""
        latest = sent.at + SOON
        for _, began, ended in self.outages:
            if began - SOON <= sent.at <= ended or sent.at <= began <= latest:
                latest = max(latest, ended + SOON)
        for caller, began, ended in self.frozen:
            if caller == sent.caller and began <= latest and ended >= sent.at:
                latest = max(latest, ended + SOON)
        return any(
            life.caller == sent.caller and life.how == "killed" and life.ended <= latest
            for life in self.lives
        )


Standing = tuple[str, tuple[tuple[str, bool], ...]]
"""A message as it stands: its words, and its buttons with whether they can be pressed."""


@dataclass(kw_only=True)
class Found:
    broken: list[str] = field(default_factory=list[str])
    counts: Counter[str] = field(default_factory=Counter[str])

    def broke(self, pupil: Pupil, what: str) -> None:
        self.broken.append(f"learner {pupil.script.number}: {what}")


def check_chat(
    found: Found, pupil: Pupil, sent: dict[tuple[int, int], Sent], troubles: Troubles
) -> list[Standing]:
    """Every reply there, in order, and twice only where nobody could know.

    Returns the chat as it stands in the end, without what was said again.
    """
    chat = pupil.chat
    if pupil.stuck:
        found.broke(pupil, pupil.stuck)
        return []
    expected, place = pupil.script.heard, 0
    latest: JsonObject | None = None
    superseded: set[int] = set()
    for message in chat.came:
        if place < len(expected) and fits(expected[place], message):
            place, latest = place + 1, message
        elif latest is not None and _alike(message, latest):
            number = latest["message_id"]
            superseded.add(number)
            earlier = sent[chat.person.id, number]
            if earlier.unheard:
                found.counts[LOST_ANSWER] += 1
            elif troubles.could_not_write(earlier):
                found.counts[UNWRITTEN] += 1
            else:
                found.broke(
                    pupil,
                    f"of certain fate, and twice: {words(message)[:60]!r}, by {earlier.caller} and"
                    f" {sent[chat.person.id, message['message_id']].caller}",
                )
            latest = message
        else:
            found.broke(pupil, f"neither due nor said before: {words(message)[:80]!r}")
    if place < len(expected):
        found.broke(pupil, f"never said, or not in its turn: {expected[place]}")
    found.counts["messages"] += len(chat.came)
    found.counts["reminders"] += pupil.script.sleeps
    for number, message in chat.messages.items():
        if not message["from"]["is_bot"] or number in superseded or same(message, latest):
            continue  # what was said last waits to be answered
        live = [each["text"] for each in buttons(message) if "callback_data" in each]
        if live and not any(each in words(message) for each in _STAY_LIVE):
            found.broke(pupil, f"left with live buttons {live}: {words(message)[:60]!r}")
    return [
        (
            words(message),
            tuple((each["text"], "callback_data" in each) for each in buttons(message)),
        )
        for number, message in chat.messages.items()
        if message["from"]["is_bot"] and number not in superseded
    ]


def _alike(message: JsonObject, other: JsonObject) -> bool:
    return words(message) == words(other) and [each["text"] for each in buttons(message)] == [
        each["text"] for each in buttons(other)
    ]


@dataclass(kw_only=True)
class Record:
    """Of one learner, as the tables have it."""

    answers: list[tuple[str, tuple[str, ...] | None, str | None]] = field(
        default_factory=list[tuple[str, tuple[str, ...] | None, str | None]]
    )
    points: list[float] = field(default_factory=list[float])
    days: list[tuple[int, int, int, bool]] = field(default_factory=list[tuple[int, int, int, bool]])


async def records(url: str) -> dict[int, Record]:
    """By Telegram's id."""
    found: dict[int, Record] = {}
    async with await psycopg.AsyncConnection.connect(url) as connection:
        for telegram_id, question, chosen, raw, points, scores in await _rows(connection, _ANSWERS):
            record = found.setdefault(telegram_id, Record())
            record.answers.append((question, tuple(sorted(chosen)) if chosen else None, raw))
            record.points.append(float(points) if scores == 1 else -1)
        for telegram_id, ago, answers, counted, qualified in await _rows(connection, _DAYS):
            record = found.setdefault(telegram_id, Record())
            record.days.append((ago, answers, counted, qualified))
    return found


def check_record(found: Found, pupil: Pupil, record: Record) -> None:
    """Each answer once and in order, with its points; the study days as they must be."""
    script = pupil.script
    wanted = [(each.question, each.chosen, each.raw) for each in script.answers]
    if record.answers != wanted:
        found.broke(pupil, f"answers {record.answers}, and {wanted} were given")
    if record.points != [float(each.points) for each in script.answers]:
        found.broke(pupil, f"points {record.points}")
    before = [(ago, PAST_ANSWERS, PAST_ANSWERS, True) for ago in range(script.days, 0, -1)]
    given = len(wanted)
    today = [(0, given, given, given >= _A_DAY)] if given else []
    if record.days != before + today:
        found.broke(pupil, f"study days {record.days}, and not {before + today}")
    found.counts["answers"] += len(record.answers)


PAST_ANSWERS = 3
_A_DAY = 3  # answers that make a study day


async def check_tables(found: Found, url: str, updates: range) -> None:
    """All updates taken once and none put aside; nothing waits; no job is stuck."""
    async with await psycopg.AsyncConnection.connect(url) as connection:
        taken = dict(await _rows(connection, _UPDATES))
        lost = [each for each in updates if each not in taken]
        if lost:
            found.broken.append(f"{len(lost)} updates were never taken: {lost[:5]}")
        poisoned = [error for error in taken.values() if error]
        if poisoned:
            found.broken.append(f"{len(poisoned)} updates were put aside: {poisoned[:2]}")
        for fate, count in await _rows(connection, _FATES):
            found.counts[f"outbox: {fate or 'waiting'}"] = count
            if fate is None:
                found.broken.append(f"{count} messages wait in the outbox")
            elif fate == "unknown":
                found.broken.append(f"{count} messages were given up")
        for status, task, count in await _rows(connection, _JOBS):
            if status in {"failed", "aborted"}:
                found.broken.append(f"{count} jobs {task} have {status}")
            elif status == "stuck":
                found.broken.append(f"{count} jobs {task} are held by workers that are gone")


async def waiting(url: str) -> tuple[int, int]:
    """Messages without a fate, and jobs whose workers are gone."""
    async with await psycopg.AsyncConnection.connect(url) as connection:
        ((messages,),) = await _rows(connection, "SELECT count(*) FROM outbox WHERE fate IS NULL")
        stuck = sum(
            count for status, _, count in await _rows(connection, _JOBS) if status == "stuck"
        )
    return messages, stuck


async def _rows(connection: psycopg.AsyncConnection[Any], statement: LiteralString) -> list[Any]:
    return await (await connection.execute(statement)).fetchall()


_ANSWERS = """
    SELECT l.telegram_id, a.question_id, a.chosen, a.raw, max(s.points), count(s.points)
    FROM answers a JOIN learners l ON l.id = a.learner_id LEFT JOIN scores s ON s.answer_id = a.id
    GROUP BY l.telegram_id, a.id ORDER BY a.id
"""
_DAYS = """
    SELECT l.telegram_id, max(d.day) OVER () - d.day, d.answers, d.counted,
        d.qualified_at IS NOT NULL
    FROM study_days d JOIN learners l ON l.id = d.learner_id ORDER BY d.day
"""
_UPDATES = "SELECT update_id, error FROM updates"
_FATES = "SELECT fate, count(*)::int FROM outbox GROUP BY fate"
_JOBS = """
    SELECT CASE WHEN j.status = 'doing'
            AND (w.id IS NULL OR w.last_heartbeat < now() - interval '30 seconds')
        THEN 'stuck' ELSE j.status::text END, j.task_name, count(*)::int
    FROM procrastinate.procrastinate_jobs j
    LEFT JOIN procrastinate.procrastinate_workers w ON w.id = j.worker_id
    GROUP BY 1, 2
"""
