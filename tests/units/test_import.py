"""A real second county joins the installation, and nothing of the first can be seen from it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.config import ROOT
from portal.errors import NotFound
from portal.extensions import db
from portal.models.accounts import Person
from portal.models.children import Child
from portal.models.pairings import Pairing
from portal.models.visits import Visit
from portal.services import units
from portal.tenancy.roles import Role
from portal.tenancy.units import Unit
from portal.terms import UnitKind
from tests.acting import acting
from tests.commands import run
from tests.factories.county import add_account, writing

WANGCANG = ROOT / "samples" / "wangcang_510821.json"


def test_wangcang_comes_in_whole(demo_app: Flask) -> None:
    result = run(demo_app, "units", "import", str(WANGCANG))
    assert result.exit_code == 0, result.output
    assert "旺苍县 (510821): 23 townships, 257 villages" in result.output
    with demo_app.app_context(), writing() as session:
        county = session.scalars(select(Unit).where(Unit.code == "510821")).one()
        counted = dict(
            session.execute(
                select(Unit.kind, func.count()).where(Unit.county_id == county.id).group_by(Unit.kind)
            ).all()
        )
    assert counted == {UnitKind.COUNTY: 1, UnitKind.TOWNSHIP: 23, UnitKind.VILLAGE: 257}


def test_from_the_second_county_nothing_of_the_first_is_seen(demo_app: Flask) -> None:
    assert run(demo_app, "units", "import", str(WANGCANG)).exit_code == 0
    with demo_app.app_context(), writing() as session:
        county = session.scalars(select(Unit).where(Unit.code == "510821")).one()
        add_account(session, Role.COMMITTEE_OFFICE, county, "wangcang01")
    with acting(demo_app, "wangcang01") as actor:
        for cls in (Child, Visit, Pairing):
            assert db.session.scalar(select(func.count()).select_from(cls)) == 0
        assert db.session.scalar(select(func.count()).select_from(Person)) == 1
        codes = set(db.session.scalars(select(Unit.code)))
        assert len(codes) == 281
        assert not [code for code in codes if code.startswith("999901")]
        for code in ("999901", "999901004", "999901-S09"):
            with pytest.raises(NotFound):
                units.get_unit(actor, code)


def test_a_county_is_added_once_and_bad_files_change_nothing(demo_app: Flask, tmp_path: Path) -> None:
    assert run(demo_app, "units", "import", str(WANGCANG)).exit_code == 0
    assert run(demo_app, "units", "import", str(WANGCANG)).exit_code == 1
    for name, content in {
        "not.json": "{",
        "list.json": "[]",
        "nameless.json": json.dumps({"county": {"code": "510999"}}),
        "half.json": json.dumps(
            {
                "county": {"code": "510999", "name": "半县"},
                "towns": [{"code": "1", "name": "镇", "villages": 3}],
            }
        ),
    }.items():
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        result = run(demo_app, "units", "import", str(path))
        assert result.exit_code == 1, (name, result.output)
    with demo_app.app_context(), writing() as session:
        assert session.scalar(select(func.count()).where(Unit.code.in_(["510999", "1"]))) == 0
