"""The adults on duty around a child: her class teacher, the child directors of her village, the coordinators.

A post at another unit is out of sight of the reader, but whom to call there stands on every contact card
(domain C-03: 公布学班主任、任课教师的联系电话). Nothing but the name and the number of duty is read.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from portal.config import today
from portal.models.accounts import Person, User
from portal.models.children import Child, ClassPost
from portal.tenancy.memberships import Membership
from portal.tenancy.roles import Role
from portal.tenancy.scope import county_wide


@dataclass(frozen=True)
class Duty:
    """Somebody on duty: name and number."""

    name: str
    phone: str


def around(child: Child) -> dict[Role, list[Duty]]:
    """Who is on duty today for a child, by role; roles without anybody are left out."""
    wanted = {
        Role.SCHOOL_COORDINATOR: child.school_id,
        Role.CHILD_DIRECTOR: child.village_id,
        Role.TOWNSHIP_COORDINATOR: child.village_township_id or child.school_township_id,
    }
    with county_wide(child.county_id) as session:
        found = {role: _on_duty(session, role, unit) for role, unit in wanted.items() if unit}
        if child.class_id:
            found[Role.CLASS_TEACHER] = _teachers(session, child.class_id)
    return {role: people for role, people in found.items() if people}


def _on_duty(session: Session, role: Role, unit_id: int) -> list[Duty]:
    return _people(session, Membership.role == role, Membership.unit_id == unit_id)


def _teachers(session: Session, class_id: int) -> list[Duty]:
    day = today()
    held = select(ClassPost.membership_id).where(
        ClassPost.class_id == class_id, ClassPost.since <= day, ClassPost.until > day
    )
    return _people(session, Membership.id.in_(held))


def _people(session: Session, *where: ColumnElement[bool]) -> list[Duty]:
    day = today()
    query = (
        select(Person.name, Person.phone)
        .join(User, User.person_id == Person.id)
        .join(Membership, Membership.user_id == User.id)
        .where(*where, Membership.valid_from <= day, Membership.valid_until > day,
               Membership.awaits_second.is_(False))
        .order_by(Person.name_key, Person.id)
        .limit(2)
    )  # fmt: skip
    return [Duty(name, phone) for name, phone in session.execute(query)]
