"""A school, a volunteer paired with one of its children, and another volunteer who is free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Flask

from portal.models.children import Child
from portal.models.volunteers import Volunteer
from portal.tenancy.roles import Role
from tests.factories.county import (
    County,
    add_account,
    add_child,
    add_class,
    add_consent,
    add_pairing,
    add_person,
    add_volunteer,
    build_county,
    give_class,
    writing,
)


@dataclass
class World:
    place: County
    mine: Child
    other: Child
    foreign: Child
    helper: Volunteer


def build_world(app: Flask) -> World:
    """Logins: vol (paired with 陈小禾), coord and head (school of 甲镇), teacher (of 李思源's class), town,
    village, county."""
    with app.app_context(), writing() as session:
        place = build_county(session)
        mine = add_child(session, village=place.village_a1, school=place.school_a, name="陈小禾")
        other = add_child(session, village=place.village_a1, school=place.school_a, name="李思源")
        foreign = add_child(session, village=place.village_b1, school=place.school_b, name="王春苗")
        person = add_person(session, place.town_a, name="岳小楠")
        add_account(session, Role.VOLUNTEER, place.town_a, "vol", person=person)
        add_account(session, Role.SCHOOL_COORDINATOR, place.school_a, "coord")
        add_account(session, Role.PRINCIPAL, place.school_a, "head")
        add_account(session, Role.TOWNSHIP_COORDINATOR, place.town_a, "town")
        add_account(session, Role.CHILD_DIRECTOR, place.village_a1, "village")
        add_account(session, Role.COMMITTEE_OFFICE, place.county, "county")
        room = add_class(session, place.school_a)
        teacher = add_account(session, Role.CLASS_TEACHER, place.school_a, "teacher")
        give_class(session, teacher, room)
        other.school_class = room
        add_pairing(session, mine, person, place.school_a, starts_on=date(2025, 3, 1))
        for child in (mine, other, foreign):
            add_consent(session, child, person)
        helper = add_volunteer(session, place.town_a, name="张志愿")
        return World(place, mine, other, foreign, helper)
