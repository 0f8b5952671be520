"""The ORM wall: one hook cuts every read to the session's scope, another refuses writes outside it.

It fails closed. Without a scope every scoped class reads as empty, also inside `exists`, scalar
subqueries and unions; statements the hooks cannot cut (Core, text, bulk inserts) are refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask_sqlalchemy.session import Session
from sqlalchemy import event, false, inspect, literal, select
from sqlalchemy.orm import FromStatement, ORMExecuteState, with_loader_criteria

from portal.errors import ScopeError
from portal.extensions import Model, db
from portal.tenancy.scope import Level, Scope, current
from portal.tenancy.scoped import (
    STAMPS,
    BetweenUnits,
    ChildScoped,
    Counted,
    HasUnitScope,
    Secret,
    Sight,
    Walled,
)
from portal.tenancy.sight import Fenced
from portal.tenancy.units import Unit

Cut = Callable[[Any], Any]
"""From a class, or an alias of one, to what a reader sees of it."""


@lru_cache(maxsize=512)
def _option(scope: Scope | None) -> Any:
    """The one option that cuts a statement, wherever and under whatever alias a class stands in it.

    Made once per scope; that of one class names them all, because each answers for itself (tenancy.sight).
    """
    cut = _BY_LEVEL[scope.level](scope) if scope is not None else _nothing
    return with_loader_criteria(Fenced, cut, include_aliases=True)


def _nothing(_cls: Any) -> Any:
    return false()


def _county(scope: Scope) -> Cut:
    county = literal(scope.county_id)
    return lambda cls: cls.seen_by_county(county=county)


def _township(scope: Scope) -> Cut:
    township, county = literal(scope.id), literal(scope.county_id)
    return lambda cls: cls.seen_by_township(township=township, county=county)


def _unit(scope: Scope) -> Cut:
    unit, county = literal(scope.id), literal(scope.county_id)
    return lambda cls: cls.seen_by_unit(unit=unit, county=county)


def _class(scope: Scope) -> Cut:
    post, child = db.metadata.tables["class_post"], db.metadata.tables["child"]
    held = select(post.c.class_id).where(
        post.c.membership_id == scope.membership_id,
        post.c.unit_id == scope.id,
        post.c.since <= scope.day,
        post.c.until > scope.day,
    )
    taught = select(child.c.id).where(child.c.class_id.in_(held))
    school, county = literal(scope.id), literal(scope.county_id)
    return lambda cls: cls.seen_by_class_teacher(school=school, county=county, held=held, taught=taught)


def _volunteer(scope: Scope) -> Cut:
    pairing = db.metadata.tables["pairing"]
    paired = select(pairing.c.child_id).where(
        pairing.c.helper_id == scope.id,
        pairing.c.starts_on <= scope.day,
        pairing.c.ends_on > scope.day,
    )
    person_id, county = literal(scope.id), literal(scope.county_id)
    return lambda cls: cls.seen_by_volunteer(person_id=person_id, county=county, paired=paired)


_BY_LEVEL: dict[Level, Callable[[Scope], Cut]] = {
    Level.COUNTY: _county, Level.TOWNSHIP: _township, Level.UNIT: _unit, Level.CLASS: _class,
    Level.VOLUNTEER: _volunteer,
}  # fmt: skip


@event.listens_for(Session, "do_orm_execute")
def cut_reads(state: ORMExecuteState) -> None:
    """Add the scope to every ORM statement; refuse the statements it cannot be added to."""
    scope = current(state.session)
    if scope is not None and scope.level is Level.SYSTEM:
        return
    if not state.is_orm_statement:
        raise ScopeError("a Core or text statement cannot be scoped: ask a mapped class")
    if state.is_insert or state.is_update or state.is_delete:  # more may be read than written
        raise ScopeError("a bulk statement cannot be scoped: change objects of the session")
    if isinstance(state.statement, FromStatement):
        raise ScopeError("from_statement() cannot be scoped: ask a mapped class")
    if not state.is_column_load:
        state.statement = state.statement.options(_option(scope))


@event.listens_for(Session, "before_flush")
def refuse_foreign_writes(session: Session, context: Any, instances: Any) -> None:
    """Refuse to insert, change or delete a row that lies, or would come to lie, outside the scope."""
    scope = current(session)
    if scope is not None and scope.level is Level.SYSTEM:
        return
    changed = (row for row in session.dirty if session.is_modified(row))
    children: dict[Any, bool] = {}
    for row in (*session.new, *changed, *session.deleted):
        if isinstance(row, (Walled, Unit, Secret)) and (
            scope is None or not _may_write(scope, row, children)
        ):
            raise ScopeError(f"a {type(row).__name__} outside the scope may not be written")


def _may_write(scope: Scope, row: Any, children: dict[Any, bool]) -> bool:
    """Whether the row lies inside as it is and, if it was loaded, as it was.

    `children` keeps the verdict on each child for the rows about her in the same flush.
    """
    if isinstance(row, Unit):
        return _administers(scope, row)
    if isinstance(row, Secret):
        return scope.level is not Level.VOLUNTEER and inspect(row).pending
    if not _has_the_pen(scope, row) or not _counts_here(scope, row):
        return False
    if isinstance(row, ChildScoped) and not _is_child(row):
        child = getattr(row, "child", None) or _as_it_was(row, "child")
        if child is None or _is_rekeyed(row, child):
            return False
        if child not in children:
            reads_only = scope.level in (Level.VOLUNTEER, Level.CLASS) and not inspect(child).pending
            untouched = reads_only and _is_untouched(child)
            children[child] = untouched or _may_write(scope, child, children)
        return children[child]
    if scope.level is Level.CLASS and row.teacher_sees is Sight.PUPILS:
        return _is_taught(scope, row)
    lies = [_lies(row)] + ([_lay(row)] if inspect(row).persistent else [])
    return all(_covers(scope, where) for where in lies)


def _administers(scope: Scope, unit: Unit) -> bool:
    """The county writes every unit, a township those below it: never itself, and none comes or goes."""
    if scope.level is Level.TOWNSHIP:
        towns = {unit.township_id, _as_it_was(unit, "township_id")}
        return towns == {scope.id} and unit.id != scope.id and unit.county_id == scope.county_id
    counties = {unit.county_id, _as_it_was(unit, "county_id")}
    return scope.level is Level.COUNTY and counties == {scope.id}


def _has_the_pen(scope: Scope, row: Walled) -> bool:
    """Staff write what lies in their unit; volunteers and class teachers only the classes that say so."""
    if scope.level is Level.VOLUNTEER:
        return row.volunteer_writes and (not inspect(row).persistent or _is_in_sight(row))
    return scope.level is not Level.CLASS or row.teacher_writes


def _counts_here(scope: Scope, row: Any) -> bool:
    """Figures stay in the county: a row counts at none of another one."""
    return not isinstance(row, Counted) or (
        _now(row, "stat_unit", "stat_county_id", "county_id") == scope.county_id
    )


def _is_taught(scope: Scope, row: Any) -> bool:
    """Of a class that the teacher holds today, as it is and as it was, and at her school."""
    session, kept = inspect(row).session, inspect(row).persistent
    if session is None or not all(_covers(scope, w) for w in (_lies(row), *([_lay(row)] if kept else []))):
        return False
    post = next(m.class_ for m in Model.registry.mappers if m.local_table is db.metadata.tables["class_post"])
    live = (post.membership_id == scope.membership_id, post.since <= scope.day, post.until > scope.day)
    held = set(session.scalars(select(post.class_id).where(*live)))
    classes = {_now(row, "school_class", "class_id", "id")} | (
        {_as_it_was(row, "class_id")} if kept else set()
    )
    return classes <= held


def _is_child(row: Any) -> bool:
    return "child" not in inspect(row).mapper.relationships


def _is_rekeyed(row: Any, child: Any) -> bool:
    """Whether the key to the child was written by hand, past `row.child`, to another child."""
    written = inspect(row).attrs
    return any(
        written[name].history.added and getattr(row, name) != getattr(child, of_child)
        for name, of_child in (("child_id", "id"), *((stamp, stamp) for stamp in STAMPS))
    )


def _is_untouched(row: Any) -> bool:
    """In sight of this session, not brought from another one, and not changed."""
    state = inspect(row)
    return bool(state.persistent and not state.modified and _is_in_sight(row))


def _is_in_sight(row: Any) -> bool:
    session, cls = inspect(row).session, type(row)
    return session is not None and session.scalar(select(cls.id).where(cls.id == row.id)) is not None


@dataclass(frozen=True)
class Where:
    """The units and townships a row belongs to; None where the class is the whole county's."""

    county: int | None
    units: frozenset[int | None] | None
    townships: frozenset[int | None] | None


