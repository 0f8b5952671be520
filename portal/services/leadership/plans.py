"""Work plans (工作计划): what a unit means to do in a term or a year, month by month, and its targets."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.config import today
from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.leadership import WorkPlan, WorkPlanItem, WorkTarget
from portal.services import audit
from portal.services.adding import add_once
from portal.services.leadership.meetings import settle
from portal.services.reports import periods
from portal.services.reports.indicators import INDICATORS, Indicator
from portal.services.reports.rollup import roll_up
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import Basis, TaskState

Part = TypeVar("Part", WorkPlanItem, WorkTarget)


@dataclass(frozen=True)
class Aim:
    """A target with where it stands: `actual` is the indicator's value now, None where none counts it."""

    target: WorkTarget
    indicator: Indicator | None
    actual: float | int | None

    @property
    def is_met(self) -> bool | None:
        if self.actual is None or self.target.value is None:
            return None
        return self.actual >= self.target.value


def periods_to_plan(day: date) -> list[periods.Period]:
    """What a plan may be for today: this term, the one to come, school years and years around them."""
    term = periods.term_of(day)
    after = periods.term_of(date.fromordinal(term.end.toordinal() + 1))
    school_years = dict.fromkeys(one.code.rpartition("-")[0] for one in (term, after))
    codes = [term.code, after.code, *school_years, str(day.year), str(day.year + 1)]
    return [periods.parse(code) for code in codes]


def list_plans(unit: Unit, *, actor: Actor) -> list[WorkPlan]:
    """The plans of a unit, newest period first, with their items."""
    actor.require(Permission.LEADERSHIP_READ, at=unit)
    query = select(WorkPlan).where(WorkPlan.unit_id == unit.id).options(selectinload(WorkPlan.items))
    found = list(db.session.scalars(query))
    return sorted(found, key=lambda one: (periods.parse(one.period).start, one.id), reverse=True)


def get_plan(unit: Unit, public_id: uuid.UUID, *, actor: Actor) -> WorkPlan:
    """A plan of the unit. Raises NotFound."""
    actor.require(Permission.LEADERSHIP_READ, at=unit)
    query = select(WorkPlan).where(WorkPlan.public_id == public_id, WorkPlan.unit_id == unit.id)
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("work plan")
    return found


def open_plan(unit: Unit, *, actor: Actor, period: str, title: str, goals: str = "") -> WorkPlan:
    """A plan for a period. Raises Refused for a second one."""
    actor.require(Permission.LEADERSHIP_EDIT, at=unit)
    if period not in {one.code for one in periods_to_plan(today())}:
        raise Refused(_l("Choose the period."), field="period")
    plan = WorkPlan(public_id=uuid.uuid4(), unit=unit, period=period, title=title, goals=goals)
    add_once(plan, Refused(_l("The unit has a plan for this period already."), field="period"))
    _record(actor, "leadership:plan:open", plan)
    return plan


def add_item(plan: WorkPlan, *, actor: Actor, what: str, owner: str, due_on: date) -> WorkPlanItem:
    """What is to be done, and until when. Raises Refused for a day outside the plan's period."""
    actor.require(Permission.LEADERSHIP_EDIT, at=plan.unit)
    _check_due(plan, due_on)
    row = WorkPlanItem(public_id=uuid.uuid4(), unit=plan.unit, what=what, owner=owner, due_on=due_on)
    plan.items.append(row)
    db.session.flush()
    _record(actor, "leadership:plan:add_item", plan)
    return row


def add_target(
    plan: WorkPlan,
    *,
    actor: Actor,
    what: str,
    owner: str,
    due_on: date,
    indicator: str = "",
    value: float | None = None,
) -> WorkTarget:
    """A target and who answers for it. Raises Refused for an indicator without a value, and a bad day."""
    actor.require(Permission.LEADERSHIP_EDIT, at=plan.unit)
    _check_due(plan, due_on)
    if indicator and indicator not in INDICATORS:
        raise Refused(_l("Choose an indicator from the list."), field="indicator")
    if indicator and value is None:
        raise Refused(_l("Write the value that is to be reached."), field="value")
    row = WorkTarget(
        public_id=uuid.uuid4(), unit=plan.unit, what=what or str(INDICATORS[indicator].name), owner=owner,
        due_on=due_on, indicator=indicator, value=value,
    )  # fmt: skip
    plan.targets.append(row)
    db.session.flush()
    _record(actor, "leadership:plan:add_target", plan)
    return row


def get_task(unit: Unit, public_id: uuid.UUID, *, actor: Actor) -> WorkPlanItem | WorkTarget:
    """An item or a target of a plan of the unit. Raises NotFound."""
    actor.require(Permission.LEADERSHIP_READ, at=unit)
    found = _find_task(unit, public_id, WorkPlanItem) or _find_task(unit, public_id, WorkTarget)
    if found is None:
        raise NotFound("item of a plan")
    return found


def settle_task(task: WorkPlanItem | WorkTarget, *, actor: Actor, state: TaskState, result: str) -> None:
    """An item or a target is done, dropped, or open again. Raises Refused without a word of what came of it."""
    actor.require(Permission.LEADERSHIP_EDIT, at=task.unit)
    settle(task, state=state, result=result)
    db.session.flush()
    _record(actor, "leadership:plan:settle", task.plan, state=state.value)


def _find_task(unit: Unit, public_id: uuid.UUID, cls: type[Part]) -> Part | None:
    query = select(cls).where(cls.public_id == public_id, cls.unit_id == unit.id)
    return db.session.scalars(query.options(joinedload(cls.plan))).one_or_none()


def file_plan(plan: WorkPlan, *, actor: Actor) -> None:
    """The plan is settled. Raises Refused for one without any item."""
    actor.require(Permission.LEADERSHIP_EDIT, at=plan.unit)
    if not plan.items:
        raise Refused(_l("A plan without any item says nothing: add what is to be done."))
    if plan.filed_on is None:
        plan.filed_on = today()
        db.session.flush()
        _record(actor, "leadership:plan:file", plan)


def list_indicators(unit: Unit) -> list[tuple[str, str]]:
    """The indicators that may count a target of such a unit: code and name with its measure."""
    fitting = (one for one in INDICATORS.values() if unit.kind in one.levels)
    return [(one.code, f"{one.name}（{one.measure}）") for one in fitting]


def list_aims(plan: WorkPlan, *, actor: Actor) -> Sequence[Aim]:
    """The targets with the figures as they stand, on the wide basis. Asks for figures only where it must."""
    actor.require(Permission.LEADERSHIP_READ, at=plan.unit)
    counted: dict[str, dict[str, Any]] = {}
    if any(one.indicator for one in plan.targets):
        period = periods.parse(plan.period)
        counted = roll_up(plan.unit, actor=actor, period=period, basis=Basis.WIDE).total.indicators
    return [
        Aim(one, INDICATORS.get(one.indicator), counted.get(one.indicator, {}).get("value"))
        for one in plan.targets
    ]


def _check_due(plan: WorkPlan, due_on: date) -> None:
    period = periods.parse(plan.period)
    if not period.start <= due_on <= period.end:
        raise Refused(_l("The day lies outside the period of the plan."), field="due_on")


def _record(actor: Actor, action: str, plan: WorkPlan, **details: str) -> None:
    subject = f"work_plan:{plan.public_id}"
    audit.record(actor, action, at=plan.unit, subject=subject, details={"period": plan.period, **details})
