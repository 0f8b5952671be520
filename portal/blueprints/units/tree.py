"""Views of the tree: opening, renaming, moving, merging, splitting, closing and reopening a unit."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.units import bp
from portal.blueprints.units.forms import ActForm, OpenForm, RenameForm, SplitForm, TargetForm
from portal.config import today
from portal.errors import Refused
from portal.services import units
from portal.services.units import blockers, changes, choices, rules
from portal.services.units.county import BELOW
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import ChangeState, SchoolKind, UnitKind
from portal.web.filters import day
from portal.web.form_pages import Answer, form_page
from portal.web.forms import PortalForm, options, term_options
from portal.web.guards import requires
from portal.web.sign_in import current_actor


def _done(form: PortalForm, act: Callable[[], Any], at: Unit) -> Response | None:
    """Do the act and go to the unit's page; None if it was refused, with the reasons at the fields."""
    try:
        change = act()
    except Refused as refused:
        form.refuse(refused)
        return None
    if change.state is ChangeState.PLANNED:
        flash(_("Planned: it takes effect on %(day)s by itself.", day=day(change.effective_on)), "ok")
    else:
        flash(_("Done. The tree has changed; reports of past months stay as they were."), "ok")
    return redirect(url_for("units.show", code=at.code))


@bp.route("/units/<code>/tree/open", methods=["GET", "POST"])
@requires(Permission.UNIT_TREE_GOVERN)
def open_below(unit: Unit) -> Answer:
    actor = current_actor()
    changes.require_below(unit, actor=actor)
    form = OpenForm(on=today(), kind=BELOW[unit.kind][0].value)
    form.kind.choices = term_options(BELOW[unit.kind])
    if form.validate_on_submit() and (done := _done(form, lambda: changes.open_below(
        unit, actor=actor, kind=UnitKind(form.kind.data), name=form.name.data or "", code=form.code.data or "",
        school_kind=SchoolKind(form.school_kind.data) if form.school_kind.data else None,
        on=form.on.data, paper=form.paper.data or ""), unit)):  # fmt: skip
        return done
    return form_page("units/open", form, _("Open a unit below %(unit)s", unit=unit.name), unit=unit)


@bp.route("/units/<code>/tree/rename", methods=["GET", "POST"])
@requires(Permission.UNIT_TREE_GOVERN)
def rename(unit: Unit) -> Answer:
    actor, form = current_actor(), RenameForm(on=today(), name=unit.name, code=unit.code)
    rules.require_above(actor, unit)
    if form.validate_on_submit() and (done := _done(form, lambda: changes.rename(
        unit, actor=actor, name=form.name.data or "", code=form.code.data or "", on=form.on.data,
        paper=form.paper.data or ""), unit)):  # fmt: skip
        return done
    return form_page("units/rename", form, _("Rename %(unit)s", unit=unit.name), unit=unit)


@bp.route("/units/<code>/tree/move", methods=["GET", "POST"])
@requires(Permission.UNIT_TREE_GOVERN)
def move(unit: Unit) -> Answer:
    actor, form = current_actor(), TargetForm(on=today())
    places = choices.list_places(unit, actor=actor)
    form.to.choices = options([("", _("choose")), *((one.code, one.name) for one in places)])
    if form.validate_on_submit() and (done := _done(form, lambda: changes.move(
        unit, actor=actor, to=units.get_unit(actor, form.to.data), on=form.on.data,
        paper=form.paper.data or ""), unit)):  # fmt: skip
        return done
    return form_page("units/move", form, _("Move %(unit)s to another township", unit=unit.name), unit=unit)


