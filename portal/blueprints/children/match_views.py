"""What school and village see differently, and two files that may be of one child."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.children import bp
from portal.jobs import board
from portal.services.children import census, doubts, listing, matches
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import Side
from portal.web import pager
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.sign_in import current_actor


@bp.get("/units/<code>/children/doubts/")
@requires(Permission.CHILD_LIST_READ)
def doubt_list(unit: Unit) -> str:
    actor, word = current_actor(), request.args.get("side")
    side = listing.side_of(unit, Side(word) if word in set(Side) else None)
    newest = census.newest(actor=actor)
    after = pager.decode(request.args.get("after"), 2)
    page = doubts.list_doubts(newest, unit, actor=actor, side=side, after=after) if newest else None
    pairs = matches.list_matches(unit, actor=actor) if not after else []
    more = pager.encode(page.next_key) if page and page.next_key else None
    kept: dict[str, Any] = {"code": unit.code, "side": side.value}
    trail(_("Census"), url_for(".census_overview", code=unit.code))
    trail(_("Doubts"))
    return render_template("children/doubts.html", unit=unit, side=side, census=newest, page=page, pairs=pairs,
                           next_url=url_for(".doubt_list", after=more, **kept) if more else None)  # fmt: skip


@bp.post("/units/<code>/children/doubts/search")
@requires(Permission.CENSUS_GOVERN)
def find_matches(unit: Unit) -> Response:
    board.post("children.match", actor=current_actor())
    flash(
        _("The county is being searched for two files of one child; what is found stands with the units."),
        "ok",
    )
    return redirect(url_for(".census_overview", code=unit.code))


@bp.get("/units/<code>/children/doubts/<uuid:match_id>/")
@requires(Permission.CHILD_LIST_READ)
def match(unit: Unit, match_id: uuid.UUID) -> str:
    actor = current_actor()
    page = matches.read_match(matches.get_match(unit, match_id, actor=actor), actor=actor)
    trail(_("Doubts"), url_for(".doubt_list", code=unit.code))
    trail(_("Two files"))
    return render_template(
        "children/match.html", unit=unit, page=page, job=board.find_for(match=str(match_id))
    )


@bp.post("/units/<code>/children/doubts/<uuid:match_id>/answer")
@requires(Permission.CENSUS_FILL)
def answer_match(unit: Unit, match_id: uuid.UUID) -> Response:
    actor = current_actor()
    pair = matches.get_match(unit, match_id, actor=actor)
    if matches.answer(pair, actor=actor, same=request.form.get("same") == "yes"):
        board.post("children.join", actor=actor, match=str(match_id))
        flash(_("Both sides have said: one child. The files are being joined."), "ok")
    else:
        flash(_("Your answer is written down."), "ok")
    return redirect(url_for(".match", code=unit.code, match_id=match_id))


@bp.post("/units/<code>/children/doubts/<uuid:match_id>/undo")
@requires(Permission.CENSUS_FILL)
def part_match(unit: Unit, match_id: uuid.UUID) -> Response:
    actor = current_actor()
    matches.ask_to_part(matches.get_match(unit, match_id, actor=actor), actor=actor)
    board.post("children.part", actor=actor, match=str(match_id))
    flash(_("The two files are being taken apart again."), "ok")
    return redirect(url_for(".match", code=unit.code, match_id=match_id))
