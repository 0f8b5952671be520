"""Views of the pairings room: pairings that wait for the second person's yes."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.pairings import bp
from portal.blueprints.pairings.forms import RefuseForm
from portal.errors import Refused
from portal.services.pairings import agreeing
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.web.form_pages import Answer, form_page
from portal.web.forms import attempt
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.sign_in import current_actor


@bp.get("/units/<code>/pairings/proposals")
@requires(Permission.PAIRING_READ)
def proposals(unit: Unit) -> str:
    found = agreeing.list_proposals(unit, actor=current_actor())
    trail(_("Pairings"), url_for(".index", code=unit.code))
    trail(_("Waiting for the second yes"))
    return render_template("pairings/proposals.html", unit=unit, proposals=found)


@bp.get("/pairings/proposals/<uuid:proposal_id>")
@requires(Permission.PAIRING_READ)
def proposal(proposal_id: uuid.UUID) -> Answer:
    return _proposal_page(agreeing.get_proposal(proposal_id, actor=current_actor()), RefuseForm())


def _proposal_page(one: Any, form: RefuseForm) -> Answer:
    trail(_("Pairings"), url_for(".index", code=one.stat_unit.code))
    trail(_("Waiting for the second yes"), url_for(".proposals", code=one.stat_unit.code))
    proposer = agreeing.proposer_of(one)
    mine = proposer is not None and proposer.id == current_actor().user_id
    return form_page("pairings/proposal", form, one.child.name, unit=one.stat_unit, proposal=one,
                     proposer=proposer, mine=mine)  # fmt: skip


def _answered(one: Any, message: str) -> Response:
    flash(message, "ok")
    return redirect(url_for(".proposals", code=current_actor().unit.code))


@bp.post("/pairings/proposals/<uuid:proposal_id>/agree")
@requires(Permission.PAIRING_GOVERN)
def agree(proposal_id: uuid.UUID) -> Response:
    actor = current_actor()
    one = agreeing.get_proposal(proposal_id, actor=actor)
    try:
        agreeing.agree(one, actor=actor)
    except Refused as refused:
        flash(str(refused.message), "warn")
        return redirect(url_for(".proposal", proposal_id=proposal_id))
    return _answered(one, _("Agreed. %(helper)s sees the child’s short card from the first day on.",
                            helper=one.helper.name))  # fmt: skip


@bp.post("/pairings/proposals/<uuid:proposal_id>/refuse")
@requires(Permission.PAIRING_GOVERN)
def refuse(proposal_id: uuid.UUID) -> Answer:
    form, one = RefuseForm(), agreeing.get_proposal(proposal_id, actor=current_actor())
    if attempt(form, lambda: agreeing.refuse(one, actor=current_actor(), reason=form.reason.data or "")):
        return _answered(one, _("Not agreed; whoever proposed it reads why."))
    return _proposal_page(one, form)


@bp.post("/pairings/proposals/<uuid:proposal_id>/withdraw")
@requires(Permission.PAIRING_EDIT)
def withdraw(proposal_id: uuid.UUID) -> Response:
    one = agreeing.get_proposal(proposal_id, actor=current_actor())
    try:
        agreeing.withdraw(one, actor=current_actor())
    except Refused as refused:
        flash(str(refused.message), "warn")
        return redirect(url_for(".proposal", proposal_id=proposal_id))
    return _answered(one, _("The proposal is withdrawn."))
