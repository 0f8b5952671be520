"""A new key or another algorithm: everything sealed is sealed anew, and what was indexed is found again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal.config import SettingsError
from portal.extensions import db
from portal.models.audit import AuditEntry
from portal.models.children import Child, ChildNote, IdentityClaim
from portal.services import sealing
from portal.tenancy.keys import keyring
from portal.tenancy.scope import unscoped
from portal.tenancy.sealed import SEALED
from tests.commands import run
from tests.conftest import SECRET, make_app
from tests.factories.county import writing
from tests.factories.world import World, build_world


@pytest.fixture
def world(app: Flask) -> World:
    """The world, with a claim on every number."""
    with app.app_context(), writing() as session:
        built = build_world(session)
        for child in built.children.values():
            unit = child.school or child.village
            session.add(IdentityClaim(id_no_index=child.id_no_index, unit=unit))
    return built


def _keys(tmp_path: Path, *secrets: str) -> str:
    path = tmp_path / "keys"
    path.unlink(missing_ok=True)
    path.write_text("\n".join(secrets), encoding="utf-8")
    path.chmod(0o400)
    return str(path)


def _all_open(world: World) -> None:
    with unscoped("test: opening everything") as session:
        for label, canary in world.canaries.items():
            child = session.get_one(Child, world.children[label].id)
            assert child.id_no == canary.id_no
            assert child.id_no_index == keyring.index(canary.id_no, county_id=child.county_id)
            assert session.get(IdentityClaim, (child.county_id, child.id_no_index)) is not None
            note = session.scalars(select(ChildNote).where(ChildNote.child_id == child.id)).one()
            assert (note.text, note.summary, note.how_to_help) == canary.sealed


@pytest.mark.parametrize("cipher", ["aes-256-gcm", "sm4-gcm"])
def test_a_rotation_seals_everything_anew_and_every_number_is_found_again(
    app: Flask, world: World, tmp_path: Path, cipher: str
) -> None:
    url = str(app.config["SQLALCHEMY_DATABASE_URI"])
    with app.app_context(), unscoped("test: before") as session:
        before = {row.id: (row.version, row.updated_at) for row in session.scalars(select(Child))}
        db.engine.dispose()
    turned = make_app(url, PORTAL_FIELD_KEYS=_keys(tmp_path, "n" * 40), PORTAL_CIPHER=cipher)
    waiting = run(turned, "keys", "status", "--format", "json")
    assert waiting.exit_code == 1
    assert json.loads(waiting.output)["waiting"]["child.id_no"] == len(world.children)
    assert run(turned, "keys", "rotate").exit_code == 0
    assert run(turned, "keys", "status").exit_code == 0
    with turned.app_context():
        _all_open(world)
        with unscoped("test: after") as session:
            assert {row.id: (row.version, row.updated_at) for row in session.scalars(select(Child))} == before
            lines = session.scalars(select(AuditEntry).where(AuditEntry.action == "keys:field:rotate")).all()
            assert {line.county_id for line in lines} == {world.near.county.id, world.far.county.id}
        assert run(turned, "keys", "rotate").output.endswith("0 fields sealed anew\n")
        db.engine.dispose()
    make_app(url)  # the ring of this process is the tests' again


def test_without_the_old_key_nothing_is_changed_and_the_reason_is_said(
    app: Flask, world: World, tmp_path: Path
) -> None:
    url = str(app.config["SQLALCHEMY_DATABASE_URI"])
    old = make_app(url, PORTAL_FIELD_KEYS=_keys(tmp_path, "o" * 40))
    assert run(old, "keys", "rotate").exit_code == 0
    turned = make_app(url, PORTAL_FIELD_KEYS=_keys(tmp_path, "n" * 40))
    refused = run(turned, "keys", "rotate")
    assert refused.exit_code == 1
    assert "PORTAL_FIELD_KEYS" in refused.output
    keyring.init(SECRET, key_file=_keys(tmp_path, "o" * 40))
    with turned.app_context():
        _all_open(world)
        db.engine.dispose()
    with old.app_context():
        db.engine.dispose()
    make_app(url)


LEFT = {
    ("half_session", "seed_sealed"): "lives for minutes",
    ("credential", "totp_sealed"): "second factors: the old key stays in the file until they are set up anew",
}
"""Sealed columns that a rotation leaves, and why."""


def test_every_sealed_column_is_known_to_the_rotation() -> None:
    """A blob that ends in `_sealed` without its field would be left behind under the old key."""
    columns = {
        (table.name, column.name)
        for table in db.metadata.tables.values()
        for column in table.c
        if column.name.endswith("_sealed")
    }
    known = {(cls.__tablename__, field.column) for cls, field in SEALED}
    assert columns - known == set(LEFT)
    assert known <= columns
    assert sealing.CHUNK > 0


@pytest.mark.parametrize("cipher", ["sm4", "des", "AES"])
def test_an_unknown_algorithm_stops_the_boot(cipher: str) -> None:
    with pytest.raises(SettingsError, match="PORTAL_CIPHER"):
        make_app("sqlite://", PORTAL_CIPHER=cipher)
