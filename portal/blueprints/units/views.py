"""Views of the units room."""

from __future__ import annotations

from flask import render_template

from portal.blueprints.units import bp
from portal.services import units
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.web.guards import requires
from portal.web.sign_in import current_actor


@bp.get("/units/<code>/")
@requires(Permission.UNIT_READ)
def show(unit: Unit) -> str:
    below = units.list_below(unit, actor=current_actor())
    return render_template("units/show.html", unit=unit, below=below)
