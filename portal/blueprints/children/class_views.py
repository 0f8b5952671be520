"""Classes of a school with their enrolment, and moving them up in September."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from portal.blueprints.children import bp
from portal.blueprints.children.status_forms import ClassChangeForm, ClassForm, PromotionForm, promotion_form
from portal.config import today
from portal.errors import NotFound
from portal.jobs import board
from portal.services.children import classes, handover, promotion
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import UnitKind
from portal.web.form_pages import Answer
from portal.web.forms import attempt
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.sign_in import current_actor


def _of_a_school(unit: Unit) -> Unit:
    if unit.kind is not UnitKind.SCHOOL:
        raise NotFound("classes")
    return unit


def _here(unit: Unit) -> None:
    trail(_("Children"), url_for("children.index", code=unit.code))
    trail(_("Classes"), url_for("children.list_classes", code=unit.code))


@bp.route("/units/<code>/children/classes", methods=["GET", "POST"])
@requires(Permission.CHILD_CLASS_EDIT)
def list_classes(unit: Unit) -> Answer:
    actor, form = current_actor(), ClassForm(on=today())
    if attempt(form, lambda: classes.open_class(_of_a_school(unit), actor=actor, grade=form.grade.data,
                                                name=form.name.data, pupils=form.pupils.data,
                                                since=form.on.data)):  # fmt: skip
        flash(_("The class stands in the list."), "ok")
        return redirect(url_for(".list_classes", code=unit.code))
    _here(_of_a_school(unit))
    page = render_template("children/classes.html", unit=unit, form=form,
                           classes=classes.list_classes(unit, actor=actor),
                           counted=classes.children_in(unit))  # fmt: skip
    return (page, 400) if form.errors else page


@bp.route("/units/<code>/children/classes/<uuid:class_id>", methods=["GET", "POST"])
@requires(Permission.CHILD_CLASS_EDIT)
def change_class(unit: Unit, class_id: uuid.UUID) -> Answer:
    actor, room = current_actor(), classes.get_class(unit, class_id, actor=current_actor())
    form = ClassChangeForm(name=room.name, pupils=room.pupils, on=today())
    if attempt(form, lambda: classes.change_class(room, actor=actor, name=form.name.data,
                                                  pupils=form.pupils.data, on=form.on.data)):  # fmt: skip
        flash(_("The class is changed. The enrolment of the days before stays."), "ok")
        return redirect(url_for(".list_classes", code=unit.code))
    _here(unit)
    trail(room.name)
    page = render_template("children/class.html", unit=unit, room=room, form=form)
    return (page, 400) if form.errors else page


@bp.route("/units/<code>/children/promotion", methods=["GET", "POST"])
@requires(Permission.CHILD_CLASS_EDIT)
def promote(unit: Unit) -> Answer:
    actor, day = current_actor(), promotion.next_september(today())
    plan = promotion.preview(_of_a_school(unit), actor=actor, on=day)
    going_on = [(one.school_class.public_id, one.name) for one in plan.steps if not one.graduates]
    form = promotion_form(going_on, handover.list_teachers(unit, actor=actor), day)
    if attempt(form, lambda: promotion.ask(unit, actor=actor, on=form.on.data, heirs=form.heirs)):
        heirs = {str(room): str(grant) for room, grant in form.heirs.items()}
        board.post(promotion.JOB, actor=actor, on=form.on.data.isoformat(), heirs=heirs)
        flash(_("The classes are moving up. It takes a moment; the list shows the new ones."), "ok")
        return redirect(url_for(".list_classes", code=unit.code))
    return _preview(unit, form, plan)


def _preview(unit: Unit, form: PromotionForm, plan: promotion.Preview) -> Answer:
    _here(unit)
    trail(_("Moving up"))
    page = render_template("children/promotion.html", unit=unit, form=form, plan=plan)
    return (page, 400) if form.errors else page
