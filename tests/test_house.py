"""The rules of the house that a machine can see to."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from tutorbot.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
LONGEST = 600  # lines of a module: more than one sitting

# Somebody's own folder, and where packages are fetched from: what holds on one machine alone.
FOLDER = re.compile(r"(?<![\w./:-])/(?:(?:home|Users|work)/[\w.-]|root/)")
REGISTRY = re.compile(
    r"\bpypi\.org|\bpythonhosted\.org|\bnpmjs\.org|\bnpmjs\.com|\bcrates\.io|\bproxy\.golang\.org"
    r"|\b(?:artifactory|nexus|devpi)\.[\w-]+\."
    r"|(?:index-url|registry)[\"']?\s*[=: ]\s*[\"']?https?:",
    re.IGNORECASE,
)


def tracked(*patterns: str) -> list[Path]:
    """The files under version control that are there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns], cwd=ROOT, check=True, capture_output=True
    )
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def places(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    """Where the pattern stands, as file:line."""
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1)
        if pattern.search(line)
    ]


def test_a_module_can_be_read_in_one_sitting():
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in tracked("*.py")}
    assert lengths
    assert [str(path) for path, length in lengths.items() if length >= LONGEST] == []


def test_no_module_is_a_drawer_that_nobody_empties():
    drawers = {"utils", "util", "helpers", "misc", "common"}
    parts = [path.relative_to(ROOT).with_suffix("").parts for path in tracked("*.py")]
    assert [each for each in parts if drawers & set(each)] == []


def test_each_package_says_what_it_is_for():
    packages = {path.parent for path in tracked("tutorbot/*.py")}
    silent = [
        package.relative_to(ROOT).as_posix()
        for package in packages
        if not (package / "__init__.py").is_file()
        or not ast.get_docstring(ast.parse((package / "__init__.py").read_text("utf-8")))
    ]
    assert packages
    assert silent == []


def test_no_file_knows_a_folder_of_one_machine():
    assert places(FOLDER, tracked()) == []


@pytest.mark.slow
def test_no_file_knows_where_packages_are_fetched_from():
    assert places(REGISTRY, tracked()) == []


def test_each_setting_is_explained():
    pages = [ROOT / "README.md", *tracked("docs/*.md")]
    text = "\n".join(page.read_text("utf-8") for page in pages)
    settings = [f"{PREFIX}{name}".upper() for name in Settings.model_fields]
    assert settings
    assert [name for name in settings if not re.search(rf"\b{name}\b", text)] == []


# The examples are disguised, so that this page is not found itself.
DISGUISE = str.maketrans("~!;", "/.:")


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (FOLDER, "see ~home~anna~notes"),
        (FOLDER, "path = '~work~main'"),
        (FOLDER, "(C) ~root~!cache"),
        (REGISTRY, "https;~~pypi!org~simple"),
        (REGISTRY, "--index-url https;~~packages!example~simple"),
        (REGISTRY, 'registry="https;~~packages!example"'),
    ],
)
def test_such_a_line_would_be_found(pattern: re.Pattern[str], line: str):
    assert pattern.search(line.translate(DISGUISE))


@pytest.mark.parametrize(
    "line",
    [
        "uv pip compile --no-emit-index-url",
        "https://example.org/home/anna",
        "a registry of courses",
        "./work/in/progress",
    ],
)
def test_such_a_line_is_let_be(line: str):
    assert not FOLDER.search(line)
    assert not REGISTRY.search(line)
