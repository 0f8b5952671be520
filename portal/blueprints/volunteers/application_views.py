"""Views of the volunteers room: the public form, its poster, and the applications that wait."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.volunteers import bp
from portal.blueprints.volunteers.forms import ApplyForm, DeclineForm
from portal.errors import Refused
from portal.services.volunteers import applications
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.web.answers import pdf_answer
from portal.web.form_pages import Answer, form_page
from portal.web.forms import attempt
from portal.web.guards import public, requires
from portal.web.navigation import trail
from portal.web.pictures import qr
from portal.web.sign_in import address_of_reader, current_actor


@bp.route("/apply/<code>", methods=["GET", "POST"])
@public("whoever wants to help applies before being somebody")
def apply(code: str) -> Answer:
    form, place = ApplyForm(), applications.form_for(code)
    if form.is_submitted() and form.website.data:
        return redirect(url_for(".applied", code=code))  # a machine filled in what nobody sees
    if attempt(form, lambda: applications.apply(
        code, name=form.name.data or "", phone=form.phone.data or "", entry=form.entry,
        words=form.words.data or "", address=address_of_reader())):  # fmt: skip
        return redirect(url_for(".applied", code=code))
    page = render_template("volunteers/apply.html", form=form, place=place)
    return page, 400 if form.errors else 200


@bp.get("/apply/<code>/thanks")
@public("whoever wants to help applies before being somebody")
def applied(code: str) -> str:
    return render_template("volunteers/applied.html", place=applications.form_for(code))


@bp.get("/units/<code>/volunteers/poster.pdf")
@requires(Permission.VOLUNTEER_GOVERN)
def poster(unit: Unit) -> Response:
    address = url_for(".apply", code=unit.code, _external=True)
    page = render_template("volunteers/poster.html", unit=unit, address=address, code=qr(address))
    return pdf_answer(page, _("Poster: volunteers wanted"))


@bp.get("/units/<code>/volunteers/applications")
@requires(Permission.VOLUNTEER_GOVERN)
def list_applications(unit: Unit) -> str:
    found = applications.list_applications(unit, actor=current_actor())
    trail(_("Volunteers"), url_for(".index", code=unit.code))
    trail(_("Applications"))
    return render_template("volunteers/applications.html", unit=unit, applications=found)


@bp.post("/units/<code>/volunteers/applications/<uuid:application_id>/take")
@requires(Permission.VOLUNTEER_GOVERN)
def take_on(unit: Unit, application_id: uuid.UUID) -> Response:
    actor = current_actor()
    one = applications.get_application(unit, application_id, actor=actor)
    try:
        volunteer = applications.take_on(one, actor=actor)
    except Refused as refused:
        flash(str(refused.message), "warn")
        return redirect(url_for(".list_applications", code=unit.code))
    flash(_("%(name)s waits for her checks now.", name=one.name), "ok")
    return redirect(url_for(".show", code=unit.code, volunteer_id=volunteer.public_id))


@bp.route("/units/<code>/volunteers/applications/<uuid:application_id>/decline", methods=["GET", "POST"])
@requires(Permission.VOLUNTEER_GOVERN)
def decline(unit: Unit, application_id: uuid.UUID) -> Answer:
    actor, form = current_actor(), DeclineForm()
    one = applications.get_application(unit, application_id, actor=actor)
    if attempt(form, lambda: applications.decline(one, actor=actor, reason=form.reason.data or "")):
        flash(_("Written down."), "ok")
        return redirect(url_for(".list_applications", code=unit.code))
    trail(_("Volunteers"), url_for(".index", code=unit.code))
    trail(_("Applications"), url_for(".list_applications", code=unit.code))
    return form_page("volunteers/decline", form, _("Not taken on"), unit=unit, application=one)
