"""Leadership groups: founding one, its list on any day, closing it."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.config import today
from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.leadership import LeadershipGroup, LeadershipPost, MemberUnit
from portal.services import audit
from portal.services.adding import add_once
from portal.services.leadership.posts import Seat, require_active, seat, sort_key
from portal.tenancy.actor import Actor
from portal.tenancy.columns import FOREVER
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import GroupEnd, GroupKind, Position

_BRACKETS = str.maketrans("【】[]()", "〔〕〔〕〔〕")
_DOCUMENT = re.compile(r"\S{1,24}〔(?:19|20)\d{2}〕\d{1,5}号")


@dataclass(frozen=True)
class OnADay:
    """A group as its list stood on a day."""

    group: LeadershipGroup
    day: date
    posts: Sequence[LeadershipPost]
    changed_on: Sequence[date]
    """The days on which the list changed, newest first; the founding is the last."""

    @property
    def head(self) -> LeadershipPost | None:
        return next((one for one in self.posts if one.position is Position.HEAD), None)


def document_number(typed: str) -> str:
    """A 发文字号 as it is printed: 清妇儿工委〔2025〕3号. Any bracket may be typed; empty stays empty.

    Raises Refused at the field `document_no`.
    """
    text = "".join(unicodedata.normalize("NFKC", typed or "").split()).translate(_BRACKETS)
    if text and not _DOCUMENT.fullmatch(text):
        raise Refused(_l("Write the document number like 清妇儿工委〔2025〕3号."), field="document_no")
    return text


def list_groups(unit: Unit, *, actor: Actor) -> list[OnADay]:
    """The groups of a unit today, the leadership group first, each with its list."""
    actor.require(Permission.LEADERSHIP_READ, at=unit)
    day = today()
    query = select(LeadershipGroup).where(
        LeadershipGroup.unit_id == unit.id, LeadershipGroup.founded_on <= day, LeadershipGroup.until > day
    )
    groups = sorted(db.session.scalars(query), key=lambda one: list(GroupKind).index(one.kind))
    posts = _posts_of([one.id for one in groups])
    return [_on_a_day(one, posts.get(one.id, []), day) for one in groups]


def list_former(unit: Unit, *, actor: Actor) -> list[LeadershipGroup]:
    """The groups of a unit that have ended, newest first."""
    actor.require(Permission.LEADERSHIP_READ, at=unit)
    query = select(LeadershipGroup).where(
        LeadershipGroup.unit_id == unit.id, LeadershipGroup.until <= today()
    )
    return list(db.session.scalars(query.order_by(LeadershipGroup.until.desc(), LeadershipGroup.id)))


def get_group(unit: Unit, public_id: uuid.UUID, *, actor: Actor) -> LeadershipGroup:
    """A group of the unit. Raises NotFound."""
    actor.require(Permission.LEADERSHIP_READ, at=unit)
    query = select(LeadershipGroup).where(
        LeadershipGroup.public_id == public_id, LeadershipGroup.unit_id == unit.id
    )
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("leadership group")
    return found


def on_a_day(group: LeadershipGroup, *, actor: Actor, day: date | None = None) -> OnADay:
    """The list as it stood on a day (default today, within the group's own time)."""
    actor.require(Permission.LEADERSHIP_READ)
    last = max(group.founded_on, min(today(), date.fromordinal(group.until.toordinal() - 1)))
    return _on_a_day(group, _posts_of([group.id]).get(group.id, []), day or last)


def found_group(
    unit: Unit,
    *,
    actor: Actor,
    kind: GroupKind,
    name: str,
    founded_on: date,
    head: Seat,
    document_no: str = "",
) -> LeadershipGroup:
    """Found a group with its head. Raises Refused for a second one of its kind, a day ahead, a bad number."""
    actor.require(Permission.LEADERSHIP_EDIT, at=unit)
    number = document_number(document_no)
    if founded_on > today():
        raise Refused(_l("This day has not come yet."), field="founded_on")
    group = LeadershipGroup(
        public_id=uuid.uuid4(), unit=unit, kind=kind, name=name, document_no=number, founded_on=founded_on
    )
    held = _l("The unit has such a group already. Close it first, or change its members.")
    add_once(group, Refused(held, field="kind"))
    seat(group, head, position=Position.HEAD, since=founded_on)
    db.session.flush()
    _record(actor, "leadership:group:found", unit, group, {"kind": kind.value})
    return group


def end_group(group: LeadershipGroup, *, actor: Actor, on: date, reason: GroupEnd) -> None:
    """Close a group; `on` is its last day, and that of everybody in it. Raises Refused for a bad day."""
    actor.require(Permission.LEADERSHIP_EDIT, at=group.unit)
    require_active(group)
    if not group.founded_on <= on <= today():
        raise Refused(_l("The last day lies between the founding and today."), field="on")
    group.until = date.fromordinal(on.toordinal() + 1)
    group.end_reason = reason
    _leave_with(group, LeadershipPost)
    _leave_with(group, MemberUnit)
    db.session.flush()
    _record(actor, "leadership:group:end", group.unit, group, {"reason": reason.value})


def _leave_with(group: LeadershipGroup, cls: Any) -> None:
    for row in db.session.scalars(select(cls).where(cls.group_id == group.id, cls.until > group.until)):
        row.until = max(group.until, row.since)


def _posts_of(group_ids: Sequence[int]) -> dict[int, list[LeadershipPost]]:
    query = select(LeadershipPost).where(LeadershipPost.group_id.in_(group_ids))
    found: dict[int, list[LeadershipPost]] = {}
    for post in db.session.scalars(query.options(joinedload(LeadershipPost.member_unit))):
        found.setdefault(post.group_id, []).append(post)
    return found


def _on_a_day(group: LeadershipGroup, posts: Sequence[LeadershipPost], day: date) -> OnADay:
    held = sorted((one for one in posts if one.is_held_on(day)), key=sort_key)
    ends = {one.until for one in posts if one.until not in (FOREVER, group.until)}
    changed = {group.founded_on, *(one.since for one in posts), *ends}
    return OnADay(group, day, held, sorted(changed, reverse=True))


def _record(actor: Actor, action: str, unit: Unit, group: LeadershipGroup, details: dict[str, str]) -> None:
    audit.record(
        actor, action, at=unit, subject=f"leadership_group:{group.public_id}",
        details={"name": group.name, **details},
    )  # fmt: skip
