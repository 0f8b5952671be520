"""What the family has a say in: consents, papers, requests, and a copy of everything on file."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.children import bp
from portal.blueprints.children.keeping_forms import AnswerForm, ConsentForm, RequestForm
from portal.config import today
from portal.jobs import board
from portal.services.children import listing
from portal.services.children.keeping import consents, copies, papers, requests
from portal.services.children.owning import own
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import ConsentChannel, Purpose, RequestKind, Witness
from portal.web.answers import file_answer
from portal.web.confirm import fresh
from portal.web.form_pages import Answer
from portal.web.forms import attempt
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.sign_in import current_actor


def find(child_id: uuid.UUID) -> Any:
    return listing.get_child(child_id, actor=current_actor())


def to_keeping(child: Any, message: str, anchor: str = "") -> Response:
    flash(message, "ok")
    return redirect(url_for("children.keeping", child_id=child.public_id) + anchor)


def page_of(template: str, child: Any, form: Any, title: str, **more: Any) -> Answer:
    """A page with one form, on the way from the child's consents and papers."""
    trail(child.name, url_for("children.show", child_id=child.public_id))
    trail(_("Consents and papers"), url_for("children.keeping", child_id=child.public_id))
    trail(title)
    page = render_template(f"children/{template}.html", child=child, form=form, **more)
    return (page, 400) if form.errors else page


@bp.get("/children/<uuid:child_id>/keeping/")
@requires(Permission.CHILD_CARE_READ)
def keeping(child_id: uuid.UUID) -> str:
    actor, child = current_actor(), find(child_id)
    trail(child.name, url_for(".show", child_id=child.public_id))
    trail(_("Consents and papers"))
    return render_template(
        "children/keeping.html",
        child=child,
        asked=consents.list_asked(child, actor=actor),
        papers=papers.list_papers(child, actor=actor),
        requests=requests.list_requests(child, actor=actor),
        copies=copies.list_copies(child, actor=actor) if actor.can(Permission.CHILD_COPY_EXPORT) else (),
        job=board.find_for(copy_of=str(child.public_id)),
    )


@bp.route("/children/<uuid:child_id>/keeping/consents/new", methods=["GET", "POST"])
@requires(Permission.CHILD_CONSENT_EDIT)
def give_consent(child_id: uuid.UUID) -> Answer:
    actor, child = current_actor(), find(child_id)
    form = ConsentForm(given_on=today(), purpose=request.args.get("purpose", ""))
    own(child, actor)
    if attempt(form, lambda: consents.give(child, actor=actor, **_consent(form))):
        answer = to_keeping(child, _("The consent is written down. It can be withdrawn at any time."))
        if "pair" in request.args:  # she came from choosing a helper and goes on there
            answer.location = url_for("pairings.new", code=actor.unit.code, child_id=child.public_id)
        return answer
    return page_of("consent", child, form, _("Write down a consent"), words=consents.WORDS)


def _consent(form: ConsentForm) -> dict[str, Any]:
    return {
        "purpose": Purpose(form.purpose.data),
        "given_by": Witness(form.given_by.data),
        "giver_name": form.giver_name.data or "",
        "channel": ConsentChannel(form.channel.data),
        "verified": form.verified.data or "",
        "child_agrees": {"yes": True, "no": False}.get(form.child_agrees.data),
        "for_whom": form.for_whom.data or "",
        "given_on": form.given_on.data,
        "expires_on": form.expires_on.data,
    }


@bp.post("/children/<uuid:child_id>/keeping/consents/<uuid:consent_id>/withdraw")
@requires(Permission.CHILD_CONSENT_EDIT)
def withdraw_consent(child_id: uuid.UUID, consent_id: uuid.UUID) -> Response:
    child = find(child_id)
    consents.withdraw(child, consent_id, actor=current_actor())
    return to_keeping(child, _("The consent is withdrawn. What rested on it has ended."))


@bp.route("/children/<uuid:child_id>/keeping/requests/new", methods=["GET", "POST"])
@requires(Permission.CHILD_REQUEST_EDIT)
def take_in_request(child_id: uuid.UUID) -> Answer:
    actor, child, form = current_actor(), find(child_id), RequestForm(asked_on=today())
    own(child, actor)
    names = ("asked_by", "relation", "verified", "words")
    if attempt(form, lambda: requests.take_in(child, actor=actor, kind=RequestKind(form.kind.data),
                                              asked_on=form.asked_on.data,
                                              **{name: form[name].data or "" for name in names})):  # fmt: skip
        return to_keeping(child, _("The request is written down; the clock runs."), "#requests")
    return page_of("request", child, form, _("Write down a request"))


@bp.route("/children/<uuid:child_id>/keeping/requests/<uuid:request_id>/", methods=["GET", "POST"])
@requires(Permission.CHILD_REQUEST_EDIT)
def answer_request(child_id: uuid.UUID, request_id: uuid.UUID) -> Answer:
    actor, child, form = current_actor(), find(child_id), AnswerForm()
    own(child, actor)
    found = requests.get_request(child, request_id, actor=actor)
    if attempt(form, lambda: requests.answer(child, request_id, actor=actor, granted=form.granted.data == "yes",
                                             words=form.words.data or "")):  # fmt: skip
        return to_keeping(child, _("The answer is written down."), "#requests")
    return page_of("request_answer", child, form, _("Answer a request"), asked=found)


@bp.get("/children/<uuid:child_id>/keeping/requests/<uuid:request_id>/letter")
@requires(Permission.CHILD_REQUEST_EDIT)
def request_letter(child_id: uuid.UUID, request_id: uuid.UUID) -> str:
    child = find(child_id)
    found = requests.get_answered(child, request_id, actor=current_actor())
    trail(child.name, url_for(".show", child_id=child.public_id))
    trail(_("Consents and papers"), url_for(".keeping", child_id=child.public_id))
    trail(_("Letter"))
    return render_template("children/request_letter.html", child=child, asked=found)


@bp.get("/units/<code>/children/requests")
@requires(Permission.CHILD_REQUEST_EDIT)
def requests_of(unit: Unit) -> str:
    found = requests.list_waiting(unit, actor=current_actor())
    trail(_("Children"), url_for(".index", code=unit.code))
    trail(_("Requests of families"))
    return render_template("children/requests.html", unit=unit, requests=found)


@bp.post("/children/<uuid:child_id>/keeping/copies/")
@requires(Permission.CHILD_COPY_EXPORT)
@fresh
def make_copy(child_id: uuid.UUID) -> Response:
    actor, child = current_actor(), find(child_id)
    copies.order(child, actor=actor)
    board.post("children.copy", actor=actor, copy_of=str(child.public_id))
    return to_keeping(child, _("The copy is being put together."), "#copies")


@bp.get("/children/<uuid:child_id>/keeping/copies/<uuid:copy_id>.zip")
@requires(Permission.CHILD_COPY_EXPORT)
@fresh
def fetch_copy(child_id: uuid.UUID, copy_id: uuid.UUID) -> Response:
    opened = copies.open_copy(find(child_id), copy_id, actor=current_actor())
    return file_answer(opened.content, opened.media_type, opened.name)
