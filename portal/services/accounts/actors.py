"""Actors: from an account to who she is today, by the roles she holds and the units they are at."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from portal.config import today
from portal.errors import Refused
from portal.models.accounts import Person, User
from portal.models.volunteers import Volunteer
from portal.services.units import ref
from portal.tenancy.actor import Actor
from portal.tenancy.memberships import Membership
from portal.tenancy.roles import Role, sees_widely
from portal.tenancy.scope import unscoped
from portal.tenancy.units import Unit

LiveMembership = tuple[Membership, Unit, str, Person]
"""A membership that holds today, its unit, the name of the unit above, and the person."""


def list_live(session: Session, user_id: int) -> list[LiveMembership]:
    """What the user may act as today. A volunteer who is not on the roster or not vetted has no role."""
    above = aliased(Unit)
    day = today()
    rows = session.execute(
        select(Membership, Unit, above.name, Person, Volunteer)
        .join(Unit, Unit.id == Membership.unit_id)
        .join(User, User.id == Membership.user_id)
        .join(Person, Person.id == User.person_id)
        .outerjoin(above, above.id == Unit.parent_id)
        .outerjoin(Volunteer, Volunteer.person_id == User.person_id)
        .where(Membership.user_id == user_id, Membership.valid_from <= day, Membership.valid_until > day)
        .where(Membership.awaits_second.is_(False))
        .order_by(Membership.id)
    )
    return [
        (membership, unit, parent_name or "", person)
        for membership, unit, parent_name, person, volunteer in rows
        if membership.role is not Role.VOLUNTEER or (volunteer and volunteer.may_meet_children_on(day))
    ]


def is_wide(live: LiveMembership) -> bool:
    """Whether acting so needs a second factor and a shorter idle time."""
    membership, unit, _parent, _person = live
    return sees_widely(membership.role, unit.kind)


def actor_of(user: User, acting: LiveMembership, others: list[LiveMembership]) -> Actor:
    """The actor of one membership; `others` are those she could switch to."""
    membership, unit, parent_name, person = acting
    return Actor(
        user_id=user.id,
        person_id=person.id,
        name=person.name,
        username=user.username,
        role=membership.role,
        department=membership.department,
        unit=ref(unit, parent_name),
        membership_id=membership.public_id,
        membership_row=membership.id,
        switchable=tuple((m.public_id, m.role, ref(u, name)) for m, u, name, _person in others),
    )


def actor_of_login(username: str, *, role: Role | None = None) -> Actor:
    """The actor of an account for a command or a job. Raises Refused if there is none with a role."""
    with unscoped("CLI: acting as a named account") as session:
        user = session.scalars(select(User).where(User.username == username)).one_or_none()
        live = list_live(session, user.id) if user and user.is_open else []
        fitting = [m for m in live if role is None or m[0].role is role]
        if user is None or not fitting:
            raise Refused(f"no account {username} with a role today")
        return actor_of(user, fitting[0], [])


def find_actor_of_membership(membership_id: int) -> Actor | None:
    """The actor a queued job runs as; None if the membership has ended since."""
    with unscoped("job: from membership to actor") as session:
        membership = session.get(Membership, membership_id)
        if membership is None:
            return None
        user = session.get_one(User, membership.user_id)
        live = list_live(session, user.id) if user.is_open else []
        acting = next((m for m in live if m[0].id == membership_id), None)
        return actor_of(user, acting, []) if acting else None
