"""The restricted archive of a unit, and the rules of a county."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.children import bp
from portal.blueprints.children.keeping_forms import ArchiveForm, RulesForm
from portal.errors import Refused
from portal.jobs import board
from portal.services.children import ruling
from portal.services.children.keeping import archive
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import RevealReason
from portal.web import pager
from portal.web.confirm import fresh
from portal.web.form_pages import Answer
from portal.web.forms import attempt
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.sign_in import current_actor


@bp.get("/units/<code>/children/archive")
@requires(Permission.CHILD_ARCHIVE_READ)
def archive_of(unit: Unit) -> str:
    after = pager.decode(request.args.get("after"), 2)
    found, key = archive.list_archived(unit, actor=current_actor(), after=after)
    more = pager.encode(key) if key else None
    trail(_("Archive"))
    return render_template("children/archive.html", unit=unit, files=found,
                           next_url=url_for(".archive_of", code=unit.code, after=more) if more else None)  # fmt: skip


@bp.route("/archive/<uuid:child_id>/", methods=["GET", "POST"])
@requires(Permission.CHILD_ARCHIVE_READ)
@fresh
def open_archived(child_id: uuid.UUID) -> Answer:
    actor, form = current_actor(), ArchiveForm()
    case_no = archive.find_case(child_id, actor=actor)
    trail(_("Archive"), url_for(".archive_of", code=actor.unit.code))
    trail(case_no)
    if form.validate_on_submit():
        try:
            found = archive.open_file(child_id, actor=actor, reason=RevealReason(form.reason.data),
                                      words=form.words.data or "")  # fmt: skip
            return render_template("children/archived.html", found=found, child_id=child_id)
        except Refused as refused:
            form.refuse(refused)
    page = render_template("children/archive_open.html", case_no=case_no, form=form, child_id=child_id)
    return (page, 400) if form.errors else page


@bp.post("/archive/<uuid:child_id>/back")
@requires(Permission.CHILD_ARCHIVE_RETURN)
def bring_back(child_id: uuid.UUID) -> Response:
    actor = current_actor()
    archive.order_back(child_id, actor=actor)
    board.post("children.bring_back", actor=actor, child=str(child_id))
    flash(_("The file comes back to the list of your unit in a moment."), "ok")
    return redirect(url_for(".index", code=actor.unit.code))


@bp.route("/units/<code>/children/rules", methods=["GET", "POST"])
@requires(Permission.COUNTY_RULES_EDIT)
def rules(unit: Unit) -> Answer:
    actor = current_actor()
    held = ruling.read_rules(unit, actor=actor)
    form = RulesForm(obj=held)
    trail(_("Rules of the county"))
    if attempt(form, lambda: _decide(unit, form)):
        flash(_("The rules are kept."), "ok")
        return redirect(url_for(".rules", code=unit.code))
    page = render_template("children/rules.html", unit=unit, form=form, job=board.find_for(rules=unit.code))
    return (page, 400) if form.errors else page


def _decide(unit: Unit, form: RulesForm) -> None:
    actor = current_actor()
    anew = ruling.decide(unit, actor=actor, keep_years=form.keep_years.data, months_away=form.months_away.data,
                         across_county=form.across_county.data, limits=form.limits)  # fmt: skip
    if anew:
        board.post("children.recount", actor=actor, rules=unit.code)
