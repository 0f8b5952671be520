"""三员分立: the database itself refuses a second kind of account, on both engines and past every service."""

from __future__ import annotations

import uuid
from datetime import date
from itertools import permutations

import pytest
from flask import Flask
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.models.accounts import Person, User
from portal.tenancy.invites import INVITES, SECONDS
from portal.tenancy.memberships import Membership
from portal.tenancy.roles import ADMINISTRATORS, PLACES, AccountKind, Role, account_kind_of
from portal.tenancy.scope import unscoped
from portal.tenancy.units import Unit
from portal.terms import UnitKind
from tests.factories.county import County, add_account, build_county

WORKING = (Role.COMMITTEE_OFFICE, Role.VOLUNTEER)
PAIRS = [*permutations(ADMINISTRATORS, 2), *((one, w) for one in ADMINISTRATORS for w in WORKING)]


def _also(session: Session, user: User, role: Role, unit: Unit) -> None:
    """Write a second membership as somebody at the database would: no service, no mapped object."""
    scope = {"unit_id": unit.id, "township_id": unit.township_id, "county_id": unit.county_id}
    session.execute(
        insert(Membership).values(
            **scope,
            public_id=uuid.uuid4(),
            user_id=user.id,
            role=role,
            valid_from=date(2025, 1, 1),
            valid_until=date(2026, 1, 1),
        )
    )


@pytest.fixture
def county(app: Flask) -> County:
    with app.app_context(), unscoped("test: building the world") as session:
        session.expire_on_commit = False
        place = build_county(session)
        session.commit()
    return place


def test_nobody_holds_two_of_the_three_nor_one_beside_a_working_role(app: Flask, county: County) -> None:
    with app.app_context(), unscoped("test: past the services") as session:
        for first, second in [*PAIRS, *((w, one) for one, w in PAIRS if w in WORKING)]:
            user = add_account(session, first, county.county, f"{first}_{second}")
            with pytest.raises(IntegrityError):
                _also(session, user, second, county.county)
            session.rollback()


def test_a_second_account_of_the_same_person_is_no_way_round(app: Flask, county: County) -> None:
    with app.app_context(), unscoped("test: past the services") as session:
        officer = add_account(session, Role.COMMITTEE_OFFICE, county.county, "officer")
        person = session.get_one(Person, officer.person_id)
        person.account_kind = AccountKind.SYSTEM_ADMIN
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()
        officer = add_account(session, Role.COMMITTEE_OFFICE, county.county, "officer")
        with pytest.raises(IntegrityError):
            session.execute(
                insert(User).values(
                    username="second",
                    person_id=officer.person_id,
                    account_kind=AccountKind.SYSTEM_ADMIN,
                    county_id=officer.county_id,
                )
            )


def test_a_role_cannot_be_turned_into_another_duty_afterwards(app: Flask, county: County) -> None:
    with app.app_context(), unscoped("test: past the services") as session:
        user = add_account(session, Role.AUDIT_ADMIN, county.county, "auditadmin")
        with pytest.raises(IntegrityError):
            session.execute(
                update(Membership).where(Membership.user_id == user.id).values(role=Role.COMMITTEE_OFFICE)
            )


def test_two_working_roles_are_an_everyday_thing(app: Flask, county: County) -> None:
    with app.app_context(), unscoped("test: past the services") as session:
        user = add_account(session, Role.CLASS_TEACHER, county.school_a, "teacher")
        _also(session, user, Role.VOLUNTEER, county.school_a)
        session.flush()


def test_every_role_has_one_duty_and_knows_whom_it_lets_in() -> None:
    assert {account_kind_of(role) for role in Role} == set(AccountKind)
    assert set(INVITES) == set(Role)
    assert set(SECONDS) == {*ADMINISTRATORS, Role.COMMITTEE_OFFICE}


def test_every_role_can_be_given_by_somebody_and_nobody_gives_out_her_own() -> None:
    assert set().union(*INVITES.values()) == set(Role)
    assert [role for role in Role if role in INVITES[role]] == [Role.SECURITY_ADMIN]
    assert all(Role.SECURITY_ADMIN not in seconds for seconds in SECONDS.values())


def test_an_administrator_gives_no_role_near_children() -> None:
    assert INVITES[Role.SYSTEM_ADMIN] == INVITES[Role.AUDIT_ADMIN] == frozenset()
    given = INVITES[Role.SECURITY_ADMIN] - set(ADMINISTRATORS)
    assert all(PLACES[role] == {UnitKind.COUNTY} for role in given)
