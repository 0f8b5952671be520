"""Entering a volunteer on a roster, and changing what stands there about her."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.config import today
from portal.errors import Refused
from portal.extensions import db
from portal.models.accounts import Person, phone_key
from portal.models.volunteers import Volunteer
from portal.services import audit
from portal.services.adding import add_once
from portal.services.volunteers.roster import place_of
from portal.tenancy.actor import Actor
from portal.tenancy.names import person_name_key
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import Skill, Slot, VolunteerCategory, VolunteerStatus, VolunteerTeam

ADULT = 18
"""Years; minors are never volunteers."""


@dataclass(frozen=True)
class Entry:
    """What a roster says of a volunteer, as typed."""

    category: VolunteerCategory
    post: str = ""
    """Where she works and as what, as far as her own record does not say."""
    birth_year: int | None = None
    team: VolunteerTeam | None = None
    skills: tuple[Skill, ...] = field(default=())
    slots: tuple[Slot, ...] = field(default=())


def enter(unit: Unit, *, actor: Actor, name: str, phone: str, entry: Entry) -> Volunteer:
    """Put somebody on a unit's roster, waiting for her checks. A person on file is taken, not entered twice.

    Raises Refused for a minor, a phone that is none, somebody who is on a roster already.
    """
    actor.require(Permission.VOLUNTEER_GOVERN, at=unit)
    check_age(entry.birth_year)
    person = person_named(unit, name=name, phone=phone, post=entry.post, birth_year=entry.birth_year)
    volunteer = Volunteer(
        public_id=uuid.uuid4(), person=person, unit_id=unit.id, township_id=unit.township_id,
        county_id=unit.county_id, status=VolunteerStatus.PENDING, status_since=today(), vetted_until=None,
    )  # fmt: skip
    _fill(volunteer, entry)
    add_once(volunteer, Refused(_l("She stands on a roster of the county already."), field="name"))
    _record(actor, "volunteers:entry:write", volunteer, unit)
    return volunteer


def change(volunteer: Volunteer, *, actor: Actor, entry: Entry) -> None:
    """Change what the roster says of her. Raises Refused for a minor."""
    place = place_of(volunteer)
    actor.require(Permission.VOLUNTEER_GOVERN, at=place)
    check_age(entry.birth_year)
    _fill(volunteer, entry)
    volunteer.person.post = entry.post or volunteer.person.post
    volunteer.person.birth_year = entry.birth_year or volunteer.person.birth_year
    db.session.flush()
    _record(actor, "volunteers:entry:change", volunteer, place)


def person_named(
    unit: Unit, *, name: str, phone: str, post: str = "", birth_year: int | None = None
) -> Person:
    """The person of that name and number in the county, or a new one at the unit, for a verb that has asked.

    Raises Refused for a phone that is none and a name too short.
    """
    check_contact(name, phone)
    query = select(Person).where(
        Person.county_id == unit.county_id, Person.name == name, Person.phone_key == phone_key(phone)
    )
    found = db.session.scalars(query.limit(1)).first()
    return found or Person(
        public_id=uuid.uuid4(), name=name, name_key=person_name_key(name), phone=phone, post=post,
        birth_year=birth_year, unit=unit,
    )  # fmt: skip


def check_contact(name: str, phone: str) -> None:
    """Refuse a name too short and a phone that is none."""
    if not 7 <= len(phone_key(phone)) <= 13:
        raise Refused(_l("Write the phone number in digits."), field="phone")
    if len(name) < 2:
        raise Refused(_l("Write the person's full name."), field="name")


def check_age(birth_year: int | None) -> None:
    """Refuse a minor."""
    if birth_year is not None and birth_year > today().year - ADULT:
        raise Refused(_l("A volunteer is of age: eighteen years at least."), field="birth_year")


def _fill(volunteer: Volunteer, entry: Entry) -> None:
    volunteer.category, volunteer.team = entry.category, entry.team
    volunteer.skills, volunteer.slots = entry.skills, entry.slots


def _record(actor: Actor, action: str, volunteer: Volunteer, unit: Unit) -> None:
    details = {"category": volunteer.category.value}
    audit.record(actor, action, at=unit, subject=f"volunteer:{volunteer.public_id}", details=details)
