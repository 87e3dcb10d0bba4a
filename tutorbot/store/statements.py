"""What stands between a statement of SQLAlchemy Core and the driver, and no more than that.

SQLAlchemy's own connections take about 180 µs of CPU for each statement on top of asyncpg's 50, and
an answer takes a dozen. So a statement is compiled once, by SQLAlchemy, and then run by asyncpg
itself: statements are made at import and live as long as the program.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NoReturn, Protocol
from weakref import WeakKeyDictionary

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - it has none
from sqlalchemy import Executable, SelectBase, TextClause
from sqlalchemy.dialects.postgresql import asyncpg as flavour
from sqlalchemy.exc import MultipleResultsFound, NoResultFound, StatementError
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase

DIALECT = flavour.dialect()

Parameters = Mapping[str, object] | Sequence[Mapping[str, object]]


class Connection(Protocol):
    """What is used of asyncpg's connections, which have no types."""

    async def execute(self, query: str, *args: object) -> str: ...

    async def executemany(self, command: str, args: Sequence[Sequence[object]]) -> None: ...

    async def fetch(self, query: str, *args: object, record_class: "type[Row]") -> "list[Row]": ...

    async def set_type_codec(
        self,
        typename: str,
        *,
        schema: str,
        encoder: Callable[[Any], object],
        decoder: Callable[[Any], object],
        format: str,  # noqa: A002 - asyncpg's
    ) -> None: ...

    def is_closed(self) -> bool: ...

    async def close(self, *, timeout: float) -> None: ...  # noqa: ASYNC109 - asyncpg's

    def terminate(self) -> None: ...


class Row(asyncpg.Record):
    """A row whose columns are attributes as well. The values alone, in order: iterate over it."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - columns are known only when it runs
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class Scalars(list[Any]):
    def all(self) -> Sequence[Any]:
        return self


class Result:
    """What a statement returned, all of it in memory.

    ``rowcount`` is of statements that return no rows.
    """

    def __init__(
        self, rows: Sequence[Row], columns: Sequence[str] = (), rowcount: int = -1
    ) -> None:
        self._rows = rows
        self.columns = columns
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def all(self) -> Sequence[Row]:
        return self._rows

    def one_or_none(self) -> Row | None:
        if len(self._rows) > 1:
            _too_many()
        return self._rows[0] if self._rows else None

    def one(self) -> Row:
        row = self.one_or_none()
        return _none() if row is None else row

    def scalars(self) -> "Scalars":
        """The first column of each row."""
        return Scalars(row[0] for row in self._rows)

    def scalar_one_or_none(self) -> Any:  # noqa: ANN401 - columns are known only when it runs
        row = self.one_or_none()
        return None if row is None else row[0]

    def scalar_one(self) -> Any:  # noqa: ANN401 - columns are known only when it runs
        return self.one()[0]


async def run(
    connection: Connection, statement: Executable, parameters: Parameters | None
) -> Result:
    # dict is asked for first: to ask for Mapping takes as long as all the rest here.
    if parameters is None or isinstance(parameters, dict | Mapping):
        prepared = _prepared(statement, parameters or {})
        sql, arguments = prepared.filled(parameters or {})
        if prepared.returns:
            rows = await connection.fetch(sql, *arguments, record_class=Row)
            return Result(rows, prepared.columns)
        return Result((), rowcount=_count(await connection.execute(sql, *arguments)))
    if not parameters:
        return Result((), rowcount=0)
    prepared = _prepared(statement, parameters[0])
    assert not prepared.returns, "many rows at once return none"
    filled = [prepared.filled(each) for each in parameters]
    await connection.executemany(filled[0][0], [arguments for _, arguments in filled])
    return Result((), rowcount=len(filled))


async def understand(connection: Connection) -> None:
    """Let a new connection read and write JSON; SQLAlchemy leaves that to its own results."""
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=_jsonb, decoder=_of_jsonb, format="binary"
    )


class _Prepared:
    """A statement as compiled for parameters of certain names."""

    def __init__(self, statement: ClauseElement, names: Sequence[str]) -> None:
        # The names tell what a plain INSERT gives values for; inside a WITH they would reach every
        # INSERT and UPDATE there is. And as for many rows at once, or an INSERT would return the id
        # whether it is wanted or not.
        columns = list(names) if isinstance(statement, UpdateBase) else None
        compiled = statement.compile(dialect=DIALECT, column_keys=columns, for_executemany=True)
        assert isinstance(compiled, SQLCompiler)
        self._compiled = compiled
        self._sql = compiled.string
        self._expands = bool(compiled.post_compile_params)
        self._fillers: list[tuple[str, object, Callable[[Any], object] | None]] = []
        for name in compiled.positiontup or ():
            bind = compiled.binds[name]
            otherwise = _MISSING if bind.required else bind.effective_value
            processor = bind.type.dialect_impl(DIALECT).bind_processor(DIALECT)
            self._fillers.append((bind.key, otherwise, processor))
        self.returns = isinstance(statement, SelectBase | TextClause) or bool(
            compiled.effective_returning
        )
        self.columns = (
            tuple(statement.selected_columns.keys()) if isinstance(statement, SelectBase) else ()
        )

    def filled(self, parameters: Mapping[str, object]) -> tuple[str, Sequence[object]]:
        """The words and the arguments."""
        if self._expands:
            return self._expanded(parameters)
        arguments: list[object] = []
        for name, otherwise, processor in self._fillers:
            value = parameters.get(name, otherwise)
            if value is _MISSING:
                raise StatementError(f"no value for {name!r}", self._sql, None, None)
            arguments.append(value if processor is None else processor(value))
        return self._sql, arguments

    def _expanded(self, parameters: Mapping[str, object]) -> tuple[str, Sequence[object]]:
        """Where a parameter stands for a list, the words depend on its length."""
        state = self._compiled.construct_expanded_state(parameters)
        values = state.parameters
        processors = state.processors
        arguments = [
            processors[name](values[name]) if name in processors else values[name]
            for name in state.positiontup or ()
        ]
        return state.statement, arguments


_MISSING = object()
_PREPARED: WeakKeyDictionary[Executable, dict[tuple[str, ...], _Prepared]] = WeakKeyDictionary()


def _prepared(statement: Executable, parameters: Mapping[str, object]) -> _Prepared:
    known = _PREPARED.setdefault(statement, {})
    names = tuple(parameters)
    prepared = known.get(names)
    if prepared is None:
        assert isinstance(statement, ClauseElement)
        prepared = known[names] = _Prepared(statement, names)
    return prepared


def _count(status: str) -> int:
    """The rows in a status such as ``UPDATE 3`` or ``INSERT 0 1``."""
    count = status.rpartition(" ")[2]
    return int(count) if count.isdigit() else -1


def _jsonb(written: str) -> bytes:
    return b"\x01" + written.encode()  # the version of the format


def _of_jsonb(sent: bytes) -> object:
    return json.loads(sent[1:])


def _too_many() -> NoReturn:
    raise MultipleResultsFound("more than one row where one was expected")


def _none() -> NoReturn:
    raise NoResultFound("no row where one was expected")
