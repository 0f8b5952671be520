"""Views of the registers room."""

from __future__ import annotations

import uuid

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.registers import bp
from portal.blueprints.registers.forms import RosterForm
from portal.config import today
from portal.errors import Refused
from portal.jobs import board
from portal.services.registers import batches, refusals
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import RefusalReason
from portal.web.answers import file_answer
from portal.web.forms import clean
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.sign_in import current_actor

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/units/<code>/registers/")
@requires(Permission.ROSTER_IMPORT)
def index(unit: Unit) -> str:
    trail(_("Roster in"))
    found = batches.list_batches(unit, actor=current_actor())
    form = RosterForm(as_of=today())
    return render_template("registers/index.html", unit=unit, form=form, batches=found)


@bp.post("/units/<code>/registers/")
@requires(Permission.ROSTER_IMPORT)
def receive(unit: Unit) -> Response | tuple[str, int]:
    actor, form = current_actor(), RosterForm()
    trail(_("Roster in"))
    if form.validate_on_submit():
        try:
            upload = form.file.data
            batch = batches.receive(actor=actor, unit=unit, file_name=clean(upload.filename) or "",
                                    data=upload.read(), as_of=form.as_of.data)  # fmt: skip
            board.post("registers.read", actor=actor, batch=str(batch.public_id))
            return redirect(url_for(".show", batch_id=batch.public_id))
        except Refused as refused:
            form.refuse(refused)
    found = batches.list_batches(unit, actor=actor)
    return render_template("registers/index.html", unit=unit, form=form, batches=found), 400


@bp.get("/registers/<uuid:batch_id>/")
@requires(Permission.ROSTER_IMPORT)
def show(batch_id: uuid.UUID) -> str:
    batch = batches.get_batch(batch_id, actor=current_actor())
    trail(_("Roster in"), url_for(".index", code=batch.unit.code))
    trail(batch.file_name)
    job = board.find_for(batch=str(batch.public_id))
    shown = batches.preview_of(batch)
    reasons = {reason.value: reason.label for reason in RefusalReason}
    return render_template("registers/show.html", batch=batch, job=job, shown=shown, reasons=reasons,
                           refusal=_refusal(batch.refused_code))  # fmt: skip


def _refusal(code: str) -> str:
    """Why a whole workbook was refused, and what to do."""
    official = _("The roster lacks compulsory columns: use the official form.")
    return str(refusals.SENTENCES.get(code, official))


@bp.post("/registers/<uuid:batch_id>/confirm")
@requires(Permission.ROSTER_IMPORT)
def confirm(batch_id: uuid.UUID) -> Response:
    actor = current_actor()
    batch = batches.get_batch(batch_id, actor=actor)
    batches.confirm(batch, actor=actor)
    board.post("registers.commit", actor=actor, batch=str(batch.public_id))
    return redirect(url_for(".show", batch_id=batch.public_id))


@bp.get("/registers/<uuid:batch_id>/refused.xlsx")
@requires(Permission.ROSTER_IMPORT)
def refused(batch_id: uuid.UUID) -> Response:
    actor = current_actor()
    batch = batches.get_batch(batch_id, actor=actor)
    return file_answer(batches.refused_rows(batch, actor=actor), XLSX, _("rows to correct") + ".xlsx")


@bp.get("/units/<code>/registers/blank.xlsx")
@requires(Permission.ROSTER_IMPORT)
def blank(unit: Unit) -> Response:
    return file_answer(batches.blank_form(unit, actor=current_actor()), XLSX, _("blank roster") + ".xlsx")
