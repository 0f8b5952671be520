"""Writing a line: what was done, by whom, where. It is chained when the transaction commits."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy.orm import Session

from portal.extensions import db
from portal.models.audit import AuditEntry
from portal.models.children import Child
from portal.services.audit import chain
from portal.tenancy.actor import Actor, Place
from portal.tenancy.roles import Role


def record(
    actor: Actor,
    action: str,
    *,
    at: Place | None = None,
    subject: str = "",
    details: dict[str, Any] | None = None,
    child: Child | None = None,
) -> None:
    """Add the line of an act to the transaction at hand; `action` has its sentence in `sentences`.

    `subject` is `<kind>:<random id>`; `details` holds codes and counts, no names. `child` fills the subject
    and the case number.
    """
    place = at or actor.unit
    if child is not None:
        subject, details = subject or f"child:{child.public_id}", {"case": child.case_no} | (details or {})
    entry = _entry(place, action, subject, details)
    entry.user_id, entry.person_id = actor.user_id or None, actor.person_id or None
    entry.role, entry.from_unit_id = actor.role, actor.unit.id
    chain.add(db.session(), entry)


def record_system(
    session: Session,
    action: str,
    *,
    at: Place | None = None,
    person_id: int | None = None,
    user_id: int | None = None,
    role: Role | None = None,
    subject: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Add a line to a system session: signing in and out, commands, jobs. The caller commits it.

    Without `at` it goes to chain 0, which no county reads: what belongs to nobody's unit, such as a failed
    sign-in of an unknown account. Never put what was typed into it.
    """
    entry = _entry(at, action, subject, details)
    entry.user_id, entry.person_id, entry.role = user_id, person_id, role
    entry.from_unit_id = at.id if at else None
    chain.add(session, entry)  # type: ignore[arg-type]


def _entry(at: Place | None, action: str, subject: str, details: dict[str, Any] | None) -> AuditEntry:
    return AuditEntry(
        unit_id=at.id if at else 0,
        township_id=at.township_id if at else 0,
        county_id=at.county_id if at else 0,
        action=action,
        subject=subject,
        details=json.loads(json.dumps(details or {}, default=str)),
    )
