"""What can go wrong with the store that no learner can mend.

StoreError
├── StoreUnavailable   the database cannot be reached, or cannot take work now
├── PostgresUnusable   our own server cannot run here: why, and what to do
├── UnreadableBody     a stored message that this version of the code cannot read
└── SchemaError        the database's tables are not those of this code
    ├── SchemaOlder    it needs an upgrade
    └── SchemaNewer    a newer tutorbot has been here
"""


class StoreError(Exception):
    pass


class StoreUnavailable(StoreError):
    """The database cannot be reached, or cannot take work now."""


class PostgresUnusable(StoreError):
    """Our own server cannot run here. Reads as one sentence: the cause, then the remedy."""

    def __init__(self, cause: str, remedy: str) -> None:
        super().__init__(f"{cause}; {remedy}.")
        self.cause = cause
        self.remedy = remedy


class UnreadableBody(StoreError):
    """A stored message that this version of the code cannot read."""


class SchemaError(StoreError):
    """The database's tables are not those of this code."""

    def __init__(self, found: str | None, expected: str) -> None:
        super().__init__(f"{type(self).__doc__} (found {found}, expected {expected})")
        self.found = found
        self.expected = expected


class SchemaOlder(SchemaError):
    """The database is older than this tutorbot; upgrade it with `tutorbot db upgrade`."""


class SchemaNewer(SchemaError):
    """The database belongs to a newer tutorbot; run that one, or restore a backup."""
