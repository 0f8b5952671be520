"""The whole file by groups, and editing a group of it: by its owner at once, by the other side as a proposal."""

from __future__ import annotations

import json
import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.children import bp
from portal.blueprints.children.file_forms import FORMS, TITLES, GroupForm
from portal.errors import Refused, SealBroken
from portal.services.children import covered, editing, fields, filing, listing, proposals
from portal.services.children.fields import Group, Values
from portal.tenancy.keys import keyring
from portal.tenancy.permissions import Permission
from portal.web.form_pages import Answer
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.sign_in import current_actor


@bp.get("/children/<uuid:child_id>/file/")
@requires(Permission.CHILD_FILE_EDIT)
def whole(child_id: uuid.UUID) -> str:
    actor, child = current_actor(), listing.get_child(child_id, actor=current_actor())
    trail(child.name, url_for(".show", child_id=child.public_id))
    trail(_("The whole file"))
    return render_template(
        "children/whole.html",
        child=child,
        parts=[(group, TITLES[group], FORMS[group], editing.owns(child, group, actor)) for group in Group],
        forms={group: FORMS[group](formdata=None, **_form_values(child, group)) for group in Group},
        lacking=filing.missing(child),
        state=filing.state_of(child),
        proposals=proposals.list_open(child, actor=actor),
        declined=proposals.list_declined(child, actor=actor),
    )


def shown_values(child: Any, group: Group) -> Values:
    """The values of a group as the reader may see them: what is covered for her stays empty."""
    hidden = covered.hidden_fields(current_actor())
    return {name: "" if name in hidden else value for name, value in fields.read_group(child, group).items()}


def _form_values(child: Any, group: Group) -> Values:
    """The values of a group in the shapes its form fields have."""
    found = shown_values(child, group)
    found |= {name: None for name in ("siblings", "grade") if found.get(name) == ""}
    return found | {"birth_date": child.birth_date} if "birth_date" in found else found


@bp.route("/children/<uuid:child_id>/file/<group>", methods=["GET", "POST"])
@requires(Permission.CHILD_FILE_EDIT)
def edit(child_id: uuid.UUID, group: str) -> Answer:
    if group not in set(Group):
        abort(404)
    part, child = Group(group), listing.get_child(child_id, actor=current_actor())
    form = FORMS[part](**_form_values(child, part))
    if not form.is_submitted():
        form.begun.data = _seal(fields.read_group(child, part))
    if form.validate_on_submit():
        try:
            return _saved(child, part, form)
        except Refused as refused:
            form.refuse(refused)
        except editing.Clashed as clashed:
            return _merge(child, part, form, clashed.clashes)
    return _editor(child, part, form, [])


def _merge(child: Any, group: Group, form: GroupForm, clashes: list[editing.Clash]) -> Answer:
    """Both values of what two people changed; what she has not touched shows what is on file by now."""
    begun, fresh = _unseal(form.begun.data), _form_values(child, group)
    for one in form:
        if one.name in fresh and _plain(one.data) == begun.get(one.name):
            one.data = fresh[one.name]
    form.begun.data = _seal(fields.read_group(child, group))
    return _editor(child, group, form, clashes)


def _plain(value: Any) -> Any:
    return "" if value is None else fields.plain(value)


def _saved(child: Any, group: Group, form: GroupForm) -> Response:
    actor = current_actor()
    typed = {f.name: _plain(f.data) for f in form
             if f.name not in ("begun", "reason", "csrf_token")}  # fmt: skip
    begun = _unseal(form.begun.data)
    for name in covered.hidden_fields(actor):
        if typed.get(name) == "":
            typed[name] = begun.get(name, "")  # left covered, so left alone
    changed = editing.changes_of(child, group, begun, typed)
    if editing.owns(child, group, actor):
        editing.edit(child, group, changed, actor=actor)
        flash(_("The file is changed."), "ok")
    else:
        proposals.propose(child, group, changed, actor=actor, reason=form.reason.data or "")
        flash(_("Your proposal waits for the other side."), "ok")
    return redirect(url_for(".whole", child_id=child.public_id))


def _editor(child: Any, group: Group, form: GroupForm, clashes: list[editing.Clash]) -> Answer:
    trail(child.name, url_for("children.show", child_id=child.public_id))
    trail(_("The whole file"), url_for("children.whole", child_id=child.public_id))
    trail(str(TITLES[group]))
    owner = editing.owns(child, group, current_actor())
    page = render_template("children/edit.html", child=child, group=group, title=TITLES[group], form=form,
                           owner=owner, clashes={one.field: one.now for one in clashes},
                           hidden=covered.hidden_fields(current_actor()))  # fmt: skip
    return (page, 409 if clashes else 400) if form.errors or clashes else page


PURPOSE = "values a form began with"


def _seal(values: Values) -> str:
    """Values for a hidden field: the reader sends them back and can neither read nor change them."""
    return keyring.wrap(json.dumps(values).encode(), purpose=PURPOSE)


def _unseal(word: str | None) -> Values:
    try:
        found: Values = json.loads(keyring.unwrap(word or "", purpose=PURPOSE))
        return found
    except SealBroken:
        abort(400)


@bp.post("/children/<uuid:child_id>/file/verify")
@requires(Permission.CHILD_FILE_EDIT)
def verify(child_id: uuid.UUID) -> Response:
    child = listing.get_child(child_id, actor=current_actor())
    editing.verify(child, actor=current_actor())
    flash(_("Looked through today. It is due again in a term."), "ok")
    return redirect(url_for(".whole", child_id=child.public_id))
