"""Views of the audit room."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from portal.blueprints.audit import bp
from portal.blueprints.audit.forms import FilterForm
from portal.services.audit import lines
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.web import pager, searching
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.sign_in import current_actor


@bp.get("/units/<code>/audit/")
@requires(Permission.AUDIT_READ)
def index(unit: Unit) -> str:
    actor, form = current_actor(), FilterForm(searching.asked())
    trail(_("Log"))
    only, after = form.asked(), pager.decode(request.args.get("after"), 2)
    page, key = lines.list_lines(unit, actor=actor, only=only, after=after)
    asked: dict[str, Any] = {"day": only.day, "name": searching.cover(only.name), "kind": only.kind}
    first = url_for(".index", code=unit.code, **asked)
    more = url_for(".index", code=unit.code, after=pager.encode(key), **asked) if key else None
    return render_template("audit/index.html", unit=unit, form=form, only=only, days=lines.by_day(page), next_url=more,
                           first_url=first, end=lines.end_of_chain(unit, actor=actor))  # fmt: skip
