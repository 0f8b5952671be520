"""Applying as a volunteer: a public form that leaves an application and opens nothing.

Whoever keeps the roster reads it, calls back, and enters the person or says no. An application that has been
answered is removed after half a year.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from portal.config import now, today
from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.volunteers import Volunteer, VolunteerApplication
from portal.services import audit
from portal.services.accounts.lockout import key_of
from portal.services.volunteers.entries import Entry, check_age, check_contact, enter
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.scope import unscoped
from portal.tenancy.units import Unit
from portal.terms import ApplicationState, UnitKind

PER_ADDRESS, WITHIN = 5, timedelta(hours=1)
PER_UNIT = 100
"""Open applications of a unit: more than that is no crowd of volunteers."""
KEPT = timedelta(days=180)


def form_for(code: str) -> str:
    """The name of the township or county for which a public form stands. Raises NotFound for any other code."""
    with unscoped("volunteers: the name on a public form") as session:
        return _place(session, code).name


def _place(session: Session, code: str) -> Unit:
    kinds = (UnitKind.COUNTY, UnitKind.TOWNSHIP)
    query = select(Unit).where(Unit.code == code, Unit.kind.in_(kinds), Unit.closed_on.is_(None))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("application form")
    return found


def apply(code: str, *, name: str, phone: str, entry: Entry, words: str, address: str) -> None:
    """Leave an application; whether she is known here is told to nobody.

    Raises NotFound for a code without a form, Refused for a minor, a phone that is none, too many at once.
    """
    check_contact(name, phone)
    if entry.birth_year is None:
        raise Refused(_l("A volunteer is of age: eighteen years at least."), field="birth_year")
    if entry.birth_year is None:
        raise Refused(_l("A volunteer is of age: eighteen years at least."), field="birth_year")
    check_age(entry.birth_year)
    with unscoped("volunteers: a public application") as session:
        place = _place(session, code)
        origin = key_of("apply", address)
        _check_flood(session, place, origin)
        session.add(
            VolunteerApplication(
                public_id=uuid.uuid4(), unit=place, name=name, phone=phone, birth_year=entry.birth_year,
                category=entry.category, post=entry.post, skills=entry.skills, slots=entry.slots, words=words,
                origin=origin,
            )
        )  # fmt: skip
        session.commit()


def _check_flood(session: Session, place: Unit, origin: str) -> None:
    since = now() - WITHIN
    from_here = select(func.count()).where(
        VolunteerApplication.origin == origin, VolunteerApplication.created_at > since
    )
    waiting = select(func.count(VolunteerApplication.id)).where(_open_at(place))
    if (session.scalar(from_here) or 0) >= PER_ADDRESS or (session.scalar(waiting) or 0) >= PER_UNIT:
        raise Refused(_l("Too many applications have come in just now. Try again tomorrow, or call."))


def list_applications(unit: Unit, *, actor: Actor) -> Sequence[VolunteerApplication]:
    """Applications to a unit that wait, oldest first."""
    actor.require(Permission.VOLUNTEER_GOVERN, at=unit)
    query = select(VolunteerApplication).where(_open_at(unit))
    return db.session.scalars(query.order_by(VolunteerApplication.id).limit(PER_UNIT)).all()


def _open_at(unit: Unit) -> ColumnElement[bool]:
    return (VolunteerApplication.unit_id == unit.id) & (VolunteerApplication.state == ApplicationState.OPEN)


def count_applications(unit: Unit, *, actor: Actor) -> int:
    """How many wait at a unit; none for whoever does not keep its roster."""
    if not actor.can(Permission.VOLUNTEER_GOVERN, unit):
        return 0
    return db.session.scalar(select(func.count(VolunteerApplication.id)).where(_open_at(unit))) or 0


def get_application(unit: Unit, public_id: uuid.UUID, *, actor: Actor) -> VolunteerApplication:
    """An application that waits. Raises NotFound."""
    found = next((one for one in list_applications(unit, actor=actor) if one.public_id == public_id), None)
    if found is None:
        raise NotFound("application")
    return found


def take_on(application: VolunteerApplication, *, actor: Actor) -> Volunteer:
    """Enter the person on the roster, waiting for her checks. Raises Refused if she stands on one already."""
    entry = Entry(category=application.category, post=application.post, birth_year=application.birth_year,
                  skills=application.skills, slots=application.slots)  # fmt: skip
    volunteer = enter(
        application.unit, actor=actor, name=application.name, phone=application.phone, entry=entry
    )
    _answer(application, actor, ApplicationState.TAKEN, "")
    return volunteer


def decline(application: VolunteerApplication, *, actor: Actor, reason: str) -> None:
    """Say no, with the reason for the record."""
    actor.require(Permission.VOLUNTEER_GOVERN, at=application.unit)
    _answer(application, actor, ApplicationState.DECLINED, reason)


def _answer(application: VolunteerApplication, actor: Actor, state: ApplicationState, words: str) -> None:
    application.state, application.answered_on, application.answer = state, today(), words
    db.session.flush()
    audit.record(actor, "volunteers:application:answer", at=application.unit,
                 subject=f"application:{application.public_id}", details={"state": state.value})  # fmt: skip


def sweep(session: Session) -> int:
    """Remove the answered applications whose half year is over; the caller commits."""
    answered = VolunteerApplication.answered_on < today() - KEPT
    found = session.scalars(select(VolunteerApplication.id).where(answered)).all()
    session.execute(delete(VolunteerApplication).where(VolunteerApplication.id.in_(found)))
    return len(found)
