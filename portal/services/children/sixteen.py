"""Who turns sixteen in a month: from that day she counts no more, and the file is settled (G.4 V28)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import selectinload

from portal.config import today
from portal.extensions import db
from portal.models.children import Child
from portal.services.children.listing import on_side, side_of
from portal.services.children.standing import UNDER
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import Side


def next_month(day: date) -> date:
    """The first day of the month after `day`."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def list_turning(unit: Unit, *, actor: Actor, month: date, side: Side | None = None) -> Sequence[Child]:
    """The children on one side of a unit whose sixteenth birthday lies in the month that `month` begins."""
    actor.require(Permission.CHILD_LIST_READ, at=unit)
    query = _query(unit, month, side).options(selectinload(Child.village), selectinload(Child.school))
    return db.session.scalars(query.order_by(Child.birth_date, Child.id)).all()


def turning(unit: Unit, *, actor: Actor) -> ScalarSelect[int]:
    """How many turn sixteen next month."""
    actor.require(Permission.CHILD_LIST_READ, at=unit)
    query = _query(unit, next_month(today()), None)
    return query.with_only_columns(func.count()).scalar_subquery()


def _query(unit: Unit, month: date, side: Side | None) -> Select[Any]:
    born = month.replace(year=month.year - UNDER)
    return select(Child).where(
        on_side(Child, unit, side_of(unit, side)),
        Child.birth_date >= born,
        Child.birth_date < next_month(born),
        Child.exited_on.is_(None),
    )
