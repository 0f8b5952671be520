"""Views of the visits room."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from portal.blueprints.visits import bp
from portal.blueprints.visits.forms import VisitForm
from portal.config import today
from portal.errors import Refused
from portal.services import visits
from portal.services.children import listing
from portal.tenancy.permissions import Permission
from portal.terms import Met, Topic, VisitKind
from portal.web import pager
from portal.web.forms import options
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.sign_in import current_actor


def _asked() -> uuid.UUID | None:
    """The child named in the address, if it names one."""
    try:
        return uuid.UUID(request.args.get("child", ""))
    except ValueError:
        return None


def _choosable(asked: uuid.UUID | None) -> list[tuple[str, str]]:
    """A helper chooses among her own children; a colleague comes from the child's file."""
    actor = current_actor()
    if actor.is_volunteer:
        return [(str(child.public_id), child.name) for child, _pairing in listing.list_paired(actor)]
    if asked is None:
        return []
    child = listing.get_child(asked, actor=actor)
    return [(str(child.public_id), child.name)]


def _fresh(choosable: list[tuple[str, str]], asked: uuid.UUID | None) -> dict[str, object]:
    """What the form opens with: the child one came from, today, a home visit of half an hour."""
    first = str(asked) if asked else (choosable[0][0] if len(choosable) == 1 else None)
    return {
        "entry": str(uuid.uuid4()),
        "kind": VisitKind.HOME_VISIT.value if current_actor().is_volunteer else VisitKind.TALK.value,
        "children": [first] if first else [],
        "happened_on": today(),
        "minutes": 30,
        "met": [Met.CHILD.value],
    }


@bp.route("/visits/new", methods=["GET", "POST"])
@requires(Permission.VISIT_LOG)
def new() -> str | Response | tuple[str, int]:
    asked = _asked()
    choosable = _choosable(asked)
    form = VisitForm(data=_fresh(choosable, asked) if request.method == "GET" else None)
    form.children.choices = options(choosable)
    if form.validate_on_submit() and _logged(form):
        return redirect(url_for(".index"))
    status = 400 if form.is_submitted() else 200
    return render_template("visits/new.html", form=form, asked=asked), status


def _logged(form: VisitForm) -> bool:
    try:
        done = visits.log_visit(
            actor=current_actor(),
            entry_id=uuid.UUID(form.entry.data),
            children=[uuid.UUID(one) for one in form.children.data],
            kind=VisitKind(form.kind.data),
            happened_on=form.happened_on.data,
            minutes=form.minutes.data,
            met=[Met(one) for one in form.met.data or ()],
            topics=[Topic(one) for one in form.topics.data or ()],
            note=form.note.data or "",
            worry=form.worry.data,
        )
    except Refused as refused:
        form.refuse(refused)
        return False
    flash(ngettext("Saved: one record.", "Saved: %(num)s records.", len(done)), "ok")
    return True


@bp.get("/visits/")
@requires(Permission.VISIT_READ)
def index() -> str:
    after = pager.decode(request.args.get("after"), 2)
    found, key = visits.list_mine(actor=current_actor(), after=after)
    trail(_("My records"))
    next_url = url_for(".index", after=pager.encode(key)) if key else None
    return render_template("visits/index.html", visits=found, next_url=next_url)
