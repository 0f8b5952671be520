"""The roll-up (汇总): the indicators of a unit for a period, with the places below it and the coverage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.config import today
from portal.extensions import db
from portal.models.reports.submissions import Submission
from portal.services.reports.figures import Books, Figures, Window, collect
from portal.services.reports.indicators import INDICATORS, Sample, compute
from portal.services.reports.past import open_books
from portal.services.reports.periods import Period, month_of, term_of
from portal.services.units.tree import Then
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import Basis, SubmissionState, UnitKind

REPORTED = (SubmissionState.ACCEPTED, SubmissionState.ARCHIVED)


@dataclass(frozen=True)
class Return:
    """What one unit owes the cycle, and how far it is. `state` None: not begun."""

    then: Then
    state: SubmissionState | None

    @property
    def unit(self) -> Unit:
        return self.then.unit

    @property
    def is_in(self) -> bool:
        return self.state in REPORTED


@dataclass(frozen=True)
class Line:
    """One place of a roll-up with its computed indicators. `unit` None: county-run or the unit itself.

    `code` and `name` are those of the as-of day.
    """

    unit: Unit | None
    code: str
    name: str
    kind: UnitKind
    figures: Figures
    indicators: dict[str, dict[str, Any]]
    returns: Sequence[Return] = ()


@dataclass(frozen=True)
class Rollup:
    """A unit's roll-up: its own line, the lines below, and the returns of the term's cycle.

    It shows the tree of its as-of day: `total` has the unit's name and code of then.
    """

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
            "unit": self.total.code,
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
    with open_books(unit, Window.of(period)) as books:
        return _roll_up(books, basis)


def _roll_up(books: Books, basis: Basis) -> Rollup:
    unit, window = books.unit, books.window
    cycle = term_of(window.as_of)
    found = collect(books)
    returns = list_returns(books, cycle)
    line, own = _line_maker(basis, window), books.tree.of(unit)
    if unit.kind in (UnitKind.VILLAGE, UnitKind.SCHOOL):
        figures = found.get(unit.id, Figures())
        return Rollup(unit, window, basis, line(own, unit, figures, returns), [], cycle)
    lines = []
    for place_id, place in _places(books, found):
        owing = [one for one in returns if place_id in (one.unit.id, one.then.township_id)]
        figures = found.get(place_id, Figures())
        lines.append(line(place or own, place and place.unit, figures, owing))
    total = sum(found.values(), Figures())
    return Rollup(unit, window, basis, line(own, unit, total, returns), lines, cycle)


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
    def line(then: Then, place: Unit | None, figures: Figures, returns: Sequence[Return]) -> Line:
        kind = place.kind if place is not None else UnitKind.TOWNSHIP
        sample = Sample(figures, kind, basis, window)
        computed = {code: compute(one, sample) for code, one in INDICATORS.items()}
        return Line(place, then.code, then.name, kind, figures, computed, returns)

    return line


def _places(books: Books, found: dict[int, Figures]) -> list[tuple[int, Then | None]]:
    """The places below by division code: those open on the day, and closed ones that still hold figures."""
    unit, holders = books.unit, books.holders
    if unit.kind is UnitKind.COUNTY:
        within = [Unit.county_id == unit.id, Unit.kind == UnitKind.TOWNSHIP]
    elif holders is not None:
        within = [Unit.county_id == unit.county_id, Unit.id.in_(holders)]
    else:
        within = [Unit.county_id == unit.county_id, Unit.township_id == unit.id]
    rows = db.session.scalars(select(Unit).where(*within))
    places = sorted((books.tree.of(row) for row in rows), key=lambda then: then.code)
    places.sort(key=lambda then: then.unit.kind, reverse=True)
    holding = {place_id for place_id, figures in found.items() if any(figures.sums.values())}
    shown: list[tuple[int, Then | None]] = [
        (then.unit.id, then)
        for then in places
        if then.unit.id in holding or (then.is_open and then.unit.id != unit.id)
    ]
    known = {then.unit.id for then in places}
    return shown + [(place_id, None) for place_id in found if place_id not in known]


def list_returns(books: Books, cycle: Period) -> list[Return]:
    """Schools, kindergartens and villages below (or the unit itself) that owe the cycle, by code.

    A unit owes it that was open on the as-of day and belonged here then.
    """
    unit = books.unit
    within = {
        UnitKind.COUNTY: Unit.county_id == unit.id,
        UnitKind.TOWNSHIP: Unit.township_id == unit.id,
    }.get(unit.kind, Unit.id == unit.id)
    if books.holders is not None:
        within = Unit.id.in_(books.holders)
    rows = db.session.scalars(select(Unit).where(within, Unit.kind.in_((UnitKind.SCHOOL, UnitKind.VILLAGE))))
    owing = sorted((then for row in rows if (then := books.tree.of(row)).is_open), key=lambda one: one.code)
    states = dict(
        books.session.execute(
            select(Submission.unit_id, Submission.state).where(
                Submission.county_id == unit.county_id,
                Submission.period == cycle.code,
                Submission.unit_id.in_([one.unit.id for one in owing]),
            )
        ).all()
    )
    return [Return(one, states.get(one.unit.id)) for one in owing]


def list_current_returns(unit: Unit, *, actor: Actor) -> list[Return]:
    """The returns of the running term that `unit` and what lies below it owe, without any figure."""
    actor.require(Permission.UNIT_READ, at=unit)
    cycle = term_of(today())
    with open_books(unit, Window.of(cycle)) as books:
        return list_returns(books, cycle)
