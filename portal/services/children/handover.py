"""Which teacher holds a class in the new school year: hers as before, or another one who takes it over."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.config import today
from portal.errors import Refused
from portal.extensions import db
from portal.models.accounts import Person, User
from portal.models.children import ClassPost, SchoolClass
from portal.services.people.grants import require_mine
from portal.tenancy.actor import Actor
from portal.tenancy.invites import may_grant
from portal.tenancy.memberships import Membership
from portal.tenancy.roles import Role
from portal.tenancy.units import Unit

Heirs = Mapping[uuid.UUID, uuid.UUID]
"""Class → the grant of the class teacher who takes it over; classes that keep their teachers are not in it."""


def list_teachers(unit: Unit, *, actor: Actor) -> list[tuple[uuid.UUID, str]]:
    """Today’s class teachers of a school (grant, name), if who holds a class is the actor's to decide."""
    if not may_grant(actor, Role.CLASS_TEACHER, unit):
        return []
    query = (
        select(Membership, Person.name)
        .join(User, User.id == Membership.user_id)
        .join(Person, Person.id == User.person_id)
        .where(Membership.unit_id == unit.id, Membership.role == Role.CLASS_TEACHER)
        .order_by(Person.name, Membership.id)
    )
    return [(one.public_id, name) for one, name in db.session.execute(query) if one.is_live_on(today())]


def check(unit: Unit, heirs: Heirs, *, actor: Actor) -> None:
    """Raises Refused for somebody who is no class teacher of the school today."""
    query = select(Membership).where(Membership.unit_id == unit.id, Membership.role == Role.CLASS_TEACHER)
    known = {one.public_id: one for one in db.session.scalars(query) if one.is_live_on(today())}
    for chosen in set(heirs.values()):
        if chosen not in known:
            raise Refused(_l("Choose a class teacher of this school."))
        require_mine(known[chosen], actor)


def move_posts(old: SchoolClass, new: SchoolClass | None, on: date, heir: uuid.UUID | None) -> None:
    """End the posts of last year's class; this year's has the same teachers, or the one who takes it over."""
    posts = db.session.scalars(
        select(ClassPost).where(ClassPost.class_id == old.id, ClassPost.until > on)
    ).all()
    for post in posts:
        if new is not None and heir is None:
            _post(new, post.membership_id, on, until=post.until)
        post.until = max(on, post.since)
    if new is not None and heir is not None:
        query = select(Membership).where(Membership.public_id == heir, Membership.unit_id == new.unit_id)
        taker = db.session.scalars(query).one()
        _post(new, taker.id, max(on, taker.valid_from), until=taker.valid_until)


def _post(room: SchoolClass, membership_id: int, since: date, *, until: date) -> None:
    db.session.add(
        ClassPost(unit=room.unit, school_class=room, class_id=room.id, since=since, until=until,
                  membership_id=membership_id)
    )  # fmt: skip
