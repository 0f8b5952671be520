"""Grants: letting somebody in, the second person's yes, extending and ending."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.config import now, today
from portal.errors import PermissionDenied, Refused
from portal.extensions import db
from portal.models.accounts import Person, User
from portal.models.children import ClassPost
from portal.models.volunteers import Volunteer
from portal.services import audit
from portal.services.adding import add_once
from portal.services.people import codes, usernames
from portal.services.people.phones import phone_digits
from portal.tenancy.actor import Actor
from portal.tenancy.invites import SECONDS, may_grant, may_second
from portal.tenancy.memberships import Membership
from portal.tenancy.names import person_name_key
from portal.tenancy.permissions import Permission
from portal.tenancy.roles import Department, Role, account_kind_of
from portal.tenancy.units import Unit
from portal.terms import VolunteerCategory, VolunteerStatus

LONGEST = timedelta(days=366)
"""A grant lasts a school year at most; then somebody looks at it again."""
AHEAD = timedelta(days=90)
SHORTEST_DEFAULT = timedelta(days=60)


@dataclass(frozen=True)
class NewPerson:
    """Somebody the county has not on file yet."""

    name: str
    phone: str
    post: str = ""


@dataclass(frozen=True)
class Invited:
    """What came of an invitation; `code` is None for somebody who signs in already."""

    membership: Membership
    person: Person
    user: User
    code: codes.Code | None


def last_day_proposed(first: date) -> date:
    """The end of the school year that is at least two months away, a year at most."""
    end = date(first.year, 8, 31)
    if end - first < SHORTEST_DEFAULT:
        end = date(first.year + 1, 8, 31)
    return min(end, first + LONGEST - timedelta(days=1))


def invite(
    unit: Unit,
    *,
    actor: Actor,
    role: Role,
    whom: Person | NewPerson,
    since: date,
    last_day: date,
    department: Department | None = None,
    username: str = "",
) -> Invited:
    """Give somebody a role at `unit`, and an account with a one-time code if she has none.

    Raises PermissionDenied if the role is not the actor's to give there; Refused for dates out of reason,
    a role she holds already, an administrator's role beside another, a user name that is taken.
    """
    actor.require(Permission.PEOPLE_GOVERN, at=unit)
    if not may_grant(actor, role, unit):
        raise PermissionDenied(f"{actor.role.value} may not give {role.value} here")
    _check_dates(since, last_day)
    if (role is Role.COUNTY_DEPARTMENT) is not (department is not None):
        raise Refused(_l("Choose the department."), field="department")
    person = whom if isinstance(whom, Person) else _enter(unit, whom, role)
    if person.id == actor.person_id:
        raise Refused(_l("Nobody gives herself a role."), field="role")
    if person.account_kind is not account_kind_of(role):
        raise Refused(
            _l("The three administrators are people of their own: nobody is one of them beside other work."),
            field="role",
        )
    user, code = _account(actor, person, username)
    _refuse_twice(user, unit, role, since)
    membership = add_post(actor, user, unit, role, since, last_day + timedelta(days=1), department)
    if role is Role.VOLUNTEER:
        _put_on_the_roster(person, unit)
    details = {"role": role.value, "last_day": last_day.isoformat(), "new_account": code is not None}
    _record(actor, "accounts:people:invite", unit, membership, details)
    return Invited(membership, person, user, code)


def confirm(membership: Membership, *, actor: Actor) -> None:
    """Say yes as the second person. Raises Refused where none is waited for or it is one's own grant."""
    actor.require(Permission.PEOPLE_CONFIRM, at=membership.unit)
    if not may_second(actor, membership.role):
        raise PermissionDenied(f"{actor.role.value} is no second person for {membership.role.value}")
    user = db.session.get_one(User, membership.user_id)
    if not membership.awaits_second or membership.valid_until <= today():
        raise Refused(_l("This grant does not wait for anybody."))
    if actor.user_id == membership.granted_by_id or actor.person_id == user.person_id:
        raise Refused(_l("Somebody else must say yes: not who granted it, and not who gets it."))
    membership.awaits_second = False
    membership.approved_by_id = actor.user_id
    db.session.flush()
    _record(actor, "accounts:people:confirm", membership.unit, membership, {"role": membership.role.value})


def extend(membership: Membership, *, actor: Actor, last_day: date) -> None:
    """Look at a grant again and let it run on. Raises Refused for a day out of reason."""
    require_mine(membership, actor)
    if membership.role in SECONDS:
        raise Refused(_l("This role needs a second person each time: give it anew from its last day on."))
    until = last_day + timedelta(days=1)
    if until <= today() or until > today() + LONGEST:
        raise Refused(_l("The last day must lie ahead, a year from today at most."), field="last_day")
    before = membership.valid_until
    membership.valid_until = until
    membership.approved_by_id = actor.user_id
    db.session.flush()
    details = {"role": membership.role.value, "from": before.isoformat(), "last_day": last_day.isoformat()}
    _record(actor, "accounts:people:extend", membership.unit, membership, details)


def end(membership: Membership, *, actor: Actor, reason: str) -> None:
    """End a grant today: the holder's next request is refused, and so is every job she posted."""
    require_mine(membership, actor)
    close(membership, actor=actor, on=today(), reason=reason)
    details = {"role": membership.role.value, "reason": reason}
    _record(actor, "accounts:people:end", membership.unit, membership, details)


