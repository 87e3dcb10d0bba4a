"""What a migration does to the code that is still running, and to those who wait for a table.

Found out by PostgreSQL itself and not by reading statements: its catalogue before and after, and
the locks that the migration holds when it is through. Only what changes rows is read.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text


@dataclass(frozen=True, kw_only=True)
class Column:
    type: str
    required: bool  # NOT NULL
    filled: bool  # it has a default, or counts by itself


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A constraint, a unique index or a trigger."""

    table: str
    columns: frozenset[str]
    proven: bool  # by reading the rows that were there; a NOT VALID one is not
    refers_to: str | None  # the table of a foreign key
    holds_up: bool  # which keeps rows of that table from being deleted


@dataclass(frozen=True, kw_only=True)
class Shape:
    """The tables at one moment, and what the transaction that looks at them holds."""

    tables: dict[str, int]  # each with the number of its file
    columns: dict[tuple[str, str], Column]
    rules: dict[str, Rule]
    indexes: dict[str, str]  # each with its table
    locked: frozenset[str]  # tables into which nobody else can write


@dataclass(frozen=True, kw_only=True)
class Effects:
    breaks: tuple[str, ...]  # for code that knows the tables as they were
    holds_up: tuple[str, ...]  # whoever wants the table, and for long if it is large


def shape(connection: Connection) -> Shape:
    def rows(query: str) -> Sequence[Any]:
        return connection.execute(text(query)).all()

    return Shape(
        tables=dict(rows(_TABLES)),
        columns={
            (table, name): Column(type=kind, required=required, filled=filled)
            for table, name, kind, required, filled in rows(_COLUMNS)
        },
        rules={
            name: Rule(
                table=table,
                columns=frozenset(columns),
                proven=proven,
                refers_to=refers_to,
                holds_up=holds_up,
            )
            for name, table, columns, proven, refers_to, holds_up in rows(_RULES)
        },
        indexes=dict(rows(_INDEXES)),
        locked=frozenset(name for (name,) in rows(_LOCKED)),
    )


def effects(before: Shape, after: Shape, statements: Sequence[str] = ()) -> Effects:
    return Effects(
        breaks=tuple(_breaks(before, after)),
        holds_up=(*_holds_up(before, after), *_rows_changed(before, statements)),
    )


def _breaks(before: Shape, after: Shape) -> Iterator[str]:
    for table in before.tables.keys() - after.tables.keys():
        yield f"{table} is gone"
    for (table, name), was in before.columns.items():
        now = after.columns.get((table, name))
        if table not in after.tables:
            continue
        if now is None:
            yield f"{table}.{name} is gone"
        elif now.type != was.type:
            yield f"{table}.{name} was {was.type} and is {now.type}"
        elif now.required and not was.required:
            yield f"{table}.{name} may no longer be empty"
        elif now.required and was.filled and not now.filled:
            yield f"{table}.{name} is no longer filled in by itself"
    for (table, name), now in after.columns.items():
        new = table in before.tables and (table, name) not in before.columns
        if new and now.required and not now.filled:
            yield f"{table}.{name} is new and must be filled in"
    for name in after.rules.keys() - before.rules.keys():
        rule = after.rules[name]
        if any((rule.table, column) in before.columns for column in rule.columns):
            yield f"{name} forbids what {rule.table} took"
        if rule.refers_to in before.tables and rule.holds_up:
            yield f"{name} keeps {rule.refers_to} from being deleted; say ON DELETE CASCADE"


def _holds_up(before: Shape, after: Shape) -> Iterator[str]:
    for table, file in before.tables.items():
        if after.tables.get(table, file) != file:
            yield f"{table} is written anew"
    for (table, name), was in before.columns.items():
        now = after.columns.get((table, name))
        if now is not None and now.required and not was.required:
            yield f"{table} is read through for empty {name}"
    for name in after.indexes.keys() - before.indexes.keys():
        table = after.indexes[name]
        if table in before.tables and table in after.locked:
            yield f"{name} is built while nobody can write; say CONCURRENTLY"
    for name in after.rules.keys() - before.rules.keys():
        rule = after.rules[name]
        if rule.table in before.tables and rule.proven:
            yield f"{rule.table} is read through for {name}; say NOT VALID, and validate later"


def _rows_changed(before: Shape, statements: Sequence[str]) -> Iterator[str]:
    for statement in statements:
        found = _CHANGES_ROWS.match(statement)
        if found and found[1] in before.tables.keys() - _ONE_ROW:
            yield f"rows of {found[1]} are changed in one go; fill them in from a job"


_CHANGES_ROWS = re.compile(r"\s*(?:UPDATE|DELETE\s+FROM)\s+(?:ONLY\s+)?\"?(\w+)", re.IGNORECASE)
_ONE_ROW = {"alembic_version", "compatibility"}

_TABLES = """
    SELECT relname::text, pg_relation_filenode(oid)::bigint FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""
_COLUMNS = """
    SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull,
        a.atthasdef OR a.attidentity <> ''
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
    WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
"""
_RULES = """
    WITH found AS (
        SELECT conname::text AS name, conrelid AS relation, conkey AS places,
            contype IN ('c', 'f') AND convalidated AS proven,
            CASE contype WHEN 'f' THEN confrelid END AS refers_to,
            contype = 'f' AND confdeltype IN ('a', 'r') AS holds_up
        FROM pg_constraint
        WHERE contype <> 'n' AND conrelid <> 0 AND connamespace = 'public'::regnamespace
        UNION ALL
        SELECT c.relname::text, i.indrelid, i.indkey::smallint[], false, NULL, false
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace
            AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = c.oid)
        UNION ALL
        SELECT tgname::text, tgrelid, ARRAY(
            SELECT attnum FROM pg_attribute WHERE attrelid = tgrelid AND attnum > 0), false, NULL,
            false
        FROM pg_trigger WHERE NOT tgisinternal
    )
    SELECT format('%s.%s', c.relname, f.name), c.relname::text, ARRAY(
        SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid AND attnum = ANY (f.places)
    ), f.proven, (SELECT relname::text FROM pg_class WHERE oid = f.refers_to), f.holds_up
    FROM found f JOIN pg_class c ON c.oid = f.relation
    WHERE c.relnamespace = 'public'::regnamespace
"""
_INDEXES = """
    SELECT indexname::text, tablename::text FROM pg_indexes WHERE schemaname = 'public'
"""
_LOCKED = """
    SELECT c.relname::text FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
    WHERE l.pid = pg_backend_pid() AND l.granted AND c.relkind = 'r'
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
"""
