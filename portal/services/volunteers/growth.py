"""Training and the yearly appraisal of a volunteer: a checklist and a word, never a place in a list."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.config import today
from portal.errors import Refused
from portal.extensions import db
from portal.models.volunteers import Volunteer, VolunteerAppraisal, VolunteerTraining
from portal.services import audit
from portal.services.adding import add_once
from portal.services.volunteers.roster import place_of
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.terms import AppraisalPoint, Grade


def list_trainings(volunteer: Volunteer, *, actor: Actor) -> Sequence[VolunteerTraining]:
    """Her trainings, newest first."""
    actor.require(Permission.VOLUNTEER_READ)
    query = select(VolunteerTraining).where(VolunteerTraining.volunteer_id == volunteer.id)
    return db.session.scalars(
        query.order_by(VolunteerTraining.held_on.desc(), VolunteerTraining.id.desc())
    ).all()


def list_appraisals(volunteer: Volunteer, *, actor: Actor) -> Sequence[VolunteerAppraisal]:
    """Her appraisals, newest first."""
    actor.require(Permission.VOLUNTEER_READ)
    query = select(VolunteerAppraisal).where(VolunteerAppraisal.volunteer_id == volunteer.id)
    return db.session.scalars(query.order_by(VolunteerAppraisal.year.desc())).all()


def train(
    volunteer: Volunteer, *, actor: Actor, course: str, held_on: date, hours: int, certificate: str = ""
) -> VolunteerTraining:
    """Write a training down. Raises Refused for a day ahead or hours out of reason."""
    place = place_of(volunteer)
    actor.require(Permission.VOLUNTEER_GOVERN, at=place)
    if held_on > today():
        raise Refused(_l("This day has not come yet."), field="held_on")
    if not 1 <= hours <= 80:
        raise Refused(_l("Write the hours, from 1 to 80."), field="hours")
    row = VolunteerTraining(
        public_id=uuid.uuid4(), volunteer_id=volunteer.id, unit=place, course=course, held_on=held_on, hours=hours,
        certificate=certificate,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    subject = f"volunteer:{volunteer.public_id}"
    audit.record(actor, "volunteers:training:write", at=place, subject=subject, details={"hours": hours})
    return row


def appraise(
    volunteer: Volunteer,
    *,
    actor: Actor,
    year: int,
    points: Sequence[AppraisalPoint],
    grade: Grade,
    words: str = "",
) -> VolunteerAppraisal:
    """The appraisal of a year, once. Raises Refused for a second one, another year, a grade without grounds."""
    place = place_of(volunteer)
    actor.require(Permission.VOLUNTEER_GOVERN, at=place)
    if year not in (today().year - 1, today().year):
        raise Refused(_l("Only this year and the last one are appraised."), field="year")
    if grade is Grade.POOR and not words:
        raise Refused(_l("Write in a few words why."), field="words")
    row = VolunteerAppraisal(
        public_id=uuid.uuid4(), volunteer_id=volunteer.id, unit=place, year=year, points=tuple(points),
        grade=grade, words=words, person_id=actor.person_id, made_on=today(),
    )  # fmt: skip
    add_once(row, Refused(_l("This year has been appraised already."), field="year"))
    subject = f"volunteer:{volunteer.public_id}"
    audit.record(actor, "volunteers:appraisal:write", at=place, subject=subject, details={"year": year})
    return row
