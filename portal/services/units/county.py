"""Whole counties: opening a unit without an actor, and bringing a county's real places in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.tenancy.names import name_key
from portal.tenancy.units import Unit
from portal.terms import SchoolKind, UnitKind

BELOW: dict[UnitKind | None, tuple[UnitKind, ...]] = {
    None: (UnitKind.COUNTY,),
    UnitKind.COUNTY: (UnitKind.TOWNSHIP, UnitKind.SCHOOL),
    UnitKind.TOWNSHIP: (UnitKind.VILLAGE, UnitKind.SCHOOL),
}
"""What may stand below what."""


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
    """Add one unit below `parent` and fill its level columns. Checks of code and name are the caller's.

    Raises Refused where the kind does not fit below the parent.
    """
    if kind not in BELOW.get(parent.kind if parent else None, ()):
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
