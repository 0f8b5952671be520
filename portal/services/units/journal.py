"""The journal of one act upon the tree: every row it changes or makes, so that it can be taken back."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from sqlalchemy import func, inspect, select

from portal.extensions import Model, db
from portal.models.children import Child, Placement
from portal.models.units import UnitSpell
from portal.tenancy.units import Unit

WATCHED = ("since", "until", "stat_unit_id", "unit_id", "pupils")
"""Columns of a row that was made by which it is recognised as untouched."""


class Journal:
    """Changes rows and writes down what they were. `as_json` is asked for after the flush."""

    def __init__(self) -> None:
        self._changed: dict[Any, dict[str, list[Any]]] = {}
        self._made: list[Any] = []

    def change(self, row: Any, **values: Any) -> None:
        """Set columns of a loaded row; what does not differ is left alone."""
        noted = self._changed.setdefault(row, {})
        for name, value in values.items():
            before = getattr(row, name)
            if before != value:
                noted.setdefault(name, [_plain(before), None])[1] = _plain(value)
                setattr(row, name, value)

    def make(self, row: Any) -> Any:
        """Add a new row."""
        db.session.add(row)
        self._made.append(row)
        return row

    def before(self, row: Any, name: str) -> Any:
        """What a column of a row was before this act, where the act has changed it."""
        return self._changed.get(row, {}).get(name, [None])[0]

    def reshape(self, unit: Unit, on: date, **values: Any) -> None:
        """Change a unit from `on`; what it was until then becomes a spell."""
        since = since_of(unit)
        if since < on:
            self.make(
                UnitSpell(
                    unit=unit,
                    parent_id=unit.parent_id,
                    code=unit.code,
                    name=unit.name,
                    name_key=unit.name_key,
                    is_open=unit.closed_on is None,
                    since=since,
                    until=on,
                )
            )
        self.change(unit, **values)

    def touched(self, cls: type[Any]) -> list[Any]:
        """The changed rows of a class."""
        return [row for row, noted in self._changed.items() if isinstance(row, cls) and noted]

    def as_json(self) -> dict[str, Any]:
        """`{changed: [[table, key, {column: [before, after]}]], made: [[table, key, {column: value}]]}`."""
        changed = [[*_name(row), noted] for row, noted in self._changed.items() if noted]
        return {"changed": changed, "made": [[*_name(row), _marks(row)] for row in self._made]}


def since_of(unit: Unit) -> date:
    """The day since which the unit is what it is now."""
    last = db.session.scalar(select(func.max(UnitSpell.until)).where(UnitSpell.unit_id == unit.id))
    return last or unit.opened_on


def differences(moved: dict[str, Any]) -> Counter[str]:
    """Rows per table that are no longer as the act left them."""
    found: Counter[str] = Counter()
    for table, key, noted in moved["changed"]:
        row = _row(table, key)
        found[table] += row is None or any(
            _plain(getattr(row, n)) != after for n, (_b, after) in noted.items()
        )
    for table, key, marks in moved["made"]:
        row = _row(table, key)
        found[table] += row is None or _marks(row) != marks
    return +found


def take_back(moved: dict[str, Any]) -> list[int]:
    """Put every row back as it was and remove what was made; the ids of the children concerned.

    A child is concerned whose own row or one of whose placements was touched: a back-dated merge also
    shortens the stay of a child who has left the unit since.
    """
    children = {key[0] for table, key, _noted in moved["changed"] if table == Child.__tablename__}
    for table, key, _noted in (*moved["changed"], *moved["made"]):
        if table == Placement.__tablename__:
            children.add(_row(table, key).child_id)
    for table, key, noted in moved["changed"]:
        row = _row(table, key)
        for name, (before, _after) in noted.items():
            setattr(row, name, _typed(row, name, before))
    db.session.flush()
    db.session.expire_all()
    for table, key, _marks_then in moved["made"]:
        db.session.delete(_row(table, key))
    db.session.flush()
    db.session.expire_all()
    return sorted(children)


def _name(row: Any) -> list[Any]:
    return [row.__tablename__, list(inspect(row).identity)]


def _row(table: str, key: list[Any]) -> Any:
    return db.session.get(_CLASS()[table], tuple(key))


def _CLASS() -> dict[str, type[Any]]:
    return {mapper.class_.__tablename__: mapper.class_ for mapper in Model.registry.mappers}


def _marks(row: Any) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in WATCHED if hasattr(row, name)}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _typed(row: Any, name: str, value: Any) -> Any:
    kind = inspect(row).mapper.columns[name].type.python_type
    return date.fromisoformat(value) if kind is date and value is not None else value
