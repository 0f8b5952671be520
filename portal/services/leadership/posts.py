"""Posts in a group: who sits where, handing a post over, leaving it, mending a slip of the pen."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.config import today
from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.accounts import Person
from portal.models.leadership import LeadershipGroup, LeadershipPost, MemberUnit
from portal.services import audit
from portal.tenancy.actor import Actor
from portal.tenancy.columns import FOREVER
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import DutyArea, Position

AHEAD = timedelta(days=60)
"""A change of posts may be written down so long before it comes."""


@dataclass(frozen=True)
class Seat:
    """Who takes a post, as typed."""

    name: str
    title: str = ""
    phone: str = ""
    member_unit: uuid.UUID | None = None
    duty_areas: tuple[DutyArea, ...] = field(default=())


def require_active(group: LeadershipGroup) -> None:
    """Raises Refused for a group that has ended: its history stays."""
    if group.until <= today():
        raise Refused(_l("This group has ended; its list stays as it was."))


def sort_key(post: LeadershipPost) -> tuple[int, int]:
    """The order of a printed list: by post, then as they were entered."""
    return list(Position).index(post.position), post.id


def list_known(unit: Unit, *, actor: Actor) -> list[Person]:
    """People of the unit's own records, whose names may be typed without more."""
    actor.require(Permission.LEADERSHIP_EDIT, at=unit)
    query = select(Person).where(Person.unit_id == unit.id).order_by(Person.name_key, Person.id)
    return list(db.session.scalars(query.limit(200)))


def get_post(unit: Unit, public_id: uuid.UUID, *, actor: Actor) -> LeadershipPost:
    """A post in a group of the unit. Raises NotFound."""
    actor.require(Permission.LEADERSHIP_READ, at=unit)
    query = select(LeadershipPost).where(
        LeadershipPost.public_id == public_id, LeadershipPost.unit_id == unit.id
    )
    found = db.session.scalars(query.options(joinedload(LeadershipPost.group))).one_or_none()
    if found is None:
        raise NotFound("leadership post")
    return found


def add_post(
    group: LeadershipGroup, *, actor: Actor, position: Position, who: Seat, since: date
) -> LeadershipPost:
    """Somebody more in the group. Raises Refused for a second head, a bad day, somebody who sits there."""
    actor.require(Permission.LEADERSHIP_EDIT, at=group.unit)
    _check_day(group, since, "since")
    if position is Position.HEAD and _head_after(group, since):
        raise Refused(_l("The group has a head: hand her post over instead."), field="position")
    post = seat(group, who, position=position, since=since)
    db.session.flush()
    _record(actor, "leadership:post:take", post)
    return post


def hand_over(post: LeadershipPost, *, actor: Actor, to: Seat, on: date) -> LeadershipPost:
    """Somebody else holds the post from `on`; the old list stays true for its days. Raises Refused."""
    actor.require(Permission.LEADERSHIP_EDIT, at=post.group.unit)
    _check_held(post, on)
    if to.name == post.name and to.title == post.title:
        raise Refused(_l("This is who holds the post now."), field="name")
    post.until = on
    db.session.flush()
    heir = seat(post.group, to, position=post.position, since=on, left=post)
    db.session.flush()
    _record(actor, "leadership:post:hand_over", heir)
    return heir


def leave(post: LeadershipPost, *, actor: Actor, on: date) -> None:
    """Nobody follows. Raises Refused for the head, whose post is never empty."""
    actor.require(Permission.LEADERSHIP_EDIT, at=post.group.unit)
    _check_held(post, on)
    if post.position is Position.HEAD:
        raise Refused(_l("A group is never without a head: write down who follows."), field="act")
    post.until = on
    db.session.flush()
    _record(actor, "leadership:post:leave", post)


def correct(post: LeadershipPost, *, actor: Actor, who: Seat) -> None:
    """Mend what was typed wrongly: the same person, the same days."""
    actor.require(Permission.LEADERSHIP_EDIT, at=post.group.unit)
    require_active(post.group)
    _fill(post, post.group, who)
    db.session.flush()
    _record(actor, "leadership:post:correct", post)


def seat(
    group: LeadershipGroup,
    who: Seat,
    *,
    position: Position,
    since: date,
    left: LeadershipPost | None = None,
) -> LeadershipPost:
    """The row of a post that begins; the caller has asked whether it may. Raises Refused."""
    post = LeadershipPost(
        public_id=uuid.uuid4(),
        group_id=group.id,
        unit=group.unit,
        position=position,
        since=since,
        until=FOREVER,
    )
    post.group = group
    _fill(post, group, who)
    same = select(LeadershipPost.id).where(
        LeadershipPost.group_id == group.id, LeadershipPost.name == post.name,
        LeadershipPost.position == position, LeadershipPost.title == post.title, LeadershipPost.until > since,
    )  # fmt: skip
    with db.session.no_autoflush:
        if db.session.scalars(same.where(LeadershipPost.id != (left.id if left else 0))).first():
            raise Refused(_l("She holds this post in the group already."), field="name")
    db.session.add(post)
    return post


def _fill(post: LeadershipPost, group: LeadershipGroup, who: Seat) -> None:
    """What was typed; the person's own record lends phone and title where nothing was."""
    if len(who.name) < 2:
        raise Refused(_l("Write the person's full name."), field="name")
    with db.session.no_autoflush:
        person = _known(group.unit, who.name)
        post.member_unit = _member_unit(group, who.member_unit)
    post.name, post.person = who.name, person
    post.title = who.title or (person.post if person else "")
    post.phone = who.phone or (person.phone if person else "")
    post.duty_areas = who.duty_areas


def _known(unit: Unit, name: str) -> Person | None:
    """The one person of the unit who is called so; None where there are several or none."""
    query = select(Person).where(Person.unit_id == unit.id, Person.name == name).limit(2)
    found: Sequence[Person] = db.session.scalars(query).all()
    return found[0] if len(found) == 1 else None


def _member_unit(group: LeadershipGroup, public_id: uuid.UUID | None) -> MemberUnit | None:
    if public_id is None:
        return None
    query = select(MemberUnit).where(MemberUnit.public_id == public_id, MemberUnit.group_id == group.id)
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise Refused(_l("Choose a member unit of this group."), field="member_unit")
    return found


def _head_after(group: LeadershipGroup, since: date) -> bool:
    query = select(LeadershipPost.id).where(
        LeadershipPost.group_id == group.id,
        LeadershipPost.position == Position.HEAD,
        LeadershipPost.until > since,
    )
    return db.session.scalars(query).first() is not None


def _check_day(group: LeadershipGroup, day: date, name: str) -> None:
    require_active(group)
    if not group.founded_on <= day <= today() + AHEAD:
        raise Refused(
            _l("The day lies between the founding of the group and two months from now."), field=name
        )


def _check_held(post: LeadershipPost, on: date) -> None:
    _check_day(post.group, on, "on")
    if post.until != FOREVER:
        raise Refused(_l("This post has been left already."))
    if on <= post.since:
        raise Refused(_l("The change comes after the day on which the post was taken."), field="on")


def _record(actor: Actor, action: str, post: LeadershipPost) -> None:
    audit.record(
        actor, action, at=post.group.unit, subject=f"leadership_post:{post.public_id}",
        details={"group": post.group.name, "position": post.position.value},
    )  # fmt: skip