_KEYS = {
    "child": (
        ("village", "village_id", "village_township_id"),
        ("school", "school_id", "school_township_id"),
    ),
    "unit": (("unit", "unit_id", "township_id"),),
    "ends": (
        ("from_unit", "from_unit_id", "from_town_id"),
        ("to_unit", "to_unit_id", "to_town_id"),
    ),
}


def _keys_of(row: Any) -> tuple[tuple[str, str, str], ...]:
    """(relationship, unit column, township column) of everywhere a row lies; none for a county's row."""
    if isinstance(row, ChildScoped):
        return _KEYS["child"]
    if isinstance(row, BetweenUnits):
        return _KEYS["ends"]
    return _KEYS["unit"] if isinstance(row, HasUnitScope) else ()


def _lies(row: Any) -> Where:
    """Where the row will be after the flush: a relationship just set speaks for its columns."""
    keys = _keys_of(row)
    if isinstance(row, BetweenUnits) and inspect(row).pending:
        keys = keys[:1]  # an act between two units begins at the one that acts
    if not keys:
        return Where(_now(row, "unit", "county_id", "county_id"), None, None)
    shared = isinstance(row, (ChildScoped, BetweenUnits))
    return Where(
        row.county_id if shared else _now(row, "unit", "county_id", "county_id"),
        frozenset(_now(row, relation, unit, "id") for relation, unit, _town in keys),
        frozenset(_now(row, relation, town, "township_id") for relation, _unit, town in keys),
    )


def _now(row: Any, relation: str, column: str, of_unit: str) -> int | None:
    attributes = inspect(row).attrs
    if relation in attributes and attributes[relation].history.has_changes():
        unit = getattr(row, relation)
        return getattr(unit, of_unit) if unit is not None else None
    value: int | None = getattr(row, column)
    return value


def _lay(row: Any) -> Where:
    """Where a loaded row was before it was touched."""
    county, keys = _as_it_was(row, "county_id"), _keys_of(row)
    if not keys:
        return Where(county, None, None)
    return Where(
        county,
        frozenset(_as_it_was(row, unit) for _relation, unit, _town in keys),
        frozenset(_as_it_was(row, town) for _relation, _unit, town in keys),
    )


def _as_it_was(row: Any, name: str) -> Any:
    history = inspect(row).attrs[name].history
    return history.deleted[0] if history.deleted else getattr(row, name)


def _covers(scope: Scope, where: Where) -> bool:
    """The scope's one equality."""
    if where.county != scope.county_id:
        return False
    if scope.level is Level.TOWNSHIP and where.townships is not None:
        return scope.id in where.townships
    if scope.level in (Level.UNIT, Level.CLASS) and where.units is not None:
        return scope.id in where.units
    return True
