"""The colours of pictures, which stand in a light or a dark chat."""

from dataclasses import dataclass

from tutorbot.core.actions import Theme


@dataclass(frozen=True, kw_only=True)
class Palette:
    paper: str
    ink: str
    quiet: str  # words that explain
    rule: str  # thin lines between things
    chip: str  # what a label stands on
    chip_ink: str
    days: tuple[str, str, str, str, str]  # from no answer to many
    empty_edge: str  # around a day without answers
    frozen: str  # a day that a freeze was spent on
    frozen_ink: str


PALETTES = {
    Theme.LIGHT: Palette(
        paper="#ffffff",
        ink="#17191c",
        quiet="#5f6b7a",
        rule="#e3e8ee",
        chip="#e4f0fb",
        chip_ink="#1f6fb2",
        days=("#eef1f4", "#bfe5cb", "#7fcb98", "#3fa468", "#1c6e3f"),
        empty_edge="#dfe4ea",
        frozen="#d3e9fb",
        frozen_ink="#2b7fc4",
    ),
    Theme.DARK: Palette(
        paper="#17212b",
        ink="#f3f6f9",
        quiet="#9aabbd",
        rule="#2a3744",
        chip="#213f5c",
        chip_ink="#8cc7fb",
        days=("#212d39", "#215e40", "#27804f", "#3db06d", "#74e39c"),
        empty_edge="#2c3a48",
        frozen="#234a6d",
        frozen_ink="#9ed3ff",
    ),
}