@bp.route("/units/<code>/tree/merge", methods=["GET", "POST"])
@requires(Permission.UNIT_TREE_GOVERN)
def merge(unit: Unit) -> Answer:
    actor, form, preview = current_actor(), TargetForm(on=today()), None
    targets = choices.list_targets(unit, actor=actor)
    named = ((one.code, f"{one.name}（{above}）" if above else one.name) for one, above in targets)
    form.to.choices = options([("", _("choose")), *named])
    if form.validate_on_submit():
        into = units.get_unit(actor, form.to.data)
        if request.form.get("step") == "confirm" and (done := _merged(form, unit, into)):
            return done
        preview = _preview(form, unit, into)
    title = _("Merge %(unit)s into another unit", unit=unit.name)
    return form_page("units/merge", form, title, unit=unit, preview=preview, into=preview and into)


def _merged(form: TargetForm, unit: Unit, into: Unit) -> Response | None:
    return _done(form, lambda: changes.merge(
        unit, actor=current_actor(), into=into, on=form.on.data, paper=form.paper.data or ""), into)  # fmt: skip


def _preview(form: TargetForm, unit: Unit, into: Unit) -> blockers.Preview | None:
    if form.errors:
        return None
    try:
        return changes.preview_merge(unit, actor=current_actor(), into=into, on=form.on.data)
    except Refused as refused:
        form.refuse(refused)
        return None


@bp.route("/units/<code>/tree/split", methods=["GET", "POST"])
@requires(Permission.UNIT_TREE_GOVERN)
def split(unit: Unit) -> Answer:
    actor, form = current_actor(), SplitForm(on=today())
    parts = choices.list_parts(unit, actor=actor)
    form.pick.choices = options((one.value, one.name) for one in (*parts.groups, *parts.children))
    if form.validate_on_submit() and (done := _done(form, lambda: changes.split(
        unit, actor=actor, name=form.name.data or "", code=form.code.data or "", pick=form.pick.data or [],
        on=form.on.data, paper=form.paper.data or ""), unit)):  # fmt: skip
        return done
    return form_page("units/split", form, _("Split %(unit)s", unit=unit.name), unit=unit, parts=parts)


@bp.route("/units/<code>/tree/close", methods=["GET", "POST"])
@requires(Permission.UNIT_TREE_GOVERN)
def close(unit: Unit) -> Answer:
    actor, form = current_actor(), ActForm(on=today())
    rules.require_above(actor, unit)
    if form.validate_on_submit() and (done := _done(form, lambda: changes.close(
        unit, actor=actor, on=form.on.data, paper=form.paper.data or ""), unit)):  # fmt: skip
        return done
    hanging = blockers.list_blockers(unit, form.on.data or today())
    return form_page(
        "units/close", form, _("Close %(unit)s down", unit=unit.name), unit=unit, blockers=hanging
    )


@bp.route("/units/<code>/tree/reopen", methods=["GET", "POST"])
@requires(Permission.UNIT_TREE_GOVERN)
def reopen(unit: Unit) -> Answer:
    actor, form = current_actor(), ActForm(on=today())
    rules.require_above(actor, unit)
    if form.validate_on_submit() and (done := _done(form, lambda: changes.reopen(
        unit, actor=actor, on=form.on.data, paper=form.paper.data or ""), unit)):  # fmt: skip
        return done
    return form_page("units/reopen", form, _("Reopen %(unit)s", unit=unit.name), unit=unit)


@bp.post("/units/<code>/tree/changes/<uuid:change_id>/<any(undo, cancel):verb>")
@requires(Permission.UNIT_TREE_GOVERN)
def take_back(unit: Unit, change_id: uuid.UUID, verb: str) -> Response:
    actor = current_actor()
    change = changes.get_change(unit, change_id, actor=actor)
    try:
        changes.undo(change, actor=actor) if verb == "undo" else changes.cancel(change, actor=actor)
        flash(_("Taken back: everything is as it was before.") if verb == "undo"
              else _("Cancelled: nothing changes on that day."), "ok")  # fmt: skip
    except Refused as refused:
        flash(str(refused.message), "warn")
    return redirect(url_for("units.show", code=unit.code))
