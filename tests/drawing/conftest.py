"""The formulas of the two courses that come along: how each is said, and whether that loses
something."""

from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True, kw_only=True)
class Seed:
    latex: str
    plain: str
    said: bool  # the plain text says it all; otherwise a picture says more


def _seeds() -> list[Seed]:
    table = Path(__file__).with_name("seed_formulas.tsv").read_text(encoding="utf-8")
    rows = [row.split("\t") for row in table.splitlines()]
    return [Seed(latex=latex, plain=plain, said=how == "said") for how, latex, plain in rows]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", _seeds(), ids=lambda seed: seed.latex)
