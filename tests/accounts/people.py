"""The people of the tests about people: who sits where, and what a code on a slip reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from flask import Flask
from sqlalchemy import select

from portal.extensions import db
from portal.models.accounts import Person, User
from portal.services.people import grants
from portal.tenancy.actor import Actor
from portal.tenancy.memberships import Membership
from portal.tenancy.roles import Role
from portal.tenancy.units import Unit
from tests.factories.county import County, add_account, build_county, writing

DAY = date(2025, 6, 30)
LAST = date(2025, 8, 31)
GOOD = "三月春风-Green-Hills-58"
"""A password that every profile takes."""


@dataclass
class Bureau:
    """The application, its small county and a second one."""

    app: Flask
    near: County
    far: County


def build_bureau(app: Flask) -> Bureau:
    """Everybody who lets somebody in, and some who do not."""
    with app.app_context(), writing() as session:
        near, far = build_county(session), build_county(session, code="990002", name="邻县")
        for role, unit in (
            (Role.COMMITTEE_OFFICE, near.county),
            (Role.COUNTY_LEADER, near.county),
            (Role.SECURITY_ADMIN, near.county),
            (Role.SYSTEM_ADMIN, near.county),
            (Role.AUDIT_ADMIN, near.county),
            (Role.TOWNSHIP_COORDINATOR, near.town_a),
            (Role.CHILD_DIRECTOR, near.village_a1),
            (Role.PRINCIPAL, near.school_a),
            (Role.SCHOOL_COORDINATOR, near.school_a),
            (Role.CLASS_TEACHER, near.school_a),
        ):
            add_account(session, role, unit, role.value)
        add_account(session, Role.TOWNSHIP_COORDINATOR, near.town_b, "coordinator_b")
        add_account(session, Role.COMMITTEE_OFFICE, far.county, "far_office")
        add_account(session, Role.CHILD_DIRECTOR, far.village_a1, "far_director")
    return Bureau(app, near, far)


def user_named(username: str) -> User:
    """The account, read inside somebody's scope."""
    return db.session.scalars(select(User).where(User.username == username)).one()


def post_of(username: str) -> Membership:
    """The first grant of an account, read inside somebody's scope."""
    query = select(Membership).join(User, User.id == Membership.user_id).where(User.username == username)
    return db.session.scalars(query.order_by(Membership.id)).first()


def person_of(username: str) -> Person:
    """The person behind an account."""
    return db.session.get_one(Person, user_named(username).person_id)


def let_in(actor: Actor, unit: Unit, role: Role, name: str = "苏晚晴", **more: object) -> grants.Invited:
    """Invite a new person from today to the end of the school year."""
    place = db.session.get_one(Unit, unit.id)
    whom = more.pop("whom", None) or grants.NewPerson(name, "100-0000-7788", "妇联主席")
    return grants.invite(place, actor=actor, role=role, whom=whom, since=DAY, last_day=LAST, **more)


def code_on(page: str) -> str:
    """The one-time code that a slip shows."""
    return re.search(r"(?:[A-Z0-9]{3}-){5}[A-Z0-9]{3}", page).group()
