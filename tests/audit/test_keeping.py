"""Keeping the audit: what is older than its time may go, the rest stays proven, and nothing else may go."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.config import Settings, SettingsError
from portal.extensions import db
from portal.models.audit import PRUNED, AuditEntry
from portal.services import audit
from portal.services.audit import anchors, pruning
from portal.tenancy.scope import unscoped
from tests.acting import acting
from tests.audit.conftest import World
from tests.audit.test_tampering import _as_owner, _verdict
from tests.clients import sign_in
from tests.commands import run
from tests.conftest import SECRET, owning

STEP = 5
YEARS = 4


@pytest.fixture
def years(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """A line every fifth day for four years until today, and an anchor every fiftieth; the first day."""
    real = datetime.now(UTC).replace(microsecond=0)
    first = real - timedelta(days=365 * YEARS)
    folder: Path = app.config["SETTINGS"].anchors
    with acting(app, "coord") as actor:
        for day in range(0, 365 * YEARS, STEP):
            monkeypatch.setattr("portal.config.clock", lambda day=day: first + timedelta(days=day))
            audit.record(actor, "registers:roster:receive", details={"done": day})
            db.session.commit()
            if day % 50 == 0:
                with unscoped("test: an anchor") as session:
                    anchors.write(session, folder, on=(first + timedelta(days=day)).date())
    monkeypatch.setattr("portal.config.clock", lambda: datetime.now(UTC))
    return first


def _lines(app: Flask, county: int) -> list[AuditEntry]:
    with app.app_context(), unscoped("test: reading the chain") as session:
        mine = select(AuditEntry).where(AuditEntry.county_id == county).order_by(AuditEntry.seq)
        found = session.scalars(mine).all()
        session.expunge_all()
        return list(found)


def _prune(app: Flask, *more: str) -> list[dict[str, object]]:
    outcome = run(app, "audit", "prune", "--format", "json", *more)
    assert outcome.exit_code == 0, outcome.output
    chains: list[dict[str, object]] = json.loads(outcome.stdout)["chains"]
    return chains


def test_years_of_lines_are_pruned_without_a_gap(app: Flask, world: World, years: datetime) -> None:
    """T37: 1,460 simulated days; three years stay, every link holds, before and after."""
    county = world.place.county.id
    whole = _lines(app, county)
    assert _verdict(app) == (0, None)
    old = [line for line in whole if line.at < datetime.now() - timedelta(days=365 * 3 + 2)]
    [gone] = _prune(app)
    assert gone["county"] == "990001"
    assert abs(int(str(gone["lines"])) - len(old)) <= 1
    kept = _lines(app, county)
    assert _verdict(app) == (0, None)
    numbers = [line.seq for line in kept]
    assert numbers == list(range(numbers[0], numbers[-1] + 1)), "0 gaps"
    assert [line.hash for line in kept[:-1]] == [line.hash for line in whole[int(str(gone["lines"])) :]]
    half_a_year = datetime.now() - timedelta(days=180)
    assert [line for line in whole if line.at > half_a_year] == [] or kept[0].at < half_a_year
    told = kept[-1]
    assert (told.action, told.details["through"], told.details["lines"]) == (
        PRUNED, numbers[0] - 1, gone["lines"],
    )  # fmt: skip
    assert _prune(app) == [], "nothing more is old enough"
    assert _verdict(app) == (0, None)
    outcome = run(app, "audit", "verify", "--county", "990001")
    assert f"lines after {numbers[0] - 1} removed, sound" in outcome.stdout


def test_a_dry_run_says_what_would_go_and_removes_nothing(app: Flask, world: World, years: datetime) -> None:
    before = len(_lines(app, world.place.county.id))
    assert _prune(app, "--dry-run")[0]["lines"]
    assert len(_lines(app, world.place.county.id)) == before


def test_an_interrupted_run_is_taken_up_again(app: Flask, world: World, years: datetime) -> None:
    """The checkpoint is written, the machine stops: the chain is sound and the next run removes the lines."""
    county = world.place.county.id
    with app.app_context(), unscoped("test: half a run") as session:
        assert len(pruning.mark(session, [(county, "990001")], years=3)) == 1
        session.commit()
    assert _verdict(app) == (0, None)
    [gone] = _prune(app)
    marks = [line for line in _lines(app, county) if line.action == PRUNED]
    assert (len(marks), marks[0].details["lines"]) == (1, gone["lines"])
    assert _verdict(app) == (0, None)


TAMPERED = {
    "one more at the beginning": (["DELETE FROM audit_entry WHERE seq = {first}"], "line_missing"),
    "one in the middle": (["DELETE FROM audit_entry WHERE seq = {first} + 9"], "line_missing"),
    "the checkpoint changed": (
        ["UPDATE audit_entry SET details = '{{\"through\": 1}}' WHERE action = 'audit:lines:prune'"],
        "line_missing or anchor_differs",
    ),
    "the checkpoint taken": (["DELETE FROM audit_entry WHERE action = 'audit:lines:prune'"], "line_missing"),
    "its hash changed": (
        [
            "UPDATE audit_entry SET details = '{{\"through\": {before}, \"last\": \"sha256$00\"}}'"
            " WHERE action = 'audit:lines:prune'"
        ],
        "line_changed or anchor_differs",
    ),
    "another cut behind it": (
        ["DELETE FROM audit_entry WHERE seq < {first} + 20"],
        "line_missing",
    ),
    "a line of the rest": (["UPDATE audit_entry SET subject = 'x' WHERE seq = {first}"], "line_changed"),
}  # fmt: skip


@pytest.mark.parametrize("how", TAMPERED)
def test_what_else_is_changed_is_found_as_before(app: Flask, world: World, years: datetime, how: str) -> None:
    _prune(app)
    first = _lines(app, world.place.county.id)[0].seq
    statements, why = TAMPERED[how]
    _as_owner(app, *(one.format(first=first, before=first - 1) for one in statements))
    code, broken = _verdict(app)
    assert code == 1
    assert broken["why"] in why.split(" or ")


def test_a_forged_checkpoint_covers_nothing(app: Flask, world: World, years: datetime) -> None:
    """Who owns the database writes a checkpoint, lets its triggers pass the old lines, and is found out."""
    county = world.place.county.id
    last = _lines(app, county)[-1].seq
    copied = "county_id, unit_id, township_id, at, user_id, person_id, role, from_unit_id"
    forged = (
        f"INSERT INTO audit_entry ({copied}, seq, action, subject, details, hash) SELECT {copied},"
        f" {last + 1}, '{PRUNED}', '', '{{\"through\": 20, \"last\": \"sha256$00\"}}', 'sha256$00'"
        f" FROM audit_entry WHERE county_id = {county} AND seq = {last}"
    )
    with app.app_context(), owning(app) as connection:
        connection.execute(text(forged.replace(":", "\\:")))
        connection.execute(text(f"DELETE FROM audit_entry WHERE county_id = {county} AND seq <= 20"))
    code, broken = _verdict(app)
    assert (code, broken["line"]) == (1, 21)


@pytest.mark.parametrize("which", ["younger than three years", "not covered"])
def test_the_database_lets_no_other_line_go(app: Flask, world: World, years: datetime, which: str) -> None:
    county = world.place.county.id
    with app.app_context(), unscoped("test: a checkpoint") as session:
        [cut] = pruning.mark(session, [(county, "990001")], years=3)
        session.commit()
    through = cut.through + 1 if which == "not covered" else cut.through + 30
    gone = f"DELETE FROM audit_entry WHERE county_id = {county} AND seq = {through}"
    with app.app_context(), pytest.raises(DBAPIError, match="append-only"), owning(app) as connection:
        connection.execute(text(gone))


def test_old_lines_stay_while_no_checkpoint_stands_for_them(
    app: Flask, world: World, years: datetime
) -> None:
    gone = f"DELETE FROM audit_entry WHERE county_id = {world.place.county.id} AND seq = 1"
    with app.app_context(), pytest.raises(DBAPIError, match="append-only"), owning(app) as connection:
        connection.execute(text(gone))


def test_nothing_is_pruned_from_a_broken_chain(app: Flask, world: World, years: datetime) -> None:
    before = len(_lines(app, world.place.county.id))
    _as_owner(app, "UPDATE audit_entry SET subject = 'x' WHERE seq = 40")
    outcome = run(app, "audit", "prune")
    assert outcome.exit_code == 1
    assert "nothing was removed" in outcome.stderr
    assert len(_lines(app, world.place.county.id)) == before


def test_the_log_says_in_plain_words_that_lines_were_removed(
    app: Flask, world: World, years: datetime
) -> None:
    _prune(app)
    assert "保存期满" in sign_in(app, "auditor").get("/units/990001/audit/").text


@pytest.mark.parametrize("years_set", ["2", "0", "x"])
def test_fewer_than_three_years_cannot_be_set(years_set: str) -> None:
    with pytest.raises(SettingsError, match="PORTAL_AUDIT_YEARS"):
        Settings.from_environment({"SECRET_KEY": SECRET, "PORTAL_AUDIT_YEARS": years_set})
