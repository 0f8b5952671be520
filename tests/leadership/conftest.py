"""A small county whose school, township and committee office have somebody to sign in; no group yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from flask import Flask

from portal.extensions import db
from portal.services import units
from portal.services.leadership import groups
from portal.services.leadership.posts import Seat
from portal.tenancy.actor import Actor
from portal.tenancy.roles import Role
from portal.tenancy.units import Unit
from portal.terms import GroupKind
from tests.acting import acting
from tests.factories.county import add_account, add_person, build_county, writing

SCHOOL, TOWN, COUNTY, OTHER = "990001-S1", "990001001", "990001", "990001-S2"
FOUNDED = date(2024, 9, 2)


@dataclass
class Office:
    """Acting for a unit; what is done is committed."""

    app: Flask

    @contextmanager
    def at(self, code: str, login: str) -> Iterator[tuple[Unit, Actor]]:
        with acting(self.app, login) as actor:
            yield units.get_unit(actor, code), actor
            db.session.commit()

    def found(self, code: str, login: str, **given: Any) -> str:
        """A group with a head; its id for addresses."""
        asked = {"kind": GroupKind.LEADING, "name": "关爱工作领导小组", "founded_on": FOUNDED,
                 "head": Seat("周怀远", "校长")} | given  # fmt: skip
        with self.at(code, login) as (unit, actor):
            return str(groups.found_group(unit, actor=actor, **asked).public_id)


def build(app: Flask) -> Office:
    """The county's people."""
    with app.app_context(), writing() as session:
        county = build_county(session)
        add_account(session, Role.SCHOOL_COORDINATOR, county.school_a, "school")
        add_account(session, Role.SCHOOL_COORDINATOR, county.school_b, "other")
        add_account(session, Role.CLASS_TEACHER, county.school_a, "teacher")
        add_account(session, Role.TOWNSHIP_COORDINATOR, county.town_a, "town")
        add_account(session, Role.COMMITTEE_OFFICE, county.county, "office")
        add_account(session, Role.COUNTY_LEADER, county.county, "leader")
        person = add_person(session, county.school_a, "林青禾")
        person.post, person.phone = "副校长", "100-2233-4455"
    return Office(app)


@pytest.fixture
def office(app: Flask) -> Office:
    """On both engines."""
    return build(app)


@pytest.fixture
def quick_office(sqlite_app: Flask) -> Office:
    """For pages, on SQLite."""
    return build(sqlite_app)
