"""Priority children: the review of one child, her plans, and the list of a unit."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.children import bp
from portal.blueprints.children.care_forms import CloseForm, PlanForm, PutOffForm, ReviewForm, StepForm
from portal.blueprints.children.care_views import paper, to_care
from portal.config import today
from portal.services.children import listing, plans, priority
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import PlanKind, PlanOutcome, PriorityLevel, PriorityReason
from portal.web import pager
from portal.web.form_pages import Answer
from portal.web.forms import attempt
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.sign_in import current_actor


def _child(child_id: uuid.UUID) -> Any:
    return listing.get_child(child_id, actor=current_actor())


@bp.route("/children/<uuid:child_id>/priority", methods=["GET", "POST"])
@requires(Permission.CHILD_PRIORITY_EDIT)
def review(child_id: uuid.UUID) -> Answer:
    actor, child = current_actor(), _child(child_id)
    reading = priority.read_priority(child, actor=actor)
    form = ReviewForm(**_as_proposed(reading))
    if attempt(form, lambda: priority.review(child, actor=actor, **_decision(form))):
        return to_care(child, _("The review is written down."), "#priority")
    return paper("review", child, form, _("Review"), reading=reading)


def _as_proposed(reading: priority.Reading) -> dict[str, Any]:
    """What the form begins with: the reasons of the facts and of the last review, the level of the rule."""
    held = set(reading.review.reasons) if reading.review else set()
    days = priority.REVIEW_AFTER.get(reading.by_rule)
    return {
        "reasons": [one.value for one in PriorityReason if one in held | reading.reasons],
        "level": reading.by_rule.value,
        "review_on": today() + timedelta(days=days) if days else None,
    }


def _decision(form: ReviewForm) -> dict[str, Any]:
    return {
        "reasons": [PriorityReason(value) for value in form.reasons.data],
        "level": PriorityLevel(form.level.data),
        "note": form.note.data or "",
        "review_on": form.review_on.data,
    }


@bp.get("/units/<code>/children/priority")
@requires(Permission.CHILD_CARE_READ)
def priority_of(unit: Unit) -> str:
    after = pager.decode(request.args.get("after"), 2)
    found, key = priority.list_priority(unit, actor=current_actor(), after=after)
    more = pager.encode(key) if key else None
    trail(_("Children"), url_for(".index", code=unit.code))
    trail(_("Priority children"))
    return render_template("children/priority.html", unit=unit, reviews=found,
                           next_url=url_for(".priority_of", code=unit.code, after=more) if more else None)  # fmt: skip


@bp.route("/children/<uuid:child_id>/plans/new", methods=["GET", "POST"])
@requires(Permission.CHILD_PRIORITY_EDIT)
def open_plan(child_id: uuid.UUID) -> Answer:
    actor, child = current_actor(), _child(child_id)
    form = PlanForm(review_on=today() + plans.REVIEW_WITHIN)
    if attempt(form, lambda: plans.open_plan(child, actor=actor, kind=PlanKind(form.kind.data),
                                             goals=form.goals.data, first_step=form.first_step.data,
                                             review_on=form.review_on.data)):  # fmt: skip
        return to_care(child, _("The plan is open. You are its owner."), "#plans")
    return paper("plan_new", child, form, _("A plan for this child"))


@bp.get("/children/<uuid:child_id>/plans/<uuid:plan_id>/")
@requires(Permission.CHILD_CARE_READ)
def plan(child_id: uuid.UUID, plan_id: uuid.UUID) -> Answer:
    return _plan(child_id, plan_id)


def _plan(child_id: uuid.UUID, plan_id: uuid.UUID, **forms: Any) -> Answer:
    """The plan with its forms; those not sent are empty."""
    child = _child(child_id)
    found = plans.get_plan(child, plan_id, actor=current_actor())
    kept = {
        "step": forms.get("step") or StepForm(formdata=None),
        "later": forms.get("later") or PutOffForm(formdata=None, review_on=today() + plans.REVIEW_WITHIN),
        "close": forms.get("close") or CloseForm(formdata=None),
    }
    sent = next(iter(forms.values()), kept["step"])
    return paper("plan", child, sent, _("Plan"), plan=found, **kept)


def _done(child: Any, plan_id: uuid.UUID, message: str) -> Response:
    response = to_care(child, message)
    response.location = url_for("children.plan", child_id=child.public_id, plan_id=plan_id)
    return response


@bp.post("/children/<uuid:child_id>/plans/<uuid:plan_id>/steps")
@requires(Permission.CHILD_PRIORITY_EDIT)
def add_step(child_id: uuid.UUID, plan_id: uuid.UUID) -> Answer:
    actor, child, form = current_actor(), _child(child_id), StepForm()
    found = plans.get_plan(child, plan_id, actor=actor)
    if attempt(form, lambda: plans.add_step(child, found, actor=actor, words=form.words.data,
                                            due_on=form.due_on.data)):  # fmt: skip
        return _done(child, plan_id, _("The step stands in the plan."))
    return _plan(child_id, plan_id, step=form)


@bp.post("/children/<uuid:child_id>/plans/<uuid:plan_id>/steps/<uuid:step_id>/done")
@requires(Permission.CHILD_PRIORITY_EDIT)
def finish_step(child_id: uuid.UUID, plan_id: uuid.UUID, step_id: uuid.UUID) -> Answer:
    actor, child = current_actor(), _child(child_id)
    plans.finish_step(child, plans.get_plan(child, plan_id, actor=actor), step_id, actor=actor)
    return _done(child, plan_id, _("The step is done."))


@bp.post("/children/<uuid:child_id>/plans/<uuid:plan_id>/review")
@requires(Permission.CHILD_PRIORITY_EDIT)
def put_off_plan(child_id: uuid.UUID, plan_id: uuid.UUID) -> Answer:
    actor, child, form = current_actor(), _child(child_id), PutOffForm()
    found = plans.get_plan(child, plan_id, actor=actor)
    if attempt(form, lambda: plans.put_off(child, found, actor=actor, review_on=form.review_on.data)):
        return _done(child, plan_id, _("The plan goes on."))
    return _plan(child_id, plan_id, later=form)


@bp.post("/children/<uuid:child_id>/plans/<uuid:plan_id>/close")
@requires(Permission.CHILD_PRIORITY_EDIT)
def close_plan(child_id: uuid.UUID, plan_id: uuid.UUID) -> Answer:
    actor, child, form = current_actor(), _child(child_id), CloseForm()
    found = plans.get_plan(child, plan_id, actor=actor)
    if attempt(form, lambda: plans.close_plan(child, found, actor=actor, outcome=PlanOutcome(form.outcome.data),
                                              note=form.note.data or "")):  # fmt: skip
        return _done(child, plan_id, _("The plan is closed."))
    return _plan(child_id, plan_id, close=form)
