"""What can go wrong with the store that no learner can mend.

StoreError
├── StoreUnavailable   the database cannot be reached, or cannot take work now
│   └── StoreSlow      it answers, but not this in time
├── PostgresUnusable   our own server cannot run here: why, and what to do
├── BackupFailed       a backup was not written, or not restored: why, and what to do
├── UnreadableBody     a stored message that this version of the code cannot read
└── SchemaError        the database's tables are not those of this code
    ├── SchemaOlder    it needs an upgrade
    └── SchemaNewer    a newer tutorbot has been here
"""


class StoreError(Exception):
    pass


class StoreUnavailable(StoreError):
    """The database cannot be reached, or cannot take work now."""


class StoreSlow(StoreUnavailable):
    """It answers, but did not do this in time: it is overburdened, or this is too much."""


class PostgresUnusable(StoreError):
    """Our own server cannot run here. Reads as one sentence: the cause, then the remedy."""

    def __init__(self, cause: str, remedy: str) -> None:
        super().__init__(f"{cause}; {remedy}.")
        self.cause = cause
        self.remedy = remedy


class BackupFailed(StoreError):
    """No backup was written, or none restored. Reads as one sentence: the cause, then the remedy.

    Whatever was there before is there still.
    """

    def __init__(self, cause: str, remedy: str) -> None:
        super().__init__(f"{cause}; {remedy}.")
        self.cause = cause
        self.remedy = remedy


class UnreadableBody(StoreError):
    """A stored message that this version of the code cannot read."""


class SchemaError(StoreError):
    """The database's tables are not those of this code. Reads as one sentence."""

    def __init__(self, found: str | None, expected: str, cause: str, remedy: str) -> None:
        super().__init__(f"{cause}; {remedy}.")
        self.found = found
        self.expected = expected


class SchemaOlder(SchemaError):
    """It needs an upgrade; ``found`` is None before the first."""

    def __init__(self, found: str | None, expected: str) -> None:
        cause, remedy = (
            ("has no tables yet", "make them")
            if found is None
            else (f"is older than this tutorbot ({found}, and not {expected})", "upgrade it")
        )
        super().__init__(
            found, expected, f"The database {cause}", f"{remedy} with `tutorbot db upgrade`"
        )


class SchemaNewer(SchemaError):
    """A newer tutorbot has been here."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(
            found,
            expected,
            f"The database belongs to a newer tutorbot ({found}, and not {expected})",
            "run that one, or restore a backup",
        )
