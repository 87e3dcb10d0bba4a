"""A course that is more than one text: its translations and its pictures."""

from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from tutorbot.core.course import Choice, Course, Mark, Typed
from tutorbot.core.practice import in_language
from tutorbot.core.prose import words
from tutorbot.courses.bundle import (
    LARGEST_PICTURE,
    Bundle,
    FileFaults,
    examine_bundle,
    parse_bundle,
    read_bundle,
)
from tutorbot.courses.load import Unsound, load
from tutorbot.courses.prose import plain
from tutorbot.courses.writing import write

PNG = b"\x89PNG\r\n\x1a\n and so on"

ENGLISH = """\
---
id: cells
title: Cells
---

About cells.

# A network {#net .stem}

```meta
params: {h: [2, 3, 4]}
```

It keeps {{h}} numbers.

![A cell with a gate](cell.png)

## Kind {#kind}

```meta
skills: [rnn.types]
points: 2
```

Which kind is it?

- (x) A cell {#cell}
  > Yes.
- ( ) A gate {#gate}
  > [mixed.up] No.
- hint: {cost=0.5} Look.
- key: disputed, cell
  > Some say so.

### Solution

A cell.

## Number {#number}

How many numbers?

- answer: `h`
- also: `h + 0`
  > Well.
- wrong: `2*h` {tag=count.twice}
  > Half of that.
"""

GERMAN = """\
---
id: cells
title: Zellen
lang: de
---

Über Zellen.

# Ein Netz {#net .stem}

Es merkt sich {{h}} Zahlen.

![Eine Zelle mit Tor](cell.png)

## Art {#kind}

Welche Art ist es?

- (x) Eine Zelle {#cell}
  > Ja.
- ( ) Ein Tor {#gate}
- hint: Schau hin.
- key: disputed
  > Manche sagen das.

### Solution

Eine Zelle.

## Zahl {#number}

Wie viele Zahlen?

- wrong: `2*h`
  > Die Hälfte.
"""


def bundle(english: str = ENGLISH, german: str = GERMAN, cell: bytes | None = None) -> Bundle:
    return Bundle(
        name="cells.quiz.md",
        source=english,
        translations={"de": ("cells.de.quiz.md", german)} if german else {},
        pictures={} if cell is None else {"cell.png": cell},
    )


def course(it: Bundle) -> Course:
    reading = parse_bundle(it)
    assert reading.course, reading.faults
    return reading.course


def faults(it: Bundle) -> FileFaults:
    return tuple(
        (name, fault) for name, fault in examine_bundle(it).faults if fault.severity == "error"
    )


def test_a_translation_is_the_course_in_other_words():
    both = course(bundle(cell=PNG))
    german = in_language(both, "de-AT")
    assert german is both.translations[0]
    assert (german.title, german.lang, plain(german.about)) == ("Zellen", "de", "Über Zellen.")
    kind, number = german
    assert plain(kind.stem) == "Es merkt sich {{h}} Zahlen.\nEine Zelle mit Tor"
    assert isinstance(kind.body, Choice)
    assert [plain(each.prose) for each in kind.body.options] == ["Eine Zelle", "Ein Tor"]
    assert [each.mark for each in kind.body.options] == [Mark.RIGHT, Mark.WRONG]
    assert kind.dispute
    assert plain(kind.dispute.why) == "Manche sagen das."
    assert kind.dispute.options == ("cell",)
    assert plain(kind.hints[0].prose) == "Schau hin."
    assert isinstance(number.body, Typed)
    assert plain(number.body.mistaken[0].feedback) == "Die Hälfte."


def test_what_is_policy_or_key_comes_from_the_course_itself():
    both = course(bundle())
    english, german = both.questions, both.translations[0].questions
    for original, translated in zip(english, german, strict=True):
        for name in ("skills", "points", "variants", "group", "tries", "reveal"):
            assert getattr(translated, name) == getattr(original, name)
    number = german[1].body
    assert isinstance(number, Typed)
    assert [line.text for line in number.accepted] == ["h", "h + 0"]
    assert number.mistaken[0].tag == "count.twice"
    assert german[0].hints[0].cost == english[0].hints[0].cost


