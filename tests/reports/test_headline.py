"""The full demo county: the roll-up returns exactly the headline figures its tables promise."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from portal.extensions import db
from portal.services import units
from portal.services.children import sheets
from portal.services.reports import periods, recompute
from portal.services.reports.rollup import Rollup, by_month, roll_up
from portal.tenancy.scope import unscoped
from portal.terms import Basis, EventKind, Side
from tests.acting import acting
from tests.conftest import make_app, seed

TERM = "2024-2025-2"
MONTHS = (202502, 202503, 202504, 202505, 202506)

COUNTY_WIDE = {
    "POP_PUPIL": (8619, None),
    "POP_LBC_SCH": (4361, None),
    "POP_LBC_RATE": (4361, 8619),
    "POP_LBC_RES": (4780, None),
    "POP_BOTH_RATE": (1775, 4361),
    "POP_LBC_NEW": (214, None),
    "POP_LBC_EXIT": (136, None),
    "CON_TALK_RATE": (15002, 17444),
    "CON_VISIT_RATE": (4012, 4361),
    "CON_CALL_RATE": (13606, 17444),
    "CON_VISIT_NUM": (4655, None),
    "CON_VISIT_CHILD": (4012, None),
    "GRD_NONE": (19, None),
}
COUNTY_OFFICIAL = {
    "POP_LBC_SCH": (1871, None),
    "POP_LBC_RATE": (1871, 8619),
    "GRD_GRANDP_RATE": (1385, 1871),
    "GRD_FOSTER_RATE": (467, 1871),
    "GRD_NONE": (19, None),
    "GRD_PLACED": (38, None),
}
VALUES = {"POP_LBC_RATE": 50.6, "POP_BOTH_RATE": 40.7, "CON_TALK_RATE": 86.0, "CON_VISIT_RATE": 92.0,
          "CON_CALL_RATE": 78.0}  # fmt: skip
TOWNSHIPS = {
    "999901001": (742, 889),
    "999901002": (1046, 936),
    "999901003": (842, 738),
    "999901004": (569, 438),
    "999901005": (667, 584),
    "999901006": (391, 296),
    "999901007": (523, 480),
}
SCHOOL_S09 = {"POP_PUPIL": 721, "POP_LBC_SCH": 421, "GRD_NONE": 2}


@pytest.fixture(scope="module")
def full(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    path = tmp_path_factory.mktemp("full") / "full.sqlite"
    shutil.copy(sqlite_template, path)
    seed(f"sqlite:///{path}", "full")
    made = make_app(f"sqlite:///{path}")
    yield made
    with made.app_context():
        db.engine.dispose()


def rolled(full: Flask, code: str = "999901", basis: Basis = Basis.WIDE, period: str = TERM) -> Rollup:
    with acting(full, "county01") as actor:
        unit = units.get_unit(actor, code)
        return roll_up(unit, actor=actor, period=periods.parse(period), basis=basis)


def fractions(found: Rollup, codes: object) -> dict[str, tuple[int, int | None]]:
    computed = found.total.indicators
    return {code: (computed[code]["numerator"], computed[code]["denominator"]) for code in codes}  # type: ignore[attr-defined]


def test_the_county_on_the_wide_basis(full: Flask) -> None:
    found = rolled(full)
    assert fractions(found, COUNTY_WIDE) == COUNTY_WIDE
    assert {code: found.total.indicators[code]["value"] for code in VALUES} == VALUES


def test_the_county_on_the_official_basis(full: Flask) -> None:
    found = rolled(full, basis=Basis.OFFICIAL)
    assert fractions(found, COUNTY_OFFICIAL) == COUNTY_OFFICIAL
    shares = [found.total.indicators[code]["value"] for code in ("GRD_GRANDP_RATE", "GRD_FOSTER_RATE")]
    assert shares == [74.0, 25.0]


def test_residence_and_enrolment_stand_side_by_side(full: Flask) -> None:
    lines = rolled(full).lines
    pairs = {
        line.code: tuple(line.indicators[code]["value"] for code in ("POP_LBC_RES", "POP_LBC_SCH"))
        for line in lines
    }
    assert pairs == TOWNSHIPS


def test_the_stock_is_continuous_over_the_term(full: Flask) -> None:
    before = rolled(full, period="2025-01").total.indicators["POP_LBC_RES"]["value"]
    after = rolled(full).total.indicators
    assert before == 4702
    assert before + after["POP_LBC_NEW"]["value"] - after["POP_LBC_EXIT"]["value"] == 4780


def test_the_change_tables_of_the_term_say_why_the_stock_changed(full: Flask) -> None:
    """4,702 + 214 − 136 = 4,780: 61 parents came back, 48 turned sixteen, 27 moved away (domain H.1)."""
    sums: list[Counter[str]] = [Counter() for _ym in MONTHS]
    gone: Counter[EventKind] = Counter()
    for code in TOWNSHIPS:
        with acting(full, f"town_t{code[-1]}") as actor:
            town = units.get_unit(actor, code)
            for of_month, ym in zip(sums, MONTHS, strict=True):
                sheet = sheets.read_sheet(town, ym, actor=actor, side=Side.VILLAGE, basis=Basis.WIDE)
                parts = {
                    name: getattr(sheet, name)
                    for name in ("opening", "joined", "gone", "corrected", "closing")
                }
                of_month.update(parts)
                gone.update(line.kind for line in sheet.lines if not line.joined)
    assert (sums[0]["opening"], sums[-1]["closing"]) == (4702, 4780)
    assert [one["opening"] for one in sums[1:]] == [one["closing"] for one in sums[:-1]]
    assert (sum(one["joined"] for one in sums), sum(one["gone"] for one in sums)) == (214, 136)
    assert not any(one["corrected"] for one in sums)
    assert gone == {
        EventKind.PARENT_RETURNED: 61,
        EventKind.TURNED_SIXTEEN: 48,
        EventKind.TRANSFERRED_OUT: 27,
    }


def test_unguarded_children_at_the_opening_were_placed_or_remain(full: Flask) -> None:
    opening = rolled(full, basis=Basis.OFFICIAL, period="2025-01").total.indicators["GRD_NONE"]["value"]
    closing = rolled(full, basis=Basis.OFFICIAL).total.indicators
    assert (opening, closing["GRD_PLACED"]["value"], closing["GRD_NONE"]["value"]) == (57, 38, 19)


def test_coverage_says_what_is_in_and_what_is_owed(full: Flask) -> None:
    document = rolled(full).as_json()
    assert document["coverage"] == {"reported": 15, "expected": 18}
    assert document["coverage_villages"] == {"reported": 42, "expected": 42}


def test_one_school_shows_its_own_figures(full: Flask) -> None:
    found = rolled(full, "999901-S09")
    computed = {code: found.total.indicators[code]["value"] for code in SCHOOL_S09}
    assert computed == SCHOOL_S09
    assert found.total.indicators["POP_LBC_RES"]["value"] is None


def test_a_drill_down_adds_up_to_its_township(full: Flask) -> None:
    town = rolled(full, "999901006")
    assert town.total.indicators["CON_VISIT_RATE"] == {
        "value": 74.3,
        "numerator": 220,
        "denominator": 296,
        "measure": "%",
    }
    for code in ("POP_LBC_SCH", "POP_LBC_RES", "CON_VISIT_NUM", "CON_VISIT_CHILD"):
        parts = [line.indicators[code]["numerator"] or 0 for line in town.lines]
        assert sum(parts) == town.total.indicators[code]["numerator"], code


@pytest.mark.parametrize("period", ["2025-06", TERM, "2024-2025", "2025-H1", "2025"])
def test_every_period_is_answered_from_the_cells(full: Flask, period: str) -> None:
    found = rolled(full, period=period)
    assert found.total.indicators["POP_LBC_SCH"]["value"] == 4361
    assert found.as_json()["as_of"] == "2025-06-30"


def test_months_add_up_to_the_term(full: Flask) -> None:
    with acting(full, "county01") as actor:
        unit = units.get_unit(actor, "999901")
        months = by_month(unit, actor=actor, period=periods.parse(TERM), basis=Basis.WIDE)
    visits = [month["indicators"]["CON_VISIT_NUM"]["value"] for month in months]
    assert months[0]["period"] == "2025-02"
    assert sum(visits) == 4655


def test_a_rollup_costs_few_queries_and_scans_no_visit(full: Flask) -> None:
    asked: list[str] = []
    with acting(full, "county01") as actor:
        unit = units.get_unit(actor, "999901")
        event.listen(db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
        roll_up(unit, actor=actor, period=periods.parse(TERM), basis=Basis.WIDE)
    assert len(asked) <= 8, asked
    facts = {"visit", "child", "standing", "reach"}
    read = {word.strip('"') for statement in asked for word in statement.split("FROM ")[-1].split()[:1]}
    assert not read & facts


def test_the_full_county_agrees_with_its_facts(full: Flask) -> None:
    with acting(full, "county01") as actor:
        county_id = actor.unit.id
    with full.app_context(), unscoped("test: the check") as session:
        assert recompute.check(session, county_id) == []
