"""Views of the volunteers room: services confirmed by a second person, the certificate, the workbook."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.volunteers import bp
from portal.blueprints.volunteers.forms import ConfirmForm, WorkbookForm
from portal.config import today
from portal.errors import Refused
from portal.services.volunteers import certificate, roster, service_log, workbook
from portal.services.volunteers.roster import Show
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.web.answers import file_answer, pdf_answer
from portal.web.form_pages import Answer, form_page
from portal.web.forms import attempt, options
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.searching import chosen
from portal.web.sign_in import current_actor

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def asked_year() -> int:
    """The year an address names, else this one."""
    word = request.args.get("year", "")
    return int(word) if word.isdigit() and 2000 <= int(word) <= today().year else today().year


@bp.route("/units/<code>/volunteers/services", methods=["GET", "POST"])
@requires(Permission.VISIT_CONFIRM)
def services(unit: Unit) -> Answer:
    actor, form = current_actor(), ConfirmForm()
    waiting = service_log.list_waiting(unit, actor=actor)
    form.entries.choices = options(
        (str(one.service.entry_id), one.person.name) for one in waiting if one.may_confirm
    )
    done: list[int] = []
    if attempt(form, lambda: done.append(service_log.confirm(unit, form.chosen, actor=actor))):
        flash(_("%(n)s services are confirmed.", n=done[0]), "ok")
        return redirect(url_for(".services", code=unit.code))
    trail(_("Volunteers"), url_for(".index", code=unit.code))
    return form_page("volunteers/services", form, _("Services to confirm"), unit=unit, waiting=waiting)


@bp.get("/units/<code>/volunteers/<uuid:volunteer_id>/certificate.pdf")
@requires(Permission.VOLUNTEER_GOVERN)
def print_certificate(unit: Unit, volunteer_id: uuid.UUID) -> Response:
    one = roster.get_volunteer(unit, volunteer_id, actor=current_actor())
    back = url_for(".show", code=unit.code, volunteer_id=volunteer_id)
    return _certificate(one, back)


@bp.get("/service")
@requires(Permission.VOLUNTEER_OWN_READ)
def own() -> str:
    actor, year = current_actor(), asked_year()
    one = certificate.own_entry(actor=actor)
    trail(_("My service"))
    served = service_log.read_year(one.person_id, one.county_id, actor=actor, year=year)
    return render_template("volunteers/own.html", volunteer=one, place=roster.place_of(one), served=served)


@bp.get("/service/certificate.pdf")
@requires(Permission.VOLUNTEER_OWN_READ)
def own_certificate() -> Response:
    return _certificate(certificate.own_entry(actor=current_actor()), url_for(".own"))


def _certificate(volunteer: Any, back: str) -> Response:
    try:
        made = certificate.certify(volunteer, actor=current_actor(), year=asked_year())
    except Refused as refused:
        flash(str(refused.message), "warn")
        return redirect(back)
    return pdf_answer(render_template("volunteers/certificate.html", made=made), _("Certificate of service"))


@bp.get("/units/<code>/volunteers/roster.xlsx")
@requires(Permission.VOLUNTEER_GOVERN)
def export(unit: Unit) -> Response:
    show = chosen(Show, "show") or Show.ROSTER
    return file_answer(
        workbook.export_roster(unit, actor=current_actor(), show=show), XLSX, _("volunteers") + ".xlsx"
    )


@bp.get("/units/<code>/volunteers/blank.xlsx")
@requires(Permission.VOLUNTEER_GOVERN)
def blank(unit: Unit) -> Response:
    return file_answer(workbook.blank_roster(unit, actor=current_actor()), XLSX, _("blank roster") + ".xlsx")


@bp.route("/units/<code>/volunteers/workbook", methods=["GET", "POST"])
@requires(Permission.VOLUNTEER_GOVERN)
def bring_in(unit: Unit) -> Answer:
    form = WorkbookForm()
    made: list[Any] = []
    if attempt(form, lambda: made.append(_taken_in(unit, form))):
        done = made[0]
        if not done.refused:
            flash(_("%(n)s people entered, %(m)s of them onto the roster; %(k)s were known already.",
                    n=done.entered, m=done.enrolled, k=done.known), "ok")  # fmt: skip
            return redirect(url_for(".index", code=unit.code, show=Show.WAITING.value))
    trail(_("Volunteers"), url_for(".index", code=unit.code))
    page, status = form_page("volunteers/workbook", form, _("Bring a workbook in"), unit=unit,
                             done=made[0] if made else None)  # fmt: skip
    return page, 400 if made and not made[0].entered else status


def _taken_in(unit: Unit, form: WorkbookForm) -> Any:
    return workbook.take_in(unit, actor=current_actor(), data=form.file.data.read(),
                            leave_others=bool(form.leave_others.data))  # fmt: skip
