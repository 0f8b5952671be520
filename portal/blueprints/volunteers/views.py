"""Views of the volunteers room: the roster, one volunteer, and what is written down about her."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.volunteers import bp
from portal.blueprints.volunteers.forms import (
    AppraisalForm,
    EntryForm,
    NewForm,
    PromiseForm,
    StatusForm,
    TrainingForm,
    VettingForm,
)
from portal.blueprints.volunteers.service_views import asked_year
from portal.config import today
from portal.errors import Refused
from portal.services.volunteers import applications, entries, growth, roster, service_log, vetting
from portal.services.volunteers.roster import Show
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import AppraisalPoint, Grade, VettingKind, VettingResult, VolunteerCategory
from portal.web import pager
from portal.web.form_pages import Answer, form_page
from portal.web.forms import PortalForm, attempt, options
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.searching import chosen, cover, sought
from portal.web.sign_in import current_actor


@bp.get("/units/<code>/volunteers/")
@requires(Permission.VOLUNTEER_READ)
def index(unit: Unit) -> str:
    actor, show = current_actor(), chosen(Show, "show") or Show.ROSTER
    category = chosen(VolunteerCategory, "category")
    search = sought()
    page = roster.list_volunteers(unit, actor=actor, show=show, category=category, search=search,
                                  after=pager.decode(request.args.get("after"), 2))  # fmt: skip
    trail(_("Volunteers"))
    return render_template("volunteers/index.html", unit=unit, page=page, show=show, shows=list(Show),
                           category=category, search=search, counts=roster.count_volunteers(unit, actor=actor),
                           applied=applications.count_applications(unit, actor=actor),
                           next_url=_next(unit, page.next_key, show=show.value,
                                          category=category and category.value))  # fmt: skip


def _next(unit: Unit, key: tuple[str, int] | None, **asked: Any) -> str | None:
    if key is None:
        return None
    return url_for(".index", code=unit.code, q=cover(sought()), after=pager.encode(key), **asked)


def _here(unit: Unit, volunteer: Any = None) -> None:
    trail(_("Volunteers"), url_for("volunteers.index", code=unit.code))
    if volunteer is not None:
        address = url_for("volunteers.show", code=unit.code, volunteer_id=volunteer.public_id)
        trail(volunteer.person.name, address)


@bp.route("/units/<code>/volunteers/new", methods=["GET", "POST"])
@requires(Permission.VOLUNTEER_GOVERN)
def enter(unit: Unit) -> Answer:
    actor, form = current_actor(), NewForm()
    made: list[Any] = []
    if attempt(form, lambda: made.append(entries.enter(
        unit, actor=actor, name=form.name.data or "", phone=form.phone.data or "", entry=form.entry))):  # fmt: skip
        flash(_("%(name)s waits for her checks now.", name=form.name.data), "ok")
        return redirect(url_for(".show", code=unit.code, volunteer_id=made[0].public_id))
    _here(unit)
    return form_page("volunteers/enter", form, _("A new volunteer"), unit=unit)


@bp.get("/units/<code>/volunteers/<uuid:volunteer_id>")
@requires(Permission.VOLUNTEER_READ)
def show(unit: Unit, volunteer_id: uuid.UUID) -> Answer:
    one = roster.get_volunteer(unit, volunteer_id, actor=current_actor())
    return _volunteer_page(unit, one, PromiseForm(on=today()))


def _volunteer_page(unit: Unit, one: Any, form: PromiseForm) -> Answer:
    actor = current_actor()
    vettings = vetting.list_vettings(one, actor=actor)
    served = service_log.read_year(one.person_id, one.county_id, actor=actor, year=asked_year())
    trail(_("Volunteers"), url_for(".index", code=unit.code))
    return form_page("volunteers/show", form, one.person.name, unit=unit, volunteer=one, place=roster.place_of(one),
                     vettings=vettings, missing=vetting.list_missing(one, vettings),
                     paired=vetting.count_paired(one), trainings=growth.list_trainings(one, actor=actor),
                     appraisals=growth.list_appraisals(one, actor=actor), served=served)  # fmt: skip


def _written(form: PortalForm, act: Any, unit: Unit, one: Any, message: str) -> Response | None:
    if not attempt(form, act):
        return None
    flash(message, "ok")
    return redirect(url_for(".show", code=unit.code, volunteer_id=one.public_id))


@bp.route("/units/<code>/volunteers/<uuid:volunteer_id>/entry", methods=["GET", "POST"])
@requires(Permission.VOLUNTEER_GOVERN)
def change(unit: Unit, volunteer_id: uuid.UUID) -> Answer:
    actor = current_actor()
    one = roster.get_volunteer(unit, volunteer_id, actor=actor)
    form = EntryForm(category=one.category.value, team=one.team.value if one.team else "", post=one.person.post,
                     birth_year=one.person.birth_year, skills=[s.value for s in one.skills],
                     slots=[s.value for s in one.slots])  # fmt: skip
    done = _written(form, lambda: entries.change(one, actor=actor, entry=form.entry), unit, one, _("Saved."))
    _here(unit, one)
    return done or form_page("volunteers/change", form, _("Change the entry"), unit=unit, volunteer=one)


@bp.route("/units/<code>/volunteers/<uuid:volunteer_id>/vetting", methods=["GET", "POST"])
@requires(Permission.VOLUNTEER_GOVERN)
def vet(unit: Unit, volunteer_id: uuid.UUID) -> Answer:
    actor, form = current_actor(), VettingForm(checked_on=today())
    one = roster.get_volunteer(unit, volunteer_id, actor=actor)
    done = _written(form, lambda: vetting.vet(
        one, actor=actor, kind=VettingKind(form.kind.data), result=VettingResult(form.result.data),
        checked_on=form.checked_on.data, valid_until=form.valid_until.data, paper=form.paper.data or ""),
        unit, one, _("The check is written down."))  # fmt: skip
    _here(unit, one)
    return done or form_page("volunteers/vet", form, _("A check"), unit=unit, volunteer=one)


@bp.post("/units/<code>/volunteers/<uuid:volunteer_id>/promise")
@requires(Permission.VOLUNTEER_GOVERN)
def promise(unit: Unit, volunteer_id: uuid.UUID) -> Answer:
    actor, form = current_actor(), PromiseForm()
    one = roster.get_volunteer(unit, volunteer_id, actor=actor)
    done = _written(form, lambda: vetting.promise(one, actor=actor, on=form.on.data), unit, one,
                    _("The promise is written down."))  # fmt: skip
    return done or _volunteer_page(unit, one, form)


@bp.post("/units/<code>/volunteers/<uuid:volunteer_id>/enroll")
@requires(Permission.VOLUNTEER_GOVERN)
def enroll(unit: Unit, volunteer_id: uuid.UUID) -> Response:
    actor = current_actor()
    one = roster.get_volunteer(unit, volunteer_id, actor=actor)
    try:
        vetting.enroll(one, actor=actor)
        flash(_("%(name)s is on the roster.", name=one.person.name), "ok")
    except Refused as refused:
        flash(" ".join(str(each.message) for each in (refused, *refused.others)), "warn")
    return redirect(url_for(".show", code=unit.code, volunteer_id=volunteer_id))


@bp.route("/units/<code>/volunteers/<uuid:volunteer_id>/status", methods=["GET", "POST"])
@requires(Permission.VOLUNTEER_GOVERN)
def change_status(unit: Unit, volunteer_id: uuid.UUID) -> Answer:
    actor, form = current_actor(), StatusForm()
    one = roster.get_volunteer(unit, volunteer_id, actor=actor)
    acts = {"pause": vetting.pause, "leave": vetting.leave}
    done = _written(form, lambda: acts[form.act.data](one, actor=actor, reason=form.reason.data or ""),
                    unit, one, _("Written down. She sees no child any more."))  # fmt: skip
    _here(unit, one)
    return done or form_page("volunteers/status", form, _("Pause or leave"), unit=unit, volunteer=one)


@bp.route("/units/<code>/volunteers/<uuid:volunteer_id>/training", methods=["GET", "POST"])
@requires(Permission.VOLUNTEER_GOVERN)
def train(unit: Unit, volunteer_id: uuid.UUID) -> Answer:
    actor, form = current_actor(), TrainingForm(held_on=today())
    one = roster.get_volunteer(unit, volunteer_id, actor=actor)
    done = _written(form, lambda: growth.train(
        one, actor=actor, course=form.course.data or "", held_on=form.held_on.data, hours=form.hours.data,
        certificate=form.certificate.data or ""), unit, one, _("The training is written down."))  # fmt: skip
    _here(unit, one)
    return done or form_page("volunteers/train", form, _("A training"), unit=unit, volunteer=one)


@bp.route("/units/<code>/volunteers/<uuid:volunteer_id>/appraisal", methods=["GET", "POST"])
@requires(Permission.VOLUNTEER_GOVERN)
def appraise(unit: Unit, volunteer_id: uuid.UUID) -> Answer:
    actor, form, year = current_actor(), AppraisalForm(), today().year
    form.year.choices = options((str(one), str(one)) for one in (year, year - 1))
    one = roster.get_volunteer(unit, volunteer_id, actor=actor)
    done = _written(form, lambda: growth.appraise(
        one, actor=actor, year=int(form.year.data), points=[AppraisalPoint(p) for p in form.points.data or ()],
        grade=Grade(form.grade.data), words=form.words.data or ""),
        unit, one, _("The appraisal is written down."))  # fmt: skip
    _here(unit, one)
    return done or form_page(
        "volunteers/appraise", form, _("Appraisal of the year"), unit=unit, volunteer=one
    )
