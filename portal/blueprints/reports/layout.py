"""How the roll-up is laid out: which figures, which columns, which charts, and the links between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from portal.services.reports import periods
from portal.services.reports.indicators import INDICATORS
from portal.services.reports.rollup import Line, Return, Rollup, coverage
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import Basis, Side, SubmissionState, UnitKind

_WINDOWS = {
    SubmissionState.ACCEPTED: "lit",
    SubmissionState.ARCHIVED: "lit",
    SubmissionState.SUBMITTED: "unlit",
    SubmissionState.SIGNED: "unlit",
    SubmissionState.RETURNED: "returned",
    SubmissionState.DRAFT: "draft",
    None: "draft",
}
COLUMNS = (
    "POP_PUPIL",
    "POP_LBC_RES",
    "POP_LBC_SCH",
    "POP_LBC_RATE",
    "POP_BOTH_RATE",
    "GRD_GRANDP_RATE",
    "GRD_FOSTER_RATE",
    "GRD_NONE",
    "CON_VISIT_RATE",
    "CON_VISIT_CHILD",
    "CON_VISIT_NUM",
)


LISTED = {"POP_LBC_RES": Side.VILLAGE, "POP_LBC_SCH": Side.SCHOOL}
"""Figures behind which a list of children stands, and its side."""


@dataclass(frozen=True)
class Cell:
    """One figure of a table: `bar` and `mark` are shares of 100 for rates, else None. `url` leads to the
    children it counts, for readers who may see their masked list."""

    code: str
    value: float | int | None
    measure: str
    numerator: int | None
    denominator: int | None
    mark: float | None
    url: str | None = None


@dataclass(frozen=True)
class Row:
    name: str
    url: str | None
    cells: list[Cell]
    reported: int
    expected: int
    kind: UnitKind


@dataclass(frozen=True)
class Page:
    """Everything the template needs, as plain values."""

    rollup: Rollup
    title: str
    periods: list[dict[str, Any]]
    bases: list[dict[str, Any]]
    columns: list[Any]
    rows: list[Row]
    total: Row
    coverage: dict[str, int]
    coverage_villages: dict[str, int]
    windows: list[dict[str, Any]]
    guardianship: list[dict[str, Any]]
    months: list[dict[str, Any]]
    lists: dict[str, str]
    """Figure → the masked list of the children behind it, where the reader may ask for one."""
    api_url: str


def page_of(found: Rollup, *, actor: Actor) -> Page:
    """Lay a roll-up out for its reader."""
    unit, window = found.unit, found.window
    here: dict[str, Any] = {"code": unit.code, "period": window.period.code, "basis": found.basis.value}
    schools = found.returns(UnitKind.SCHOOL)
    return Page(
        rollup=found,
        title=_("%(unit)s: %(period)s", unit=found.total.name, period=window.period.label),
        periods=[
            {
                "label": one.label,
                "url": url_for(".rollup", **(here | {"period": one.code})),
                "is_current": one.code == window.period.code,
            }
            for one in _periods(found)
        ],
        bases=[
            {
                "label": str(basis.label),
                "url": url_for(".rollup", **(here | {"basis": basis.value})),
                "is_current": basis is found.basis,
                "value": _headline(found, basis),
            }
            for basis in (Basis.WIDE, Basis.OFFICIAL)
        ],
        columns=[INDICATORS[code] for code in COLUMNS],
        rows=[_row(line, found, actor, here) for line in found.lines],
        total=_row(found.total, found, actor, here),
        coverage=coverage(schools),
        coverage_villages=coverage(found.returns(UnitKind.VILLAGE)),
        windows=_windows(found, schools, actor, here),
        guardianship=_guardianship(found),
        months=_months(found),
        lists=_lists(found.unit, actor, here),
        api_url=url_for(".rollup_json", **here),
    )


def _periods(found: Rollup) -> list[periods.Period]:
    shown = periods.around(found.as_of)
    asked = found.window.period
    return shown if asked.code in {one.code for one in shown} else [asked, *shown]


def _headline(found: Rollup, basis: Basis) -> int:
    side = Side.VILLAGE if found.unit.kind is UnitKind.VILLAGE else Side.SCHOOL
    return found.total.figures[side, basis.value]


def _lists(place: Unit | None, actor: Actor, here: dict[str, Any]) -> dict[str, str]:
    """Where the children behind the figures of a place can be asked for; nothing for a county."""
    if place is None or place.kind is UnitKind.COUNTY or not actor.can(Permission.CHILD_MASKED_READ, place):
        return {}
    there = here | {"code": place.code}
    only = {UnitKind.SCHOOL: Side.SCHOOL, UnitKind.VILLAGE: Side.VILLAGE}.get(place.kind)
    return {
        code: url_for("children.masked_list", **there, side=side.value)
        for code, side in LISTED.items()
        if only in (None, side)
    }


def _cell(line: Line, code: str, whole: Line | None, lists: dict[str, str]) -> Cell:
    computed = line.indicators[code]
    is_rate = computed["measure"] == "%"
    mark = whole.indicators[code]["value"] if whole is not None and is_rate else None
    return Cell(code, computed["value"], computed["measure"], computed["numerator"],
                computed["denominator"], mark, lists.get(code) if computed["value"] else None)  # fmt: skip


def _row(line: Line, found: Rollup, actor: Actor, here: dict[str, Any]) -> Row:
    schools = coverage([one for one in line.returns if one.unit.kind is not UnitKind.VILLAGE])
    own = coverage(list(line.returns)) if line.kind is UnitKind.VILLAGE else schools
    place = line.unit if line.unit is not None and line.unit is not found.unit else None
    url = url_for(".rollup", **(here | {"code": place.code})) if place and actor.reaches(place) else None
    whole = None if line is found.total else found.total
    name = line.name if line.unit is not None else _("at %(unit)s itself", unit=line.name)
    lists = _lists(line.unit, actor, here)
    return Row(name, url, [_cell(line, code, whole, lists) for code in COLUMNS], own["reported"],
               own["expected"], line.kind)  # fmt: skip


def _windows(
    found: Rollup, schools: list[Return], actor: Actor, here: dict[str, Any]
) -> list[dict[str, Any]]:
    """The returns of schools as windows, grouped by township."""
    places = [(line.unit.id, line.name) for line in found.lines if line.unit is not None]
    groups: dict[int, dict[str, Any]] = {key: {"name": name, "windows": []} for key, name in places}
    for one in schools:
        key = one.then.township_id if found.unit.kind is UnitKind.COUNTY else 0
        state = str(one.state.label) if one.state else _("not begun")
        label = _("%(unit)s: %(state)s", unit=one.then.name, state=state)
        group = groups.setdefault(key, {"name": found.total.name, "windows": []})
        url = url_for(".rollup", **(here | {"code": one.unit.code})) if actor.reaches(one.unit) else None
        group["windows"].append({"state": _WINDOWS[one.state], "label": label, "url": url})
    return [group for group in groups.values() if group["windows"]]


def _guardianship(found: Rollup) -> list[dict[str, Any]]:
    """Per place below (or the place itself): at home, grandparents, fostered, none, in fixed order."""
    rows = []
    for line in found.lines or [found.total]:
        if found.lines and line.kind is UnitKind.VILLAGE:
            continue  # beside schools: one chart tells one side
        side = Side.VILLAGE if line.kind is UnitKind.VILLAGE else Side.SCHOOL
        basis = found.basis.value
        apart = [line.figures[side, f"{name}_{basis}"] for name in ("grandparent", "foster", "none")]
        whole = line.figures[side, basis]
        if whole:
            rows.append({"name": line.name, "values": [whole - sum(apart), *apart]})
    return rows


def _months(found: Rollup) -> list[dict[str, Any]]:
    """Home visits and all contacts month by month, up to the as-of month."""
    last = periods.ym_of(found.as_of)
    figures = found.total.figures
    return [
        {
            "month": month,
            "name": periods.month_of(month).label,
            "home_visits": figures["month", "home_visits", month],
            "talks": figures["month", "talks", month],
            "calls": figures["month", "calls", month],
        }
        for month in found.window.period.month_list
        if month <= last
    ]
