"""Views of the pairings room: a unit's pairings, what is missing, the numbers."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from portal.blueprints.pairings import bp
from portal.services.children import listing
from portal.services.pairings import agreeing, gaps, numbers, reading
from portal.services.pairings.gaps import Gap
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import PairingKind, Side
from portal.web import pager
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.searching import chosen
from portal.web.sign_in import current_actor


def _side(unit: Unit) -> Side:
    return listing.side_of(unit, chosen(Side, "side"))


def _next(endpoint: str, unit: Unit, key: Any, **asked: Any) -> str | None:
    return url_for(endpoint, code=unit.code, after=pager.encode(key), **asked) if key else None


@bp.get("/units/<code>/pairings/")
@requires(Permission.PAIRING_READ)
def index(unit: Unit) -> str:
    actor, side, kind = current_actor(), _side(unit), chosen(PairingKind, "kind")
    after = pager.decode(request.args.get("after"), 2)
    found, key = reading.list_pairings(unit, actor=actor, side=side, kind=kind, after=after)
    trail(_("Pairings"))
    return render_template("pairings/index.html", unit=unit, side=side, pairings=found, kind=kind,
                           gaps=gaps.count_gaps(unit, actor=actor, side=side),
                           waiting=agreeing.count_proposals(unit, actor=actor),
                           next_url=_next(".index", unit, key, side=side.value, kind=kind and kind.value))  # fmt: skip


@bp.get("/units/<code>/pairings/gaps")
@requires(Permission.PAIRING_READ)
def list_gaps(unit: Unit) -> str:
    actor, side, gap = current_actor(), _side(unit), chosen(Gap, "show") or Gap.UNPAIRED
    after = pager.decode(request.args.get("after"), 2 if gap is Gap.UNPAIRED else 1)
    page = gaps.list_gaps(unit, actor=actor, side=side, gap=gap, after=after)
    trail(_("Pairings"), url_for(".index", code=unit.code, side=side.value))
    trail(_("What is missing"))
    return render_template("pairings/gaps.html", unit=unit, side=side, gap=gap, page=page,
                           counts=gaps.count_gaps(unit, actor=actor, side=side),
                           next_url=_next(".list_gaps", unit, page.next_key, side=side.value,
                                          show=gap.value))  # fmt: skip


@bp.get("/units/<code>/pairings/numbers")
@requires(Permission.ROLLUP_READ)
def show_numbers(unit: Unit) -> str:
    actor = current_actor()
    line = numbers.LINES.get(actor.department) if actor.department else None
    own = line if request.args.get("line") else None
    found = numbers.count_pairings(unit, actor=actor, kinds=sorted(own or ()))
    trail(_("Pairings in numbers"))
    return render_template("pairings/numbers.html", unit=unit, numbers=found, line=line, own=own)
