"""Decks of Anki: legacy ones as genanki writes them, and new ones by hand after Anki's schema."""

import io
import json
import sqlite3
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import genanki as untyped  # pyright: ignore[reportMissingTypeStubs] -- it ships none
import pytest
import zstandard

from tutorbot.core.course import Choice, Kind, Mark, Question, Typed
from tutorbot.core.prose import Formula, Paragraph, Picture, Text
from tutorbot.courses.importers.apkg import read
from tutorbot.courses.importers.imported import Imported, NotImported, Weight
from tutorbot.courses.prose import plain

genanki: Any = untyped
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def model(*fields: str, front: str = "", back: str = "", cloze: bool = False) -> Any:
    return genanki.Model(
        abs(hash(fields)) % 10**9 + 1,
        "A kind",
        fields=[{"name": each} for each in fields],
        templates=[
            {
                "name": "Card 1",
                "qfmt": front or f"{{{{{fields[0]}}}}}",
                "afmt": back or "{{FrontSide}}<hr>" + "".join(f"{{{{{f}}}}}" for f in fields[1:]),
            }
        ],
        model_type=genanki.Model.CLOZE if cloze else genanki.Model.FRONT_BACK,
    )


def deck(
    tmp_path: Path,
    kind: Any,
    *notes: Sequence[str],
    media: dict[str, bytes] | None = None,
    tags: Sequence[str] = (),
) -> Imported:
    made = genanki.Deck(1234, "Networks::Recurrent")
    for fields in notes:
        made.add_note(genanki.Note(model=kind, fields=list(fields), tags=list(tags)))
    package = genanki.Package(made)
    for name, content in (media or {}).items():
        (tmp_path / name).write_bytes(content)
        package.media_files.append(str(tmp_path / name))
    package.write_to_file(tmp_path / "deck.apkg", timestamp=1.0)
    found = read((tmp_path / "deck.apkg").read_bytes(), "deck.apkg")
    assert isinstance(found, Imported), found
    return found


def only(found: Imported) -> Question:
    (one,) = found.course.questions
    return one


def told(found: Imported, weight: Weight) -> str:
    return "\n".join(
        f"{each.where}: {each.what} [{each.quote}]"
        for each in found.remarks
        if each.weight is weight
    )


def test_a_card_with_a_short_back_is_to_be_typed(tmp_path: Path) -> None:
    found = deck(
        tmp_path,
        model("Front", "Back", "Extra"),
        ["What vanishes?", "the <b>gradient</b>", "In long sequences."],
        tags=["rnn", "Deep_Learning"],
    )
    one = only(found)
    assert isinstance(one.body, Typed)
    assert (one.body.kind, one.body.accepted[0].text) == (Kind.TEXT, "the gradient")
    assert plain(one.solution) == "In long sequences."
    assert one.skills == ("rnn", "deep-learning")
    assert (found.course.title, one.id) == ("Recurrent", "what-vanishes")
    assert "to be typed" in told(found, Weight.CHANGED)


def test_a_number_on_the_back_is_a_number(tmp_path: Path) -> None:
    body = only(deck(tmp_path, model("Front", "Back"), ["How many?", "12"])).body
    assert isinstance(body, Typed)
    assert body.kind is Kind.NUMBER


@pytest.mark.parametrize("back", [r"\(x^2\)", "word " * 30, "<ul><li>one</li></ul>"])
def test_a_back_that_nobody_types_becomes_the_solution_and_the_key_is_missing(
    tmp_path: Path, back: str
) -> None:
    found = deck(tmp_path, model("Front", "Back"), ["What?", back])
    one = only(found)
    assert isinstance(one.body, Typed)
    assert not one.body.accepted
    assert one.solution
    assert "give a key" in told(found, Weight.MISSING)


