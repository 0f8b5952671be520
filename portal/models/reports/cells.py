"""The cells of the portal: what is counted, declared once. Architecture: docs/architecture.md §4."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table

from portal.extensions import db
from portal.models.reports.declare import Additive, Entry, Measure, Presence

_FOSTER = "('relative', 'teacher', 'other_adult', 'sibling')"


def _when(condition: str) -> str:
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END"


_COUNTS = "{r}compulsory"
STOCKS = {
    "wide": _COUNTS,
    "official": f"{_COUNTS} AND {{r}}official",
    "both_wide": f"{_COUNTS} AND {{r}}both_away",
    "both_official": f"{_COUNTS} AND {{r}}both_away AND {{r}}official",
    "grandparent_wide": f"{_COUNTS} AND {{r}}guardian = 'grandparent'",
    "grandparent_official": f"{_COUNTS} AND {{r}}guardian = 'grandparent' AND {{r}}official",
    "foster_wide": f"{_COUNTS} AND {{r}}guardian IN {_FOSTER}",
    "foster_official": f"{_COUNTS} AND {{r}}guardian IN {_FOSTER} AND {{r}}official",
    "none_wide": f"{_COUNTS} AND {{r}}guardian = 'none'",
    "none_official": f"{_COUNTS} AND {{r}}guardian = 'none' AND {{r}}official",
    "priority_wide": f"{_COUNTS} AND {{r}}priority",
    "priority_official": f"{_COUNTS} AND {{r}}priority AND {{r}}official",
    "girls_wide": f"{_COUNTS} AND {{r}}female",
    "girls_official": f"{_COUNTS} AND {{r}}female AND {{r}}official",
    "kindergarten_wide": "NOT {r}compulsory",
    "kindergarten_official": "NOT {r}compulsory AND {r}official",
}
"""Stock column → which standings it counts. A cell holds the month's change; a stock is their sum."""

STANDING = Additive(
    name="standing_cell",
    fact="standing",
    keys={"side": String(8), "ym": Integer},
    entries=[
        Entry(
            keys={"side": "{r}side", "ym": "YM({r}starts_on)"},
            sums={
                **{name: _when(condition) for name, condition in STOCKS.items()},
                "joins_wide": _when(f"{_COUNTS} AND {{r}}joins_wide"),
                "joins_official": _when(f"{_COUNTS} AND {{r}}joins_official"),
                "placed_wide": _when(f"{_COUNTS} AND {{r}}placed"),
                "placed_official": _when(f"{_COUNTS} AND {{r}}placed AND {{r}}official"),
            },
        ),
        Entry(
            keys={"side": "{r}side", "ym": "YM({r}ends_on)"},
            sums={
                **{name: f"-({_when(condition)})" for name, condition in STOCKS.items()},
                "leaves_wide": _when(f"{_COUNTS} AND {{r}}leaves_wide"),
                "leaves_official": _when(f"{_COUNTS} AND {{r}}leaves_official"),
            },
            where="{r}ends_on < '9999-12-31'",
        ),
    ],
)

_CLASS = {
    "pupils": _when(_COUNTS) + " * {r}pupils",
    "kindergarten": _when("NOT {r}compulsory") + " * {r}pupils",
}
PUPILS = Additive(
    name="pupil_cell",
    fact="school_class",
    keys={"ym": Integer},
    stat=("unit_id", "township_id", "county_id"),
    entries=[
        Entry(keys={"ym": "YM({r}since)"}, sums=_CLASS),
        Entry(
            keys={"ym": "YM({r}until)"},
            sums={name: f"-({expression})" for name, expression in _CLASS.items()},
            where="{r}until < '9999-12-31'",
        ),
    ],
)

_VALID = "{r}voided_at IS NULL"
_BY_TEACHER = "{r}role = 'class_teacher'"
VISITS = Additive(
    name="visit_cell",
    fact="visit",
    keys={"ym": Integer},
    entries=[
        Entry(
            keys={"ym": "YM({r}happened_on)"},
            where=_VALID,
            sums={
                "visits": "1",
                "minutes": "{r}minutes",
                "talks": _when("{r}kind = 'talk'"),
                "home_visits": _when("{r}kind = 'home_visit'"),
                "calls": _when("{r}kind IN ('call', 'video')"),
                "worries": _when("{r}worry"),
            },
        )
    ],
)

REACH = Presence(
    name="reach",
    fact="visit",
    entity="child_id",
    day="happened_on",
    measures=[
        Measure("any", _VALID, "MTSHY"),
        Measure("home", f"{_VALID} AND {{r}}kind = 'home_visit'", "MTSHY"),
        Measure("home_teacher", f"{_VALID} AND {{r}}kind = 'home_visit' AND {_BY_TEACHER}", "MT"),
        Measure("talk_teacher", f"{_VALID} AND {{r}}kind = 'talk' AND {_BY_TEACHER}", "M"),
        Measure("call_teacher", f"{_VALID} AND {{r}}kind = 'call' AND {_BY_TEACHER}", "M"),
    ],
)

reach = Table(
    "reach",
    db.metadata,
    Column("child_id", Integer, primary_key=True, autoincrement=False),
    Column("measure", String(16), primary_key=True),
    Column("period_kind", String(1), primary_key=True),
    Column("period_no", Integer, primary_key=True, autoincrement=False),
    Column("n", Integer, nullable=False),
    Column("first_id", Integer, nullable=False),
    Column("stat_unit_id", Integer, nullable=False),
    Column("stat_township_id", Integer, nullable=False),
    Column("stat_county_id", Integer, nullable=False),
)
"""Kept by triggers and read by the recompute only, so it is not mapped and carries no scope."""

REACHED = Additive(
    name="reach_cell",
    fact="reach",
    keys={"measure": String(16), "period_kind": String(1), "period_no": Integer},
    entries=[
        Entry(
            keys={
                "measure": "{r}measure",
                "period_kind": "{r}period_kind",
                "period_no": "{r}period_no",
            },
            sums={"children": "1"},
        )
    ],
)

ADDITIVES = (STANDING, PUPILS, VISITS, REACHED)
PRESENCES = (REACH,)

StandingCell = STANDING.mapped
PupilCell = PUPILS.mapped
VisitCell = VISITS.mapped
ReachCell = REACHED.mapped
