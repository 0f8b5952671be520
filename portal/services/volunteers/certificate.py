"""The certificate of service (志愿服务证明): a year's confirmed services of one volunteer, without any child."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.config import today
from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.volunteers import Volunteer, VolunteerTraining
from portal.services import audit
from portal.services.volunteers.roster import place_of
from portal.services.volunteers.service_log import Year, read_year
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.scope import county_wide
from portal.tenancy.units import Unit


@dataclass(frozen=True)
class Certificate:
    """What the paper says."""

    volunteer: Volunteer
    place: Unit
    year: Year
    training_hours: int
    number: str
    made_on: date


def own_entry(*, actor: Actor) -> Volunteer:
    """The volunteer's own roster entry. Raises NotFound for somebody who helps without being on a roster."""
    actor.require(Permission.VOLUNTEER_OWN_READ)
    query = select(Volunteer).where(Volunteer.person_id == actor.person_id)
    found = db.session.scalars(query.options(joinedload(Volunteer.person))).one_or_none()
    if found is None:
        raise NotFound("roster entry")
    return found


def certify(volunteer: Volunteer, *, actor: Actor, year: int) -> Certificate:
    """A certificate for a year: for the volunteer herself, or made by whoever keeps the roster.

    Raises Refused while no service of that year has been confirmed.
    """
    place = place_of(volunteer)
    own = actor.is_volunteer and volunteer.person_id == actor.person_id
    if own:
        actor.require(Permission.VOLUNTEER_OWN_READ)
    else:
        actor.require(Permission.VOLUNTEER_GOVERN, at=place)
    served = read_year(volunteer.person_id, volunteer.county_id, actor=actor, year=year)
    if not served.confirmed:
        raise Refused(_l("No service of %(year)s has been confirmed yet.", year=year))
    number = f"{place.code}-{year}-{volunteer.id:05d}"
    subject = f"volunteer:{volunteer.public_id}"
    audit.read(
        actor, "volunteers:certificate:print", at=place, subject=subject, details={"year": year}, each=True
    )
    return Certificate(volunteer, place, served, _training_hours(volunteer, year), number, today())


def _training_hours(volunteer: Volunteer, year: int) -> int:
    query = select(func.coalesce(func.sum(VolunteerTraining.hours), 0)).where(
        VolunteerTraining.volunteer_id == volunteer.id,
        VolunteerTraining.held_on.between(date(year, 1, 1), date(year, 12, 31)),
    )
    with county_wide(volunteer.county_id) as session:
        return session.scalar(query) or 0
