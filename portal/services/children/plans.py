"""A plan for one child (个别教育管理方案): goals, steps, owner, review days, outcome. Its words are sealed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import joinedload, selectinload, undefer

from portal.config import today
from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.children import CarePlan, Child, PlanStep
from portal.services import audit
from portal.services.children.owning import own
from portal.services.children.wording import refuse_labels
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import PlanKind, PlanOutcome

REVIEW_WITHIN = timedelta(days=30)
"""A plan is looked at every thirty days while it is open (duty DTY-39)."""


def list_plans(child: Child, *, actor: Actor) -> Sequence[CarePlan]:
    """The plans of a child with their steps, open ones first."""
    actor.require(Permission.CHILD_CARE_READ)
    query = (
        select(CarePlan)
        .where(CarePlan.child_id == child.id)
        .options(
            undefer(CarePlan.goals_sealed),
            undefer(CarePlan.outcome_note_sealed),
            joinedload(CarePlan.owner),
            selectinload(CarePlan.steps).options(undefer(PlanStep.words_sealed), joinedload(PlanStep.owner)),
        )
        .order_by(CarePlan.closed_on.is_not(None), CarePlan.id.desc())
    )
    return db.session.scalars(query).all()


def get_plan(child: Child, plan_id: uuid.UUID, *, actor: Actor) -> CarePlan:
    """A plan of the child. Raises NotFound."""
    for plan in list_plans(child, actor=actor):
        if plan.public_id == plan_id:
            return plan
    raise NotFound("plan")


def open_plan(
    child: Child, *, actor: Actor, kind: PlanKind, goals: str, first_step: str, review_on: date | None
) -> CarePlan:
    """Open a plan for a child of one's own unit; who opens it is its owner.

    Raises Refused for a label in place of a description, and for a review day beyond thirty days.
    """
    actor.require(Permission.CHILD_PRIORITY_EDIT)
    own(child, actor)
    refuse_labels(goals=goals, first_step=first_step)
    _in_time(review_on)
    plan = CarePlan(child=child, kind=kind, owner_id=actor.person_id,
                    opened_on=today(), review_on=review_on)  # fmt: skip
    db.session.add(plan)
    plan.goals = goals
    db.session.flush()
    _add(child, plan, first_step, actor.person_id, review_on)
    audit.record(actor, "children:plan:open", child=child, subject=f"plan:{plan.public_id}")
    return plan


def add_step(child: Child, plan: CarePlan, *, actor: Actor, words: str, due_on: date | None) -> PlanStep:
    """One more step of an open plan. Raises Refused once it is closed."""
    _may_write(child, plan, actor)
    refuse_labels(words=words)
    if due_on is not None and due_on < plan.opened_on:
        raise Refused(_l("The day lies before the plan began."), field="due_on")
    step = _add(child, plan, words, actor.person_id, due_on)
    audit.record(actor, "children:plan:step", child=child, subject=f"plan:{plan.public_id}")
    return step


def finish_step(child: Child, plan: CarePlan, step_id: uuid.UUID, *, actor: Actor) -> None:
    """Mark a step as done today. Raises NotFound for a step that is not open."""
    _may_write(child, plan, actor)
    step = next((one for one in plan.steps if one.public_id == step_id and one.done_on is None), None)
    if step is None:
        raise NotFound("step")
    step.done_on = today()
    db.session.flush()
    audit.record(actor, "children:plan:done", child=child, subject=f"plan:{plan.public_id}")


def put_off(child: Child, plan: CarePlan, *, actor: Actor, review_on: date | None) -> None:
    """The plan was looked at today and goes on until the next review. Raises Refused."""
    _may_write(child, plan, actor)
    _in_time(review_on)
    assert review_on is not None
    plan.review_on = review_on
    db.session.flush()
    audit.record(actor, "children:plan:review", child=child, subject=f"plan:{plan.public_id}")


def close_plan(child: Child, plan: CarePlan, *, actor: Actor, outcome: PlanOutcome, note: str) -> None:
    """Close a plan with what came of it. Raises Refused for a label in place of a description."""
    _may_write(child, plan, actor)
    refuse_labels(note=note)
    plan.closed_on, plan.outcome, plan.outcome_note = today(), outcome, note
    db.session.flush()
    audit.record(actor, "children:plan:close", child=child, subject=f"plan:{plan.public_id}",
                 details={"outcome": outcome})  # fmt: skip


def due(unit: Unit, *, actor: Actor) -> ScalarSelect[int]:
    """Open plans of a unit's children whose review is due."""
    actor.require(Permission.CHILD_CARE_READ, at=unit)
    here = (CarePlan.v_unit_id == unit.id) | (CarePlan.s_unit_id == unit.id)
    query = select(func.count()).select_from(CarePlan).where(
        here, CarePlan.closed_on.is_(None), CarePlan.review_on <= today()
    )  # fmt: skip
    return query.scalar_subquery()


def _may_write(child: Child, plan: CarePlan, actor: Actor) -> None:
    actor.require(Permission.CHILD_PRIORITY_EDIT)
    own(child, actor)
    if plan.closed_on is not None:
        raise Refused(_l("This plan is closed. Open a new one."))


def _in_time(day: date | None) -> None:
    if day is None or not today() < day <= today() + REVIEW_WITHIN:
        raise Refused(_l("Choose a day within thirty days on which the plan is looked at again."),
                      field="review_on")  # fmt: skip


def _add(child: Child, plan: CarePlan, words: str, owner_id: int, due_on: date | None) -> PlanStep:
    step = PlanStep(child=child, plan_id=plan.id, owner_id=owner_id, due_on=due_on)
    db.session.add(step)
    step.words = words
    db.session.flush()
    db.session.expire(plan, ["steps"])
    return step
