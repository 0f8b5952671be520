"""Places: a unit by its code of today or of once, what lies below and above, and the search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from portal.config import today
from portal.errors import NotFound
from portal.extensions import db
from portal.models.units import UnitSpell
from portal.tenancy.actor import Actor, UnitRef
from portal.tenancy.names import name_matches
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import UnitKind


def get_unit(actor: Actor, code: str) -> Unit:
    """The unit of this code, or the one that once had it, if the actor reaches it.

    Raises NotFound, also for a unit that she does not reach.
    """
    unit = None
    if code.isprintable():
        unit = db.session.scalars(select(Unit).where(Unit.code == code)).one_or_none() or _once(code)
    if unit is None or not actor.reaches(unit):
        raise NotFound(f"unit {code}")
    return unit


def _once(code: str) -> Unit | None:
    """The unit that had this code before; a code is never given to another unit."""
    return db.session.scalars(
        select(Unit).join(UnitSpell, UnitSpell.unit_id == Unit.id).where(UnitSpell.code == code).limit(1)
    ).first()


def is_open(day: date) -> ColumnElement[bool]:
    """Units that have opened by a day and not closed."""
    closed_later: ColumnElement[bool] = Unit.closed_on.is_(None) | (Unit.closed_on > day)
    return (Unit.opened_on <= day) & closed_later


def list_below(unit: Unit, *, actor: Actor) -> list[Unit]:
    """The units directly below that are open today, by division code."""
    actor.require(Permission.UNIT_READ, at=unit)
    return list(
        db.session.scalars(
            select(Unit)
            .where(Unit.parent_id == unit.id, is_open(today()))
            .order_by(Unit.kind.desc(), Unit.code)
        )
    )


def list_closed_below(unit: Unit, *, actor: Actor) -> list[Unit]:
    """The units directly below that are closed today, the last closed first."""
    actor.require(Permission.UNIT_READ, at=unit)
    return list(
        db.session.scalars(
            select(Unit)
            .where(Unit.parent_id == unit.id, Unit.closed_on <= today())
            .order_by(Unit.closed_on.desc(), Unit.code)
        )
    )


@dataclass(frozen=True)
class Found:
    """A unit that a search found; `once` is the name or code by which it was found, if it is a former one."""

    unit: Unit
    once: str = ""


def find_units(unit: Unit, *, actor: Actor, search: str, limit: int = 30) -> list[Found]:
    """Units at and below `unit` whose name, pinyin, initials or code begin so, now or once."""
    actor.require(Permission.UNIT_READ, at=unit)
    if not search.strip():
        return []
    within = {UnitKind.COUNTY: Unit.county_id, UnitKind.TOWNSHIP: Unit.township_id}.get(unit.kind, Unit.id)
    here: ColumnElement[bool] = within == unit.id
    query = select(Unit).where(here, _called(Unit, search)).order_by(Unit.code).limit(limit)
    found = {row.id: Found(row) for row in db.session.scalars(query)}
    spells = db.session.scalars(
        select(UnitSpell)
        .join(Unit, Unit.id == UnitSpell.unit_id)
        .where(here, _called(UnitSpell, search))
        .options(joinedload(UnitSpell.unit))
        .order_by(UnitSpell.until.desc(), UnitSpell.code)
        .limit(limit)
    )
    for spell in spells:
        by_code = spell.code.startswith(search.strip())
        found.setdefault(spell.unit_id, Found(spell.unit, spell.code if by_code else spell.name))
    return list(found.values())[:limit]


def _called(rows: type[Unit] | type[UnitSpell], search: str) -> ColumnElement[bool]:
    typed = search.strip()
    return or_(
        name_matches(rows.name, rows.name_key, typed),
        rows.name.contains(typed, autoescape=True),
        rows.code.startswith(typed, autoescape=True),
    )


def list_above(unit: Unit) -> list[Unit]:
    """The chain from the county down to and without `unit`: names for breadcrumbs, no page behind them."""
    ids = [i for i in (unit.county_id, unit.township_id) if i and i != unit.id]
    if not ids:
        return []
    found = {row.id: row for row in db.session.scalars(select(Unit).where(Unit.id.in_(ids)))}
    return [found[i] for i in ids if i in found]


def list_villages(county_id: int) -> list[tuple[Unit, str]]:
    """Every open village of the county with its township's name, for reading addresses."""
    rows = db.session.scalars(
        select(Unit).where(
            Unit.county_id == county_id,
            Unit.kind.in_((UnitKind.VILLAGE, UnitKind.TOWNSHIP)),
            is_open(today()),
        )
    ).all()
    towns = {row.id: row.name for row in rows if row.kind is UnitKind.TOWNSHIP}
    return [(row, towns.get(row.township_id, "")) for row in rows if row.kind is UnitKind.VILLAGE]


def list_names(county_id: int) -> list[str]:
    """The names of all units of the county."""
    return list(db.session.scalars(select(Unit.name).where(Unit.county_id == county_id)))


def ref(unit: Unit, parent_name: str = "") -> UnitRef:
    """The unit as plain values."""
    return UnitRef(
        id=unit.id,
        code=unit.code,
        name=unit.name,
        kind=unit.kind,
        township_id=unit.township_id,
        county_id=unit.county_id,
        parent_id=unit.parent_id,
        parent_name=parent_name,
        school_kind=unit.school_kind,
    )