def test_the_card_decides_what_is_its_front(tmp_path: Path) -> None:
    kind = model("Answer word", "Sentence", front="{{Sentence}} {{type:Answer word}}")
    one = only(deck(tmp_path, kind, ["gate", "It opens and shuts."]))
    assert plain(one.prose) == "It opens and shuts."
    assert isinstance(one.body, Typed)
    assert one.body.accepted[0].text == "gate"


def test_gaps_become_questions_with_the_others_filled(tmp_path: Path) -> None:
    found = deck(
        tmp_path,
        model("Text", "Back Extra", front="{{cloze:Text}}", back="{{cloze:Text}}", cloze=True),
        [r"An {{c1::LSTM}} has {{c2::four::how many}} gates, \({{c3::x}}^{2}\).", "Or three."],
    )
    one, two, three = found.course.questions
    assert plain(one.prose) == "An ____ has four gates, $x^{2}$."
    assert plain(two.prose) == "An LSTM has ____ gates, $x^{2}$."
    assert [plain(hint.prose) for hint in two.hints] == ["how many"]
    assert isinstance(two.body, Typed)
    assert two.body.accepted[0].text == "four"
    assert plain(three.prose) == "An LSTM has four gates, $____^{2}$."
    assert plain(one.solution) == "Or three."


@pytest.mark.parametrize(
    ("fields", "values", "right", "several"),
    [
        (("Question", "QType (0=kprim,1=mc,2=sc)", "Q_1", "Q_2", "Q_3", "Answers"),
         ("Which?", "1", "one", "two", "three", "1 0 1"), (0, 2), True),
        (("Question", "QType", "Q_1", "Q_2", "Q_3", "Answers"),
         ("Which?", "2", "one", "two", "three", "0 0 1"), (2,), False),
        (("Front", "Option A", "Option B", "Option C", "Correct"),
         ("Which?", "one", "two", "", "B"), (1,), False),
        (("Question", "A", "B", "C", "Correct answer"),
         ("Which?", "one", "two", "three", "A, C"), (0, 2), True),
        (("Question", "Choice 1", "Choice 2", "Answer"),
         ("Which?", "yes", "no", "no"), (1,), False),
    ],
)  # fmt: skip
def test_options_in_fields_become_a_choice(
    tmp_path: Path,
    fields: tuple[str, ...],
    values: tuple[str, ...],
    right: tuple[int, ...],
    several: bool,
) -> None:
    body = only(deck(tmp_path, model(*fields), values)).body
    assert isinstance(body, Choice)
    assert tuple(n for n, o in enumerate(body.options) if o.mark is Mark.RIGHT) == right
    assert body.several is several


def test_options_without_a_key_are_said(tmp_path: Path) -> None:
    found = deck(tmp_path, model("Question", "A", "B", "Key"), ["Which?", "one", "two", "see book"])
    assert "see book" in told(found, Weight.MISSING)


def test_formulas_pictures_and_sounds_are_read_or_said(tmp_path: Path) -> None:
    found = deck(
        tmp_path,
        model("Front", "Back"),
        [
            r"[latex]$x^2 &lt; 3$[/latex] or \(y\) or [$]z[/$] <img src='a gate.png'> [sound:b]",
            "yes",
        ],
        media={"a gate.png": PNG},
    )
    assert only(found).prose == (
        Paragraph(
            (
                Formula("x^2 < 3"),
                Text(" or "),
                Formula("y"),
                Text(" or "),
                Formula("z"),
            )
        ),
        Picture("a-gate.png", ""),
    )
    assert found.pictures == {"a-gate.png": PNG}
    assert "Sounds" in told(found, Weight.LOST)


# The schema since Anki 2.1.50, written by hand.


def varint(value: int) -> bytes:
    return bytes([value]) if value < 128 else bytes([value & 127 | 128]) + varint(value >> 7)


def part(number: int, content: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(content)) + content


