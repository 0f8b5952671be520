"""Views of the pairings room: tutors, peer buddies and care representatives, class by class."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.pairings import bp
from portal.blueprints.pairings.forms import BuddyForm, RepForm, TutorForm, chosen_helper, offer
from portal.config import today
from portal.errors import Refused
from portal.services.children import classes as school_classes
from portal.services.children import listing
from portal.services.pairings import arranging, choosing, ending, peers, reading
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import BuddyKind, PairingEnd, PairingKind
from portal.web.form_pages import Answer, form_page
from portal.web.forms import attempt
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.searching import sought
from portal.web.sign_in import current_actor


@bp.get("/units/<code>/pairings/classes")
@requires(Permission.PAIRING_READ)
def classes(unit: Unit) -> str:
    """A class teacher sees the classes she holds, the school one class after the other."""
    actor, asked = current_actor(), request.args.get("class")
    rooms = school_classes.list_classes(unit, actor=actor)
    shown = rooms if len(rooms) <= 2 else [one for one in rooms if str(one.public_id) == asked] or rooms[:1]
    trail(_("Help within the class"))
    return render_template("pairings/classes.html", unit=unit, rooms=rooms,
                           shown=peers.list_help(unit, shown, actor=actor))  # fmt: skip


def _back(unit: Unit, message: str) -> Response:
    flash(message, "ok")
    return redirect(url_for(".classes", code=unit.code))


def _step(unit: Unit) -> None:
    trail(_("Help within the class"), url_for("pairings.classes", code=unit.code))


@bp.route("/units/<code>/pairings/classes/<uuid:child_id>/buddy", methods=["GET", "POST"])
@requires(Permission.CLASS_HELP_EDIT)
def add_buddy(unit: Unit, child_id: uuid.UUID) -> Answer:
    actor, form = current_actor(), BuddyForm(starts_on=today())
    child = listing.get_child(child_id, actor=actor)
    if attempt(form, lambda: peers.add_buddy(
        child, actor=actor, unit=unit, name=form.name.data or "", kind=BuddyKind(form.kind.data),
        task=form.task.data or "", starts_on=form.starts_on.data)):  # fmt: skip
        return _back(unit, _("Written down."))
    _step(unit)
    return form_page("pairings/buddy", form, _("A pupil who helps"), unit=unit, child=child)


@bp.post("/units/<code>/pairings/classes/<uuid:child_id>/buddies/<uuid:buddy_id>/end")
@requires(Permission.CLASS_HELP_EDIT)
def end_buddy(unit: Unit, child_id: uuid.UUID, buddy_id: uuid.UUID) -> Response:
    actor = current_actor()
    peers.end_buddy(listing.get_child(child_id, actor=actor), buddy_id, actor=actor)
    return _back(unit, _("Ended today."))


@bp.route("/units/<code>/pairings/classes/<uuid:child_id>/tutor", methods=["GET", "POST"])
@requires(Permission.CLASS_HELP_EDIT)
def assign_tutor(unit: Unit, child_id: uuid.UUID) -> Answer:
    actor, form = current_actor(), TutorForm(starts_on=today())
    child = listing.get_child(child_id, actor=actor)
    found = choosing.list_candidates(unit, actor=actor, child=child, kind=PairingKind.TUTOR, search=sought())
    offer(form, found)
    if attempt(form, lambda: _tutored(form, child, unit)):
        return _back(unit, _("Written down."))
    _step(unit)
    return form_page("pairings/tutor", form, _("A study tutor"), unit=unit, child=child, candidates=found,
                     search=sought())  # fmt: skip


def _tutored(form: TutorForm, child: Any, unit: Unit) -> None:
    helper = chosen_helper(form)
    if helper is None:
        raise Refused(_("Choose a teacher of the school."), field="helper")
    assert form.starts_on.data is not None
    arranging.assign_tutor(child, actor=current_actor(), unit=unit, helper=helper, starts_on=form.starts_on.data,
                           content=form.content.data or "", times=form.times.data or "")  # fmt: skip


@bp.post("/units/<code>/pairings/classes/tutors/<uuid:pairing_id>/end")
@requires(Permission.CLASS_HELP_EDIT)
def end_tutor(unit: Unit, pairing_id: uuid.UUID) -> Response:
    actor = current_actor()
    pairing = reading.get_pairing(pairing_id, actor=actor)
    ending.end_pairing(pairing, actor=actor, reason=PairingEnd.TERM_OVER)
    return _back(unit, _("Ended today."))


@bp.route("/units/<code>/pairings/classes/<uuid:class_id>/rep", methods=["GET", "POST"])
@requires(Permission.CLASS_HELP_EDIT)
def appoint_rep(unit: Unit, class_id: uuid.UUID) -> Answer:
    actor, form = current_actor(), RepForm(since=today())
    room = peers.get_room(unit, class_id, actor=actor)
    if attempt(form, lambda: peers.appoint_rep(room, actor=actor, pupil=form.pupil.data or "",
                                               duty=form.duty.data or "", since=form.since.data)):  # fmt: skip
        return _back(unit, _("Written down."))
    _step(unit)
    return form_page("pairings/rep", form, _("A care representative"), unit=unit, room=room)


@bp.post("/units/<code>/pairings/classes/<uuid:class_id>/reps/<uuid:rep_id>/end")
@requires(Permission.CLASS_HELP_EDIT)
def end_rep(unit: Unit, class_id: uuid.UUID, rep_id: uuid.UUID) -> Response:
    actor = current_actor()
    peers.end_rep(peers.get_room(unit, class_id, actor=actor), rep_id, actor=actor)
    return _back(unit, _("Ended today."))
