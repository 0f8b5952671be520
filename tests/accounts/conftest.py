"""A small county with the accounts these tests sign in with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models.accounts import User
from portal.models.volunteers import Volunteer
from portal.tenancy.memberships import Membership
from portal.tenancy.roles import Role
from tests.factories.county import County, add_account, build_county, writing


@dataclass
class Office:
    """The application and its county."""

    app: Flask
    place: County


@pytest.fixture
def office(sqlite_app: Flask) -> Office:
    """`office` at the county, `director` at a village, `helper` a vetted volunteer."""
    with sqlite_app.app_context(), writing() as session:
        place = build_county(session)
        add_account(session, Role.COMMITTEE_OFFICE, place.county, "office")
        add_account(session, Role.CHILD_DIRECTOR, place.village_a1, "director")
        add_account(session, Role.VOLUNTEER, place.village_a1, "helper")
    return Office(sqlite_app, place)


def user_of(session: Session, username: str) -> User:
    """The account of a name."""
    return session.scalars(select(User).where(User.username == username)).one()


def disable(session: Session, username: str) -> None:
    """The administrator switches the account off."""
    user_of(session, username).is_active = False


def end_membership(session: Session, username: str) -> None:
    """The last day of her duty was yesterday."""
    user = user_of(session, username)
    for membership in session.scalars(select(Membership).where(Membership.user_id == user.id)):
        membership.valid_until = date(2025, 6, 30)


def begin_later(session: Session, username: str) -> None:
    """Her duty begins tomorrow."""
    user = user_of(session, username)
    for membership in session.scalars(select(Membership).where(Membership.user_id == user.id)):
        membership.valid_from = date(2025, 7, 1)


def unvet(session: Session, username: str) -> None:
    """The yearly check of a volunteer ran out yesterday."""
    person_id = user_of(session, username).person_id
    volunteer = session.scalars(select(Volunteer).where(Volunteer.person_id == person_id)).one()
    volunteer.vetted_until = date(2025, 6, 30)
