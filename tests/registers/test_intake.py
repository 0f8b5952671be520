"""A real-life messy roster comes in: what is expected comes out, and a second run changes nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.config import ROOT
from portal.errors import PermissionDenied
from portal.extensions import db
from portal.models.children import Absence, Child, Guardianship, IdentityClaim, Standing
from portal.services import units
from portal.services.registers import batches
from portal.services.registers.intake import Intake, take_in
from portal.services.reports import recompute
from portal.tenancy.actor import Actor
from portal.tenancy.keys import keyring
from portal.tenancy.scope import unscoped
from portal.terms import RefusalReason, RowOutcome
from tests.acting import acting
from tests.factories.rosters import large_roster

SAMPLE = ROOT / "samples" / "roster-sample.xlsx"
EXPECTED = json.loads((ROOT / "samples" / "roster-sample.expected.json").read_text("utf-8"))
DAY = date(2025, 6, 30)


def take(actor: Actor, data: bytes, *, as_of: date = DAY, code: str = "") -> Intake:
    intake = batches.import_file(
        db.session(),
        actor=actor,
        unit=units.get_unit(actor, code or actor.unit.code),
        file_name="花名册.xlsx",
        data=data,
        as_of=as_of,
        write=True,
    )
    db.session.commit()
    return intake


def filed(row: dict[str, object], county_id: int) -> Child:
    index = keyring.index(str(row["id_no"]), county_id=county_id)
    return db.session.scalars(select(Child).where(Child.id_no_index == index)).one()


def test_the_sample_comes_in_as_expected(demo_app: Flask) -> None:
    with acting(demo_app, "coord_s09") as actor:
        intake = take(actor, SAMPLE.read_bytes())
        totals = EXPECTED["totals"]
        assert intake.count(RowOutcome.NEW) == totals["accepted"] == len(EXPECTED["accepted"])
        assert intake.status == {key: totals[key] for key in ("wide", "official", "both_away")}
        refused = [
            {"row": one.row, "reason": one.reason}
            for one in intake.verdicts
            if one.outcome is RowOutcome.REFUSED
        ]
        assert refused == EXPECTED["refused"]


def test_every_accepted_child_is_filed_with_the_derived_status(demo_app: Flask) -> None:
    with acting(demo_app, "coord_s09") as actor:
        take(actor, SAMPLE.read_bytes())
        for row in EXPECTED["accepted"]:
            child = filed(row, actor.unit.county_id)
            standing = next((s for s in child.standings if s.starts_on <= DAY < s.ends_on), None)
            [guardianship] = child.guardianships
            assert (child.name, child.birth_date.isoformat()) == (row["name"], row["birth_date"])
            assert child.village is not None
            assert child.village.name == row["village"]
            assert (standing is not None) == row["wide"], row
            assert (standing is not None and standing.official) == row["official"], row
            assert (standing is not None and standing.both_away) == row["both_away"], row
            assert guardianship.group == row["guardian"], row


def test_the_same_file_again_changes_nothing(demo_app: Flask) -> None:
    with acting(demo_app, "coord_s09") as actor:
        take(actor, SAMPLE.read_bytes())
        before = {
            cls: db.session.scalar(select(func.count()).select_from(cls))
            for cls in (Child, Absence, Guardianship, Standing, IdentityClaim)
        }
        again = take(actor, SAMPLE.read_bytes())
        assert again.count(RowOutcome.UNCHANGED) == 120
        assert again.count(RowOutcome.CHANGED) == again.count(RowOutcome.NEW) == 0
        after = {cls: db.session.scalar(select(func.count()).select_from(cls)) for cls in before}
        assert after == before


def test_cells_stay_equal_to_the_facts(demo_app: Flask) -> None:
    with acting(demo_app, "coord_s09") as actor:
        take(actor, SAMPLE.read_bytes())
        county_id = actor.unit.county_id
    with demo_app.app_context(), unscoped("test: the check") as session:
        assert recompute.check(session, county_id) == []


def test_no_id_number_stands_in_clear_in_the_database(demo_app: Flask) -> None:
    with acting(demo_app, "coord_s09") as actor:
        take(actor, SAMPLE.read_bytes())
        row = EXPECTED["accepted"][0]
        child = filed(row, actor.unit.county_id)
        assert child.id_no_sealed is not None
        assert str(row["id_no"]).encode() not in child.id_no_sealed
        place = f"child.id_no|{child.public_id}"
        opened = keyring.unseal(child.id_no_sealed, county_id=child.county_id, place=place)
        assert opened.decode() == row["id_no"]


def test_a_child_on_file_elsewhere_is_refused_with_the_unit_and_nothing_more(demo_app: Flask) -> None:
    villages = ["东塘镇塘湾村"]
    with acting(demo_app, "coord_s15") as actor:
        take(actor, large_roster(2, villages=villages))
    with acting(demo_app, "coord_s09") as actor:
        intake = take(actor, large_roster(3, villages=villages))
        assert [one.reason for one in intake.verdicts] == [RefusalReason.ON_FILE_ELSEWHERE] * 2 + [None]
        assert batches.sentence(intake.verdicts[0]).startswith("东塘镇中心小学")


def test_a_changed_fact_is_named_and_ends_the_old_one_on_the_rosters_day(demo_app: Flask) -> None:
    with acting(demo_app, "coord_s09") as actor:
        take(actor, SAMPLE.read_bytes(), as_of=date(2025, 3, 1))
        row = next(one for one in EXPECTED["accepted"] if one["both_away"] and one["official"])
        child = filed(row, actor.unit.county_id)
        unit = units.get_unit(actor, actor.unit.code)
        _sheet, rows = batches._read(unit, "x.xlsx", SAMPLE.read_bytes(), DAY)
        [read] = [one for one in rows if one.row == row["row"]]
        home = replace(read.father, away=False, since=None, place="", inside_county=False)
        verdict = take_in(
            db.session(), [replace(read, father=home)], unit=unit, as_of=DAY, write=True
        ).verdicts[0]
        assert verdict.changes == ("father_away",)
        [ended] = [one for one in child.absences if one.role == "father"]
        assert ended.until == DAY
        last = max(child.standings, key=lambda one: one.starts_on)
        assert (last.starts_on, last.both_away, last.official) == (DAY, False, False)


def test_a_blank_cell_of_a_roster_erases_nothing(demo_app: Flask) -> None:
    with acting(demo_app, "coord_s09") as actor:
        take(actor, SAMPLE.read_bytes())
        unit = units.get_unit(actor, actor.unit.code)
        _sheet, rows = batches._read(unit, "x.xlsx", SAMPLE.read_bytes(), DAY)
        blank = replace(rows[0], health="", class_name="", ethnicity="", boarding=None)
        verdict = take_in(db.session(), [blank], unit=unit, as_of=DAY, write=True).verdicts[0]
        assert verdict.outcome is RowOutcome.UNCHANGED


def test_a_principal_may_not_import(demo_app: Flask) -> None:
    with acting(demo_app, "head_s09") as actor, pytest.raises(PermissionDenied):
        take(actor, SAMPLE.read_bytes())


def test_a_child_director_files_her_villages_children_without_a_school(demo_app: Flask) -> None:
    with acting(demo_app, "vd_gaoping") as actor:
        intake = take(actor, large_roster(3, villages=["高坪村"]))
        assert intake.count(RowOutcome.NEW) == 3
        newest = db.session.scalars(select(Child).order_by(Child.id.desc()).limit(3)).all()
        assert {child.school_id for child in newest} == {None}
        assert {child.village_id for child in newest} == {actor.unit.id}
