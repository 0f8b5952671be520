"""Counting pairings: by kind and by township today, and month by month. Figures without names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, distinct, func, select

from portal.config import today
from portal.extensions import db
from portal.models.pairings import Pairing
from portal.services.pairings.reading import live
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.roles import Department
from portal.tenancy.units import Unit
from portal.terms import PairingKind, UnitKind

MONTHS = 12
LINES: Mapping[Department, frozenset[PairingKind]] = {
    Department.WOMEN: frozenset({PairingKind.CARING_MOTHER, PairingKind.PROXY_PARENT}),
    Department.YOUTH: frozenset({PairingKind.VOLUNTEER}),
    Department.ELDERS: frozenset({PairingKind.FIVE_ELDERS}),
    Department.EDUCATION: frozenset({PairingKind.TEACHER, PairingKind.TUTOR, PairingKind.MENTOR}),
}  # fmt: skip
"""The kinds that are a county department's own line."""


@dataclass(frozen=True)
class Line:
    """Pairs, children and helpers of one kind, or of all."""

    pairs: int
    children: int
    helpers: int


@dataclass(frozen=True)
class Numbers:
    """The pairings of a unit on a day."""

    day: date
    total: Line
    by_kind: Mapping[PairingKind, Line]
    by_place: Sequence[tuple[Unit, Mapping[PairingKind, int]]]
    """The units below that arranged them; empty at a school or village."""
    trend: Sequence[tuple[date, int]]
    """(last day of a month, live pairs), oldest first; the last one is today."""

    @property
    def scale(self) -> tuple[int, int]:
        """The top of the trend's axis and its step, in round numbers."""
        most = max((number for _day, number in self.trend), default=0)
        step = next(
            one for size in range(7) for one in (10**size, 2 * 10**size, 5 * 10**size) if one * 5 >= most
        )
        return step * 5, step


def count_pairings(unit: Unit, *, actor: Actor, kinds: Sequence[PairingKind] = ()) -> Numbers:
    """The numbers of a unit today, of some kinds or of all."""
    actor.require(Permission.ROLLUP_READ, at=unit)
    day = today()
    among = [Pairing.counts_at(unit), *([Pairing.kind.in_(kinds)] if kinds else [])]
    figures = (func.count(), func.count(distinct(Pairing.child_id)), func.count(distinct(Pairing.helper_id)))
    rows = db.session.execute(
        select(Pairing.kind, *figures).where(*among, live(day)).group_by(Pairing.kind)
    ).all()
    counted = {kind: Line(*numbers) for kind, *numbers in rows}
    total = Line(*db.session.execute(select(*figures).where(*among, live(day))).one())
    by_kind = {kind: counted[kind] for kind in PairingKind if kind in counted}
    return Numbers(day, total, by_kind, _by_place(unit, among, day), _trend(among, day))


def _by_place(
    unit: Unit, among: Sequence[ColumnElement[bool]], day: date
) -> list[tuple[Unit, dict[PairingKind, int]]]:
    """By the level below, in the order of its codes."""
    if unit.kind not in (UnitKind.COUNTY, UnitKind.TOWNSHIP):
        return []
    place = Pairing.stat_township_id if unit.kind is UnitKind.COUNTY else Pairing.stat_unit_id
    rows = db.session.execute(
        select(place, Pairing.kind, func.count()).where(*among, live(day)).group_by(place, Pairing.kind)
    ).all()
    found: dict[int, dict[PairingKind, int]] = {}
    for unit_id, kind, number in rows:
        found.setdefault(unit_id, {})[kind] = number
    units = db.session.scalars(select(Unit).where(Unit.id.in_(found)).order_by(Unit.code))
    return [(one, found[one.id]) for one in units]


def _trend(among: Sequence[ColumnElement[bool]], day: date) -> list[tuple[date, int]]:
    ends = [day]
    while len(ends) < MONTHS:
        ends.append(ends[-1].replace(day=1) - timedelta(days=1))
    ends.reverse()
    live_then = [func.count().filter(live(one)) for one in ends]
    row = db.session.execute(select(*live_then).where(*among, Pairing.ends_on > ends[0])).one()
    return list(zip(ends, row, strict=True))
