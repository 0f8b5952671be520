"""The book: rows of the seed in memory, each with its id, until they are written table by table."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, Insert, Table, bindparam, func, insert, select
from sqlalchemy.orm import Session

from portal.extensions import db
from portal.terms import SchoolKind, UnitKind

SEED = 20250630
_NAMESPACE = uuid.UUID("6f1d2c1e-5a0b-5d3f-9c57-999901000000")
_CHUNK = 2_000


def stream(part: str) -> random.Random:
    """The random numbers of one part of the seed: a change in one part leaves the others as they were."""
    return random.Random(f"{SEED}/{part}")


def stable_id(name: str) -> uuid.UUID:
    """The same random-looking id for the same name in every run."""
    return uuid.uuid5(_NAMESPACE, name)


@dataclass(frozen=True)
class Place:
    """A unit as the rows need it; `key` is its name in the tables."""

    key: str
    code: str
    name: str
    kind: UnitKind
    id: int
    township_id: int
    county_id: int
    school_kind: SchoolKind | None = None

    @property
    def scope(self) -> dict[str, Any]:
        """The columns of a row that belongs to this unit."""
        return {"unit_id": self.id, "township_id": self.township_id, "county_id": self.county_id}

    @property
    def stat(self) -> dict[str, Any]:
        """The columns of an act that counts at this unit."""
        return {
            "stat_unit_id": self.id,
            "stat_township_id": self.township_id,
            "stat_county_id": self.county_id,
        }


class Book:
    """Collects rows and writes them in bulk. Ids go on where the database stands."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._first: dict[str, int] = {}
        self.classes: dict[tuple[str, str], int] = {}
        """(school, class name) → the id of the class."""

    def add(self, model: type[Any], key: str = "", **values: Any) -> int:
        """Take in one row of `model` and return its id. `key` names it for its public id."""
        table = model.__table__
        rows = self._rows.setdefault(table.name, [])
        if table.name not in self._first:
            self._first[table.name] = 1 + (self._session.scalar(select(func.max(table.c.id))) or 0)
        number = self._first[table.name] + len(rows)
        if "public_id" in table.c:
            values["public_id"] = stable_id(f"{table.name}/{key or number}")
        rows.append({"id": number, **values})
        return number

    def amend(self, model: type[Any], number: int, **values: Any) -> None:
        """Change a row of this book before it is written."""
        name = model.__table__.name
        self._rows[name][number - self._first[name]].update(values)

    def next_id(self, model: type[Any]) -> int:
        """The id the next row of `model` will get."""
        name = model.__table__.name
        if name not in self._first:
            self._first[name] = 1 + (self._session.scalar(select(func.max(model.__table__.c.id))) or 0)
        return self._first[name] + len(self._rows.get(name, ()))

    def count(self) -> dict[str, int]:
        """Rows per table, in the order in which they are written."""
        return {table.name: len(self._rows[table.name]) for table in self._tables()}

    def write(self) -> None:
        """Insert everything. The caller commits."""
        is_postgresql = self._session.get_bind().dialect.name == "postgresql"
        for table in self._tables():
            rows = self._rows[table.name]
            for start in range(0, len(rows), _CHUNK):
                chunk = rows[start : start + _CHUNK]
                if is_postgresql:
                    self._session.execute(_insert_columns(table, chunk))
                else:
                    self._session.execute(insert(table), chunk)
        if is_postgresql:
            self._move_the_sequences()

    def _tables(self) -> Iterator[Any]:
        return (table for table in db.metadata.sorted_tables if table.name in self._rows)

    def _move_the_sequences(self) -> None:
        for table in self._tables():
            last = self._first[table.name] + len(self._rows[table.name]) - 1
            self._session.scalar(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), last)))


def _insert_columns(table: Table, rows: list[dict[str, Any]]) -> Insert:
    """One statement for many rows, a parameter per column: PostgreSQL's triggers run once for all of them.

    A parameter per value costs psycopg more time than the server needs for the rows.
    """
    names = list(rows[0])
    columns = [
        func.unnest(
            bindparam(None, [row[name] for row in rows], type_=ARRAY(table.c[name].type, dimensions=1))
        )
        for name in names
    ]
    return insert(table).from_select(names, select(*columns))
