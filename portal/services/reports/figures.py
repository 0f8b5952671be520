"""Figures: the sums of the cells for the places below one unit, in a handful of queries.

Nothing here reads visits or children: costs grow with units and months, not with records. Only where
the as-of day lies inside a month are the few standings that change in that month's rest read too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from portal.config import today
from portal.models.children import Standing
from portal.models.reports.cells import STOCKS, PupilCell, ReachCell, StandingCell, VisitCell
from portal.services.reports.periods import DUE_MONTHS, Period, term_of, terms_begun_in, ym_of
from portal.services.units.tree import Tree
from portal.tenancy.units import Unit
from portal.terms import Side, UnitKind

FLOWS = ("joins_wide", "leaves_wide", "joins_official", "leaves_official", "placed_wide", "placed_official")
_V: Any = VisitCell
_S: Any = StandingCell
_P: Any = PupilCell
_R: Any = ReachCell


@dataclass
class Figures:
    """The sums of one place. Stocks are keyed (side, name); everything else by name."""

    sums: Counter[Any] = field(default_factory=Counter)

    def __add__(self, other: Figures) -> Figures:
        total = Counter(self.sums)
        total.update(other.sums)
        return Figures(total)

    def __getitem__(self, key: Any) -> int:
        return int(self.sums[key])


@dataclass(frozen=True)
class Window:
    """What a period means today: its stocks stand on `as_of`, its duties are these months and terms."""

    period: Period
    as_of: date
    due_months: tuple[int, ...]
    visit_windows: tuple[tuple[str, int, int], ...]
    """(reach kind, reach number, month whose stock is owed a home visit)."""

    @classmethod
    def of(cls, period: Period) -> Window:
        """The window of a period as it stands today."""
        as_of = min(period.end, today())
        last = ym_of(as_of)
        due = tuple(m for m in period.month_list if m % 100 in DUE_MONTHS and m <= last)
        terms = terms_begun_in(period)
        if terms:
            visits = tuple(
                ("T", term.number, min(ym_of(term.end), last)) for term in terms if ym_of(term.start) <= last
            )
        elif period.kind == "M":
            visits = (("M", period.number, last),)
        else:
            visits = (("T", term_of(period.end).number, last),)
        return cls(period, as_of, due, visits)


@dataclass(frozen=True)
class Books:
    """What is read for one roll-up: the unit, the window, and how the tree stood on the as-of day.

    `holders` is None where the units below stood as they stand today: then the township cells serve.
    Otherwise it names every unit that belonged here (unit id → the place that holds its sums), and the
    cells of those units are summed.
    """

    unit: Unit
    window: Window
    tree: Tree
    session: Session
    holders: Mapping[int, int] | None = None


def collect(books: Books) -> dict[int, Figures]:
    """Figures per place directly below the unit (township id or unit id), or of a leaf unit itself."""
    found: dict[int, Figures] = defaultdict(Figures)
    for part in (_standings, _pupils, _visits, _reach, _rest_of_month):
        for holder, key, value in part(books):
            place = holder if books.holders is None else books.holders[holder]
            found[place].sums[key] += value
    return dict(found)


def _below(cell: Any, books: Books) -> list[ColumnElement[bool]]:
    unit = books.unit
    if books.holders is not None:
        return [cell.county_id == unit.county_id, cell.unit_id.in_(books.holders), cell.level == "unit"]
    if unit.kind is UnitKind.COUNTY:
        return [cell.county_id == unit.id, cell.level == "township"]
    if unit.kind is UnitKind.TOWNSHIP:
        return [cell.county_id == unit.county_id, cell.township_id == unit.id, cell.level == "unit"]
    return [cell.county_id == unit.county_id, cell.unit_id == unit.id, cell.level == "unit"]


def _sum_to(cell: Any, name: str, month: int) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((cell.ym <= month, getattr(cell, name)), else_=0)), 0)


def _sum_between(cell: Any, name: str, first: int, last: int) -> ColumnElement[int]:
    inside = (cell.ym >= first) & (cell.ym <= last)
    return func.coalesce(func.sum(case((inside, getattr(cell, name)), else_=0)), 0)


Found = Iterable[tuple[int, Any, int]]


def _standings(books: Books) -> Found:
    last = ym_of(books.window.as_of)
    first = books.window.period.month_list[0]
    wanted: dict[Any, ColumnElement[int]] = {name: _sum_to(_S, name, last) for name in STOCKS}
    wanted |= {("opening", name): _sum_to(_S, name, first - 1) for name in STOCKS}
    wanted |= {name: _sum_between(_S, name, first, last) for name in FLOWS}
    owed = {*books.window.due_months, *(month for _k, _n, month in books.window.visit_windows)}
    wanted |= {("owed", month): _sum_to(_S, "wide", month) for month in owed}
    rows = books.session.execute(
        select(_S.unit_id, _S.side, *wanted.values())
        .where(*_below(_S, books), _S.ym <= last)
        .group_by(_S.unit_id, _S.side)
    )
    for holder, side, *values in rows:
        yield from ((holder, (Side(side), key), value) for key, value in zip(wanted, values, strict=True))


def _pupils(books: Books) -> Found:
    last = ym_of(books.window.as_of)
    names = ("pupils", "kindergarten")
    rows = books.session.execute(
        select(_P.unit_id, *(_sum_to(_P, name, last) for name in names))
        .where(*_below(_P, books), _P.ym <= last)
        .group_by(_P.unit_id)
    )
    for holder, *values in rows:
        yield from ((holder, key, value) for key, value in zip(names, values, strict=True))


def _visits(books: Books) -> Found:
    names = ("visits", "minutes", "talks", "home_visits", "calls", "worries")
    months = books.window.period.month_list
    rows = books.session.execute(
        select(_V.unit_id, _V.ym, *(getattr(_V, name) for name in names)).where(
            *_below(_V, books), _V.ym >= months[0], _V.ym <= min(months[-1], ym_of(books.window.as_of))
        )
    )
    for holder, month, *values in rows:
        for name, value in zip(names, values, strict=True):
            yield holder, name, value
            yield holder, ("month", name, month), value


def _reach(books: Books) -> Found:
    period = books.window.period
    wanted = [("any", period.kind, period.number), ("home", period.kind, period.number)]
    wanted += [
        (name, "M", month) for month in books.window.due_months for name in ("talk_teacher", "call_teacher")
    ]
    wanted += [("home_teacher", kind, number) for kind, number, _month in books.window.visit_windows]
    places = {(kind, number) for _name, kind, number in wanted}
    rows = books.session.execute(
        select(_R.unit_id, _R.measure, _R.period_kind, _R.period_no, _R.children).where(
            *_below(_R, books), _R.period_no.in_({number for _kind, number in places})
        )
    )
    keys = set(wanted)
    for holder, measure, kind, number, children in rows:
        if (measure, kind, number) in keys:
            yield holder, ("reach", measure, kind, number), children


def _rest_of_month(books: Books) -> Found:
    """Take back what the month's cell already holds but the as-of day has not seen yet."""
    day, unit = books.window.as_of, books.unit
    next_month = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    if day + timedelta(days=1) == next_month or books.holders is not None:  # a past period ends its month
        return
    holder = Standing.stat_township_id if unit.kind is UnitKind.COUNTY else Standing.stat_unit_id
    place = {
        UnitKind.COUNTY: Standing.stat_county_id,
        UnitKind.TOWNSHIP: Standing.stat_township_id,
    }.get(unit.kind, Standing.stat_unit_id)
    for edge, sign in ((Standing.starts_on, -1), (Standing.ends_on, 1)):
        rows = books.session.execute(
            select(holder, Standing).where(place == unit.id, edge > day, edge < next_month)
        )
        for where, row in rows:
            for key in _counted_by(row, arriving=sign < 0):
                yield where, (row.side, key), sign if key in STOCKS else -1
                if key == "wide":
                    yield where, (row.side, ("owed", ym_of(day))), sign


def _counted_by(row: Standing, *, arriving: bool) -> Iterable[Any]:
    """The sums of a standing cell that one standing's arrival (or end) has entered."""
    foster = ("relative", "teacher", "other_adult", "sibling")
    true_of = {
        "wide": row.compulsory,
        "both": row.compulsory and row.both_away,
        "grandparent": row.compulsory and row.guardian == "grandparent",
        "foster": row.compulsory and row.guardian in foster,
        "none": row.compulsory and row.guardian == "none",
        "girls": row.compulsory and row.female,
        "kindergarten": not row.compulsory,
    }
    for name, true in true_of.items():
        if true:
            yield "wide" if name == "wide" else f"{name}_wide"
            if row.official:
                yield "official" if name == "wide" else f"{name}_official"
    if row.compulsory:
        flows = ("joins_wide", "joins_official") if arriving else ("leaves_wide", "leaves_official")
        yield from (flow for flow in flows if getattr(row, flow))
        if arriving and row.placed:
            yield "placed_wide"
            if row.official:
                yield "placed_official"
