"""The pictures that a course names, as they lie beside its file."""

from contextlib import nullcontext
from pathlib import Path
from typing import Final

from tutorbot.core.prose import Picture
from tutorbot.courses.faults import Severity
from tutorbot.courses.rules.paper import Paper

LARGEST: Final = 10_000_000
"""In bytes; Telegram takes no larger photo."""

KINDS: Final = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
"""How files begin, and what they are."""


def check(paper: Paper, folder: Path) -> None:
    """Note pictures that are missing, or that no learner could see."""
    for passage in paper.passages():
        for block in passage.prose:
            if isinstance(block, Picture) and (trouble := _trouble(folder, block.file)):
                what, mend, code = trouble
                paper.notebook.note(
                    paper.find(passage.line, block.file), what, mend, near=block.file, code=code
                )
            if isinstance(block, Picture) and not block.words.strip():
                paper.notebook.note(
                    paper.find(passage.line, block.file),
                    "This picture has no words that say the same.",
                    "Write them between the brackets: ![What it shows](name.png).",
                    near=block.file,
                    code="picture-wordless",
                    severity=Severity.WARNING,
                )


def kind_of(content: bytes) -> str | None:
    """What a picture is by its first bytes; None for what is no picture that we send."""
    return next((kind for start, kind in KINDS.items() if content.startswith(start)), None)


def _trouble(folder: Path, name: str) -> tuple[str, str, str] | None:
    if Path(name).name != name or name in {"", ".", ".."}:
        return (
            f"“{name[:60]}” is no name of a file beside this one.",
            "Put the picture into the folder of the course, and write its name alone.",
            "picture-elsewhere",
        )
    path = folder / name
    try:
        with path.open("rb") if path.is_file() else nullcontext() as file:
            start = file.read(16) if file else None
        size = path.stat().st_size
    except (OSError, ValueError):  # a name may hold what no system takes
        start, size = None, 0
    if start is None:
        alike = _alike(folder, name)
        return (
            f"There is no picture “{name[:60]}” beside this file.",
            f"Capitals matter: write {alike}." if alike else "Put it there, or mend the name.",
            "picture-missing",
        )
    if size > LARGEST:
        return (
            f"This picture has {size:,} bytes.",
            f"Keep it under {LARGEST:,}.",
            "picture-too-large",
        )
    if kind_of(start) is None:
        return (
            "This file is neither a PNG nor a JPEG.",
            "Save the picture as one of the two.",
            "picture-unreadable",
        )
    return None


def _alike(folder: Path, name: str) -> str | None:
    try:
        names = [each.name for each in folder.iterdir()]
    except OSError:
        return None
    return next((each for each in names if each.casefold() == name.casefold()), None)
