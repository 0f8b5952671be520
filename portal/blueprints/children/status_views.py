"""What happened to a child, how she counts on a day and why; the change table; who turns sixteen."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.children import bp
from portal.blueprints.children.status_forms import EventForm
from portal.config import today
from portal.errors import Refused
from portal.services.children import events, listing, reasons, sheets, sixteen
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import Basis, EventKind, ParentRole, Side
from portal.web.form_pages import Answer
from portal.web.forms import attempt
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.sign_in import current_actor


def _day(word: str | None) -> date:
    try:
        return date.fromisoformat(word or "")
    except ValueError:
        return today()


@bp.get("/children/<uuid:child_id>/status/")
@requires(Permission.CHILD_CARE_READ)
def status(child_id: uuid.UUID) -> str:
    actor, child = current_actor(), listing.get_child(child_id, actor=current_actor())
    trail(child.name, url_for(".show", child_id=child.public_id))
    trail(_("Status and events"))
    return render_template(
        "children/status.html",
        child=child,
        told=reasons.explain(child, _day(request.args.get("day")), actor=actor),
        events=events.list_events(child, actor=actor),
        writes=bool(events.kinds_for(child, actor)),
    )


@bp.route("/children/<uuid:child_id>/events/new", methods=["GET", "POST"])
@requires(Permission.CHILD_CHANGE_EDIT)
def write_event(child_id: uuid.UUID) -> Answer:
    actor, child = current_actor(), listing.get_child(child_id, actor=current_actor())
    form = EventForm(on=today())
    form.offer(events.kinds_for(child, actor))
    if attempt(form, lambda: events.write_event(child, _happening(form), actor=actor)):
        flash(_("Written down. What counts has changed from that day."), "ok")
        return redirect(url_for(".status", child_id=child.public_id))
    trail(child.name, url_for(".show", child_id=child.public_id))
    trail(_("What happened"))
    page = render_template("children/event.html", child=child, form=form)
    return (page, 400) if form.errors else page


def _happening(form: EventForm) -> events.Happening:
    return events.Happening(
        kind=EventKind(form.kind.data),
        on=form.on.data,
        role=ParentRole(form.role.data) if form.role.data else None,
        place=form.place.data or "",
        inside_county=form.inside_county.data,
        note=form.note.data or "",
    )


def _sheet_of(unit: Unit) -> dict[str, Any]:
    """Month, side and basis as the address asks for them; last month, the unit's own side, the wide basis."""
    asked = request.values
    month = asked.get("ym", "")
    last = sheets.ym_before(today().year * 100 + today().month)
    valid = len(month) == 6 and month.isascii() and month.isdigit() and "01" <= month[4:] <= "12"
    chosen = Side(asked["side"]) if asked.get("side") in set(Side) else None
    return {
        "ym": int(month) if valid and 2000 <= int(month[:4]) <= 2100 else last,
        "side": listing.side_of(unit, chosen),
        "basis": Basis(asked["basis"]) if asked.get("basis") in set(Basis) else Basis.WIDE,
    }


@bp.get("/units/<code>/children/changes")
@requires(Permission.CHILD_LIST_READ)
def changes(unit: Unit) -> str:
    kept = _sheet_of(unit)
    sheet = sheets.read_sheet(unit, actor=current_actor(), **kept)
    trail(_("Children"), url_for(".index", code=unit.code))
    trail(_("Change table"))
    months = {"back": sheets.ym_before(sheet.ym), "next": int(sheets.month_after(sheet.ym).strftime("%Y%m"))}
    return render_template("children/changes.html", unit=unit, sheet=sheet, kept=kept, months=months)


@bp.post("/units/<code>/children/changes")
@requires(Permission.CHILD_CHANGE_EDIT)
def close_sheet(unit: Unit) -> Response:
    kept = _sheet_of(unit)
    try:
        sheets.close_sheet(unit, actor=current_actor(), **kept)
        flash(_("The change table of this month is closed. It never changes again."), "ok")
    except Refused as refused:
        flash(str(refused.message), "bad")
    return redirect(
        url_for(".changes", code=unit.code, ym=kept["ym"], side=kept["side"].value, basis=kept["basis"].value)
    )


@bp.get("/units/<code>/children/sixteen")
@requires(Permission.CHILD_LIST_READ)
def turning_sixteen(unit: Unit) -> str:
    month = sixteen.next_month(today())
    found = sixteen.list_turning(unit, actor=current_actor(), month=month)
    trail(_("Children"), url_for(".index", code=unit.code))
    trail(_("Turning sixteen"))
    return render_template("children/sixteen.html", unit=unit, children=found, month=month)
