"""Transfers: offering a child to another unit, and answering an offer."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.children import bp
from portal.blueprints.children.status_forms import AcceptForm, OfferForm, RefuseForm
from portal.config import today
from portal.jobs import board
from portal.services.children import classes, listing, transfers
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import TransferReason, UnitKind
from portal.web.form_pages import Answer
from portal.web.forms import attempt, options
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.sign_in import current_actor


@bp.route("/children/<uuid:child_id>/transfers/new", methods=["GET", "POST"])
@requires(Permission.CHILD_TRANSFER_EDIT)
def offer_transfer(child_id: uuid.UUID) -> Answer:
    actor, child = current_actor(), listing.get_child(child_id, actor=current_actor())
    form = OfferForm(on=today())
    form.to.choices = options((one.code, one.name) for one in transfers.list_receivers(actor))
    if attempt(form, lambda: transfers.offer(child, actor=actor, to=form.to.data, on=form.on.data,
                                             reason=TransferReason(form.reason.data),
                                             note=form.note.data or "")):  # fmt: skip
        flash(_("The offer is made. The child stays with you until the other side has accepted."), "ok")
        return redirect(url_for(".show", child_id=child.public_id))
    trail(child.name, url_for(".show", child_id=child.public_id))
    trail(_("Transfer"))
    page = render_template("children/offer.html", child=child, form=form)
    return (page, 400) if form.errors else page


@bp.get("/units/<code>/children/transfers")
@requires(Permission.CHILD_LIST_READ)
def list_transfers(unit: Unit) -> str:
    coming, going = transfers.list_transfers(unit, actor=current_actor())
    trail(_("Children"), url_for(".index", code=unit.code))
    trail(_("Transfers"))
    return render_template("children/transfers.html", unit=unit, coming=coming, going=going)


@bp.route("/transfers/<uuid:transfer_id>/", methods=["GET", "POST"])
@requires(Permission.CHILD_TRANSFER_EDIT)
def accept_transfer(transfer_id: uuid.UUID) -> Answer:
    actor, form = current_actor(), AcceptForm()
    found = transfers.get_transfer(transfer_id, actor=actor, receiving=True)
    rooms = classes.list_classes(found.to_unit, actor=actor) if actor.unit.kind is UnitKind.SCHOOL else []
    form.into.choices = options([("", _("no class yet")), *((str(r.public_id), r.name) for r in rooms)])
    chosen = next((room for room in rooms if str(room.public_id) == form.into.data), None)
    if attempt(form, lambda: transfers.accept(found, actor=actor, into=chosen)):
        board.post("children.transfer", actor=actor, transfer=str(found.public_id))
        return _listed(_("Accepted. The file moves now; it stands in your list in a moment."))
    trail(_("Transfers"), url_for(".list_transfers", code=actor.unit.code))
    return render_template(
        "children/accept.html", transfer=found, form=form, refuse=RefuseForm(formdata=None)
    )


@bp.post("/transfers/<uuid:transfer_id>/refuse")
@requires(Permission.CHILD_TRANSFER_EDIT)
def refuse_transfer(transfer_id: uuid.UUID) -> Answer:
    actor, form = current_actor(), RefuseForm()
    found = transfers.get_transfer(transfer_id, actor=actor, receiving=True)
    if attempt(form, lambda: transfers.refuse(found, actor=actor, why=form.why.data)):
        return _listed(_("Refused. The other side reads the reason."))
    again = AcceptForm(formdata=None)
    again.into.choices = options([("", _("no class yet"))])
    return render_template("children/accept.html", transfer=found, form=again, refuse=form), 400


@bp.post("/transfers/<uuid:transfer_id>/withdraw")
@requires(Permission.CHILD_TRANSFER_EDIT)
def withdraw_transfer(transfer_id: uuid.UUID) -> Response:
    actor = current_actor()
    transfers.withdraw(transfers.get_transfer(transfer_id, actor=actor, receiving=False), actor=actor)
    return _listed(_("The offer is withdrawn."))


def _listed(message: str) -> Response:
    flash(message, "ok")
    return redirect(url_for("children.list_transfers", code=current_actor().unit.code))
