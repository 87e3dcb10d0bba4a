from pathlib import Path

from tutorbot.courses.load import Loaded, Unsound, load

SOUND = "---\nid: {id}\ntitle: A course\n---\n## Q {{#q}}\nAsk.\n- (x) a\n- ( ) b\n"


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.quiz.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def unsound(folder: Path) -> list[str]:
    found = load(folder)
    assert isinstance(found, Unsound)
    return str(found).splitlines()


def test_courses_come_in_the_order_of_their_files(tmp_path: Path):
    write(
        tmp_path, b=SOUND.format(id="first"), a__2=SOUND.format(id="x"), a__1=SOUND.format(id="y")
    )
    (tmp_path / "README.md").write_text("No course.")
    found = load(tmp_path)
    assert isinstance(found, tuple)
    assert [each.course.id for each in found] == ["y", "x", "first"]


def test_a_course_is_loaded_with_its_source_and_a_digest_that_changes_with_it(tmp_path: Path):
    one = load(write(tmp_path, a=SOUND.format(id="a")))
    other = load(write(tmp_path, a=SOUND.format(id="b")))
    assert isinstance(one, tuple)
    assert isinstance(other, tuple)
    assert isinstance(one[0], Loaded)
    assert one[0].source == SOUND.format(id="a")
    assert one[0].digest != other[0].digest
    assert load(tmp_path) == other


def test_each_fault_is_a_sentence_with_file_line_and_column(tmp_path: Path):
    broken = SOUND.format(id="a").replace("Ask", "Ask $n")
    senseless = SOUND.format(id="b").replace("(x)", "( )")
    first, second = unsound(write(tmp_path, x__a=broken, x__b=senseless, c=SOUND.format(id="c")))
    assert first == (
        "x/a.quiz.md:6:5: This dollar sign has no partner."
        " Write $…$ around a formula, or \\$ for the sign itself."
    )
    assert second == (
        "x/b.quiz.md:5:1: No option of this question is right."
        " Mark the right one with (x), or the right ones with [x]."
    )


def test_two_courses_cannot_have_one_id(tmp_path: Path):
    (fault,) = unsound(write(tmp_path, a=SOUND.format(id="i"), b=SOUND.format(id="i")))
    assert fault.startswith("b.quiz.md:1:1: The id “i” is taken by a.quiz.md.")


def test_a_folder_without_courses_is_not_taken_for_a_sound_one(tmp_path: Path):
    assert unsound(tmp_path) == [".:1:1: There is no .quiz.md file. Put one into the folder."]


def test_a_file_in_another_encoding_is_refused(tmp_path: Path):
    (tmp_path / "a.quiz.md").write_bytes(
        SOUND.format(id="a").replace("Ask", "Größe").encode("latin-1")
    )
    assert unsound(tmp_path) == ["a.quiz.md:1:1: The file is not UTF-8. Save it as UTF-8."]
