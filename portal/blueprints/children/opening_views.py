"""Opening a file: first a search through the county, then the form."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from portal.blueprints.children import bp
from portal.blueprints.children.file_forms import OpenForm, SearchForm
from portal.services.children import classes, opening
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import ParentRole, Sex, UnitKind
from portal.web.form_pages import Answer
from portal.web.forms import attempt, options
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.sign_in import current_actor


@bp.route("/units/<code>/children/search", methods=["GET", "POST"])
@requires(Permission.CHILD_FILE_EDIT)
def look_first(unit: Unit) -> Answer:
    form, hits = SearchForm(), None
    if form.validate_on_submit():
        hits = opening.search(actor=current_actor(), name=form.name.data or "", id_no=form.id_no.data or "",
                              phone=form.phone.data or "")  # fmt: skip
    form.id_no.data = None  # no digit is shown again
    trail(_("Children"), url_for(".index", code=unit.code))
    trail(_("A new file"))
    return render_template("children/look_first.html", unit=unit, form=form, hits=hits)


@bp.route("/units/<code>/children/new", methods=["GET", "POST"])
@requires(Permission.CHILD_FILE_EDIT)
def open_file(unit: Unit) -> Answer:
    actor, form, made = current_actor(), OpenForm(), []
    choices = _offer(form, unit, actor)
    if attempt(form, lambda: made.append(opening.open_file(_typed(form, unit, actor, choices), actor=actor))):
        flash(_("The file is open: case number %(number)s.", number=made[0].case_no), "ok")
        return redirect(url_for(".whole", child_id=made[0].public_id))
    form.id_no.data = None
    trail(_("Children"), url_for(".index", code=unit.code))
    trail(_("A new file"))
    page = render_template("children/open.html", unit=unit, form=form)
    return (page, 400) if form.errors else page


def _offer(form: OpenForm, unit: Unit, actor: Actor) -> dict[str, Any]:
    """Fill the choices of a school: where the child lives, and her class."""
    at_school = unit.kind is UnitKind.SCHOOL
    villages = opening.list_villages(actor) if at_school else []
    rooms = classes.list_classes(unit, actor=actor) if at_school else []
    form.village.choices = options(
        [("", _("outside the county")), *((one.code, one.name) for one in villages)]
    )
    form.school_class.choices = options(
        [("", _("no class yet")), *((str(r.public_id), r.name) for r in rooms)]
    )
    return {"villages": villages, "rooms": rooms}


def _typed(form: OpenForm, unit: Unit, actor: Actor, known: dict[str, Any]) -> opening.NewChild:
    at_school = unit.kind is UnitKind.SCHOOL
    guardian = {"kind": form.guardian_kind.data, "name": form.guardian_name.data or "",
                "relation": form.guardian_relation.data or "", "phone": form.guardian_phone.data or ""}  # fmt: skip
    away = {ParentRole.FATHER: form.father_away.data, ParentRole.MOTHER: form.mother_away.data}
    return opening.NewChild(
        name=form.name.data,
        sex=Sex(form.sex.data),
        birth_date=form.birth_date.data,
        id_no=form.id_no.data or "",
        village=next((one for one in known["villages"] if one.code == form.village.data), None)
        if at_school
        else unit,
        school=unit if at_school else None,
        school_class=next((r for r in known["rooms"] if str(r.public_id) == form.school_class.data), None),
        address=form.address.data or "",
        sibling=opening.find_sibling(form.sibling.data or "", actor=actor),
        away={role: day for role, day in away.items() if day},
        guardian=guardian if form.guardian_kind.data else {},
        contact={"name": form.contact_name.data or "", "phone": form.contact_phone.data or ""},
    )
