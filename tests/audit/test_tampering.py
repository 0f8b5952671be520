"""Nobody changes a line through the portal, and whoever owns the database is found out."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from portal.config import now
from portal.services.audit import anchors
from portal.tenancy.scope import unscoped
from tests.audit.conftest import World, write_lines
from tests.commands import run
from tests.conftest import owning

REFUSED = [
    "UPDATE audit_entry SET action = 'x'",
    "UPDATE audit_entry SET at = at",
    "DELETE FROM audit_entry",
    "UPDATE audit_head SET seq = seq - 1 WHERE seq > 0",
    "DELETE FROM audit_head",
    "UPDATE file_look SET person_id = person_id + 1",
    "DELETE FROM file_look",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_refuses_to_change_the_audit(app: Flask, looked: World, statement: str) -> None:
    with app.app_context(), pytest.raises(DBAPIError, match="append-only"), owning(app) as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize("table", ["audit_entry", "audit_head", "file_look"])
def test_postgresql_refuses_to_empty_the_audit(app: Flask, engine: str, looked: World, table: str) -> None:
    if engine == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    with app.app_context(), pytest.raises(DBAPIError, match="append-only"), owning(app) as connection:
        connection.execute(text(f"TRUNCATE {table} CASCADE"))


def test_a_number_is_given_once(app: Flask, looked: World) -> None:
    again = (
        "INSERT INTO audit_entry (county_id, seq, at, action, subject, details, hash, unit_id, township_id)"
        " SELECT county_id, seq, at, action, subject, details, hash, unit_id, township_id FROM audit_entry"
    )
    with app.app_context(), pytest.raises(DBAPIError), owning(app) as connection:
        connection.execute(text(again))


def _as_owner(app: Flask, *statements: str) -> None:
    """What somebody can do who owns the database: take the triggers away first."""
    with app.app_context(), owning(app) as connection:
        for one in _without_triggers(connection):
            connection.execute(text(one))
        for one in statements:
            connection.execute(text(one))


def _without_triggers(connection: Connection) -> list[str]:
    if connection.dialect.name == "sqlite":
        names = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit%'"
        return [f"DROP TRIGGER {name}" for (name,) in connection.execute(text(names)).all()]
    return [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in ("audit_entry", "audit_head")]


def _verdict(app: Flask) -> tuple[int, dict[str, object]]:
    outcome = run(app, "audit", "verify", "--county", "990001", "--format", "json")
    [chain] = json.loads(outcome.stdout)["chains"]
    return outcome.exit_code, chain["broken"]


FORGED = "INSERT INTO audit_entry SELECT {columns} FROM audit_entry WHERE seq = 3"
TAMPERED = {
    "edit": (["UPDATE audit_entry SET subject = 'child:nobody' WHERE seq = 2"], 2, "line_changed"),
    "other time": (["UPDATE audit_entry SET at = '2020-01-01 00:00:00' WHERE seq = 3"], 3, "line_changed"),
    "other person": (["UPDATE audit_entry SET person_id = 1 WHERE seq = 1"], 1, "line_changed"),
    "other details": (["UPDATE audit_entry SET details = '{}' WHERE seq = 2"], 2, "line_changed"),
    "deleted": (["DELETE FROM audit_entry WHERE seq = 2"], 2, "line_missing"),
    "first deleted": (["DELETE FROM audit_entry WHERE seq = 1"], 1, "line_missing"),
    "tail cut": (["DELETE FROM audit_entry WHERE seq > 2"], 3, "tail_missing"),
    "all deleted": (["DELETE FROM audit_entry"], 1, "tail_missing"),
    "head forgotten": (["DELETE FROM audit_head WHERE chain > 0"], 1, "beyond_head"),
    "head changed": (["UPDATE audit_head SET hash = 'x' WHERE chain > 0"], 3, "head_changed"),
    "two swapped": (
        [
            "UPDATE audit_entry SET seq = 99 WHERE seq = 1",
            "UPDATE audit_entry SET seq = 1 WHERE seq = 2",
            "UPDATE audit_entry SET seq = 2 WHERE seq = 99",
        ],
        1,
        "line_changed",
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", TAMPERED)
def test_what_the_owner_changes_is_found(app: Flask, world: World, how: str) -> None:
    statements, line, why = TAMPERED[how]
    write_lines(app)
    assert _verdict(app) == (0, None)
    _as_owner(app, *statements)
    assert _verdict(app) == (1, {"line": line, "why": why})


def _cut_and_set_back(app: Flask) -> None:
    """The tail goes and the head is set to the link that is now the last: the chain alone is sound."""
    _as_owner(
        app,
        "DELETE FROM audit_entry WHERE seq > 2",
        "UPDATE audit_head SET seq = 2, hash = (SELECT hash FROM audit_entry WHERE seq = 2) WHERE seq > 0",
    )


def test_a_tail_rewritten_together_with_its_head_is_found_by_the_anchor(
    app: Flask, world: World, anchored: Callable[[], Path]
) -> None:
    write_lines(app)
    anchored()
    assert _verdict(app) == (0, None)
    _cut_and_set_back(app)
    assert _verdict(app) == (1, {"line": 3, "why": "anchor_differs"})
    write_lines(app)  # as if nothing had happened: line 3 is there again, but not the one anchored
    assert _verdict(app) == (1, {"line": 3, "why": "anchor_differs"})


def test_an_anchor_is_never_overwritten(app: Flask, world: World, anchored: Callable[[], Path]) -> None:
    first = anchored()
    before = first.read_bytes()
    write_lines(app)
    outcome = run(app, "audit", "anchor")
    assert (outcome.exit_code, first.read_bytes()) == (0, before)


def test_a_forged_anchor_is_named(app: Flask, world: World, anchored: Callable[[], Path]) -> None:
    path = anchored()
    path.chmod(0o600)
    path.write_text(path.read_text("utf-8").replace('"seq": 0', '"seq": 1'), "utf-8")
    outcome = run(app, "audit", "verify")
    assert outcome.exit_code == 1
    assert f"NOT OURS: {path.name}" in outcome.stdout


def test_an_unknown_county_is_a_refusal(app: Flask, world: World) -> None:
    outcome = run(app, "audit", "verify", "--county", "123456")
    assert (outcome.exit_code, outcome.stdout) == (1, "")


def test_old_anchors_keep_holding_while_the_chain_grows(app: Flask, world: World) -> None:
    folder = app.config["SETTINGS"].anchors
    for day in range(1, 4):
        write_lines(app, count=2)
        with app.app_context(), unscoped("test: an anchor") as session:
            assert anchors.write(session, folder, on=date(2025, 6, day))
    outcome = run(app, "audit", "verify")
    assert outcome.exit_code == 0, outcome.output
    assert "990001: 6 lines, sound" in outcome.stdout
    assert "3 anchors" in outcome.stdout
    assert now().date().isoformat() not in [path.stem for path in folder.iterdir()]
