"""Classes of class teachers: who holds which from when to when. It is what opens the children's files."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.config import today
from portal.errors import Refused
from portal.extensions import db
from portal.models.children import ClassPost, SchoolClass
from portal.services import audit
from portal.services.people.grants import require_mine
from portal.tenancy.actor import Actor
from portal.tenancy.memberships import Membership
from portal.tenancy.permissions import Permission
from portal.tenancy.roles import Role
from portal.tenancy.units import Unit


def list_classes(unit: Unit, *, actor: Actor) -> list[SchoolClass]:
    """The live classes of a school, by grade and name."""
    actor.require(Permission.PEOPLE_GOVERN, at=unit)
    day = today()
    query = select(SchoolClass).where(
        SchoolClass.unit_id == unit.id, SchoolClass.since <= day, SchoolClass.until > day
    )
    return list(db.session.scalars(query.order_by(SchoolClass.grade, SchoolClass.name, SchoolClass.id)))


def posts_of(memberships: Iterable[Membership], *, on: date | None = None) -> list[ClassPost]:
    """The classes these memberships hold on a day (today) or later, with their classes."""
    ids = [one.id for one in memberships if one.role is Role.CLASS_TEACHER]
    if not ids:
        return []
    query = select(ClassPost).where(ClassPost.membership_id.in_(ids), ClassPost.until > (on or today()))
    return list(db.session.scalars(query.options(joinedload(ClassPost.school_class)).order_by(ClassPost.id)))


def give_classes(membership: Membership, *, actor: Actor, chosen: Collection[uuid.UUID]) -> None:
    """From today the class teacher holds exactly these classes of her school.

    Raises Refused for a grant that is no class teacher's and for a class that is not there.
    """
    require_mine(membership, actor)
    if membership.role is not Role.CLASS_TEACHER:
        raise Refused(_l("Only class teachers hold classes."))
    known = {one.public_id: one for one in list_classes(membership.unit, actor=actor)}
    if not set(chosen) <= set(known):
        raise Refused(_l("Choose classes of this school."), field="classes")
    wanted = {known[public_id].id: known[public_id] for public_id in chosen}
    held = {post.class_id: post for post in posts_of([membership])}
    day = today()
    for class_id, post in held.items():
        if class_id not in wanted:
            post.until = max(day, post.since)
    for class_id, one in wanted.items():
        if class_id not in held:
            add_class(membership, one, since=max(day, membership.valid_from))
    db.session.flush()
    audit.record(
        actor,
        "accounts:people:classes",
        at=membership.unit,
        subject=f"membership:{membership.public_id}",
        details={"classes": len(wanted)},
    )


def add_class(membership: Membership, school_class: SchoolClass, *, since: date) -> None:
    """One class into a teacher's hands."""
    post = ClassPost(
        public_id=uuid.uuid4(), membership=membership, school_class=school_class, since=since,
    )  # fmt: skip
    post.unit, post.class_id = membership.unit, school_class.id
    db.session.add(post)


def hand_on(posts: Iterable[ClassPost], *, to: dict[int, Membership], on: date) -> None:
    """Each class from the membership that held it to the one that follows it."""
    for post in posts:
        heir = to[post.membership_id]
        held = {one.class_id for one in posts_of([heir], on=on)}
        if post.class_id not in held:
            add_class(heir, post.school_class, since=max(on, post.since))
        post.until = max(on, post.since)