def close(membership: Membership, *, actor: Actor, on: date, reason: str) -> None:
    """Put the end into the row, and into the classes it held."""
    membership.valid_until = max(on, membership.valid_from)
    membership.ended_by_id = actor.user_id
    membership.end_reason = reason
    held = select(ClassPost).where(ClassPost.membership_id == membership.id, ClassPost.until > on)
    for post in db.session.scalars(held):
        post.until = max(on, post.since)
    db.session.flush()


def require_mine(membership: Membership, actor: Actor) -> None:
    """Whether the grant is the actor's to decide about. Raises PermissionDenied, Refused."""
    actor.require(Permission.PEOPLE_GOVERN, at=membership.unit)
    if not may_grant(actor, membership.role, membership.unit):
        raise PermissionDenied(f"{actor.role.value} does not decide about {membership.role.value} here")
    if membership.user_id == actor.user_id:
        raise Refused(_l("Nobody decides about her own grants."))
    if membership.valid_until <= today():
        raise Refused(_l("This grant has ended already."))


def _check_dates(since: date, last_day: date) -> None:
    day = today()
    if not day <= since <= day + AHEAD:
        raise Refused(_l("The first day is today or within three months."), field="since")
    if last_day < since or last_day >= since + LONGEST:
        raise Refused(_l("The last day comes after the first, a year at most."), field="last_day")


def _enter(unit: Unit, new: NewPerson, role: Role) -> Person:
    """A new person of the county. Refuses one of the same name and phone."""
    digits = phone_digits(new.phone)
    if not 7 <= len(digits) <= 13:
        raise Refused(_l("Write the phone number in digits."), field="phone")
    same = select(Person.id).where(
        Person.county_id == unit.county_id, Person.name == new.name, Person.phone_key == digits
    )
    if db.session.scalars(same.limit(1)).first():
        raise Refused(_l("This person is on file already: search and choose."), field="name")
    if len(new.name) < 2 or re.search(r"\d", new.name):
        raise Refused(_l("Write the person's full name."), field="name")
    person = Person(
        public_id=uuid.uuid4(),
        name=new.name,
        name_key=person_name_key(new.name),
        phone=new.phone,
        post=new.post,
        unit=unit,
        account_kind=account_kind_of(role),
    )
    db.session.add(person)
    db.session.flush()
    return person


def _account(actor: Actor, person: Person, username: str) -> tuple[User, codes.Code | None]:
    """The person's account, opened with a code if she has none."""
    known = account_of(person)
    if known is not None:
        return known, None
    user = open_account(person, username)
    return user, codes.issue(actor, user)


def account_of(person: Person) -> User | None:
    """The account a person signs in with, if she has one."""
    query = select(User).where(User.person_id == person.id, User.is_active)
    return db.session.scalars(query.order_by(User.id).limit(1)).one_or_none()


def open_account(person: Person, username: str = "") -> User:
    """An account that waits for its code. Raises Refused if the user name does not do or is taken."""
    name = usernames.checked(username) if username else usernames.propose(person.name)
    user = usernames.account(person, name)
    add_once(user, Refused(_l("This user name is taken; choose another one."), field="username"))
    return user


def _refuse_twice(user: User, unit: Unit, role: Role, since: date) -> None:
    held = select(Membership.id).where(
        Membership.user_id == user.id,
        Membership.unit_id == unit.id,
        Membership.role == role,
        Membership.valid_until > since,
    )
    if db.session.scalars(held.limit(1)).first():
        raise Refused(_l("This person has this role here already."), field="role")


def add_post(
    actor: Actor,
    user: User,
    unit: Unit,
    role: Role,
    since: date,
    until: date,
    department: Department | None = None,
) -> Membership:
    """The row of a grant; who grants it answers for it, unless the role needs a second person."""
    waits = role in SECONDS
    membership = Membership(
        public_id=uuid.uuid4(),
        user_id=user.id,
        role=role,
        unit=unit,
        department=department,
        valid_from=since,
        valid_until=until,
        granted_by_id=actor.user_id,
        granted_at=now(),
        approved_by_id=None if waits else actor.user_id,
        awaits_second=waits,
    )
    db.session.add(membership)
    db.session.flush()
    return membership


def _put_on_the_roster(person: Person, unit: Unit) -> None:
    """A volunteer who is new stands on the roster, waiting for her check: until then she has no role."""
    known = db.session.scalars(select(Volunteer.id).where(Volunteer.person_id == person.id)).first()
    if known is None:
        db.session.add(
            Volunteer(
                public_id=uuid.uuid4(),
                person=person,
                unit_id=unit.id,
                township_id=unit.township_id,
                county_id=unit.county_id,
                category=VolunteerCategory.CITIZEN,
                status=VolunteerStatus.PENDING,
                vetted_until=None,
            )
        )
        db.session.flush()


def _record(actor: Actor, action: str, unit: Unit, membership: Membership, details: dict[str, Any]) -> None:
    whom = db.session.scalars(
        select(Person.public_id)
        .join(User, User.person_id == Person.id)
        .where(User.id == membership.user_id)
    ).one()  # fmt: skip
    audit.record(actor, action, at=unit, subject=f"person:{whom}", details=details)
