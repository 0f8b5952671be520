"""撤并: what goes along, what stays, and taking it back, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.extensions import db
from portal.models.children import Child, IdentityClaim, Placement, SchoolClass, Standing
from portal.models.pairings import Pairing
from portal.models.units import UnitSpell
from portal.models.volunteers import Volunteer
from portal.services import units
from portal.services.reports import periods, recompute
from portal.services.reports.rollup import roll_up
from portal.services.units import changes
from portal.tenancy.actor import Actor
from portal.tenancy.memberships import Membership
from portal.tenancy.roles import Role
from portal.tenancy.scope import unscoped
from portal.tenancy.units import Unit
from portal.terms import Basis
from tests.acting import acting
from tests.factories.county import add_account, writing
from tests.factories.world import build_world

DAY = date(2025, 6, 16)


@dataclass
class Place:
    """Codes of the near county's units and an application that holds it."""

    app: Flask
    county: str = "990001"
    town_a: str = "990001001"
    town_b: str = "990001002"
    a1: str = "990001001001"
    a2: str = "990001001002"
    b1: str = "990001002001"
    school_a: str = "990001-S1"
    school_b: str = "990001-S2"


@pytest.fixture
def place(app: Flask) -> Place:
    with app.app_context(), writing() as session:
        near = build_world(session).near
        add_account(session, Role.COMMITTEE_OFFICE, near.county, "office")
        add_account(session, Role.TOWNSHIP_COORDINATOR, near.town_a, "coord_a")
        add_account(session, Role.TOWNSHIP_COORDINATOR, near.town_b, "coord_b")
        add_account(session, Role.CHILD_DIRECTOR, near.village_a1, "director")
        add_account(session, Role.CLASS_TEACHER, near.school_a, "teacher")
        add_account(session, Role.VOLUNTEER, near.village_a1, "vol")
    return Place(app)


@contextmanager
def doing(place: Place, username: str = "office") -> Iterator[Actor]:
    """Act and commit."""
    with acting(place.app, username) as actor:
        yield actor
        db.session.commit()


def at(code: str, actor: Actor) -> Unit:
    return units.get_unit(actor, code)


def snapshot(place: Place) -> dict[str, Any]:
    """Everything a merge could touch, without row numbers of derived rows."""
    tables = {
        Unit: ("code", "name", "parent_id", "township_id", "closed_on", "merged_into_id", "opened_on"),
        UnitSpell: ("unit_id", "since", "until", "name", "code", "parent_id", "is_open"),
        Child: ("id", "village_id", "village_township_id", "school_id", "school_township_id", "s_town_id"),
        Placement: ("id", "child_id", "side", "stat_unit_id", "stat_township_id", "since", "until", "carried"),
        Standing: ("child_id", "side", "stat_unit_id", "stat_township_id", "starts_on", "ends_on",
                   "joins_wide", "leaves_wide", "official"),
        Membership: ("id", "unit_id", "township_id", "valid_until"),
        Pairing: ("id", "stat_unit_id", "stat_township_id", "v_unit_id", "s_unit_id", "ends_on"),
        SchoolClass: ("id", "unit_id", "township_id", "name", "pupils", "since", "until"),
        Volunteer: ("id", "unit_id", "township_id"),
        IdentityClaim: ("id_no_index", "unit_id", "township_id"),
    }  # fmt: skip
    with place.app.app_context(), unscoped("test: reading everything") as session:
        return {
            cls.__name__: sorted(
                session.execute(select(*(getattr(cls, name) for name in names))).all(), key=str
            )
            for cls, names in tables.items()
        }


def holds(place: Place) -> None:
    """The cells equal their facts."""
    with place.app.app_context(), unscoped("test: the check") as session:
        county = session.scalars(select(Unit.id).where(Unit.code == place.county)).one()
        assert recompute.check(session, county) == []


def report(place: Place, username: str, code: str, period: str) -> dict[str, Any]:
    with acting(place.app, username) as actor:
        unit = at(code, actor)
        return roll_up(unit, actor=actor, period=periods.parse(period), basis=Basis.WIDE).as_json()


def test_a_village_is_merged_with_all_that_lives_in_it(place: Place) -> None:
    past = ["2024-2025-1", "2024", "2025-05"]
    before = {p: report(place, "office", place.county, p) for p in past}
    with doing(place, "coord_a") as actor:
        into = at(place.a2, actor)
        changes.merge(at(place.a1, actor), actor=actor, into=into, on=DAY, paper="甲政发〔2025〕3号")
    holds(place)
    assert {p: report(place, "office", place.county, p) for p in past} == before
    with acting(place.app, "coord_a") as actor:
        old, new = at(place.a1, actor), at(place.a2, actor)
        assert (old.closed_on, old.merged_into_id) == (DAY, new.id)
        assert not db.session.scalars(select(Child).where(Child.v_unit_id == old.id)).all()
        stays = db.session.scalars(select(Placement).where(Placement.stat_unit_id == old.id)).all()
        assert stays
        assert {one.until for one in stays} == {DAY}
        carried = db.session.scalars(select(Placement).where(Placement.carried)).all()
        assert {one.stat_unit_id for one in carried} == {new.id}
        assert {m.unit_id for m in db.session.scalars(select(Membership).where(Membership.role.in_(
            (Role.CHILD_DIRECTOR, Role.VOLUNTEER))))} == {new.id}  # fmt: skip
    now_ = report(place, "office", place.town_a, "2025-06")
    assert now_["indicators"]["POP_LBC_NEW"]["value"] == 0
    assert now_["indicators"]["POP_LBC_EXIT"]["value"] == 0
    lines = {line["unit"]: line["indicators"]["POP_LBC_RES"]["value"] for line in now_["children"]}
    assert lines[place.a2] == 4


@pytest.mark.parametrize(
    ("old", "new", "who"),
    [
        ("a1", "a2", "coord_a"),
        ("a1", "b1", "office"),
        ("school_a", "school_b", "office"),
        ("town_a", "town_b", "office"),
    ],
)
def test_a_merge_taken_back_leaves_everything_as_it_was(place: Place, old: str, new: str, who: str) -> None:
    before = snapshot(place)
    with doing(place, who) as actor:
        change = changes.merge(
            at(getattr(place, old), actor), actor=actor, into=at(getattr(place, new), actor), on=DAY
        )
        public_id = change.public_id
    holds(place)
    assert snapshot(place) != before
    with doing(place, who) as actor:
        change = changes.get_change(at(getattr(place, old), actor), public_id, actor=actor)
        changes.undo(change, actor=actor)
    assert snapshot(place) == before
    holds(place)