def test_what_a_translation_leaves_out_is_told_in_the_language_of_the_course():
    (german,) = course(bundle()).translations
    kind, number = german
    assert isinstance(kind.body, Choice)
    assert kind.body.options[1].feedback == (words("No."),)
    assert isinstance(number.body, Typed)
    assert number.body.accepted[1].feedback == (words("Well."),)


def test_a_translation_may_repeat_all_that_the_course_says():
    both = course(bundle())
    repeated = write(both.translations[0])
    assert "skills: [rnn.types]" in repeated
    assert course(bundle(german=repeated)) == both


FAULTS = {
    "another course": (("id: cells", "id: cell"), 2, "must be “cells”", "id: cells"),
    "another language": (("lang: de", "lang: fr"), 4, "must be “de”", "lang: de"),
    "no title": (("title: Zellen\n", ""), 1, "no title", "title:"),
    "question missing": (
        (GERMAN[GERMAN.index("## Zahl") :], ""),
        15,
        "“number” is not translated",
        "line 39",
    ),
    "question added": (("{#number}", "{#numbers}"), 30, "no question “numbers”", "id"),
    "stem missing": (("{#net .stem}", ""), 1, "“net” is not translated", "line 8"),
    "option missing": (("- ( ) Ein Tor {#gate}\n", ""), 15, "“gate” is not", "{#gate}"),
    "option added": (("{#gate}", "{#tor}"), 21, "no option “tor”", "cell, gate"),
    "option without id": ((" {#gate}", ""), 21, "no id", "cell, gate"),
    "another mark": (("( ) Ein", "(x) Ein"), 21, "mark of “gate”", "same brackets"),
    "another tag": (("Tor {#gate}", "Tor {#gate tag=other}"), 21, "“other”", "Leave the tag"),
    "another key": (("`2*h`", "`3*h`"), 34, "`3*h`", "Copy"),
    "another role": (("wrong: `2*h`", "also: `2*h`"), 34, "also: `2*h`", "Copy"),
    "more hints": (
        ("Schau hin.", "Schau.\n- hint: Hin."),
        22,
        "2 hints here and 1",
        "each of them",
    ),
    "another cost": (("hint: Schau", "hint: {cost=1} Schau"), 22, "costs", "Leave cost"),
    "another state": (("disputed\n", "disputed, gate\n"), 23, "state", "disputed"),
    "another policy": (
        ("Welche Art", "```meta\npoints: 3\n```\n\nWelche Art"),
        18,
        "“points” is not the same",
        "words only",
    ),
    "solution added": (
        ("  > Die Hälfte.\n", "  > Die Hälfte.\n\n### Solution\n\nMan zählt.\n"),
        37,
        "no solution here",
        "Leave it out",
    ),
    "unknown hole": (("Wie viele", "Wie {{k}} viele"), 30, "{{k}}", "params are h"),
    "form": (("Wie viele", "Wie $viele"), 32, "no partner", "\\$"),
    "option by place": (("Schau hin.", "Siehe Option B."), 22, "Option B", "what the option says"),
}


@pytest.mark.parametrize(("change", "line", "what", "mend"), FAULTS.values(), ids=FAULTS)
def test_a_fault_of_a_translation_is_named_with_its_file_and_line(
    change: tuple[str, str], line: int, what: str, mend: str
):
    assert change[0] in GERMAN
    found = faults(bundle(german=GERMAN.replace(*change), cell=PNG))
    assert {name for name, _ in found} == {"cells.de.quiz.md"}
    assert any(
        fault.line == line and what in fault.what and mend in fault.mend for _, fault in found
    ), found


