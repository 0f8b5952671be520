"""The ORM wall: one hook cuts every read to the session's scope, another refuses writes outside it.

It fails closed. Without a scope every scoped class reads as empty, also inside `exists`, scalar
subqueries and unions; statements the hooks cannot cut (Core, text, bulk inserts) are refused.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask_sqlalchemy.session import Session
from sqlalchemy import event, false, inspect, or_, select
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria

from portal.errors import ScopeError
from portal.extensions import db
from portal.tenancy.scope import Level, Scope, current
from portal.tenancy.scoped import ChildScoped, CountyScoped, HasUnitScope, Walled, scoped_classes
from portal.tenancy.units import Unit


def _criteria(mixin: type, where: Any) -> Any:
    return with_loader_criteria(mixin, where, include_aliases=True)


def _county(value: int) -> list[Any]:
    return [
        _criteria(Unit, lambda cls: cls.county_id == value),
        _criteria(CountyScoped, lambda cls: cls.county_id == value),
        _criteria(HasUnitScope, lambda cls: cls.county_id == value),
        _criteria(ChildScoped, lambda cls: cls.county_id == value),
    ]


def _township(value: int, county: int) -> list[Any]:
    return [
        _criteria(Unit, lambda cls: cls.county_id == county),
        _criteria(CountyScoped, lambda cls: cls.county_id == county),
        _criteria(HasUnitScope, lambda cls: cls.township_id == value),
        _criteria(ChildScoped, lambda cls: or_(cls.v_town_id == value, cls.s_town_id == value)),
    ]


def _unit(value: int, county: int) -> list[Any]:
    return [
        _criteria(Unit, lambda cls: cls.county_id == county),
        _criteria(CountyScoped, lambda cls: cls.county_id == county),
        _criteria(HasUnitScope, lambda cls: cls.unit_id == value),
        _criteria(ChildScoped, lambda cls: or_(cls.v_unit_id == value, cls.s_unit_id == value)),
    ]


def _nothing() -> list[Any]:
    return [_criteria(mixin, lambda cls: false()) for mixin in (Unit, Walled)]


@lru_cache(maxsize=256)
def _volunteer(scope: Scope) -> tuple[Any, ...]:
    pairing = db.metadata.tables["pairing"]
    paired = select(pairing.c.child_id).where(
        pairing.c.helper_id == scope.id,
        pairing.c.county_id == scope.county_id,
        pairing.c.starts_on <= scope.day,
        pairing.c.ends_on > scope.day,
    )
    own = [_criteria(cls, cls.volunteer_sees(person_id=scope.id, paired=paired)) for cls in scoped_classes()]
    return (_criteria(Unit, Unit.county_id == scope.county_id), *own)


def _options(scope: Scope | None) -> list[Any] | tuple[Any, ...]:
    if scope is None:
        return _nothing()
    if scope.level is Level.COUNTY:
        return _county(scope.id)
    if scope.level is Level.TOWNSHIP:
        return _township(scope.id, scope.county_id)
    if scope.level is Level.UNIT:
        return _unit(scope.id, scope.county_id)
    return _volunteer(scope)


@event.listens_for(Session, "do_orm_execute")
def cut_reads(state: ORMExecuteState) -> None:
    """Add the scope to every ORM statement; refuse the statements it cannot be added to."""
    scope = current(state.session)
    if scope is not None and scope.level is Level.SYSTEM:
        return
    if not state.is_orm_statement:
        raise ScopeError("a Core or text statement cannot be scoped: ask a mapped class")
    if state.is_insert or (state.is_update and state.is_executemany):
        raise ScopeError("a bulk statement cannot be scoped: add objects to the session")
    if not state.is_column_load:
        state.statement = state.statement.options(*_options(scope))


@event.listens_for(Session, "before_flush")
def refuse_foreign_writes(session: Session, context: Any, instances: Any) -> None:
    """Refuse to insert, change or delete a row that lies, or would come to lie, outside the scope."""
    scope = current(session)
    if scope is not None and scope.level is Level.SYSTEM:
        return
    changed = (row for row in session.dirty if session.is_modified(row))
    for row in (*session.new, *changed, *session.deleted):
        if isinstance(row, (Walled, Unit)) and (scope is None or not _may_write(scope, row)):
            raise ScopeError(f"a {type(row).__name__} outside the scope may not be written")


def _may_write(scope: Scope, row: Any) -> bool:
    """Whether the row lies inside as it is and, if it was loaded, as it was."""
    if isinstance(row, Unit):
        return scope.level is Level.COUNTY and row.county_id == scope.id
    if scope.level is Level.VOLUNTEER and not row.volunteer_writes:
        return False
    if isinstance(row, ChildScoped) and not _is_child(row):
        child = getattr(row, "child", None) or _as_it_was(row, "child")
        if child is None:
            return False
        return _is_untouched(child) if scope.level is Level.VOLUNTEER else _may_write(scope, child)
    return all(_covers(scope, row, value) for value in _values(row))


def _is_child(row: Any) -> bool:
    return "child" not in inspect(row).mapper.relationships


def _is_untouched(row: Any) -> bool:
    """Read through the wall and not changed since."""
    state = inspect(row)
    return bool(state.persistent and not state.modified)


def _values(row: Any) -> list[Callable[[str], Any]]:
    """How to read the row's scope: as it is and, for a loaded row, as it was."""
    readings: list[Callable[[str], Any]] = [lambda name: getattr(row, name)]
    if inspect(row).persistent:
        readings.append(lambda name: _as_it_was(row, name))
    return readings


def _as_it_was(row: Any, name: str) -> Any:
    history = inspect(row).attrs[name].history
    return history.deleted[0] if history.deleted else getattr(row, name)


def _covers(scope: Scope, row: Any, value: Callable[[str], Any]) -> bool:
    """The scope's one equality over the row's own columns, or over the unit it is being given."""
    unit = value("unit") if "unit" in inspect(row).mapper.relationships else None
    county = unit.county_id if unit is not None else value("county_id")
    if county != scope.county_id:
        return False
    if isinstance(row, ChildScoped):
        sides = {
            Level.TOWNSHIP: ("village_township_id", "school_township_id"),
            Level.UNIT: ("village_id", "school_id"),
        }.get(scope.level)
        return sides is None or scope.id in [value(side) for side in sides]
    if isinstance(row, HasUnitScope) and scope.level is Level.TOWNSHIP:
        return bool((unit.township_id if unit is not None else value("township_id")) == scope.id)
    if isinstance(row, HasUnitScope) and scope.level is Level.UNIT:
        return bool((unit.id if unit is not None else value("unit_id")) == scope.id)
    return True
