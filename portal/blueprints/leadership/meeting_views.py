"""Meetings of a group, and what became of their decisions."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from portal.blueprints.leadership import bp
from portal.blueprints.leadership.forms import MeetingForm, SettleForm, TaskForm
from portal.blueprints.leadership.views import step
from portal.config import today
from portal.services.leadership import groups, meetings
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import TaskState
from portal.web.form_pages import Answer, form_page
from portal.web.forms import PortalForm, attempt
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.sign_in import current_actor


@bp.route("/units/<code>/leadership/groups/<uuid:group_id>/meetings", methods=["GET", "POST"])
@requires(Permission.LEADERSHIP_EDIT)
def record_meeting(unit: Unit, group_id: uuid.UUID) -> Answer:
    actor = current_actor()
    group = groups.get_group(unit, group_id, actor=actor)
    head = groups.on_a_day(group, actor=actor).head
    form = MeetingForm(held_on=today(), chair=head.name if head else "")
    if attempt(form, lambda: meetings.record_meeting(
        group, actor=actor, held_on=form.held_on.data, topic=form.topic.data or "",
        place=form.place.data or "", chair=form.chair.data or "", present=form.present.data,
        minutes=form.minutes.data or "")):  # fmt: skip
        flash(_("The meeting is written down. Open it to add what was decided."), "ok")
        return redirect(url_for(".group", code=unit.code, group_id=group_id) + "#meetings")
    step(unit)
    trail(group.name, url_for(".group", code=unit.code, group_id=group_id))
    return form_page("leadership/record", form, _("A meeting"), unit=unit, group=group)


@bp.get("/units/<code>/leadership/meetings/<uuid:meeting_id>")
@requires(Permission.LEADERSHIP_READ)
def meeting(unit: Unit, meeting_id: uuid.UUID) -> str:
    return _meeting_page(unit, meeting_id, TaskForm())


def _meeting_page(unit: Unit, meeting_id: uuid.UUID, form: PortalForm) -> str:
    one = meetings.get_meeting(unit, meeting_id, actor=current_actor())
    step(unit)
    trail(one.group.name, url_for(".group", code=unit.code, group_id=one.group.public_id))
    trail(_("Meeting"))
    return render_template("leadership/meeting.html", unit=unit, meeting=one, form=form)


@bp.post("/units/<code>/leadership/meetings/<uuid:meeting_id>/decisions")
@requires(Permission.LEADERSHIP_EDIT)
def add_decision(unit: Unit, meeting_id: uuid.UUID) -> Answer:
    actor, form = current_actor(), TaskForm()
    one = meetings.get_meeting(unit, meeting_id, actor=actor)
    if attempt(form, lambda: meetings.add_decision(
        one, actor=actor, what=form.what.data or "", owner=form.owner.data or "",
        due_on=form.due_on.data)):  # fmt: skip
        return redirect(url_for(".meeting", code=unit.code, meeting_id=meeting_id))
    return _meeting_page(unit, meeting_id, form), 400


@bp.route("/units/<code>/leadership/decisions/<uuid:decision_id>", methods=["GET", "POST"])
@requires(Permission.LEADERSHIP_EDIT)
def settle_decision(unit: Unit, decision_id: uuid.UUID) -> Answer:
    actor = current_actor()
    one = meetings.get_decision(unit, decision_id, actor=actor)
    form = SettleForm(state=one.state.value, result=one.result)
    here = url_for(".meeting", code=unit.code, meeting_id=one.meeting.public_id)
    if attempt(form, lambda: meetings.settle_decision(
        one, actor=actor, state=TaskState(form.state.data), result=form.result.data or "")):  # fmt: skip
        return redirect(here)
    step(unit)
    trail(_("Meeting"), here)
    return form_page("leadership/settle", form, _("What became of it"), unit=unit, task=one, back=here)