def test_questions_in_another_order_are_told():
    head, kind = GERMAN.split("## Art")
    kind, number = kind.split("## Zahl")
    moved = f"{head}## Zahl{number}\n## Art{kind}"
    ((name, fault),) = faults(bundle(german=moved, cell=PNG))
    assert (name, fault.line) == ("cells.de.quiz.md", 15)
    assert "the turn of “kind”" in fault.mend


def test_a_course_that_cannot_be_read_is_told_before_its_translations():
    found = faults(bundle(english=ENGLISH.replace("{#kind}", ""), german="nothing"))
    assert {name for name, _ in found} == {"cells.quiz.md"}


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (None, "There is no picture “cell.png”."),
        (b"<svg onload=...>", "not the kind of picture"),
        (PNG + bytes(LARGEST_PICTURE), "larger than 10 MB"),
    ],
)
def test_a_picture_that_cannot_be_shown_is_named_where_it_stands(content: bytes | None, what: str):
    ((name, fault),) = faults(bundle(german="", cell=content))
    assert (name, fault.line, fault.column) == ("cells.quiz.md", 16, 23)
    assert what in fault.what


def test_a_bundle_is_read_from_the_files_that_stand_beside_each_other(tmp_path: Path):
    (tmp_path / "cells.quiz.md").write_text(ENGLISH, "utf-8")
    (tmp_path / "cells.de.quiz.md").write_text(GERMAN, "utf-8")
    (tmp_path / "cells-2.de.quiz.md").write_text("of another course", "utf-8")
    (tmp_path / "cell.png").write_bytes(PNG)
    (tmp_path / "other.png").write_bytes(PNG)
    it = read_bundle(tmp_path / "cells.quiz.md")
    assert it == bundle(cell=PNG)


def test_the_digest_changes_with_each_text_and_each_picture():
    versions = [
        bundle(cell=PNG),
        bundle(english=ENGLISH + "\n", cell=PNG),
        bundle(german=GERMAN + "\n", cell=PNG),
        bundle(cell=PNG + b"!"),
        bundle(german="", cell=PNG),
        bundle(),
    ]
    assert len({each.digest for each in versions}) == len(versions)
    assert bundle(cell=PNG).digest == versions[0].digest


def test_a_folder_is_loaded_with_translations_and_pictures(tmp_path: Path):
    (tmp_path / "cells.quiz.md").write_text(ENGLISH, "utf-8")
    (tmp_path / "cells.de.quiz.md").write_text(GERMAN, "utf-8")
    (tmp_path / "cell.png").write_bytes(PNG)
    loaded = load(tmp_path)
    assert not isinstance(loaded, Unsound), str(loaded)
    assert [each.course.title for each in loaded] == ["Cells"]
    assert [each.lang for each in loaded[0].course.translations] == ["de"]
    assert loaded[0].bundle.pictures == {"cell.png": PNG}
    (tmp_path / "cells.de.quiz.md").write_text(GERMAN.replace("{#gate}", ""), "utf-8")
    found = load(tmp_path)
    assert isinstance(found, Unsound)
    assert str(found).startswith("cells.de.quiz.md:15:1: The option “gate” is not translated.")


@given(
    st.lists(
        st.tuples(st.integers(0, 36), st.integers(0, 6), st.sampled_from(GERMAN.splitlines())),
        max_size=4,
    )
)
@settings(max_examples=80, deadline=None)
def test_any_translation_is_read_or_refused(changes: list[tuple[int, int, str]]):
    lines: list[str] = [*GERMAN.splitlines()]
    for place, gone, come in changes:
        lines[place : place + gone] = [come]
    reading = examine_bundle(bundle(german="\n".join(lines), cell=PNG))
    if reading.course:
        (german,) = reading.course.translations
        assert [each.id for each in german] == [each.id for each in reading.course]
    else:
        assert {name for name, _ in reading.faults} == {"cells.de.quiz.md"}
