"""The children behind a figure, masked: first the purpose, then the list."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.children import bp
from portal.blueprints.children.forms import PurposeForm
from portal.config import today
from portal.errors import Refused
from portal.services.children import listing, masked
from portal.services.reports import periods
from portal.services.reports.figures import Window
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import Basis, ListPurpose, Side
from portal.web import pager
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.sign_in import current_actor


def _asked(unit: Unit) -> tuple[periods.Period, masked.Figure]:
    """The figure the address names: period, basis and side, as the roll-up's link has them."""
    words = request.args
    period = periods.parse(words["period"]) if words.get("period") else periods.term_of(today())
    basis = Basis(words["basis"]) if words.get("basis") in set(Basis) else Basis.WIDE
    side = listing.side_of(unit, Side(words["side"]) if words.get("side") in set(Side) else None)
    return period, masked.Figure(side, basis, Window.of(period).as_of)


def _kept(period: periods.Period, figure: masked.Figure) -> dict[str, str]:
    return {"period": period.code, "basis": figure.basis.value, "side": figure.side.value}


def _page(name: str, unit: Unit, **more: Any) -> str:
    period, figure = _asked(unit)
    kept = _kept(period, figure)
    trail(_("Roll-up"), url_for("reports.rollup", code=unit.code, period=period.code, basis=kept["basis"]))
    trail(_("Masked list"))
    return render_template(name, unit=unit, period=period, figure=figure, kept=kept, **more)


@bp.get("/units/<code>/children/masked/")
@requires(Permission.CHILD_MASKED_READ)
def masked_list(unit: Unit) -> str:
    actor, figure = current_actor(), _asked(unit)[1]
    held = masked.find_pass(unit, actor=actor)
    if held is None:
        return _page("children/purpose.html", unit, form=PurposeForm(formdata=None))
    after = pager.decode(request.args.get("after"), 2)
    page = masked.list_masked(unit, figure, actor=actor, after=after)
    return _page("children/masked.html", unit, held=held, page=page,
                 after=pager.encode(page.next_key) if page.next_key else None)  # fmt: skip


@bp.post("/units/<code>/children/masked/")
@requires(Permission.CHILD_MASKED_READ)
def ask_for_list(unit: Unit) -> Response | tuple[str, int]:
    form = PurposeForm()
    if form.validate_on_submit():
        purpose, words = ListPurpose(form.purpose.data), form.words.data or ""
        try:
            masked.ask(unit, actor=current_actor(), purpose=purpose, words=words)
            kept: dict[str, Any] = _kept(*_asked(unit))
            return redirect(url_for(".masked_list", code=unit.code, **kept))
        except Refused as refused:
            form.refuse(refused)
    return _page("children/purpose.html", unit, form=form), 400
