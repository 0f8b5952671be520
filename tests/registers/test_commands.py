"""`flask import children`: what it prints, and when it leaves with 1."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from portal.config import ROOT
from portal.models.children import Child
from tests.commands import run, run_json
from tests.factories.county import writing

SAMPLE = str(ROOT / "samples" / "roster-sample.xlsx")
AT_S09 = ("--unit", "999901-S09", "--as", "coord_s09")


def count(app: Flask) -> int:
    with app.app_context(), writing() as session:
        return session.scalar(select(func.count()).select_from(Child)) or 0


def test_the_document_has_the_contracts_shape(demo_app: Flask) -> None:
    document = run_json(demo_app, "import", "children", SAMPLE, *AT_S09, "--as-of", "2025-06-30")
    assert (document["new"], document["changed"], document["unchanged"]) == (120, 0, 0)
    assert document["status"] == {"wide": 108, "official": 60, "both_away": 57}
    assert document["refused"][0]["row"] == 131
    assert document["refused"][0]["reason"] == "id_checksum"
    assert document["refused"][0]["message"].startswith("身份证号码")


def test_a_dry_run_changes_nothing(demo_app: Flask) -> None:
    before = count(demo_app)
    document = run_json(demo_app, "import", "children", SAMPLE, *AT_S09, "--dry-run")
    assert document["new"] == 120
    assert count(demo_app) == before


def test_a_refused_file_leaves_with_1_and_a_sentence(demo_app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "花名册.xlsx"
    path.write_bytes(b"no workbook")
    result = run(demo_app, "import", "children", str(path), *AT_S09, "--format", "json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["refused_file"] == "not_a_workbook"


def test_who_may_not_import_is_refused(demo_app: Flask) -> None:
    for login, unit in (
        ("county01", "999901-S09"),
        ("coord_s09", "999901-S15"),
        ("coord_s09", "nowhere"),
        ("nobody", "999901-S09"),
    ):
        result = run(demo_app, "import", "children", SAMPLE, "--unit", unit, "--as", login)
        assert result.exit_code == 1, (login, unit, result.output)
