"""What tables share: where they are kept, how their rules are called, and the usual columns."""

from sqlalchemy import TIMESTAMP, BigInteger, Column, ForeignKey, Identity, MetaData, Table

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
)


def instant(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, TIMESTAMP(timezone=True), nullable=nullable)


def reference(name: str, to: Table, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, ForeignKey(to.c.id), nullable=nullable)


def own_id() -> Column[int]:
    return Column("id", BigInteger, Identity(always=True), primary_key=True)
