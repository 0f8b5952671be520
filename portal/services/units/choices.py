"""What the forms of the tree offer: units to merge into or to move below, parts that can be split off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from portal.config import today
from portal.extensions import db
from portal.models.children import Child
from portal.services.units import carrying, rules
from portal.services.units.acts import NO_GROUP, groups_of, live_classes
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import UnitKind


@dataclass(frozen=True)
class Part:
    """One thing that can go to the new unit: `value` is what `split` understands, `n` how many it holds."""

    value: str
    name: str
    n: int | None = None


@dataclass(frozen=True)
class Parts:
    """What can be split off a unit: its parts, and of a village the children one by one."""

    groups: list[Part]
    children: list[Part]


def list_targets(unit: Unit, *, actor: Actor) -> list[tuple[Unit, str]]:
    """Open units of the same kind to merge into, with the name of the unit above, by code."""
    rules.require_above(actor, unit)
    query = select(Unit).where(
        Unit.county_id == unit.county_id, Unit.kind == unit.kind, Unit.id != unit.id, Unit.closed_on.is_(None)
    )
    rows = db.session.scalars(query.order_by(Unit.code)).all()
    names = _names_above(rows)
    near = sorted(rows, key=lambda one: one.parent_id != unit.parent_id)
    return [
        (one, names.get(one.parent_id or 0, ""))
        for one in near
        if actor.reaches(one) and one.is_kindergarten == unit.is_kindergarten and one.is_open_on(today())
    ]


def list_places(unit: Unit, *, actor: Actor) -> list[Unit]:
    """Where a village or school can be moved: the other townships, for a school also the county itself."""
    rules.require_above(actor, unit)
    county = db.session.get_one(Unit, unit.county_id)
    actor.require(Permission.UNIT_TREE_GOVERN, at=county)
    query = select(Unit).where(
        Unit.county_id == unit.county_id, Unit.kind == UnitKind.TOWNSHIP, Unit.closed_on.is_(None)
    )
    towns = list(db.session.scalars(query.order_by(Unit.code)))
    places = [*towns, county] if unit.kind is UnitKind.SCHOOL else towns
    return [one for one in places if one.id != unit.parent_id]


def list_parts(unit: Unit, *, actor: Actor) -> Parts:
    """What can be split off. Children by name only for a reader who may see the unit's list of children."""
    rules.require_above(actor, unit)
    if unit.kind is UnitKind.TOWNSHIP:
        rows = db.session.scalars(
            select(Unit)
            .where(Unit.parent_id == unit.id, Unit.closed_on.is_(None))
            .order_by(Unit.kind.desc(), Unit.code)
        )
        return Parts([Part(one.code, one.name) for one in rows], [])
    if unit.kind is UnitKind.SCHOOL:
        return Parts([Part(str(one.public_id), one.name, one.pupils) for one in live_classes(unit)], [])
    counted = sorted(groups_of(unit).items(), key=lambda pair: _order(pair[0]))
    groups = [Part(name, name, n) for name, n in counted if name != NO_GROUP]
    children: list[Part] = []
    if actor.can(Permission.CHILD_LIST_READ, unit):
        rows_ = db.session.execute(
            select(Child.public_id, Child.name)
            .where(carrying.children_of(unit))
            .order_by(Child.name_key, Child.id)
        )
        children = [Part(str(key), name) for key, name in rows_]
    return Parts(groups, children)


def _order(group: str) -> tuple[int, str]:
    """一组 before 二组 before 十一组, whichever way they are numbered."""
    digits = "".join(one for one in group if one.isdecimal())
    if digits:
        return int(digits), group
    tens, ten, ones = group.removeprefix("第").partition("十")
    value = {sign: n for n, sign in enumerate("一二三四五六七八九", start=1)}
    high = value.get(tens[:1], 1) * 10 if ten else value.get(tens[:1], 0)
    return high + (value.get(ones[:1], 0) if ten else 0), group


def _names_above(rows: Sequence[Unit]) -> dict[int, str]:
    ids = {one.parent_id for one in rows}
    return dict(db.session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(ids))).all())
