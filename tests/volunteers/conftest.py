"""A township with a roster, a school that pairs, and the county's departments."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from flask import Flask

from portal.extensions import db
from portal.models.children import Child
from portal.services import units
from portal.services.volunteers import entries
from portal.services.volunteers.entries import Entry
from portal.tenancy.actor import Actor
from portal.tenancy.roles import Department, Role
from portal.tenancy.units import Unit
from portal.terms import VolunteerCategory
from tests.acting import acting
from tests.factories.county import (
    County,
    add_account,
    add_child,
    add_consent,
    add_person,
    build_county,
    writing,
)
from tests.permissions.seats import become

TOWN, OTHER_TOWN, SCHOOL, COUNTY = "990001001", "990001002", "990001-S1", "990001"


@dataclass
class Roster:
    """Acting for a unit; what is done is committed."""

    app: Flask
    place: County
    child: Child

    @contextmanager
    def at(self, code: str = TOWN, login: str = "town") -> Iterator[tuple[Unit, Actor]]:
        with acting(self.app, login) as actor:
            yield units.get_unit(actor, code), actor
            db.session.commit()

    def enter(self, name: str = "岳小楠", phone: str = "100-3344-5566", **entry: object) -> str:
        """Somebody who waits; her id for addresses."""
        with self.at() as (unit, actor):
            asked = Entry(**({"category": VolunteerCategory.STUDENT} | entry))  # type: ignore[arg-type]
            return str(entries.enter(unit, actor=actor, name=name, phone=phone, entry=asked).public_id)


def build(app: Flask) -> Roster:
    """The people of the county and one child."""
    with app.app_context(), writing() as session:
        place = build_county(session)
        add_account(session, Role.TOWNSHIP_COORDINATOR, place.town_a, "town")
        add_account(session, Role.TOWNSHIP_COORDINATOR, place.town_b, "other")
        add_account(session, Role.SCHOOL_COORDINATOR, place.school_a, "school")
        for login, department in (("women", Department.WOMEN), ("edu", Department.EDUCATION)):
            become(session, add_account(session, Role.COUNTY_DEPARTMENT, place.county, login), department)
        child = add_child(session, village=place.village_a1, school=place.school_a)
        add_consent(session, child, add_person(session, place.school_a))
    return Roster(app, place, child)


@pytest.fixture
def roster(app: Flask) -> Roster:
    """On both engines."""
    return build(app)


@pytest.fixture
def quick_roster(sqlite_app: Flask) -> Roster:
    """For pages, on SQLite."""
    return build(sqlite_app)
