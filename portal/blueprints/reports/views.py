"""Views of the reports room."""

from __future__ import annotations

from flask import jsonify, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.reports import bp
from portal.blueprints.reports.layout import page_of
from portal.config import today
from portal.services.reports import periods
from portal.services.reports.rollup import roll_up
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import Basis
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.sign_in import current_actor


def _period() -> periods.Period:
    asked = request.args.get("period", "")
    return periods.parse(asked) if asked else periods.term_of(today())


def _basis() -> Basis:
    asked = request.args.get("basis", "")
    return Basis(asked) if asked in set(Basis) else Basis.WIDE


@bp.get("/units/<code>/reports/")
@requires(Permission.ROLLUP_READ)
def rollup(unit: Unit) -> str:
    trail(_("Roll-up"))
    found = roll_up(unit, actor=current_actor(), period=_period(), basis=_basis())
    return render_template("reports/rollup.html", page=page_of(found, actor=current_actor()))


@bp.get("/api/v1/units/<code>/rollup")
@requires(Permission.ROLLUP_READ)
def rollup_json(unit: Unit) -> Response:
    found = roll_up(unit, actor=current_actor(), period=_period(), basis=_basis())
    return jsonify(found.as_json())