def new_collection(notes: Sequence[tuple[str, str]], *, schema: str = "") -> bytes:
    database = sqlite3.connect(":memory:")
    database.create_collation("unicase", lambda one, other: (one > other) - (one < other))
    database.executescript(
        schema
        or """
        CREATE TABLE notes (id integer primary key, guid text, mid integer, mod integer,
          usn integer, tags text, flds text, sfld integer, csum integer, flags integer, data text);
        CREATE TABLE cards (id integer primary key, nid integer, did integer);
        CREATE TABLE notetypes (id integer primary key, name text collate unicase, config blob);
        CREATE UNIQUE INDEX idx ON notetypes (name);
        CREATE TABLE fields (ntid integer, ord integer, name text collate unicase, config blob,
          primary key (ntid, ord)) without rowid;
        CREATE TABLE templates (ntid integer, ord integer, name text collate unicase, config blob,
          primary key (ntid, ord)) without rowid;
        CREATE TABLE decks (id integer primary key, name text collate unicase);
        """
    )
    if not schema:
        config = part(1, b"{{Front}}") + part(2, b"{{FrontSide}}<hr>{{Back}}")
        database.execute("INSERT INTO notetypes VALUES (7, 'Basic', ?)", (b"",))
        database.executemany("INSERT INTO fields VALUES (7, ?, ?, '')", [(0, "Front"), (1, "Back")])
        database.execute("INSERT INTO templates VALUES (7, 0, 'Card 1', ?)", (config,))
        database.execute("INSERT INTO decks VALUES (9, ?)", ("Top\x1fThe deck",))
        for key, (front, back) in enumerate(notes, start=1):
            database.execute(
                "INSERT INTO notes VALUES (?, 'g', 7, 0, 0, '', ?, 0, 0, 0, '')",
                (key, f"{front}\x1f{back}"),
            )
            database.execute("INSERT INTO cards VALUES (?, ?, 9)", (key, key))
    database.commit()
    return database.serialize()


def new_package(collection: bytes, media: dict[str, bytes] | None = None) -> bytes:
    pack = zstandard.ZstdCompressor().compress
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as opened:
        opened.writestr("meta", b"\x08\x03")
        opened.writestr("collection.anki21b", pack(collection))
        opened.writestr("collection.anki2", b"please update")
        entries = b"".join(part(1, part(1, name.encode())) for name in media or {})
        opened.writestr("media", pack(entries))
        for place, content in enumerate((media or {}).values()):
            opened.writestr(str(place), pack(content))
    return stream.getvalue()


def test_a_deck_of_new_anki_is_read() -> None:
    content = new_package(
        new_collection([("One? <img src='b.png'>", "1"), ("Two?", "second")]),
        {"a.png": b"\x89PNG other", "b.png": PNG},
    )
    found = read(content, "new.apkg")
    assert isinstance(found, Imported)
    assert found.course.title == "The deck"
    assert [q.id for q in found.course.questions] == ["one", "two"]
    assert found.pictures == {"b.png": PNG}


@pytest.mark.parametrize(
    "schema",
    [
        """CREATE VIEW notes AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)
        SELECT x AS id, x AS guid, 7 AS mid, '' AS tags, '' AS flds FROM n;""",
        "CREATE TABLE notes (id, guid, mid, tags, flds);",
        "CREATE TABLE col (models);",
        "CREATE TABLE col (models, flds); INSERT INTO col VALUES ('[' || '['|| '[', '');",
    ],
)
def test_a_deck_that_means_harm_or_is_damaged_is_refused(schema: str) -> None:
    found = read(new_package(new_collection([], schema=schema)), "x.apkg")
    assert isinstance(found, NotImported)
    assert found.what.endswith(".")


def test_a_bomb_in_zstandard_is_refused() -> None:
    bomb = zstandard.ZstdCompressor().compress(bytes(90_000_000))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as opened:
        opened.writestr("collection.anki21b", bomb)
        opened.writestr("media", json.dumps({}))
    assert isinstance(read(stream.getvalue(), "x.apkg"), NotImported)
