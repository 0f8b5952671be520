"""Views of the children room."""

from __future__ import annotations

import uuid

from flask import render_template, request, url_for
from flask_babel import gettext as _

from portal.blueprints.children import bp
from portal.services import pairings, visits
from portal.services.audit import lines
from portal.services.children import files, listing
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import Side
from portal.web import pager
from portal.web.forms import searched
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.sign_in import current_actor


def _side(unit: Unit) -> Side:
    asked = request.args.get("side")
    return listing.side_of(unit, Side(asked) if asked in set(Side) else None)


@bp.get("/units/<code>/children/")
@requires(Permission.CHILD_LIST_READ)
def index(unit: Unit) -> str:
    side, search = _side(unit), searched(request.args.get("q"))
    after = pager.decode(request.args.get("after"), 2)
    page = listing.list_children(unit, actor=current_actor(), side=side, search=search, after=after)
    more = pager.encode(page.next_key) if page.next_key else None
    next_url = url_for(".index", code=unit.code, side=side.value, q=search or None, after=more)
    trail(_("Children"))
    return render_template("children/index.html", unit=unit, side=side, search=search, page=page,
                           next_url=next_url if more else None)  # fmt: skip


@bp.get("/children/<uuid:child_id>/")
@requires(Permission.CHILD_FILE_READ)
def show(child_id: uuid.UUID) -> str:
    actor = current_actor()
    child = listing.get_child(child_id, actor=actor)
    logged = visits.list_of_child(child, actor=actor)
    if actor.is_volunteer:
        guardian = files.read_card(child, actor=actor)
        return render_template("children/card.html", child=child, guardian=guardian, visits=logged)
    trail(_("Children"), url_for(".index", code=actor.unit.code))
    trail(child.name)
    page, paired = files.read_file(child, actor=actor), pairings.list_of_child(child)
    looks = lines.list_looks(child, actor=actor)
    return render_template("children/show.html", child=child, page=page, pairings=paired, visits=logged,
                           looks=looks)  # fmt: skip
