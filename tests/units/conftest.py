"""A county with children, people and records, and what a change of the tree could touch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.extensions import db
from portal.models.children import Child, ClassPost, IdentityClaim, Placement, SchoolClass, Standing
from portal.models.pairings import Pairing
from portal.models.units import UnitSpell
from portal.models.volunteers import Volunteer
from portal.services import units
from portal.services.reports import periods, recompute
from portal.services.reports.rollup import roll_up
from portal.tenancy.actor import Actor
from portal.tenancy.memberships import Membership
from portal.tenancy.roles import Role
from portal.tenancy.scope import unscoped
from portal.tenancy.units import Unit
from portal.terms import Basis
from tests.acting import acting
from tests.factories.county import add_account, writing
from tests.factories.world import build_world

TOUCHED: dict[type, tuple[str, ...]] = {
    Unit: ("code", "name", "parent_id", "township_id", "closed_on", "merged_into_id", "opened_on"),
    UnitSpell: ("unit_id", "since", "until", "name", "code", "parent_id", "is_open"),
    Child: ("id", "village_id", "village_township_id", "school_id", "school_township_id", "s_town_id",
            "class_id"),
    Placement: ("id", "child_id", "side", "stat_unit_id", "stat_township_id", "since", "until", "carried"),
    Standing: ("child_id", "side", "stat_unit_id", "stat_township_id", "starts_on", "ends_on", "joins_wide",
               "leaves_wide", "official"),
    Membership: ("id", "unit_id", "township_id", "valid_until"),
    Pairing: ("id", "stat_unit_id", "stat_township_id", "v_unit_id", "s_unit_id", "ends_on"),
    ClassPost: ("id", "class_id", "membership_id", "unit_id", "township_id", "since", "until"),
    SchoolClass: ("id", "unit_id", "township_id", "name", "pupils", "since", "until"),
    Volunteer: ("id", "unit_id", "township_id"),
    IdentityClaim: ("id_no_index", "unit_id", "township_id"),
}  # fmt: skip
"""What a change may touch, without the row numbers of what is derived."""


def everything(session: Session) -> dict[str, Any]:
    """The rows of TOUCHED as plain values."""
    return {
        cls.__name__: sorted(session.execute(select(*(getattr(cls, n) for n in names))).all(), key=str)
        for cls, names in TOUCHED.items()
    }


@dataclass
class Place:
    """An application whose database holds the near and the far county; the codes of the near one."""

    app: Flask
    county: str = "990001"
    town_a: str = "990001001"
    town_b: str = "990001002"
    a1: str = "990001001001"
    a2: str = "990001001002"
    b1: str = "990001002001"
    school_a: str = "990001-S1"
    school_b: str = "990001-S2"

    @contextmanager
    def doing(self, username: str = "office") -> Iterator[Actor]:
        """Act as somebody and commit."""
        with acting(self.app, username) as actor:
            yield actor
            db.session.commit()

    def snapshot(self) -> dict[str, Any]:
        with self.app.app_context(), unscoped("test: reading everything") as session:
            return everything(session)

    def holds(self) -> None:
        """The cells equal their facts."""
        with self.app.app_context(), unscoped("test: the check") as session:
            county = session.scalars(select(Unit.id).where(Unit.code == self.county)).one()
            assert recompute.check(session, county) == []

    def report(self, username: str, code: str, period: str) -> dict[str, Any]:
        with acting(self.app, username) as actor:
            unit = units.get_unit(actor, code)
            return roll_up(unit, actor=actor, period=periods.parse(period), basis=Basis.WIDE).as_json()


@pytest.fixture
def place(app: Flask) -> Place:
    """The two counties, on both engines."""
    return settle(app)


@pytest.fixture
def page_place(sqlite_app: Flask) -> Place:
    """The two counties on SQLite: for pages and forms."""
    return settle(sqlite_app)


def settle(app: Flask) -> Place:
    """Logins: office (county), coord_a, coord_b (townships), director and vol (甲东村), teacher (甲镇小学),
    office_far (the other county)."""
    with app.app_context(), writing() as session:
        world = build_world(session)
        near = world.near
        add_account(session, Role.COMMITTEE_OFFICE, near.county, "office")
        add_account(session, Role.COMMITTEE_OFFICE, world.far.county, "office_far")
        add_account(session, Role.TOWNSHIP_COORDINATOR, near.town_a, "coord_a")
        add_account(session, Role.TOWNSHIP_COORDINATOR, near.town_b, "coord_b")
        add_account(session, Role.CHILD_DIRECTOR, near.village_a1, "director")
        add_account(session, Role.CLASS_TEACHER, near.school_a, "teacher")
        add_account(session, Role.VOLUNTEER, near.village_a1, "vol")
    return Place(app)
