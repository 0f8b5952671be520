"""Units: finding one's place in the tree, and bringing a county's real places in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.config import today
from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.tenancy.actor import Actor, UnitRef
from portal.tenancy.names import name_key
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import SchoolKind, UnitKind


def get_unit(actor: Actor, code: str) -> Unit:
    """The unit of this code if the actor reaches it. Raises NotFound, also for one that she does not."""
    found = db.session.scalars(select(Unit).where(Unit.code == code)) if code.isprintable() else None
    unit = found.one_or_none() if found else None
    if unit is None or not actor.reaches(unit):
        raise NotFound(f"unit {code}")
    return unit


def list_below(unit: Unit, *, actor: Actor, on: date | None = None) -> list[Unit]:
    """The units directly below, open on a day (today), by division code."""
    actor.require(Permission.UNIT_READ, at=unit)
    day = on or today()
    return list(
        db.session.scalars(
            select(Unit)
            .where(Unit.parent_id == unit.id, Unit.opened_on <= day)
            .where((Unit.closed_on.is_(None)) | (Unit.closed_on > day))
            .order_by(Unit.kind.desc(), Unit.code)
        )
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
        select(Unit).where(Unit.county_id == county_id, Unit.kind.in_((UnitKind.VILLAGE, UnitKind.TOWNSHIP)))
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


def open_unit(
    session: Session,
    *,
    code: str,
    name: str,
    kind: UnitKind,
    parent: Unit | None,
    opened_on: date,
    school_kind: SchoolKind | None = None,
) -> Unit:
    """Add one unit below `parent` and fill its level columns. For system sessions (CLI, seeds).

    Raises Refused where the kind does not fit below the parent.
    """
    allowed = {
        None: {UnitKind.COUNTY},
        UnitKind.COUNTY: {UnitKind.TOWNSHIP, UnitKind.SCHOOL},
        UnitKind.TOWNSHIP: {UnitKind.VILLAGE, UnitKind.SCHOOL},
    }
    if kind not in allowed.get(parent.kind if parent else None, set()):
        raise Refused(f"{kind.value} {code} cannot stand there")
    unit = Unit(
        code=code,
        name=name,
        name_key=name_key(name),
        kind=kind,
        school_kind=school_kind,
        parent_id=parent.id if parent else None,
        county_id=parent.county_id if parent else 0,
        township_id=parent.township_id if parent else 0,
        opened_on=opened_on,
    )
    session.add(unit)
    session.flush()
    if kind is UnitKind.COUNTY:
        unit.county_id = unit.id
    if kind is UnitKind.TOWNSHIP:
        unit.township_id = unit.id
    session.flush()
    return unit


def import_county(session: Session, tree: Mapping[str, Any], *, opened_on: date) -> Unit:
    """Add a whole county from division data `{county: {code, name}, towns: [{code, name, villages}]}`.

    Raises Refused if the county is already there or the data do not have this shape.
    """
    code, name = _code_and_name(tree.get("county"))
    if session.scalar(select(func.count()).select_from(Unit).where(Unit.code == code)):
        raise Refused(f"county {code} {name} is already in this installation")
    county = open_unit(session, code=code, name=name, kind=UnitKind.COUNTY, parent=None, opened_on=opened_on)
    for town in _listed(tree, "towns"):
        town_code, town_name = _code_and_name(town)
        township = open_unit(
            session,
            code=town_code,
            name=town_name,
            kind=UnitKind.TOWNSHIP,
            parent=county,
            opened_on=opened_on,
        )
        for village in _listed(town, "villages"):
            village_code, village_name = _code_and_name(village)
            open_unit(
                session,
                code=village_code,
                name=village_name,
                kind=UnitKind.VILLAGE,
                parent=township,
                opened_on=opened_on,
            )
    return county


def _code_and_name(row: Any) -> tuple[str, str]:
    if not isinstance(row, Mapping) or not row.get("code") or not row.get("name"):
        raise Refused(f"a unit needs a code and a name, found {row!r}")
    return str(row["code"]), str(row["name"])


def _listed(row: Mapping[str, Any], key: str) -> Sequence[Any]:
    found = row.get(key, [])
    if not isinstance(found, list):
        raise Refused(f"{key} must be a list")
    return found
