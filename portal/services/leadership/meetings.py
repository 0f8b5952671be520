"""Meetings of a group: minutes, what was decided, who sees to it until when, and what came of it."""

from __future__ import annotations

import uuid
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.config import today
from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.leadership import GroupDecision, GroupMeeting, LeadershipGroup, Task
from portal.services import audit
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import TaskState

SHOWN = 20


def list_meetings(unit: Unit, *, actor: Actor, group: LeadershipGroup | None = None) -> list[GroupMeeting]:
    """The newest meetings of a unit's groups (or one of them), with their decisions."""
    actor.require(Permission.LEADERSHIP_READ, at=unit)
    query = select(GroupMeeting).where(GroupMeeting.unit_id == unit.id)
    if group is not None:
        query = query.where(GroupMeeting.group_id == group.id)
    query = query.options(joinedload(GroupMeeting.group), selectinload(GroupMeeting.decisions))
    newest = query.order_by(GroupMeeting.held_on.desc(), GroupMeeting.id.desc())
    return list(db.session.scalars(newest.limit(SHOWN)))


def list_open_decisions(unit: Unit, *, actor: Actor) -> list[GroupDecision]:
    """What a unit's groups have decided and nobody has done yet, by the day it is due."""
    actor.require(Permission.LEADERSHIP_READ, at=unit)
    query = select(GroupDecision).where(
        GroupDecision.unit_id == unit.id, GroupDecision.state == TaskState.OPEN
    )
    return list(db.session.scalars(
        query.options(joinedload(GroupDecision.meeting)).order_by(GroupDecision.due_on, GroupDecision.id)
    ))  # fmt: skip


def get_meeting(unit: Unit, public_id: uuid.UUID, *, actor: Actor) -> GroupMeeting:
    """A meeting of a group of the unit. Raises NotFound."""
    actor.require(Permission.LEADERSHIP_READ, at=unit)
    query = select(GroupMeeting).where(GroupMeeting.public_id == public_id, GroupMeeting.unit_id == unit.id)
    found = db.session.scalars(query.options(joinedload(GroupMeeting.group))).one_or_none()
    if found is None:
        raise NotFound("meeting")
    return found


def record_meeting(
    group: LeadershipGroup,
    *,
    actor: Actor,
    held_on: date,
    topic: str,
    place: str = "",
    chair: str = "",
    present: int | None = None,
    minutes: str = "",
) -> GroupMeeting:
    """Write a meeting down. Raises Refused for a day outside the group's time or ahead."""
    actor.require(Permission.LEADERSHIP_EDIT, at=group.unit)
    if not group.founded_on <= held_on <= today() or held_on >= group.until:
        raise Refused(_l("The day lies in the time of the group, today at the latest."), field="held_on")
    meeting = GroupMeeting(
        public_id=uuid.uuid4(), group_id=group.id, unit=group.unit, held_on=held_on, topic=topic, place=place,
        chair=chair, present=present, minutes=minutes, person_id=actor.person_id,
    )  # fmt: skip
    meeting.group = group
    db.session.add(meeting)
    db.session.flush()
    _record(actor, "leadership:meeting:write", meeting)
    return meeting


def add_decision(
    meeting: GroupMeeting, *, actor: Actor, what: str, owner: str, due_on: date
) -> GroupDecision:
    """What the meeting decided. Raises Refused for a day before the meeting."""
    actor.require(Permission.LEADERSHIP_EDIT, at=meeting.unit)
    if due_on < meeting.held_on:
        raise Refused(_l("It is due after the meeting, not before."), field="due_on")
    row = GroupDecision(public_id=uuid.uuid4(), unit=meeting.unit, what=what, owner=owner, due_on=due_on)
    meeting.decisions.append(row)
    db.session.flush()
    _record(actor, "leadership:decision:take", meeting)
    return row


def get_decision(unit: Unit, public_id: uuid.UUID, *, actor: Actor) -> GroupDecision:
    """A decision of a group of the unit, with its meeting. Raises NotFound."""
    actor.require(Permission.LEADERSHIP_READ, at=unit)
    query = select(GroupDecision).where(
        GroupDecision.public_id == public_id, GroupDecision.unit_id == unit.id
    )
    found = db.session.scalars(query.options(joinedload(GroupDecision.meeting))).one_or_none()
    if found is None:
        raise NotFound("decision")
    return found


def settle_decision(decision: GroupDecision, *, actor: Actor, state: TaskState, result: str) -> None:
    """A decision is done, dropped, or open again. Raises Refused without a word of what came of it."""
    actor.require(Permission.LEADERSHIP_EDIT, at=decision.unit)
    settle(decision, state=state, result=result)
    db.session.flush()
    _record(actor, "leadership:decision:settle", decision.meeting, state=state.value)


def settle(task: Task, *, state: TaskState, result: str) -> None:
    """Say how far a task has come; what was done or dropped says what came of it."""
    if state is not TaskState.OPEN and not result:
        raise Refused(_l("Write in a few words what came of it."), field="result")
    task.state, task.result = state, result
    task.settled_on = None if state is TaskState.OPEN else today()


def _record(actor: Actor, action: str, meeting: GroupMeeting, **details: str) -> None:
    subject = f"group_meeting:{meeting.public_id}"
    told = {"held_on": meeting.held_on.isoformat(), **details}
    audit.record(actor, action, at=meeting.unit, subject=subject, details=told)
