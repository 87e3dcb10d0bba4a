"""A course with all that belongs to it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Bundle:
    name: str
    source: str
    translations: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    pictures: Mapping[str, bytes] = field(default_factory=dict[str, bytes])

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.source.encode()).hexdigest()
