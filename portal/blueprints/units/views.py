"""Views of the units room: a place of the tree, and finding one."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.units import bp
from portal.services import units
from portal.services.reports.rollup import list_current_returns
from portal.services.units import changes
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.web.forms import searched
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.sign_in import current_actor


@bp.get("/units/<code>/")
@requires(Permission.UNIT_READ)
def show(unit: Unit) -> str | Response:
    actor = current_actor()
    if (request.view_args or {}).get("code") != unit.code:
        return redirect(url_for(".show", code=unit.code))
    return render_template(
        "units/show.html",
        unit=unit,
        below=units.list_below(unit, actor=actor),
        closed=units.list_closed_below(unit, actor=actor),
        returns=list_current_returns(unit, actor=actor),
        page=changes.page_of(unit, actor=actor),
    )


@bp.get("/units/<code>/find")
@requires(Permission.UNIT_READ)
def find(unit: Unit) -> str:
    search = searched(request.args.get("q"))
    found = units.find_units(unit, actor=current_actor(), search=search)
    trail(_("Find a unit"))
    return render_template("units/find.html", unit=unit, search=search, found=found)
