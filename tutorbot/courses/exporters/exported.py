"""What an exporter gives back."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Exported:
    """One file, ready to be written."""

    name: str  # with its ending
    content: bytes
    remarks: tuple[str, ...] = ()  # what the format cannot hold, one sentence each
