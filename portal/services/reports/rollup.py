"""The roll-up (汇总): the indicators of a unit for a period, with the places below it and the coverage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, select

from portal.extensions import db
from portal.models.reports.submissions import Submission
from portal.services.reports.figures import Figures, Window, collect
from portal.services.reports.indicators import INDICATORS, Sample, compute
from portal.services.reports.periods import Period, month_of, term_of
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import Basis, SubmissionState, UnitKind

REPORTED = (SubmissionState.ACCEPTED, SubmissionState.ARCHIVED)


@dataclass(frozen=True)
class Return:
    """What one unit owes the cycle, and how far it is. `state` None: not begun."""

    unit: Unit
    state: SubmissionState | None

    @property
    def is_in(self) -> bool:
        return self.state in REPORTED


@dataclass(frozen=True)
class Line:
    """One place of a roll-up with its computed indicators. `unit` None: county-run or the unit itself."""

    unit: Unit | None
    code: str
    name: str
    kind: UnitKind
    figures: Figures
    indicators: dict[str, dict[str, Any]]
    returns: Sequence[Return] = ()


@dataclass(frozen=True)
class Rollup:
    """A unit's roll-up: its own line, the lines below, and the returns of the term's cycle."""

    unit: Unit
    window: Window
    basis: Basis
    total: Line
    lines: list[Line]
    cycle: Period

    @property
    def as_of(self) -> date:
        return self.window.as_of

    def returns(self, *kinds: UnitKind) -> list[Return]:
        """The returns of schools (and kindergartens) or of villages."""
        return [one for one in self.total.returns if one.unit.kind in kinds]

    def as_json(self, by: str = "unit") -> dict[str, Any]:
        """The shape of contract.md §2."""
        head = {
            "unit": self.unit.code,
            "period": self.window.period.code,
            "basis": self.basis.value,
            "as_of": self.as_of.isoformat(),
            "coverage": coverage(self.returns(UnitKind.SCHOOL)),
            "coverage_villages": coverage(self.returns(UnitKind.VILLAGE)),
            "indicators": self.total.indicators,
        }
        below = [
            {
                "unit": line.code,
                "name": line.name,
                "coverage": coverage([r for r in line.returns if r.unit.kind is UnitKind.SCHOOL]),
                "coverage_villages": coverage([r for r in line.returns if r.unit.kind is UnitKind.VILLAGE]),
                "indicators": line.indicators,
            }
            for line in self.lines
        ]
        return head | {"children": below if by == "unit" else []}


def coverage(returns: Sequence[Return]) -> dict[str, int]:
    """已报 / 应报: missing is not zero."""
    return {"reported": sum(one.is_in for one in returns), "expected": len(returns)}


def roll_up(unit: Unit, *, actor: Actor, period: Period, basis: Basis) -> Rollup:
    """The live roll-up of `unit`. Costs a fixed number of queries, whatever was recorded."""
    actor.require(Permission.ROLLUP_READ, at=unit)
    window = Window.of(period)
    cycle = term_of(window.as_of)
    found = collect(unit, window)
    returns = list_returns(unit, cycle, window.as_of)
    line = _line_maker(basis, window)
    if unit.kind in (UnitKind.VILLAGE, UnitKind.SCHOOL):
        own = found.get(unit.id, Figures())
        return Rollup(unit, window, basis, line(unit, unit, own, returns), [], cycle)
    places = _places(unit, found, window.as_of)
    lines = []
    for place_id, place in places:
        owing = [one for one in returns if place_id in (one.unit.id, one.unit.township_id)]
        lines.append(line(unit, place, found.get(place_id, Figures()), owing))
    total = sum(found.values(), Figures())
    return Rollup(unit, window, basis, line(unit, unit, total, returns), lines, cycle)


def by_month(unit: Unit, *, actor: Actor, period: Period, basis: Basis) -> list[dict[str, Any]]:
    """The same indicators month by month, up to the as-of month."""
    actor.require(Permission.ROLLUP_READ, at=unit)
    last = Window.of(period).as_of
    months = [m for m in period.month_list if m <= last.year * 100 + last.month]
    lines = []
    for month in months:
        one = roll_up(unit, actor=actor, period=month_of(month), basis=basis)
        lines.append({"period": month_of(month).code, "indicators": one.total.indicators})
    return lines


def _line_maker(basis: Basis, window: Window) -> Callable[..., Line]:
    def line(above: Unit, place: Unit | None, figures: Figures, returns: Sequence[Return]) -> Line:
        kind = place.kind if place is not None else UnitKind.TOWNSHIP
        sample = Sample(figures, kind, basis, window)
        computed = {code: compute(one, sample) for code, one in INDICATORS.items()}
        shown = place if place is not None else above
        return Line(place, shown.code, shown.name, kind, figures, computed, returns)

    return line


def _places(unit: Unit, found: dict[int, Figures], day: date) -> list[tuple[int, Unit | None]]:
    """The places below by division code: those open on the day, and closed ones that still hold figures."""
    if unit.kind is UnitKind.COUNTY:
        within = [Unit.county_id == unit.id, Unit.kind == UnitKind.TOWNSHIP]
    else:
        within = [Unit.county_id == unit.county_id, Unit.township_id == unit.id]
    rows = db.session.scalars(select(Unit).where(*within).order_by(Unit.kind.desc(), Unit.code)).all()
    known = {row.id for row in rows}
    shown: list[tuple[int, Unit | None]] = [
        (row.id, row) for row in rows if row.id in found or (row.is_open_on(day) and row.id != unit.id)
    ]
    return shown + [(place_id, None) for place_id in found if place_id not in known]


def list_returns(unit: Unit, cycle: Period, day: date) -> list[Return]:
    """Schools, kindergartens and villages below (or the unit itself) that owe the cycle, by code."""
    within = {
        UnitKind.COUNTY: Unit.county_id == unit.id,
        UnitKind.TOWNSHIP: Unit.township_id == unit.id,
    }.get(unit.kind, Unit.id == unit.id)
    rows = db.session.execute(
        select(Unit, Submission.state)
        .outerjoin(Submission, and_(Submission.unit_id == Unit.id, Submission.period == cycle.code))
        .where(within, Unit.kind.in_((UnitKind.SCHOOL, UnitKind.VILLAGE)))
        .order_by(Unit.code)
    )
    return [Return(place, state) for place, state in rows if place.is_open_on(day)]
