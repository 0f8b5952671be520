"""Alarms: a child under sixteen without an effective guardian or living alone (未成年人保护法 art. 21).

An alarm is raised by the facts and closed by the facts. Nobody can dismiss it: what is done about it is
written beside it, and until something is done, or once the day set for looking again has come, it waits.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, ScalarSelect, exists, func, select
from sqlalchemy.orm import aliased, selectinload

from portal.config import today
from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.children import Alarm, AlarmStep, Child, Guardianship
from portal.services import audit
from portal.services.children.owning import keeper_of_household, own
from portal.services.children.standing import sixteenth_birthday
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import AlarmAct, AlarmKind, GuardianKind, ParentRole

PAGE = 50
ADULT = 18
LATEST = timedelta(days=31)
"""How far off the day of looking again may lie."""


def due_kinds(child: Child, day: date) -> frozenset[AlarmKind]:
    """Which alarms the facts of a day call for."""
    if child.exited_on is not None or day >= sixteenth_birthday(child.birth_date):
        return frozenset()
    found = set()
    if _uncared(child, day):
        found.add(AlarmKind.NO_GUARDIAN)
    if child.lives_alone:
        found.add(AlarmKind.LIVES_ALONE)
    return frozenset(found)


def _uncared(child: Child, day: date) -> bool:
    """Whether the record says that nobody cares: nobody, a brother or sister under age, or nobody any more
    while both parents are away. A file on which nobody was ever written down is incomplete, no alarm."""
    held = [one for one in child.guardianships if one.since <= day < one.until]
    if held:
        return any(one.kind is GuardianKind.NONE or _under_age(one, day) for one in held)
    gone = {one.role for one in child.absences if one.since <= day < one.until}
    gone |= {one.role for one in child.parents if one.incapable}
    return bool(child.guardianships) and gone == set(ParentRole)


def _under_age(carer: Guardianship, day: date) -> bool:
    born = carer.birth_year
    return carer.kind is GuardianKind.SIBLING and born is not None and day.year - born < ADULT


def refresh(child: Child) -> None:
    """Raise and close the alarms of a child as the facts of today say. The caller flushes."""
    day = today()
    wanted = set(due_kinds(child, day))
    for alarm in child.alarms:
        if alarm.closed_on is not None:
            continue
        if alarm.kind in wanted:
            wanted.remove(alarm.kind)
        else:
            alarm.closed_on = max(day, alarm.raised_on)
    for kind in sorted(wanted):
        child.alarms.append(Alarm(kind=kind, raised_on=day, stat_unit=keeper_of_household(child)))


def unanswered(day: date) -> ColumnElement[bool]:
    """Alarms that wait for somebody: nothing was done yet, or the day of looking again has come."""
    last, later = aliased(AlarmStep), aliased(AlarmStep)
    quiet = exists().where(
        last.alarm_id == Alarm.id,
        last.due_on > day,
        ~exists().where(later.alarm_id == last.alarm_id, later.id > last.id),
    )
    return Alarm.closed_on.is_(None) & ~quiet


def waiting(unit: Unit, *, actor: Actor) -> ScalarSelect[int]:
    """How many alarms of the children in sight of `unit` wait for an act."""
    actor.require(Permission.CHILD_CARE_READ, at=unit)
    query = select(func.count()).select_from(Alarm).where(_at(unit), unanswered(today()))
    return query.scalar_subquery()


def list_open(
    unit: Unit, *, actor: Actor, after: int = 0, limit: int = PAGE
) -> tuple[Sequence[Alarm], int | None]:
    """The open alarms of a unit's children, oldest first, with their acts; and the key of the next page."""
    actor.require(Permission.CHILD_CARE_READ, at=unit)
    rows = db.session.scalars(
        select(Alarm)
        .where(_at(unit), Alarm.closed_on.is_(None), Alarm.id > after)
        .options(selectinload(Alarm.child), selectinload(Alarm.steps).joinedload(AlarmStep.person))
        .order_by(Alarm.id)
        .limit(limit + 1)
    ).all()
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def _at(unit: Unit) -> ColumnElement[bool]:
    """The children of a village or school, on whichever side they hang; of a township those of its villages."""
    if unit.id == unit.township_id:
        return (Alarm.v_town_id == unit.id) | (Alarm.s_town_id == unit.id)
    return (Alarm.v_unit_id == unit.id) | (Alarm.s_unit_id == unit.id)


def get_alarm(child: Child, alarm_id: uuid.UUID) -> Alarm:
    """An open alarm of the child. Raises NotFound."""
    for alarm in child.alarms:
        if alarm.public_id == alarm_id and alarm.closed_on is None:
            return alarm
    raise NotFound("alarm")


def act(
    child: Child, alarm: Alarm, *, actor: Actor, act: AlarmAct, note: str, due_on: date | None
) -> AlarmStep:
    """Write down what was done about an alarm of a child of one's own unit.

    Raises Refused unless the day of looking again lies within the next month.
    """
    actor.require(Permission.CHILD_ALARM_ACT)
    own(child, actor)
    day = today()
    if due_on is None or not day < due_on <= day + LATEST:
        raise Refused(_l("Choose a day within the next month on which somebody looks again."), field="due_on")
    step = AlarmStep(child=child, alarm_id=alarm.id, act=act, note=note, due_on=due_on,
                     person_id=actor.person_id)  # fmt: skip
    db.session.add(step)
    db.session.flush()
    db.session.expire(alarm, ["steps"])
    audit.record(actor, "children:alarm:act", child=child, subject=f"alarm:{alarm.public_id}",
                 details={"kind": alarm.kind, "act": act})  # fmt: skip
    return step
