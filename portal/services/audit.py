"""Audit: one line per act, written in the transaction of the act."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal.extensions import db
from portal.models.audit import AuditEntry
from portal.tenancy.actor import Actor, Place
from portal.tenancy.units import Unit


def record(
    actor: Actor,
    action: str,
    *,
    at: Place | None = None,
    subject: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Add the line. `subject` is `<kind>:<random id>`; `details` holds codes and counts, no names."""
    unit_id = at.id if at is not None else actor.unit.id
    unit = db.session.scalars(select(Unit).where(Unit.id == unit_id)).one()
    db.session.add(
        AuditEntry(
            unit=unit,
            user_id=actor.user_id,
            role=actor.role,
            action=action,
            subject=subject,
            details=details or {},
        )
    )
