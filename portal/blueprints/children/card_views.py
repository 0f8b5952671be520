"""Contact card of one child, on screen and on paper, and the cards of a unit that wait to be confirmed."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.children import bp
from portal.blueprints.children.care_views import paper
from portal.blueprints.children.keeping_forms import CardConfirmForm
from portal.config import today
from portal.services.children import listing
from portal.services.children.keeping import cards
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import CardForm, Witness
from portal.web import pager
from portal.web.answers import pdf_answer
from portal.web.form_pages import Answer
from portal.web.forms import attempt
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.pictures import qr
from portal.web.sign_in import current_actor


@bp.get("/children/<uuid:child_id>/card/")
@requires(Permission.CHILD_CARE_READ)
def contact_card(child_id: uuid.UUID) -> str:
    actor = current_actor()
    child = listing.get_child(child_id, actor=actor)
    trail(child.name, url_for(".show", child_id=child.public_id))
    trail(_("Contact card"))
    shown, versions = cards.read_card(child, actor=actor), cards.list_versions(child, actor=actor)
    return render_template("children/contact_card.html", child=child, card=shown, versions=versions)


@bp.route("/children/<uuid:child_id>/card/confirm", methods=["GET", "POST"])
@requires(Permission.CHILD_CARD_EDIT)
def confirm_card(child_id: uuid.UUID) -> Answer:
    actor, form = current_actor(), CardConfirmForm(on=today())
    child = listing.get_child(child_id, actor=actor)
    shown = cards.read_card(child, actor=actor)
    if attempt(form, lambda: cards.confirm(child, actor=actor, on=form.on.data,
                                           confirmed_with=Witness(form.confirmed_with.data))):  # fmt: skip
        flash(_("The card is confirmed for this term. Print it and give it to the family."), "ok")
        return redirect(url_for(".contact_card", child_id=child.public_id))
    return paper("card_confirm", child, form, _("Confirm the contact card"), card=shown)


@bp.get("/children/<uuid:child_id>/card/<any(full,short):form>-<any(a6,a4):size>.pdf")
@requires(Permission.CHILD_CARE_READ)
def print_card(child_id: uuid.UUID, form: str, size: str) -> Response:
    actor = current_actor()
    child = listing.get_child(child_id, actor=actor)
    shown = cards.read_card(child, actor=actor, form=CardForm(form))
    page = render_template("children/card_paper.html", card=shown, size=size, code=qr(child.case_no))
    return pdf_answer(page, "-".join((_("Contact card"), child.case_no, size)))


@bp.get("/units/<code>/children/cards")
@requires(Permission.CHILD_CARE_READ)
def cards_of(unit: Unit) -> str:
    after = pager.decode(request.args.get("after"), 2)
    found, key = cards.list_open(unit, actor=current_actor(), after=after)
    more = pager.encode(key) if key else None
    trail(_("Children"), url_for(".index", code=unit.code))
    trail(_("Contact cards"))
    return render_template("children/cards.html", unit=unit, children=found,
                           next_url=url_for(".cards_of", code=unit.code, after=more) if more else None)  # fmt: skip
