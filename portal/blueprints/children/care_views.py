"""Guardianship and alarms of one child, and the alarms of a unit."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from portal.blueprints.children import bp
from portal.blueprints.children.care_forms import (
    AgreementForm,
    AlarmForm,
    AssessForm,
    ContactForm,
    EndAgreementForm,
    GuardianForm,
)
from portal.config import today
from portal.services.children import alarms, guardianship, listing, plans, priority
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import AlarmAct, Assessment, ContactRhythm, Education, GuardianHealth, GuardianKind
from portal.web import pager
from portal.web.form_pages import Answer, form_page
from portal.web.forms import attempt
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.sign_in import current_actor


def to_care(child: Any, message: str, anchor: str = "") -> Response:
    flash(message, "ok")
    return redirect(url_for("children.care", child_id=child.public_id) + anchor)


def paper(template: str, child: Any, form: FlaskForm, title: str, **more: Any) -> Answer:
    """A page with one form about a child; 400 once something was wrong with it."""
    trail(child.name, url_for("children.show", child_id=child.public_id))
    trail(_("Care"), url_for("children.care", child_id=child.public_id))
    return form_page(f"children/{template}", form, title, child=child, **more)


def _child(child_id: uuid.UUID) -> Any:
    return listing.get_child(child_id, actor=current_actor())


@bp.get("/children/<uuid:child_id>/care/")
@requires(Permission.CHILD_CARE_READ)
def care(child_id: uuid.UUID) -> str:
    actor, child = current_actor(), _child(child_id)
    trail(child.name, url_for(".show", child_id=child.public_id))
    trail(_("Care"))
    return render_template(
        "children/care.html",
        child=child,
        care=guardianship.read_care(child, actor=actor),
        reading=priority.read_priority(child, actor=actor),
        plans=plans.list_plans(child, actor=actor),
        keeper=guardianship.keeper_of_household(child),
        meaning=guardianship.MEANING,
    )


@bp.route("/children/<uuid:child_id>/care/guardian", methods=["GET", "POST"])
@requires(Permission.CHILD_CARE_EDIT)
def change_guardian(child_id: uuid.UUID) -> Answer:
    actor, child, form = current_actor(), _child(child_id), GuardianForm(since=today())
    guardianship.own_household(child, actor)
    if attempt(form, lambda: guardianship.change_guardian(child, actor=actor, **_guardian(form))):
        return to_care(child, _("The new guardian is written down; the one before stays in the history."))
    return paper("guardian", child, form, _("Another guardian"))


def _guardian(form: GuardianForm) -> dict[str, Any]:
    words = {name: form[name].data or "" for name in ("name", "relation", "phone", "occupation", "address")}
    return words | {
        "kind": GuardianKind(form.kind.data),
        "since": form.since.data,
        "birth_year": form.birth_year.data,
        "health": GuardianHealth(form.health.data) if form.health.data else None,
        "education": Education(form.education.data) if form.education.data else None,
    }


@bp.route("/children/<uuid:child_id>/care/assess", methods=["GET", "POST"])
@requires(Permission.CHILD_CARE_ASSESS)
def assess(child_id: uuid.UUID) -> Answer:
    actor, child, form = current_actor(), _child(child_id), AssessForm(on=today())
    if attempt(form, lambda: guardianship.assess(child, actor=actor, level=Assessment(form.level.data),
                                                 grounds=form.grounds.data or "", on=form.on.data)):  # fmt: skip
        return to_care(child, _("The assessment is written down."))
    return paper("assess", child, form, _("Assessment"), meaning=guardianship.MEANING)


@bp.route("/children/<uuid:child_id>/care/contact", methods=["GET", "POST"])
@requires(Permission.CHILD_CARE_ASSESS)
def note_contact(child_id: uuid.UUID) -> Answer:
    actor, child, form = current_actor(), _child(child_id), ContactForm(on=today())
    if attempt(form, lambda: guardianship.note_contact(child, actor=actor, rhythm=ContactRhythm(form.rhythm.data),
                                                       on=form.on.data, home_on=form.home_on.data)):  # fmt: skip
        return to_care(child, _("It is written down how often the parents are in touch."))
    return paper("contact", child, form, _("Contact with the parents"))


@bp.route("/children/<uuid:child_id>/care/agreement", methods=["GET", "POST"])
@requires(Permission.CHILD_CARE_EDIT)
def sign_agreement(child_id: uuid.UUID) -> Answer:
    actor, child, form = current_actor(), _child(child_id), AgreementForm()
    guardianship.own_household(child, actor)
    days = ("signed_on", "valid_until", "told_school_on", "told_village_on")
    if attempt(
        form, lambda: guardianship.sign_agreement(child, actor=actor, **{d: form[d].data for d in days})
    ):
        return to_care(child, _("The agreement is written down."))
    return paper("agreement", child, form, _("Agreement on delegated care"))


@bp.route("/children/<uuid:child_id>/care/agreements/<uuid:agreement_id>/end", methods=["GET", "POST"])
@requires(Permission.CHILD_CARE_EDIT)
def end_agreement(child_id: uuid.UUID, agreement_id: uuid.UUID) -> Answer:
    actor, child, form = current_actor(), _child(child_id), EndAgreementForm()
    guardianship.get_agreement(child, agreement_id, actor=actor)
    if attempt(form, lambda: guardianship.end_agreement(child, agreement_id, actor=actor,
                                                        reason=form.reason.data)):  # fmt: skip
        return to_care(child, _("The agreement has ended."))
    return paper("end_agreement", child, form, _("End the agreement"))


@bp.route("/children/<uuid:child_id>/alarms/<uuid:alarm_id>/", methods=["GET", "POST"])
@requires(Permission.CHILD_ALARM_ACT)
def act_on_alarm(child_id: uuid.UUID, alarm_id: uuid.UUID) -> Answer:
    actor, child = current_actor(), _child(child_id)
    alarm, form = alarms.get_alarm(child, alarm_id), AlarmForm(due_on=today() + timedelta(days=7))
    if attempt(form, lambda: alarms.act(child, alarm, actor=actor, act=AlarmAct(form.act.data),
                                        note=form.note.data or "", due_on=form.due_on.data)):  # fmt: skip
        return to_care(child, _("Written down. The alarm stays until somebody cares for the child again."))
    return paper("alarm", child, form, alarm.kind.label, alarm=alarm)


@bp.get("/units/<code>/children/alarms")
@requires(Permission.CHILD_CARE_READ)
def alarms_of(unit: Unit) -> str:
    after = pager.decode(request.args.get("after"), 1)
    found, key = alarms.list_open(unit, actor=current_actor(), after=after[0] if after else 0)
    more = pager.encode((key,)) if key else None
    trail(_("Children"), url_for(".index", code=unit.code))
    trail(_("Alarms"))
    return render_template("children/alarms.html", unit=unit, alarms=found,
                           next_url=url_for(".alarms_of", code=unit.code, after=more) if more else None)  # fmt: skip
