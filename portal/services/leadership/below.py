"""Down the tree: which townships and schools have a leadership group, and which have none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import aliased

from portal.config import today
from portal.extensions import db
from portal.models.leadership import LeadershipGroup, LeadershipPost
from portal.services.units.places import is_open
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import GroupKind, Position, UnitKind

REQUIRED = (UnitKind.TOWNSHIP, UnitKind.SCHOOL)
"""Who must have a leadership group (ORG_GROUP_RATE); a village may."""
PAGE = 50


@dataclass(frozen=True)
class Share:
    """Units of one kind below: how many are open, and how many of them have a group."""

    kind: UnitKind
    units: int
    with_group: int

    @property
    def without(self) -> int:
        return self.units - self.with_group


@dataclass(frozen=True)
class Row:
    """A unit below; `group` and `head` are None where it has no leadership group."""

    unit: Unit
    group: LeadershipGroup | None
    head: LeadershipPost | None


def count_below(unit: Unit, *, actor: Actor) -> Mapping[UnitKind, Share]:
    """How many units below have a leadership group today, by kind; empty for a school or village."""
    actor.require(Permission.LEADERSHIP_READ, at=unit)
    query = (
        select(Unit.kind, func.count(Unit.id), func.count(LeadershipGroup.id))
        .outerjoin(LeadershipGroup, _active(today()))
        .where(*_below(unit), Unit.kind.in_(REQUIRED))
        .group_by(Unit.kind)
    )
    counted = {kind: Share(kind, units, having) for kind, units, having in db.session.execute(query)}
    return {kind: counted[kind] for kind in REQUIRED if kind in counted}


def list_below(
    unit: Unit, *, actor: Actor, missing: bool = False, after: tuple[str] | None = None
) -> tuple[Sequence[Row], tuple[str] | None]:
    """Townships and schools below with their group and head, by division code; `missing` only those without.

    One query a page; and the key of the next page.
    """
    actor.require(Permission.LEADERSHIP_READ, at=unit)
    day, head = today(), aliased(LeadershipPost)
    is_head = and_(
        head.group_id == LeadershipGroup.id, head.position == Position.HEAD, head.since <= day, head.until > day
    )  # fmt: skip
    query = (
        select(Unit, LeadershipGroup, head)
        .outerjoin(LeadershipGroup, _active(day))
        .outerjoin(head, is_head)
        .where(*_below(unit), Unit.kind.in_(REQUIRED))
        .order_by(Unit.code)
        .limit(PAGE + 1)
    )
    if missing:
        query = query.where(LeadershipGroup.id.is_(None))
    if after is not None:
        query = query.where(Unit.code > after[0])
    rows = [Row(*found) for found in db.session.execute(query)]
    return rows[:PAGE], ((rows[PAGE - 1].unit.code,) if len(rows) > PAGE else None)


def _active(day: date) -> ColumnElement[bool]:
    return and_(
        LeadershipGroup.unit_id == Unit.id,
        LeadershipGroup.kind == GroupKind.LEADING,
        LeadershipGroup.founded_on <= day,
        LeadershipGroup.until > day,
    )


def _below(unit: Unit) -> tuple[ColumnElement[bool], ...]:
    """The open units below, without the unit itself."""
    level = Unit.county_id if unit.kind is UnitKind.COUNTY else Unit.township_id
    return level == unit.id, Unit.id != unit.id, is_open(today())
