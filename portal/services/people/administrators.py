"""The three administrators of a fresh county, from the machine: no grant of theirs has anybody before it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import now, today
from portal.errors import NotFound, Refused
from portal.models.accounts import Person, User
from portal.services import audit
from portal.services.people import codes, usernames
from portal.services.people.grants import LONGEST
from portal.tenancy.memberships import Membership
from portal.tenancy.names import person_name_key
from portal.tenancy.roles import ADMINISTRATORS, Role, account_kind_of
from portal.tenancy.units import Unit
from portal.terms import UnitKind

_PREFIX = {Role.SYSTEM_ADMIN: "sysadmin", Role.SECURITY_ADMIN: "secadmin", Role.AUDIT_ADMIN: "auditadmin"}


@dataclass(frozen=True)
class Invitation:
    """What is printed for one administrator."""

    role: Role
    name: str
    username: str
    code: codes.Code


def invite_administrators(
    session: Session, code: str, *, names: Mapping[Role, str], renew: bool = False
) -> list[Invitation]:
    """One-time codes for the county's administrators who are missing, in a system session.

    With `renew`, for those who are there as well: their passwords and sessions end. The caller commits.
    Raises NotFound for no such county, Refused where all three are there.
    """
    county = session.scalars(
        select(Unit).where(Unit.code == code, Unit.kind == UnitKind.COUNTY)
    ).one_or_none()
    if county is None:
        raise NotFound(f"county {code}")
    made = [_invite(session, county, role, names[role], renew) for role in ADMINISTRATORS]
    found = [one for one in made if one is not None]
    if not found:
        raise Refused("all three administrators are there; --renew prints new codes for them")
    return found


def _invite(session: Session, county: Unit, role: Role, name: str, renew: bool) -> Invitation | None:
    held = session.execute(
        select(User, Person)
        .join(Membership, Membership.user_id == User.id)
        .join(Person, Person.id == User.person_id)
        .where(Membership.unit_id == county.id, Membership.role == role, Membership.valid_until > today())
        .order_by(Membership.id.desc())
    ).first()
    if held is not None and not renew:
        return None
    user, person = held if held is not None else _open(session, county, role, name)
    user.awaits_code = True
    code = codes.new_code(session, user.id, issued_by_id=None, resets_second=True)
    action = "accounts:people:renew" if held is not None else "accounts:people:invite"
    details = {"role": role.value, "reason": "CLI", "last_day": (today() + LONGEST).isoformat()}
    audit.record_system(session, action, at=county, subject=f"person:{person.public_id}", details=details)
    return Invitation(role, person.name, user.username, code)


def _open(session: Session, county: Unit, role: Role, name: str) -> tuple[User, Person]:
    person = Person(
        public_id=uuid.uuid4(),
        name=name,
        name_key=person_name_key(name),
        unit=county,
        account_kind=account_kind_of(role),
    )
    session.add(person)
    session.flush()
    user = usernames.account(person, _free_name(session, f"{_PREFIX[role]}_{county.code}"))
    session.add(user)
    session.flush()
    session.add(
        Membership(
            public_id=uuid.uuid4(),
            user_id=user.id,
            role=role,
            unit=county,
            valid_from=today(),
            valid_until=today() + LONGEST - timedelta(days=1),
            granted_at=now(),
        )
    )
    session.flush()
    return user, person


def _free_name(session: Session, wanted: str) -> str:
    """The name, or with a number behind it where an earlier holder had it."""
    taken = set(session.scalars(select(User.username).where(User.username.startswith(wanted))))
    numbered = (f"{wanted}_{number}" for number in range(2, 1000))
    return next(name for name in (wanted, *numbered) if name not in taken)
