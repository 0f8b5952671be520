"""Sensitive notes of a child: writing one, ending one. They are read on the child's file."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.children import bp
from portal.blueprints.children.forms import SensitiveNoteForm
from portal.errors import Refused
from portal.services.children import listing, notes
from portal.tenancy.permissions import Permission
from portal.terms import NoteKind
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.sign_in import current_actor


@bp.route("/children/<uuid:child_id>/notes/new", methods=["GET", "POST"])
@requires(Permission.CHILD_NOTE_EDIT)
def write_note(child_id: uuid.UUID) -> str | Response | tuple[str, int]:
    child, form = listing.get_child(child_id, actor=current_actor()), SensitiveNoteForm()
    if form.validate_on_submit():
        kind, words = NoteKind(form.kind.data), {name: form[name].data or "" for name in WORDS}
        try:
            notes.write_note(child, actor=current_actor(), kind=kind, **words)
            flash(_("The note is kept sealed. You can read your own words on the file."), "ok")
            return redirect(url_for(".show", child_id=child.public_id) + "#notes")
        except Refused as refused:
            form.refuse(refused)
    trail(child.name, url_for(".show", child_id=child.public_id))
    trail(_("Sensitive note"))
    page = render_template("children/note.html", child=child, form=form)
    return (page, 400) if form.errors else page


WORDS = ("summary", "how_to_help", "text")


@bp.post("/children/<uuid:child_id>/notes/<uuid:note_id>/end")
@requires(Permission.CHILD_NOTE_EDIT)
def end_note(child_id: uuid.UUID, note_id: uuid.UUID) -> Response:
    child = listing.get_child(child_id, actor=current_actor())
    notes.end_note(child, note_id, actor=current_actor())
    flash(_("The note has ended. It stays sealed on file and is shown no more."), "ok")
    return redirect(url_for(".show", child_id=child.public_id) + "#notes")
