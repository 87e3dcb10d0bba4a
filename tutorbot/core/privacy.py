"""What is kept about a learner, for how long, and handed out as one archive."""

import csv
import io
import json
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import cast

MESSAGES_KEPT = timedelta(days=90)
"""How long what the bot said is kept, and a message of the learner's that broke something."""

ASKED = timedelta(minutes=10)
"""How long the button that deletes everything works."""

MOST_ROWS = 10_000
MOST_CHARACTERS = 4_000_000
"""Of one table, in an archive: years of daily study. The newest are handed out, so that the archive
is made well before anybody else would take the message for left over, and stays small to send."""


class Kind(Enum):
    """What is kept, as a learner would sort it."""

    PROFILE = "profile"
    ANSWERS = "answers"
    DAYS = "days"
    MESSAGES = "messages"
    UPLOADS = "uploads"
    GROUPS = "groups"
    CLASSES = "classes"
    TROUBLE = "trouble"


KINDS: Mapping[str, Kind] = {
    "learners": Kind.PROFILE,
    "sittings": Kind.ANSWERS,
    "attempts": Kind.ANSWERS,
    "answers": Kind.ANSWERS,
    "scores": Kind.ANSWERS,
    "certainties": Kind.ANSWERS,
    "awaited_verdicts": Kind.ANSWERS,
    "cards": Kind.ANSWERS,
    "question_flags": Kind.ANSWERS,
    "regrade_changes": Kind.ANSWERS,
    "regrade_cards": Kind.ANSWERS,
    "rulings": Kind.ANSWERS,
    "abilities": Kind.ANSWERS,
    "study_days": Kind.DAYS,
    "rest_days": Kind.DAYS,
    "pauses": Kind.DAYS,
    "zone_changes": Kind.DAYS,
    "settlements": Kind.DAYS,
    "milestones": Kind.DAYS,
    "standings": Kind.DAYS,
    "reminders": Kind.PROFILE,
    "outbox": Kind.MESSAGES,
    "uploads": Kind.UPLOADS,
    "group_askers": Kind.GROUPS,
    "group_answers": Kind.GROUPS,
    "group_members": Kind.GROUPS,
    "round_askers": Kind.GROUPS,
    "round_players": Kind.GROUPS,
    "round_answers": Kind.GROUPS,
    "prompts": Kind.PROFILE,
    "class_members": Kind.CLASSES,
    "assignees": Kind.CLASSES,
    "broadcast_recipients": Kind.CLASSES,
    "updates": Kind.TROUBLE,
}
"""Every table with something about a learner in it; `/privacy` has a line for each kind."""


@dataclass(frozen=True, kw_only=True)
class Rows:
    columns: tuple[str, ...]
    rows: Sequence[Sequence[object]]
    cut: bool = False  # there are more, older ones


def expired(asked_at: int, now: datetime) -> bool:
    """Tell whether the question was asked too long ago, or never: nobody asks in the future."""
    return not 0 <= now.timestamp() - asked_at <= ASKED.total_seconds()


def bounded(
    columns: Sequence[str],
    newest: Sequence[Sequence[object]],
    most_rows: int = MOST_ROWS,
    most_characters: int = MOST_CHARACTERS,
) -> Rows:
    """Keep as many rows as an archive has room for, and bring them in the order of time."""
    room = most_characters
    kept: list[Sequence[object]] = []
    for row in newest[:most_rows]:
        room -= len(repr(row))
        if room < 0:
            break
        kept.append(row)
    return Rows(columns=tuple(columns), rows=kept[::-1], cut=len(kept) < len(newest))


def archive_name(now: datetime) -> str:
    return f"tutorbot-{now:%Y-%m-%d}.zip"


