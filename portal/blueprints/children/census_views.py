"""The census: how far it is, opening it, working through a list, the three names, the frozen roster."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.children import bp
from portal.blueprints.children.census_forms import FoundForm, LineForm, OpenCensusForm, SendBackForm
from portal.config import today
from portal.errors import Refused
from portal.jobs import board
from portal.services.children import census
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import Basis, CensusState, Sex, UnitKind
from portal.web import pager
from portal.web.forms import options
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.sign_in import current_actor

Answer = str | Response | tuple[str, int]


def _asked() -> Any:
    """The census the address names, else the newest; None before the first."""
    actor, word = current_actor(), request.args.get("census", "")
    every = census.list_censuses(actor=actor)
    return next((one for one in every if str(one.public_id) == word), every[0] if every else None), every


@bp.get("/units/<code>/children/census/")
@requires(Permission.CENSUS_READ)
def census_overview(unit: Unit) -> str:
    chosen, every = _asked()
    page = census.overview_of(chosen, unit, actor=current_actor()) if chosen else None
    job = board.find_for(census_id=str(chosen.public_id)) if chosen and unit.kind is UnitKind.COUNTY else None
    trail(_("Census"))
    return render_template("children/census.html", unit=unit, chosen=chosen, every=every, page=page, job=job)


@bp.route("/units/<code>/children/census/open", methods=["GET", "POST"])
@requires(Permission.CENSUS_GOVERN)
def open_census(unit: Unit) -> Answer:
    census.require_county(unit, actor=current_actor())
    form = OpenCensusForm(as_of=today(), basis=Basis.WIDE.value)
    form.period.choices = options((one.code, one.label) for one in census.terms_near(today()))
    if form.validate_on_submit() and (made := _opened(form, unit)):
        board.post("children.census", actor=current_actor(), census_id=str(made.public_id))
        flash(_("The census is open. The lists are being made."), "ok")
        return redirect(url_for(".census_overview", code=unit.code))
    trail(_("Census"), url_for(".census_overview", code=unit.code))
    trail(_("Open a census"))
    page = render_template("children/census_open.html", unit=unit, form=form)
    return (page, 400) if form.errors else page


def _opened(form: OpenCensusForm, unit: Unit) -> Any:
    try:
        return census.open_census(
            unit, actor=current_actor(), period=form.period.data, basis=Basis(form.basis.data),
            as_of=form.as_of.data, due_on=form.due_on.data, note=form.note.data or "",
        )  # fmt: skip
    except Refused as refused:
        form.refuse(refused)
        return None


@bp.post("/units/<code>/children/census/<uuid:census_id>/close")
@requires(Permission.CENSUS_GOVERN)
def close_census(unit: Unit, census_id: uuid.UUID) -> Response:
    actor = current_actor()
    census.close_census(census.get_census(census_id, actor=actor), actor=actor)
    flash(_("The census is closed. What was signed stands; what was not counts as missing."), "ok")
    return redirect(url_for(".census_overview", code=unit.code))


def _list_page(unit: Unit, found: Any, **forms: Any) -> str:
    """A list; `line` carries what was refused of one child, `missing` a found child, `back` a sending back."""
    actor = current_actor()
    trail(_("Census"), url_for(".census_overview", code=unit.code))
    trail(_("List"))
    page = census.read_list(found, actor=actor, after=pager.decode(request.args.get("after"), 2))
    return render_template(
        "children/census_list.html", unit=unit, list=found, page=page,
        step=census.next_step(found, actor=actor), may_send_back=census.may_send_back(found, actor=actor),
        may_enter_for=census.may_enter_for(found, actor=actor),
        next_key=pager.encode(page.next_key) if page.next_key else None,
        line=forms.get("line") or LineForm(formdata=None),
        missing=forms.get("missing") or FoundForm(formdata=None),
        back=forms.get("back") or SendBackForm(formdata=None),
    )  # fmt: skip


def _to_list(unit: Unit, list_id: uuid.UUID, anchor: str = "") -> Response:
    after = request.args.get("after")
    return redirect(url_for(".census_list", code=unit.code, list_id=list_id, after=after) + anchor)


@bp.get("/units/<code>/children/census/lists/<uuid:list_id>/")
@requires(Permission.CHILD_LIST_READ)
def census_list(unit: Unit, list_id: uuid.UUID) -> str:
    return _list_page(unit, census.get_list(unit, list_id, actor=current_actor()))


@bp.post("/units/<code>/children/census/lists/<uuid:list_id>/mark")
@requires(Permission.CHILD_LIST_READ)
def mark_line(unit: Unit, list_id: uuid.UUID) -> Answer:
    found, form = census.get_list(unit, list_id, actor=current_actor()), LineForm()
    verdict, reason = form.said()
    if form.validate_on_submit() and verdict is not None:
        try:
            census.mark(found, _id(form.child.data), actor=current_actor(), verdict=verdict, reason=reason,
                        note=form.note.data or "")  # fmt: skip
            return _to_list(unit, list_id, f"#c{form.child.data}")
        except Refused as refused:
            form.refuse(refused)
    return _list_page(unit, found, line=form), 400


def _id(word: str | None) -> uuid.UUID:
    """The id a hidden field carries; what is none finds nothing."""
    try:
        return uuid.UUID(word or "")
    except ValueError:
        return uuid.UUID(int=0)


@bp.post("/units/<code>/children/census/lists/<uuid:list_id>/rest")
@requires(Permission.CHILD_LIST_READ)
def confirm_rest(unit: Unit, list_id: uuid.UUID) -> Response:
    found = census.get_list(unit, list_id, actor=current_actor())
    seen = [_id(word) for word in request.form.getlist("seen")]
    done = census.confirm_rest(found, seen, actor=current_actor())
    flash(_("%(n)s children confirmed as unchanged.", n=done), "ok")
    return _to_list(unit, list_id)


@bp.post("/units/<code>/children/census/lists/<uuid:list_id>/found")
@requires(Permission.CHILD_LIST_READ)
def note_found(unit: Unit, list_id: uuid.UUID) -> Answer:
    found, form = census.get_list(unit, list_id, actor=current_actor()), FoundForm()
    if form.validate_on_submit():
        try:
            census.note_found(found, actor=current_actor(), name=form.name.data, sex=Sex(form.sex.data),
                              birth_date=form.birth_date.data, note=form.note.data or "")  # fmt: skip
            return _to_list(unit, list_id, "#missing")
        except Refused as refused:
            form.refuse(refused)
    return _list_page(unit, found, missing=form), 400


@bp.post("/units/<code>/children/census/lists/<uuid:list_id>/found/<uuid:key>/strike")
@requires(Permission.CHILD_LIST_READ)
def strike_found(unit: Unit, list_id: uuid.UUID, key: uuid.UUID) -> Response:
    actor = current_actor()
    census.withdraw_found(census.get_list(unit, list_id, actor=actor), str(key), actor=actor)
    return _to_list(unit, list_id, "#missing")


@bp.post("/units/<code>/children/census/lists/<uuid:list_id>/fill")
@requires(Permission.CHILD_LIST_READ)
def fill_list(unit: Unit, list_id: uuid.UUID) -> Response:
    """The first name, of who worked the list through."""
    return _signed(unit, list_id, CensusState.FILLED)


@bp.post("/units/<code>/children/census/lists/<uuid:list_id>/sign")
@requires(Permission.CENSUS_SIGN)
def sign_list(unit: Unit, list_id: uuid.UUID) -> Response:
    """The second and third name."""
    return _signed(unit, list_id, _step())


@bp.post("/units/<code>/children/census/lists/<uuid:list_id>/sign_for")
@requires(Permission.CENSUS_GOVERN)
def sign_for_village(unit: Unit, list_id: uuid.UUID) -> Response:
    """The same by the township, for a village that has nobody else."""
    return _signed(unit, list_id, _step())


def _step() -> CensusState:
    word = request.form.get("step", "")
    return CensusState(word) if word in set(CensusState) else CensusState.TO_DO


def _signed(unit: Unit, list_id: uuid.UUID, step: CensusState) -> Response:
    census.sign(census.get_list(unit, list_id, actor=current_actor()), actor=current_actor(), step=step)
    flash(_("Your name stands under the list."), "ok")
    return _to_list(unit, list_id)


@bp.post("/units/<code>/children/census/lists/<uuid:list_id>/back")
@requires(Permission.CHILD_LIST_READ)
def send_list_back(unit: Unit, list_id: uuid.UUID) -> Answer:
    found, form = census.get_list(unit, list_id, actor=current_actor()), SendBackForm()
    if form.validate_on_submit():
        try:
            census.send_back(found, actor=current_actor(), reason=form.reason.data or "")
            flash(_("The list is open again; its names have fallen away."), "ok")
            return _to_list(unit, list_id)
        except Refused as refused:
            form.refuse(refused)
    return _list_page(unit, found, back=form), 400


@bp.post("/units/<code>/children/census/lists/<uuid:list_id>/for")
@requires(Permission.CENSUS_GOVERN)
def enter_for(unit: Unit, list_id: uuid.UUID) -> Response:
    census.enter_for(census.get_list(unit, list_id, actor=current_actor()), actor=current_actor())
    flash(_("You enter for this village now; the list says so on every print."), "ok")
    return _to_list(unit, list_id)


@bp.get("/units/<code>/children/census/lists/<uuid:list_id>/roster")
@requires(Permission.CHILD_LIST_READ)
def frozen_roster(unit: Unit, list_id: uuid.UUID) -> str:
    page = census.read_roster(unit, list_id, actor=current_actor())
    trail(_("Census"), url_for(".census_overview", code=unit.code))
    trail(_("Roster"))
    return render_template("children/census_roster.html", unit=unit, page=page)
