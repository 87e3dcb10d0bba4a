"""The collection inside a package of Anki: its notes, their fields and templates, and its media.

Legacy packages hold SQLite with the kinds of notes as JSON in one row; packages since Anki 2.1.50
hold SQLite packed with Zstandard, tables instead of JSON, and lists of media as protocol buffers.
"""

import io
import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

import zstandard

from tutorbot.courses.importers.imported import NotImported
from tutorbot.courses.importers.packages import (
    LARGEST_UNPACKED,
    MOST_QUESTIONS,
    Archive,
    too_many_questions,
)

_NEW, _LEGACY = "collection.anki21b", ("collection.anki21", "collection.anki2")
_STEPS = 1_000
_MOST_STEPS = 50_000
"""Of the database, in thousands: far more than reading 5,000 notes takes."""
_LONGEST_VALUE = 10_000_000
_CLOZE = 1
_TABLES = frozenset({"notes", "cards", "col", "notetypes", "fields", "templates", "decks"})
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ})
_MAGIC = b"SQLite format 3\x00"


@dataclass(frozen=True, kw_only=True)
class Template:
    front: str
    back: str


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of notes: the names of its fields, and what its cards show of them."""

    name: str
    fields: tuple[str, ...]
    templates: tuple[Template, ...]
    is_cloze: bool


@dataclass(frozen=True, kw_only=True)
class Note:
    guid: str
    kind: Kind
    tags: tuple[str, ...]
    values: tuple[str, ...]  # HTML, one for each field


@dataclass(frozen=True, kw_only=True)
class Collection:
    deck: str
    notes: tuple[Note, ...]
    media: Mapping[str, str] = field(default_factory=dict[str, str])  # from names to members


def read_collection(archive: Archive) -> Collection | NotImported:
    """The newest collection of the package; the others are there for old versions of Anki."""
    is_new = _NEW in archive.names
    name = _NEW if is_new else next((each for each in _LEGACY if each in archive.names), None)
    content = archive.read(name) if name else None
    if content and is_new:
        content = unpack(content)
    if not content or not content.startswith(_MAGIC):
        return NotImported(what="The file holds no deck of Anki: export the deck as .apkg again.")
    # A file in the mode of Anki's own collection would ask for a second file beside it.
    content = content[:18] + b"\x01\x01" + content[20:]
    database = sqlite3.connect(":memory:")
    try:
        database.deserialize(content)
        return _read(_guarded(database), _media(archive, is_new=is_new))
    except (sqlite3.Error, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return NotImported(what="The deck is damaged or too much work: export it from Anki again.")
    finally:
        database.close()


def unpack(content: bytes, largest: int = LARGEST_UNPACKED) -> bytes | None:
    """What is packed with Zstandard, if it has no more bytes than that."""
    try:
        reader = zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(
            io.BytesIO(content)
        )
        unpacked = reader.read(largest + 1)
    except zstandard.ZstdError:
        return None
    return unpacked if len(unpacked) <= largest else None


def _guarded(database: sqlite3.Connection) -> sqlite3.Connection:
    """Only plain tables are read, for so many steps: a file may define anything by these names."""
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA query_only = ON")
    database.create_collation("unicase", lambda one, other: (one > other) - (one < other))
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
    left = _MOST_STEPS

    def tired() -> int:
        nonlocal left
        left -= 1
        return int(left < 0)

    database.set_progress_handler(tired, _STEPS)
    plain = {
        str(name)
        for name, kind, source in database.execute("SELECT name, type, sql FROM sqlite_master")
        if kind == "table" and str(source).lstrip().upper().startswith("CREATE TABLE")
    }

    def allowed(action: int, table: str | None, *_rest: str | None) -> int:
        known = action in _ALLOWED and (
            action == sqlite3.SQLITE_SELECT or (table in _TABLES and table in plain)
        )
        return sqlite3.SQLITE_OK if known else sqlite3.SQLITE_DENY

    database.set_authorizer(allowed)
    return database


def _read(database: sqlite3.Connection, media: Mapping[str, str]) -> Collection | NotImported:
    kinds = dict(_new_kinds(database) or _legacy_kinds(database))
    rows = database.execute(
        "SELECT id, guid, mid, tags, flds FROM notes LIMIT ?", (MOST_QUESTIONS + 1,)
    ).fetchall()
    if len(rows) > MOST_QUESTIONS:
        return too_many_questions(len(rows))
    notes = tuple(
        Note(
            guid=str(guid),
            kind=kinds[int(kind)],
            tags=tuple(str(tags).split()),
            values=tuple(str(values).split("\x1f")),
        )
        for _, guid, kind, tags, values in sorted(rows, key=lambda row: int(row[0]))
        if int(kind) in kinds
    )
    return Collection(deck=_deck(database), notes=notes, media=media)


def _legacy_kinds(database: sqlite3.Connection) -> Iterator[tuple[int, Kind]]:
    (models,) = database.execute("SELECT models FROM col LIMIT 1").fetchone()
    for key, model in cast("dict[str, dict[str, object]]", json.loads(models)).items():
        fields = cast("list[dict[str, object]]", model["flds"])
        templates = cast("list[dict[str, object]]", model["tmpls"])
        yield (
            int(key),
            Kind(
                name=str(model["name"]),
                fields=tuple(str(each["name"]) for each in fields),
                templates=tuple(
                    Template(front=str(each["qfmt"]), back=str(each["afmt"])) for each in templates
                ),
                is_cloze=model.get("type") == _CLOZE,
            ),
        )


def _new_kinds(database: sqlite3.Connection) -> list[tuple[int, Kind]]:
    try:
        rows = database.execute("SELECT id, name, config FROM notetypes LIMIT 1000").fetchall()
    except sqlite3.DatabaseError:
        return []  # a legacy one
    fields: dict[int, dict[int, str]] = {}
    for kind, place, name in database.execute("SELECT ntid, ord, name FROM fields LIMIT 20000"):
        fields.setdefault(int(kind), {})[int(place)] = str(name)
    templates: dict[int, dict[int, Template]] = {}
    for kind, place, config in database.execute(
        "SELECT ntid, ord, config FROM templates LIMIT 20000"
    ):
        parts = dict(message(bytes(config)))
        templates.setdefault(int(kind), {})[int(place)] = Template(
            front=_text(parts.get(1)), back=_text(parts.get(2))
        )
    return [
        (
            int(key),
            Kind(
                name=str(name),
                fields=tuple(each for _, each in sorted(fields.get(int(key), {}).items())),
                templates=tuple(each for _, each in sorted(templates.get(int(key), {}).items())),
                is_cloze=dict(message(bytes(config))).get(1) == _CLOZE,
            ),
        )
        for key, name, config in rows
    ]


def _deck(database: sqlite3.Connection) -> str:
    """The deck that the first card is in, without those around it."""
    card = database.execute("SELECT did FROM cards LIMIT 1").fetchone()
    try:
        names = dict(database.execute("SELECT id, name FROM decks LIMIT 10000").fetchall())
    except sqlite3.DatabaseError:
        (decks,) = database.execute("SELECT decks FROM col LIMIT 1").fetchone()
        names = {int(key): deck["name"] for key, deck in json.loads(decks).items()}
    name = str(names.get(card[0], "")) if card else ""
    return name.replace("\x1f", "::").rpartition("::")[2]


def _media(archive: Archive, *, is_new: bool) -> dict[str, str]:
    content = archive.read("media") or b""
    if not is_new:
        table = cast("dict[str, str]", json.loads(content or b"{}"))
        return {str(name): str(member) for member, name in table.items()}
    entries = [part for number, part in message(unpack(content) or b"") if number == 1]
    found: dict[str, str] = {}
    for place, entry in enumerate(entries):
        if isinstance(entry, bytes):
            found[_text(dict(message(entry)).get(1))] = str(place)
    return found


def message(content: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a protocol buffer, by number, as far as it can be read."""
    at = 0
    while at < len(content):
        key, at = _varint(content, at)
        match key & 7:
            case 0:
                value, at = _varint(content, at)
            case 1:
                value, at = content[at : at + 8], at + 8
            case 2:
                length, at = _varint(content, at)
                value, at = content[at : at + length], at + length
            case 5:
                value, at = content[at : at + 4], at + 4
            case _:
                return
        yield key >> 3, value


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(content) and shift < 70:  # noqa: PLR2004 - ten groups of seven bits
        value |= (content[at] & 0x7F) << shift
        shift += 7
        at += 1
        if content[at - 1] < 0x80:  # noqa: PLR2004 - the bit that says that more follow
            break
    return value, at


def _text(value: int | bytes | None) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""
