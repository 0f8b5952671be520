"""Views of the children room."""

from __future__ import annotations

import uuid
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.children import bp
from portal.blueprints.children.forms import CompareForm, RevealForm
from portal.errors import Refused
from portal.services import visits
from portal.services.audit import lines
from portal.services.children import classes, covered, files, listing
from portal.services.pairings import peers, reading
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import FileField, RevealReason, Side, UnitKind
from portal.web import pager
from portal.web.confirm import fresh
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.searching import chosen, cover, sought
from portal.web.sign_in import current_actor


def _side(unit: Unit) -> Side:
    return listing.side_of(unit, chosen(Side, "side"))


def _rooms(unit: Unit) -> tuple[list[Any], Any]:
    """The classes to choose from at a school, and the one the address names."""
    if unit.kind is not UnitKind.SCHOOL:
        return [], None
    rooms = classes.list_classes(unit, actor=current_actor())
    return rooms, next((one for one in rooms if str(one.public_id) == request.args.get("class")), None)


@bp.get("/units/<code>/children/")
@requires(Permission.CHILD_LIST_READ)
def index(unit: Unit) -> str:
    side, search = _side(unit), sought()
    after = pager.decode(request.args.get("after"), 2)
    rooms, chosen = _rooms(unit)
    page = listing.list_children(unit, actor=current_actor(), side=side, search=search,
                                 school_class=chosen, after=after)  # fmt: skip
    kept: dict[str, Any] = {"side": side.value, "q": cover(search), "class": chosen and chosen.public_id}
    more = pager.encode(page.next_key) if page.next_key else None
    next_url = url_for(".index", code=unit.code, after=more, **kept) if more else None
    trail(_("Children"))
    return render_template("children/index.html", unit=unit, side=side, search=search, page=page, kept=kept,
                           classes=rooms, chosen=chosen, next_url=next_url)  # fmt: skip


@bp.get("/children/<uuid:child_id>/")
@requires(Permission.CHILD_FILE_READ)
def show(child_id: uuid.UUID) -> str:
    actor = current_actor()
    child = listing.get_child(child_id, actor=actor)
    if actor.is_volunteer:
        logged = visits.list_of_child(child, actor=actor)
        guardian = files.read_card(child, actor=actor)
        own = reading.pairing_with(child, actor=actor)
        return render_template(
            "children/card.html", child=child, guardian=guardian, visits=logged, pairing=own
        )
    return _page(child)


def _page(child: Any, *, lifted: FileField | None = None, same: bool | None = None, **forms: Any) -> str:
    """The file of a child; `lifted` shows without its cover, `same` is the answer to a comparison."""
    actor = current_actor()
    trail(_("Children"), url_for(".index", code=actor.unit.code))
    trail(child.name)
    return render_template(
        "children/show.html",
        child=child,
        page=files.read_file(child, actor=actor, lifted=lifted),
        pairings=reading.list_of_child(child),
        buddies=peers.list_buddies(child, actor=actor),
        visits=visits.list_of_child(child, actor=actor),
        looks=lines.list_looks(child, actor=actor),
        lifted=lifted,
        same=same,
        reveal=forms.get("reveal") or RevealForm(formdata=None),
        compare=forms.get("compare") or CompareForm(formdata=None),
    )


@bp.post("/children/<uuid:child_id>/reveal/")
@requires(Permission.CHILD_FIELD_REVEAL)
@fresh
def reveal(child_id: uuid.UUID) -> str | tuple[str, int]:
    child, form = listing.get_child(child_id, actor=current_actor()), RevealForm()
    if form.validate_on_submit():
        field, reason = FileField(form.field.data), RevealReason(form.purpose.data)
        try:
            covered.lift(child, field, actor=current_actor(), reason=reason, words=form.words.data or "")
            return _page(child, lifted=field)
        except Refused as refused:
            form.refuse(refused)
    return _page(child, reveal=form), 400


@bp.post("/children/<uuid:child_id>/compare/")
@requires(Permission.CHILD_NUMBER_COMPARE)
def compare(child_id: uuid.UUID) -> str | tuple[str, int]:
    child, form = listing.get_child(child_id, actor=current_actor()), CompareForm()
    if form.validate_on_submit():
        try:
            return _page(child, same=covered.compare_number(child, form.number.data, actor=current_actor()))
        except Refused as refused:
            form.refuse(refused)
    form.number.data = None  # no digit is ever shown, not even one just typed
    return _page(child, compare=form), 400


@bp.get("/children/<uuid:child_id>/call/")
@requires(Permission.CHILD_FILE_READ)
def call(child_id: uuid.UUID) -> Response:
    """One tap: the telephone opens, and the call stands in the log."""
    child = listing.get_child(child_id, actor=current_actor())
    return redirect(f"tel:{covered.number_to_call(child, actor=current_actor())}")
