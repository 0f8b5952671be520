"""Papers of a child: putting a picture in, taking it out as a file, taking it out of use."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.children import bp
from portal.blueprints.children.keeping_forms import PaperForm, VoidForm
from portal.blueprints.children.keeping_views import find, page_of, to_keeping
from portal.services.children.keeping import papers
from portal.services.children.owning import own
from portal.tenancy.permissions import Permission
from portal.terms import PaperKind
from portal.web.answers import file_answer
from portal.web.form_pages import Answer
from portal.web.forms import attempt, options
from portal.web.guards import requires
from portal.web.sign_in import current_actor


@bp.route("/children/<uuid:child_id>/papers/new", methods=["GET", "POST"])
@requires(Permission.CHILD_PAPER_EDIT)
def add_paper(child_id: uuid.UUID) -> Answer:
    actor, child = current_actor(), find(child_id)
    proves = request.args.get("proves", "")
    form = PaperForm(belongs_to=proves, kind=PaperKind.CARE_AGREEMENT.value if "agreement:" in proves else "")
    own(child, actor)
    form.belongs_to.choices = options(
        [("", _("nothing in particular")), *papers.list_rows(child, actor=actor)]
    )
    if attempt(form, lambda: _add(child, actor, form)):
        return to_keeping(child, _("The paper is in the file, without the data of the camera."), "#papers")
    return page_of("paper_new", child, form, _("Attach a paper"))


def _add(child: Any, actor: Any, form: PaperForm) -> None:
    papers.add_paper(child, actor=actor, kind=PaperKind(form.kind.data), title=form.title.data or "",
                     data=form.file.data.read(), belongs_to=form.belongs_to.data or "")  # fmt: skip


@bp.get("/children/<uuid:child_id>/papers/<uuid:paper_id>/file")
@requires(Permission.CHILD_CARE_READ)
def fetch_paper(child_id: uuid.UUID, paper_id: uuid.UUID) -> Response:
    opened = papers.open_paper(find(child_id), paper_id, actor=current_actor())
    return file_answer(opened.content, opened.media_type, opened.name)


@bp.route("/children/<uuid:child_id>/papers/<uuid:paper_id>/void", methods=["GET", "POST"])
@requires(Permission.CHILD_PAPER_EDIT)
def void_paper(child_id: uuid.UUID, paper_id: uuid.UUID) -> Answer:
    actor, child, form = current_actor(), find(child_id), VoidForm()
    found = papers.get_paper(child, paper_id, actor=actor)
    if attempt(form, lambda: papers.void_paper(child, paper_id, actor=actor, reason=form.reason.data or "")):
        return to_keeping(child, _("The paper is out of use; it stays on record."), "#papers")
    return page_of("paper_void", child, form, _("Take a paper out of use"), paper=found)
