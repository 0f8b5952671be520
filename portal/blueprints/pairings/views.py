"""Views of the pairings room."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.pairings import bp
from portal.blueprints.pairings.forms import EndForm, PairForm
from portal.config import today
from portal.errors import Refused
from portal.services import pairings
from portal.services.children import listing
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import PairingEnd, PairingKind, Side
from portal.web import pager
from portal.web.forms import options
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.searching import sought
from portal.web.sign_in import current_actor


@bp.get("/units/<code>/pairings/")
@requires(Permission.PAIRING_READ)
def index(unit: Unit) -> str:
    asked = request.args.get("side")
    side = listing.side_of(unit, Side(asked) if asked in set(Side) else None)
    after = pager.decode(request.args.get("after"), 2)
    found, key = pairings.list_pairings(unit, actor=current_actor(), side=side, after=after)
    more = pager.encode(key) if key else None
    trail(_("Pairings"))
    return render_template("pairings/index.html", unit=unit, side=side, pairings=found,
                           next_url=url_for(".index", code=unit.code, side=side.value, after=more)
                           if more else None)  # fmt: skip


@bp.route("/units/<code>/pairings/new/<uuid:child_id>", methods=["GET", "POST"])
@requires(Permission.PAIRING_EDIT)
def new(unit: Unit, child_id: uuid.UUID) -> str | Response:
    actor = current_actor()
    child = listing.get_child(child_id, actor=actor)
    search = sought()
    helpers = pairings.list_helpers(unit, actor=actor, search=search)
    form = PairForm(starts_on=today())
    form.helper.choices = options((str(one.public_id), one.person.name) for one in helpers)
    if form.validate_on_submit() and _paired(form, child, unit):
        flash(_("%(name)s is paired. The volunteer sees the short card from now on.", name=child.name), "ok")
        return redirect(url_for("children.show", child_id=child.public_id))
    trail(child.name, url_for("children.show", child_id=child.public_id))
    trail(_("Pair"))
    return render_template("pairings/new.html", unit=unit, child=child, form=form, helpers=helpers,
                           search=search, agreed=pairings.family_agrees(child, actor=actor))  # fmt: skip


def _paired(form: PairForm, child: Any, unit: Unit) -> bool:
    try:
        pairings.pair(
            child,
            actor=current_actor(),
            unit=unit,
            helper=uuid.UUID(form.helper.data),
            kind=PairingKind(form.kind.data),
            starts_on=form.starts_on.data,
            note=form.note.data or "",
        )
    except Refused as refused:
        form.refuse(refused)
        return False
    return True


@bp.route("/pairings/<uuid:pairing_id>/end", methods=["GET", "POST"])
@requires(Permission.PAIRING_EDIT)
def end(pairing_id: uuid.UUID) -> str | Response:
    actor = current_actor()
    pairing = pairings.get_pairing(pairing_id, actor=actor)
    form = EndForm()
    if form.validate_on_submit():
        reason = PairingEnd(form.reason.data)
        pairings.end_pairing(pairing, actor=actor, reason=reason, note=form.note.data or "")
        flash(_("The pairing has ended. The volunteer no longer sees the child."), "ok")
        return redirect(url_for("children.show", child_id=pairing.child.public_id))
    trail(pairing.child.name, url_for("children.show", child_id=pairing.child.public_id))
    trail(_("End the pairing"))
    return render_template("pairings/end.html", pairing=pairing, form=form)
