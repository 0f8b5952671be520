"""A small county whose people have done a few things, each with its line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from portal.config import Settings
from portal.extensions import db
from portal.models.accounts import Person
from portal.models.children import Child
from portal.services import audit
from portal.tenancy.roles import Role
from tests.acting import acting
from tests.commands import run
from tests.factories.county import County, add_account, add_child, add_pairing, build_county, writing

ACCOUNTS = {
    "office": (Role.COMMITTEE_OFFICE, "county"),
    "auditor": (Role.AUDITOR, "county"),
    "auditadmin": (Role.AUDIT_ADMIN, "county"),
    "town": (Role.TOWNSHIP_COORDINATOR, "town_a"),
    "head": (Role.PRINCIPAL, "school_a"),
    "coord": (Role.SCHOOL_COORDINATOR, "school_a"),
    "director": (Role.CHILD_DIRECTOR, "village_a1"),
    "other": (Role.SCHOOL_COORDINATOR, "school_b"),
    "vol": (Role.VOLUNTEER, "school_a"),
}


@dataclass
class World:
    """The near county, a second one, and one child on the two sides of township a."""

    place: County
    far: County
    child: Child


def build(app: Flask) -> World:
    """Fill an empty database."""
    with app.app_context(), writing() as session:
        place, far = build_county(session), build_county(session, "990002", "邻县")
        users = {
            name: add_account(session, role, getattr(place, unit), name)
            for name, (role, unit) in ACCOUNTS.items()
        }
        add_account(session, Role.SCHOOL_COORDINATOR, far.school_a, "faraway")
        child = add_child(session, village=place.village_a1, school=place.school_a, name="陈小禾")
        helper = session.get_one(Person, users["vol"].person_id)
        add_pairing(session, child, helper, place.school_a)
    return World(place, far, child)


@pytest.fixture
def world(app: Flask) -> World:
    """The world on each engine."""
    return build(app)


@pytest.fixture
def small(sqlite_app: Flask) -> World:
    """The world on SQLite."""
    return build(sqlite_app)


def write_lines(app: Flask, username: str = "coord", count: int = 3) -> None:
    """So many acts, each in a transaction of its own."""
    for number in range(count):
        with acting(app, username) as actor:
            audit.record(actor, "registers:roster:receive", details={"done": number})
            db.session.commit()


@pytest.fixture
def looked(app: Flask, world: World) -> World:
    """Three lines, and one look at the child's file."""
    write_lines(app)
    with acting(app, "coord") as actor:
        audit.read(actor, "children:file:read", child=db.session.get_one(Child, world.child.id))
        db.session.commit()
    return world


@pytest.fixture(autouse=True)
def _anchors_of_this_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Settings, "anchors", property(lambda settings: tmp_path / "anchors"))


@pytest.fixture
def anchored(app: Flask) -> Callable[[], Path]:
    """Writes today's anchor and says where."""

    def write() -> Path:
        outcome = run(app, "audit", "anchor")
        assert outcome.exit_code == 0, outcome.output
        return Path(outcome.stdout.removeprefix("written: ").strip())

    return write
