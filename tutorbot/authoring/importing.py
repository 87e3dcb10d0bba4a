"""`tutorbot content import` from its arguments to its exit code."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TextIO

from tutorbot.authoring.check import Wanted
from tutorbot.authoring.command import FAULTY, SOUND, UNUSABLE, Shown, check
from tutorbot.courses.importers import formats
from tutorbot.courses.importers.gathering import Read
from tutorbot.courses.importers.imported import Imported, NotImported, Remark, Weight
from tutorbot.courses.importers.packages import LARGEST_PICTURE
from tutorbot.courses.load import SUFFIX
from tutorbot.courses.writing import write

_HEADINGS = {
    Weight.DOUBT: "For a person to look at",
    Weight.MISSING: "Missing",
    Weight.LOST: "Not carried over",
    Weight.CHANGED: "Said otherwise than in the file",
}
_MOST_SHOWN = 100  # of one weight


@dataclass(frozen=True, kw_only=True)
class Import:
    """What is asked for. ``folder``: where the courses go; None: beside what they come from."""

    paths: Sequence[Path]
    folder: Path | None = None
    format: str | None = None
    force: bool = False  # write over what is there


def import_files(asked: Import, target: TextIO) -> int:
    """Write a course beside each file, say what a person should know, and check what was written.

    The exit code is that of the check; `UNUSABLE` if a file could not be read or written.
    """
    worst = SOUND
    for path in asked.paths:
        worst = max(worst, _import_file(path, asked, target))
    return worst


def _import_file(path: Path, asked: Import, target: TextIO) -> int:
    try:
        found = _read(path, asked.format)
        if isinstance(found, NotImported):
            print(f"{path}: {found.what}", file=target)
            return UNUSABLE
        folder = asked.folder or path.parent
        written = folder / f"{_stem(path)}{SUFFIX}"
        pictures = {
            folder / PurePosixPath(name).name: content for name, content in found.pictures.items()
        }
        taken = [each for each in (written, *pictures) if each.exists() and not asked.force]
        if taken:
            print(f"{path}: {taken[0]} is there already; --force writes over it.", file=target)
            return UNUSABLE
        folder.mkdir(parents=True, exist_ok=True)
        for picture, content in pictures.items():
            picture.write_bytes(content)
        written.write_text(write(found.course), "utf-8")
    except OSError as trouble:
        print(f"{path}: {trouble.strerror or trouble}.", file=target)
        return UNUSABLE
    questions = len(found.course.questions)
    print(f"{path}: {questions} question{'s' * (questions != 1)} → {written}", file=target)
    _print_remarks(found.remarks, target)
    print("\nThe check says:", file=target)
    sound = check([written], Wanted(pictures=False, against=None), Shown(), target)
    return FAULTY if sound == FAULTY else sound


def _read(path: Path, wanted: str | None) -> Imported | NotImported:
    if path.stat().st_size > formats.LARGEST_FILE:
        millions = formats.LARGEST_FILE // 1_000_000
        return NotImported(what=f"The file is too large; {millions} MB can be read.")
    picture = _pictures_beside(path)
    return formats.read(path.read_bytes(), path.name, wanted=wanted, read_picture=picture)


def _pictures_beside(path: Path) -> Read:
    """A reader of the pictures in the folder of the file or below, and nowhere else."""
    folder = path.parent.resolve()

    def read(address: str) -> bytes | None:
        try:
            picture = (folder / address).resolve()
            inside = picture.is_relative_to(folder) and picture.is_file()
            if not inside or picture.stat().st_size > LARGEST_PICTURE:
                return None
            return picture.read_bytes()
        except (OSError, ValueError):
            return None

    return read


def _stem(path: Path) -> str:
    name = path.name.removesuffix(SUFFIX)
    return name.rpartition(".")[0] or name


def _print_remarks(remarks: Sequence[Remark], target: TextIO) -> None:
    for weight, heading in _HEADINGS.items():
        own = [remark for remark in remarks if remark.weight is weight]
        if not own:
            continue
        print(f"\n{heading}:", file=target)
        for remark in own[:_MOST_SHOWN]:
            quote = f"  [{' '.join(remark.quote.split())}]" if remark.quote else ""
            print(f"  {remark.where}: {remark.what}{quote}", file=target)
        if len(own) > _MOST_SHOWN:
            print(f"  … and {len(own) - _MOST_SHOWN} more.", file=target)
