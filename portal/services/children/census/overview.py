"""How far a census is: numbers for the county, lists for the township and the units themselves."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.models.children import Census, CensusLine, CensusList
from portal.services.children.census.opening import newest
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import CensusState, LineVerdict, UnitKind

CHINA = timedelta(hours=8)


@dataclass
class Group:
    """A township (or the unit itself), in numbers: how many of its lists are how far."""

    unit: Unit
    states: Counter[CensusState] = field(default_factory=Counter)
    late: int = 0
    """Signed after the due day."""
    entered_for: int = 0
    found: int = 0

    @property
    def lists(self) -> int:
        return self.states.total()

    @property
    def signed(self) -> int:
        return self.states[CensusState.SIGNED]


@dataclass(frozen=True)
class ListLine:
    """One list with its lines counted."""

    list: CensusList
    total: int
    open: int


@dataclass(frozen=True)
class Overview:
    """A census as a unit sees it: groups for a county, lists below."""

    census: Census
    groups: list[Group]
    lists: list[ListLine]

    @property
    def total(self) -> int:
        return sum(one.lists for one in self.groups)

    @property
    def signed(self) -> int:
        return sum(one.signed for one in self.groups)

    @property
    def on_time(self) -> int:
        """Signed by the due day: the numerator of FIL_CENSUS_RATE; `total` is its denominator."""
        return self.signed - sum(one.late for one in self.groups)


def overview_of(census: Census, unit: Unit, *, actor: Actor) -> Overview:
    """How far the lists at and below `unit` are. No child's name is in it at any level."""
    actor.require(Permission.CENSUS_READ, at=unit)
    if unit.kind is UnitKind.COUNTY:
        return Overview(census, _groups(census), [])
    lists, here = _lists(census, unit), Group(unit)
    for one in lists:
        here.states[one.list.state] += 1
        here.late += one.list.signed_at is not None and one.list.signed_at >= _too_late(census)
        here.entered_for += one.list.entered_for
        here.found += one.list.found_count
    return Overview(census, [here], lists)


def _too_late(census: Census) -> datetime:
    """The end of the due day in China, in the database's UTC."""
    return datetime.combine(census.due_on + timedelta(days=1), time()) - CHINA


def _groups(census: Census) -> list[Group]:
    late = case((CensusList.signed_at >= _too_late(census), 1), else_=0)
    entered = case((CensusList.entered_for, 1), else_=0)
    query = select(
        CensusList.township_id, CensusList.state, func.count(), func.sum(late), func.sum(entered),
        func.sum(CensusList.found_count),
    ).where(CensusList.census_id == census.id)  # fmt: skip
    groups: dict[int, Group] = {}
    rows = db.session.execute(query.group_by(CensusList.township_id, CensusList.state)).all()
    ids = {row[0] for row in rows}
    names = {one.id: one for one in db.session.scalars(select(Unit).where(Unit.id.in_(ids)))}
    for township_id, state, lists, late_lists, entered_for, found in rows:
        group = groups.setdefault(township_id, Group(names[township_id]))
        group.states[state] += lists
        group.late += int(late_lists or 0)
        group.entered_for += int(entered_for or 0)
        group.found += int(found or 0)
    return sorted(groups.values(), key=lambda one: one.unit.code)


def _lists(census: Census, unit: Unit) -> list[ListLine]:
    query = select(CensusList).where(CensusList.census_id == census.id)
    here = CensusList.township_id if unit.kind is UnitKind.TOWNSHIP else CensusList.unit_id
    lists = db.session.scalars(
        query.where(here == unit.id).options(
            joinedload(CensusList.unit), joinedload(CensusList.school_class),
            joinedload(CensusList.filled_by), joinedload(CensusList.checked_by),
            joinedload(CensusList.signed_by),
        )
    ).all()  # fmt: skip
    opened = func.sum(case((CensusLine.verdict == LineVerdict.OPEN, 1), else_=0))
    counted = {
        list_id: (total, int(left or 0))
        for list_id, total, left in db.session.execute(
            select(CensusLine.list_id, func.count(), opened)
            .where(CensusLine.list_id.in_([one.id for one in lists]))
            .group_by(CensusLine.list_id)
        )
    }
    shown = [ListLine(one, *counted.get(one.id, (0, 0))) for one in lists]
    return sorted(shown, key=_order)


def _order(line: ListLine) -> tuple[str, str, int, str]:
    room = line.list.school_class
    return (
        line.list.unit.kind.value,
        line.list.unit.code,
        room.grade if room else 99,
        room.name if room else "",
    )


def count_waiting(*, actor: Actor) -> tuple[Census, int] | None:
    """The open census and how many lists of the actor's own unit are not worked through, if any."""
    census = newest(actor=actor)
    if census is None or census.closed_at is not None:
        return None
    waiting = db.session.scalar(
        select(func.count()).select_from(CensusList).where(
            CensusList.census_id == census.id, CensusList.unit_id == actor.unit.id,
            CensusList.state == CensusState.TO_DO,
        )
    )  # fmt: skip
    return (census, waiting) if waiting else None
