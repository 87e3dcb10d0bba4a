"""The guide for instructors tells the truth: of who may do what, and of what the bot says."""

import ast
import re
from pathlib import Path

import pytest

from tutorbot.core.classes import RIGHTS, Right, Role

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "instructors.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in GUIDE.splitlines()
    if line.startswith("| ") and line.count("|") == len(Role) + 2
]


LABELS = sorted({" ".join(each.split()) for each in re.findall(r"\*\*(.+?)\*\*", GUIDE, re.DOTALL)})


def said() -> str:
    """Every text of the views, one below the other."""
    return "\n".join(
        node.value
        for module in sorted((ROOT / "tutorbot" / "views").glob("*.py"))
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


SAID = said()


def test_the_table_of_roles_is_the_one_that_the_bot_goes_by():
    head, *rows = ROWS
    roles = [Role(name) for name in head[1:]]
    assert {*roles} == {*Role}
    assert len(rows) == len(Right)
    for right, row in zip(Right, rows, strict=True):
        assert row[0].startswith(right.value.split()[0]), row[0]
        told = {role for role, cell in zip(roles, row[1:], strict=True) if cell == "yes"}
        assert told == {role for role in Role if right in RIGHTS[role]}, row[0]


@pytest.mark.parametrize("label", LABELS)
def test_a_button_of_the_guide_is_one_of_the_bot(label: str):
    assert label in SAID.splitlines()


@pytest.mark.parametrize(
    "quoted", [" ".join(each.split()) for each in re.findall(r"\*“(.+?)”\*", GUIDE, re.DOTALL)]
)
def test_what_the_guide_quotes_is_said(quoted: str):
    assert quoted in SAID


@pytest.mark.parametrize("picture", re.findall(r"\]\((tour/.+?)\)", GUIDE))
def test_a_picture_of_the_guide_is_there(picture: str):
    assert (ROOT / "docs" / picture).is_file()