def archive(tables: Mapping[str, Rows], now: datetime) -> bytes:
    """Pack everything into a ZIP: each table as exact JSON, and as CSV for spreadsheets."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:

        def add(name: str, content: str) -> None:
            info = zipfile.ZipInfo(name, now.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(info, content.encode("utf-8"))

        add("README.txt", _readme(tables, now))
        for name, table in tables.items():
            add(f"{name}.json", as_json(table))
            add(f"{name}.csv", as_csv(table))
    return packed.getvalue()


def as_json(table: Rows) -> str:
    rows = [dict(zip(table.columns, map(_plain, row), strict=True)) for row in table.rows]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def as_csv(table: Rows) -> str:
    """Write a table for spreadsheets; what is text stays text, whatever it begins with."""
    written = io.StringIO(newline="")
    written.write("\ufeff")  # or Excel takes it for a file of 1995
    writer = csv.writer(written)
    writer.writerow(table.columns)
    writer.writerows([_cell(each) for each in row] for row in table.rows)
    return written.getvalue()


_FORMULA_STARTS = ("=", "+", "-", "@")


def _cell(value: object) -> object:
    plain = _plain(value)
    if plain is None or isinstance(plain, bool | int | float):
        return plain
    text = plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)
    # A spreadsheet would work out what begins like a formula, wide signs and blanks before it
    # included; the mark makes it text.
    begins = unicodedata.normalize("NFKC", text[:_LOOKED_AT]).lstrip()
    return f"'{text}" if text[:1].isspace() or begins.startswith(_FORMULA_STARTS) else text


_LOOKED_AT = 40  # characters; blanks alone are marked, however many


def _plain(value: object) -> object:
    """Turn what a database gives into what JSON has."""
    match value:
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return float(value)
        case list() | tuple():
            return [_plain(each) for each in cast("Sequence[object]", value)]
        case dict():
            return {
                str(key): _plain(each) for key, each in cast("dict[object, object]", value).items()
            }
        case None | bool() | int() | float() | str():
            return value
        case _:
            return str(value)


def _readme(tables: Mapping[str, Rows], now: datetime) -> str:
    lines = [
        f"Everything that tutorbot kept about you on {now:%Y-%m-%d at %H:%M UTC}.",
        "",
        "Each .json file has the exact data. The .csv file of the same name has the same for",
        "spreadsheets; there, a text that begins like a formula (=, +, -, @) has an apostrophe in",
        "front, so that nothing is worked out when you open it.",
        "",
    ]
    for name, table in tables.items():
        cut = f", the newest {len(table.rows)}" if table.cut else ""
        lines.append(f"{name}: {_CONTENTS.get(name, 'more about you')}{cut}")
    return "\n".join(lines) + "\n"


_CONTENTS = {
    "learners": "your profile and settings",
    "sittings": "the papers that you began",
    "attempts": "the questions that you saw",
    "answers": "what you answered, and how it was judged (in a quiz of a class: once it is told)",
    "scores": "the points of your answers",
    "certainties": "how sure you were of your answers",
    "awaited_verdicts": "what I am about to say of your last answer",
    "cards": "how well each question is remembered, and when it is due again",
    "question_flags": "the questions that you found something wrong with",
    "regrade_changes": "the scores of yours that a corrected key changed",
    "regrade_cards": "how that changed when a question is due again",
    "rulings": "what an instructor decided of your answers",
    "abilities": "how hard a question should be for you, as a number",
    "study_days": "the days on which you studied",
    "rest_days": "the weekdays that you keep free",
    "pauses": "the pauses that you took",
    "zone_changes": "when you set another time zone or start of the day",
    "settlements": "what became of the days that are over",
    "milestones": "the milestones that you reached",
    "standings": "how your streak stood a while ago",
    "reminders": "when you were reminded, and when you will be next",
    "outbox": "what the bot said to you in the last 90 days",
    "uploads": "the course files that you sent (their list; you have the files)",
    "round_askers": "the live rounds that you asked for",
    "round_players": "the live rounds that you took part in",
    "round_answers": "which of your answers were given in live rounds, and how fast",
    "prompts": "what I asked you to type last",
    "class_members": "the classes that you are in",
    "assignees": "the quizzes that were set to you",
    "broadcast_recipients": "what was sent to your class, and whether it reached you",
    "updates": "messages of yours that broke something and were put aside",
}
