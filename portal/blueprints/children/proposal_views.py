"""Answering what the other side of a child proposes."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from portal.blueprints.children import bp
from portal.blueprints.children.file_forms import FORMS, TITLES, AnswerForm
from portal.blueprints.children.file_views import shown_values
from portal.services.children import listing, proposals
from portal.services.children.fields import Group
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.web.form_pages import Answer
from portal.web.forms import attempt
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.sign_in import current_actor


@bp.get("/units/<code>/children/proposals")
@requires(Permission.CHILD_FILE_EDIT)
def proposals_of(unit: Unit) -> str:
    trail(_("Children"), url_for(".index", code=unit.code))
    trail(_("Proposals"))
    found = proposals.list_for(unit, actor=current_actor())
    titles = {group.value: title for group, title in TITLES.items()}
    return render_template("children/proposals.html", unit=unit, proposals=found, titles=titles)


@bp.get("/children/<uuid:child_id>/proposals/<uuid:proposal_id>/")
@requires(Permission.CHILD_FILE_EDIT)
def proposal(child_id: uuid.UUID, proposal_id: uuid.UUID) -> Answer:
    return _proposal(child_id, proposal_id, AnswerForm(formdata=None))


def _proposal(child_id: uuid.UUID, proposal_id: uuid.UUID, form: AnswerForm) -> Answer:
    child = listing.get_child(child_id, actor=current_actor())
    found = proposals.get_proposal(child, proposal_id, actor=current_actor())
    group = Group(found.group)
    wanted = proposals.values_of(found)
    shape = FORMS[group](formdata=None)
    held = shown_values(child, group)
    lines = [(shape[name].label.text, held.get(name), value) for name, value in wanted.items()]
    trail(child.name, url_for("children.show", child_id=child.public_id))
    trail(_("Proposal"))
    page = render_template("children/proposal.html", child=child, proposal=found, lines=lines, form=form,
                           title=TITLES[group])  # fmt: skip
    return (page, 400) if form.errors else page


@bp.post("/children/<uuid:child_id>/proposals/<uuid:proposal_id>/accept")
@requires(Permission.CHILD_FILE_EDIT)
def accept_proposal(child_id: uuid.UUID, proposal_id: uuid.UUID) -> Answer:
    actor, child = current_actor(), listing.get_child(child_id, actor=current_actor())
    found = proposals.get_proposal(child, proposal_id, actor=actor)
    proposals.answer(child, found, actor=actor, accepted=True)
    flash(_("Taken over into the file."), "ok")
    return redirect(url_for(".whole", child_id=child.public_id))


@bp.post("/children/<uuid:child_id>/proposals/<uuid:proposal_id>/refuse")
@requires(Permission.CHILD_FILE_EDIT)
def refuse_proposal(child_id: uuid.UUID, proposal_id: uuid.UUID) -> Answer:
    actor, child, form = current_actor(), listing.get_child(child_id, actor=current_actor()), AnswerForm()
    found = proposals.get_proposal(child, proposal_id, actor=actor)
    if attempt(form, lambda: proposals.answer(child, found, actor=actor, accepted=False,
                                              words=form.words.data or "")):  # fmt: skip
        flash(_("Not taken over. The other side reads why."), "ok")
        return redirect(url_for(".whole", child_id=child.public_id))
    return _proposal(child_id, proposal_id, form)
