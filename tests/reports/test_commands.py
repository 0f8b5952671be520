"""`flask rollup`: the contract's document, months, and the check that finds what disagrees."""

from __future__ import annotations

import json

from flask import Flask
from sqlalchemy import text

from tests.commands import run, run_json
from tests.conftest import owning

TERM = ("--period", "2024-2025-2")


def test_the_document_has_the_contracts_shape(demo_app: Flask) -> None:
    document = run_json(demo_app, "rollup", "999901", *TERM)
    assert {key: document[key] for key in ("unit", "period", "basis", "as_of")} == {
        "unit": "999901",
        "period": "2024-2025-2",
        "basis": "wide",
        "as_of": "2025-06-30",
    }
    assert document["coverage"] == {"reported": 4, "expected": 5}
    assert document["indicators"]["POP_LBC_SCH"] == {
        "value": 918,
        "numerator": 918,
        "denominator": None,
        "measure": "人",
    }
    assert [child["unit"] for child in document["children"]] == ["999901004", "999901007"]


def test_by_month_lists_the_months_up_to_today(demo_app: Flask) -> None:
    document = run_json(demo_app, "rollup", "999901004", *TERM, "--by", "month")
    assert [one["period"] for one in document["children"]] == [f"2025-0{n}" for n in range(2, 7)]


def test_the_official_basis_is_another_count_of_the_same_children(demo_app: Flask) -> None:
    wide = run_json(demo_app, "rollup", "999901-S09", *TERM)["indicators"]
    official = run_json(demo_app, "rollup", "999901-S09", *TERM, "--basis", "official")["indicators"]
    assert (wide["POP_LBC_SCH"]["value"], official["POP_LBC_SCH"]["value"]) == (421, 181)
    assert wide["CON_VISIT_RATE"] == official["CON_VISIT_RATE"]


def test_usage_and_refusals_have_their_exit_status(demo_app: Flask) -> None:
    assert run(demo_app, "rollup", "999901").exit_code == 2
    assert run(demo_app, "rollup", "999901", "--period", "2025-13").exit_code == 1
    assert run(demo_app, "rollup", "000000", *TERM).exit_code == 1


def test_recompute_and_check_find_and_mend_a_wrong_cell(demo_app: Flask) -> None:
    assert run(demo_app, "rollup", "999901", *TERM, "--recompute", "--check").exit_code == 0
    with owning(demo_app) as connection:
        connection.execute(text("UPDATE visit_cell SET visits = visits + 1 WHERE ym = 202505"))
    result = run(demo_app, "rollup", "999901", *TERM, "--recompute", "--check", "--format", "json")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert {one["cell"] for one in document["differences"]} == {"visit_cell"}
    assert run(demo_app, "rollup", "999901", *TERM, "--check").exit_code == 0
