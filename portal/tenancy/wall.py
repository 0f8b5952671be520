"""The ORM wall: one hook cuts every read to the session's scope, another refuses writes outside it.

It fails closed. Without a scope every scoped class reads as empty, also inside `exists`, scalar
subqueries and unions; statements the hooks cannot cut (Core, text, bulk inserts) are refused.
"""

from __future__ import annotations

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
    own = [
        _criteria(cls, cls.volunteer_sees(person_id=scope.id, paired=paired)) for cls in scoped_classes()
    ]
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
        if isinstance(row, (Walled, Unit)) and (scope is None or not all(_inside(row, scope))):
            raise ScopeError(f"a {type(row).__name__} outside the scope may not be written")


def _inside(row: Any, scope: Scope) -> list[bool]:
    """One answer for the row as it is and, if it was loaded, one for the row as it was."""
    if isinstance(row, ChildScoped) and "child" in inspect(row).mapper.relationships:
        child = row.child
        return [child is not None and verdict for verdict in (_inside(child, scope) if child else [False])]
    verdicts = [_covers(scope, row, lambda name: getattr(row, name))]
    if inspect(row).persistent:
        verdicts.append(_covers(scope, row, lambda name: _before(row, name)))
    return verdicts


def _before(row: Any, name: str) -> Any:
    history = inspect(row).attrs[name].history
    return history.deleted[0] if history.deleted else getattr(row, name)


def _covers(scope: Scope, row: Any, value: Any) -> bool:
    if isinstance(row, ChildScoped):
        return _covers_child(scope, row, value)
    if scope.level is Level.VOLUNTEER:
        return bool(value("county_id") == scope.county_id and type(row).volunteer_writes)
    if isinstance(row, HasUnitScope):
        unit = row.unit if "unit" in inspect(row).mapper.relationships else None
        held = unit if unit is not None else row
        if scope.level is Level.UNIT:
            return bool((unit.id if unit is not None else row.unit_id) == scope.id)
        if scope.level is Level.TOWNSHIP:
            return bool(held.township_id == scope.id)
        return bool(held.county_id == scope.id)
    return bool(value("county_id") == scope.county_id)


def _covers_child(scope: Scope, row: Any, value: Any) -> bool:
    if scope.level is Level.COUNTY:
        return bool(value("county_id") == scope.id)
    if scope.level is Level.TOWNSHIP:
        return scope.id in (value("village_township_id"), value("school_township_id"))
    if scope.level is Level.UNIT:
        return scope.id in (value("village_id"), value("school_id"))
    return bool(inspect(row).persistent and not inspect(row).modified)
