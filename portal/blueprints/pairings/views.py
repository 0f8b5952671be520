"""Views of the pairings room: choosing a helper, one pairing, its plan, hand-over and end."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.pairings import bp
from portal.blueprints.pairings.forms import (
    EndForm,
    HandOverForm,
    PairForm,
    PlanForm,
    ReviewForm,
    chosen_helper,
    offer,
)
from portal.config import today
from portal.errors import Refused
from portal.services import visits
from portal.services.children import listing
from portal.services.pairings import arranging, choosing, ending, following, reading
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import PairingEnd, PairingKind, PairingReason
from portal.web.form_pages import Answer, form_page
from portal.web.forms import attempt
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.searching import chosen, sought
from portal.web.sign_in import current_actor


@bp.route("/units/<code>/pairings/new/<uuid:child_id>", methods=["GET", "POST"])
@requires(Permission.PAIRING_EDIT)
def new(unit: Unit, child_id: uuid.UUID) -> Answer:
    actor, kind, reason = current_actor(), _kind(unit), chosen(PairingReason, "reason")
    child = listing.get_child(child_id, actor=actor)
    found = choosing.list_candidates(
        unit, actor=actor, child=child, kind=kind, reason=reason, search=sought()
    )
    form = PairForm(starts_on=today(), reason=reason.value if reason else "")
    offer(form, found)
    made: list[Any] = []
    if attempt(form, lambda: made.append(_paired(form, child, unit, kind))):
        return _after_pairing(child, made[0])
    trail(child.name, url_for("children.show", child_id=child.public_id))
    return form_page("pairings/new", form, _("Pair"), unit=unit, child=child, kind=kind, reason=reason,
                     kinds=arranging.kinds_at(unit), candidates=found, search=sought(),
                     agreed=reading.family_agrees(child, actor=actor))  # fmt: skip


def _kind(unit: Unit) -> PairingKind:
    asked = chosen(PairingKind, "kind")
    return asked if asked in arranging.kinds_at(unit) else PairingKind.VOLUNTEER


def _paired(form: PairForm, child: Any, unit: Unit, kind: PairingKind) -> Any:
    actor, helper = current_actor(), chosen_helper(form)
    if helper is None and kind.is_of_office and form.name.data:
        helper = choosing.bring_in(unit, actor=actor, name=form.name.data, phone=form.phone.data or "",
                                   post=form.post.data or "").public_id  # fmt: skip
    if helper is None:
        raise Refused(_("Choose a helper from the list."), field="helper")
    return arranging.pair(child, actor=actor, unit=unit, helper=helper, arrangement=form.arrangement(kind))


def _after_pairing(child: Any, made: Any) -> Response:
    if not made.needs_yes:
        flash(_("%(name)s is paired.", name=child.name), "ok")
    else:
        flash(_("%(helper)s is proposed for %(name)s. Once a second person agrees, the child opens to her.",
                helper=made.helper.name, name=child.name), "ok")  # fmt: skip
    return redirect(url_for("children.show", child_id=child.public_id))


@bp.get("/pairings/<uuid:pairing_id>/")
@requires(Permission.PAIRING_READ)
def show(pairing_id: uuid.UUID) -> Answer:
    return _pairing_page(reading.get_pairing(pairing_id, actor=current_actor()), ReviewForm(made_on=today()))


def _pairing_page(pairing: Any, form: ReviewForm) -> Answer:
    actor = current_actor()
    trail(_("Pairings"), url_for(".index", code=actor.unit.code))
    return form_page("pairings/show", form, pairing.child.name, pairing=pairing, unit=pairing.stat_unit,
                     reviews=reading.list_reviews(pairing, actor=actor),
                     visits=visits.list_of_pairing(pairing, actor=actor),
                     count=visits.count_of_pairing(pairing, actor=actor))  # fmt: skip


def _mine(pairing_id: uuid.UUID) -> Any:
    """A pairing of one's own unit; the other side reads it and no more."""
    pairing = reading.get_pairing(pairing_id, actor=current_actor())
    current_actor().require(Permission.PAIRING_EDIT, at=pairing.stat_unit)
    return pairing


def _found(pairing_id: uuid.UUID) -> Any:
    """The same, with the way to it in the breadcrumbs."""
    pairing = _mine(pairing_id)
    trail(_("Pairings"), url_for("pairings.index", code=current_actor().unit.code))
    trail(pairing.child.name, url_for("pairings.show", pairing_id=pairing.public_id))
    return pairing


def _to(pairing: Any, message: str) -> Response:
    flash(message, "ok")
    return redirect(url_for("pairings.show", pairing_id=pairing.public_id))


@bp.post("/pairings/<uuid:pairing_id>/reviews")
@requires(Permission.PAIRING_EDIT)
def review(pairing_id: uuid.UUID) -> Answer:
    form, pairing = ReviewForm(), _mine(pairing_id)
    if attempt(form, lambda: following.review(pairing, actor=current_actor(), made_on=form.made_on.data,
                                              effect=form.effect.data or "")):  # fmt: skip
        return _to(pairing, _("Written down."))
    return _pairing_page(pairing, form)


@bp.route("/pairings/<uuid:pairing_id>/plan", methods=["GET", "POST"])
@requires(Permission.PAIRING_EDIT)
def plan(pairing_id: uuid.UUID) -> Answer:
    one = _found(pairing_id)
    form = PlanForm(obj=one, knows=[name for name in following.KNOWS if getattr(one, name)])
    if attempt(form, lambda: following.change_plan(one, actor=current_actor(), plan=form.plan)):
        return _to(one, _("The plan is kept."))
    return form_page("pairings/plan", form, _("The plan"), unit=one.stat_unit, pairing=one)


@bp.route("/pairings/<uuid:pairing_id>/hand-over", methods=["GET", "POST"])
@requires(Permission.PAIRING_EDIT)
def hand_over(pairing_id: uuid.UUID) -> Answer:
    actor, one = current_actor(), _found(pairing_id)
    found = choosing.list_candidates(one.stat_unit, actor=actor, child=one.child, kind=one.kind,
                                     reason=one.reason, search=sought())  # fmt: skip
    form = HandOverForm(on=today())
    others = [candidate for candidate in found if candidate.person.id != one.helper_id]
    offer(form, others)
    made: list[Any] = []
    if attempt(form, lambda: made.append(_handed_over(one, form))):
        return _after_pairing(one.child, made[0])
    return form_page("pairings/hand_over", form, _("Hand over"), unit=one.stat_unit, pairing=one,
                     candidates=others, search=sought())  # fmt: skip


def _handed_over(pairing: Any, form: HandOverForm) -> Any:
    helper = chosen_helper(form)
    if helper is None:
        raise Refused(_("Choose a helper from the list."), field="helper")
    assert form.on.data is not None
    return ending.hand_over(pairing, actor=current_actor(), helper=helper, on=form.on.data,
                            beyond=form.beyond.data or "")  # fmt: skip


@bp.route("/pairings/<uuid:pairing_id>/end", methods=["GET", "POST"])
@requires(Permission.PAIRING_EDIT)
def end(pairing_id: uuid.UUID) -> Answer:
    pairing, form = _found(pairing_id), EndForm()
    if attempt(form, lambda: ending.end_pairing(pairing, actor=current_actor(), reason=PairingEnd(form.reason.data),
                                                note=form.note.data or "")):  # fmt: skip
        flash(_("The pairing has ended. The volunteer no longer sees the child."), "ok")
        return redirect(url_for("children.show", child_id=pairing.child.public_id))
    return form_page("pairings/end", form, _("End the pairing"), unit=pairing.stat_unit, pairing=pairing)
