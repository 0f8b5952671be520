"""Work plans: what is to be done in a term or a year, and the targets somebody answers for."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.leadership import bp
from portal.blueprints.leadership.forms import PlanForm, SettleForm, TargetForm, TaskForm
from portal.blueprints.leadership.views import step
from portal.config import today
from portal.errors import Refused
from portal.services.leadership import plans
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import TaskState
from portal.web.form_pages import Answer, form_page
from portal.web.forms import attempt, options
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.sign_in import current_actor


@bp.route("/units/<code>/leadership/plans/new", methods=["GET", "POST"])
@requires(Permission.LEADERSHIP_EDIT)
def open_plan(unit: Unit) -> Answer:
    actor, form = current_actor(), PlanForm()
    form.period.choices = options((one.code, one.label) for one in plans.periods_to_plan(today()))
    if attempt(form, lambda: plans.open_plan(unit, actor=actor, period=form.period.data or "",
                                             title=form.title.data or "", goals=form.goals.data or "")):  # fmt: skip
        flash(_("The plan is begun. Open it to write down what is to be done."), "ok")
        return redirect(url_for(".index", code=unit.code) + "#plans")
    step(unit)
    return form_page("leadership/plan_new", form, _("A work plan"), unit=unit)


@bp.get("/units/<code>/leadership/plans/<uuid:plan_id>")
@requires(Permission.LEADERSHIP_READ)
def plan(unit: Unit, plan_id: uuid.UUID) -> str:
    return _plan_page(unit, plan_id)


def _plan_page(unit: Unit, plan_id: uuid.UUID, **forms: Any) -> str:
    actor = current_actor()
    one = plans.get_plan(unit, plan_id, actor=actor)
    shown = {"item": TaskForm(), "target": _target_form(unit), **forms}
    step(unit)
    trail(one.title)
    return render_template(
        "leadership/plan.html", unit=unit, plan=one, aims=plans.list_aims(one, actor=actor), **shown
    )


def _target_form(unit: Unit) -> TargetForm:
    form = TargetForm()
    form.offer(plans.list_indicators(unit))
    return form


@bp.post("/units/<code>/leadership/plans/<uuid:plan_id>/items")
@requires(Permission.LEADERSHIP_EDIT)
def add_item(unit: Unit, plan_id: uuid.UUID) -> Answer:
    actor, form = current_actor(), TaskForm()
    one = plans.get_plan(unit, plan_id, actor=actor)
    if attempt(form, lambda: plans.add_item(one, actor=actor, what=form.what.data or "",
                                            owner=form.owner.data or "", due_on=form.due_on.data)):  # fmt: skip
        return redirect(url_for(".plan", code=unit.code, plan_id=plan_id))
    return _plan_page(unit, plan_id, item=form), 400


@bp.post("/units/<code>/leadership/plans/<uuid:plan_id>/targets")
@requires(Permission.LEADERSHIP_EDIT)
def add_target(unit: Unit, plan_id: uuid.UUID) -> Answer:
    actor, form = current_actor(), _target_form(unit)
    one = plans.get_plan(unit, plan_id, actor=actor)
    if attempt(form, lambda: plans.add_target(
        one, actor=actor, what=form.what.data or "", owner=form.owner.data or "", due_on=form.due_on.data,
        indicator=form.indicator.data or "", value=form.number)):  # fmt: skip
        return redirect(url_for(".plan", code=unit.code, plan_id=plan_id))
    return _plan_page(unit, plan_id, target=form), 400


@bp.route("/units/<code>/leadership/tasks/<uuid:task_id>", methods=["GET", "POST"])
@requires(Permission.LEADERSHIP_EDIT)
def settle_task(unit: Unit, task_id: uuid.UUID) -> Answer:
    actor = current_actor()
    one = plans.get_task(unit, task_id, actor=actor)
    form = SettleForm(state=one.state.value, result=one.result)
    here = url_for(".plan", code=unit.code, plan_id=one.plan.public_id)
    if attempt(form, lambda: plans.settle_task(
        one, actor=actor, state=TaskState(form.state.data), result=form.result.data or "")):  # fmt: skip
        return redirect(here)
    step(unit)
    trail(one.plan.title, here)
    return form_page("leadership/settle", form, _("What became of it"), unit=unit, task=one, back=here)


@bp.post("/units/<code>/leadership/plans/<uuid:plan_id>/file")
@requires(Permission.LEADERSHIP_EDIT)
def file_plan(unit: Unit, plan_id: uuid.UUID) -> Response:
    actor = current_actor()
    try:
        plans.file_plan(plans.get_plan(unit, plan_id, actor=actor), actor=actor)
        flash(_("The plan is filed."), "ok")
    except Refused as refused:
        flash(str(refused.message), "warn")
    return redirect(url_for(".plan", code=unit.code, plan_id=plan_id))
