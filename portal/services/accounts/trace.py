"""Trace: the audit lines of acts on an account itself, at the unit its person belongs to."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from portal.models.accounts import Person, User
from portal.services import audit
from portal.tenancy.units import Unit


def write(session: Session, user: User, action: str, **details: Any) -> None:
    """Add the line to a system session; the caller commits it with the act."""
    person = session.get_one(Person, user.person_id)
    unit = session.get_one(Unit, person.unit_id)
    audit.record_system(session, action, at=unit, person_id=person.id, user_id=user.id, details=details)
