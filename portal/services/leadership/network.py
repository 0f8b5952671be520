"""The liaison network (联络员队伍): member units of a group, who speaks for each, where nobody does (S05, S06)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.config import today
from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.leadership import LeadershipGroup, LeadershipPost, MemberUnit
from portal.services import audit
from portal.services.leadership.groups import OnADay
from portal.services.leadership.posts import require_active
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.terms import Position


@dataclass(frozen=True)
class Member:
    """A member unit on a day, with the people who speak for it."""

    unit: MemberUnit
    seats: Sequence[LeadershipPost]

    @property
    def liaisons(self) -> list[LeadershipPost]:
        return [one for one in self.seats if one.position is Position.LIAISON]

    @property
    def lacks(self) -> bool:
        """Nobody is its liaison."""
        return not self.liaisons


def list_members(listed: OnADay, *, actor: Actor) -> list[Member]:
    """The member units of a group on the day of its list, as they were entered."""
    actor.require(Permission.LEADERSHIP_READ)
    query = select(MemberUnit).where(
        MemberUnit.group_id == listed.group.id, MemberUnit.since <= listed.day, MemberUnit.until > listed.day
    )
    rows = db.session.scalars(query.order_by(MemberUnit.id))
    return [Member(row, [one for one in listed.posts if one.member_unit_id == row.id]) for row in rows]


def add_member(group: LeadershipGroup, *, actor: Actor, name: str, since: date) -> MemberUnit:
    """A member unit more. Raises Refused for one that is a member, or a bad day."""
    actor.require(Permission.LEADERSHIP_EDIT, at=group.unit)
    require_active(group)
    if not group.founded_on <= since <= today():
        raise Refused(_l("The day lies between the founding of the group and today."), field="since")
    same = select(MemberUnit.id).where(
        MemberUnit.group_id == group.id, MemberUnit.name == name, MemberUnit.until > since
    )
    if db.session.scalars(same).first():
        raise Refused(_l("This is a member unit already."), field="name")
    row = MemberUnit(public_id=uuid.uuid4(), group_id=group.id, unit=group.unit, name=name, since=since)
    db.session.add(row)
    db.session.flush()
    _record(actor, "leadership:member:join", group, row)
    return row


def end_member(group: LeadershipGroup, public_id: uuid.UUID, *, actor: Actor) -> None:
    """A member unit leaves today, and with it whoever speaks for it. Raises NotFound, Refused for a head."""
    actor.require(Permission.LEADERSHIP_EDIT, at=group.unit)
    query = select(MemberUnit).where(MemberUnit.public_id == public_id, MemberUnit.group_id == group.id)
    row = db.session.scalars(query).one_or_none()
    day = today()
    if row is None or row.until <= day:
        raise NotFound("member unit")
    held = select(LeadershipPost).where(LeadershipPost.member_unit_id == row.id, LeadershipPost.until > day)
    seats = db.session.scalars(held).all()
    if any(one.position is Position.HEAD for one in seats):
        raise Refused(_l("The head of the group comes from this unit: hand her post over first."))
    row.until = max(day, row.since)
    for one in seats:
        one.until = max(day, one.since)
    db.session.flush()
    _record(actor, "leadership:member:leave", group, row)


def _record(actor: Actor, action: str, group: LeadershipGroup, row: MemberUnit) -> None:
    audit.record(
        actor, action, at=group.unit, subject=f"leadership_group:{group.public_id}",
        details={"group": group.name, "name": row.name},
    )  # fmt: skip
