"""What can go wrong with the store that no learner can mend.

StoreError
├── StoreUnavailable   the database cannot be reached, or cannot take work now
│   └── StoreSlow      it answers, but not this in time
├── PostgresUnusable   our own server cannot run here: why, and what to do
├── BackupFailed       a backup was not written, or not restored: why, and what to do
├── UnreadableBody     a stored message that this version of the code cannot read
└── SchemaError        this code cannot run on the database's tables
    ├── SchemaOlder    it needs an upgrade
    ├── SchemaNewer    a newer tutorbot has been here, and left no room for this one
    └── SchemaBusy     it could not be upgraded, as its tables were in use
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
    """This code cannot run on the database's tables. Reads as one sentence."""

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
    """A newer tutorbot has been here, and left no room for this one.

    ``oldest`` is the revision whose code may still run; None if the database does not say.
    """

    def __init__(self, found: str, expected: str, oldest: str | None = None) -> None:
        cause = f"The database belongs to a newer tutorbot ({found}, and not {expected})"
        if oldest is not None:
            cause += f", beside which none older than {oldest} runs"
        run = "that" if oldest is None else "a newer"
        super().__init__(found, expected, cause, f"run {run} one, or restore a backup")
        self.oldest = oldest


class SchemaBusy(SchemaError):
    """It could not be upgraded: others held a table whenever it was tried."""

    def __init__(self, found: str | None, expected: str) -> None:
        super().__init__(
            found,
            expected,
            f"The database could not be brought from {found or 'nothing'} to {expected}, as a table"
            " was in use at each try",
            "wait for the backup or end the long transaction that holds it, and run `tutorbot db"
            " upgrade` again",
        )
