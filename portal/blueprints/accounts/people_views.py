"""Views about people: the posts of a unit, letting in, the slip, renewing, ending, handing over."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.accounts import bp
from portal.blueprints.accounts.people_forms import (
    ActivateForm,
    ClassesForm,
    EndPostForm,
    ExtendForm,
    HandOverForm,
    InviteForm,
    RenewForm,
)
from portal.config import today
from portal.errors import NotFound, Refused
from portal.services.accounts import passwords
from portal.services.people import classes, codes, finding, grants, handover, renewal
from portal.tenancy.invites import grantable
from portal.tenancy.permissions import Permission
from portal.tenancy.roles import Department, Role
from portal.tenancy.units import Unit
from portal.terms import PostShow, UnitKind
from portal.web import pager
from portal.web.confirm import fresh
from portal.web.forms import options
from portal.web.guards import public, requires
from portal.web.navigation import trail
from portal.web.pictures import qr
from portal.web.searching import chosen, cover, sought
from portal.web.sign_in import current_actor

SLIP = "slip"
"""Where the session keeps a fresh code until its slip has been shown, once."""


def _step(unit: Unit, label: str = "", *, person: Any = None) -> None:
    """Breadcrumbs: people → the person → this page."""
    trail(_("People"), url_for(".people", code=unit.code))
    if person is not None:
        trail(person.name, url_for(".person", code=unit.code, person_id=person.public_id))
    if label:
        trail(label)


@bp.get("/units/<code>/people/")
@requires(Permission.PEOPLE_READ)
def people(unit: Unit) -> str:
    search, show = sought(), chosen(PostShow, "show") or PostShow.LIVE
    below = request.args.get("below") == "1" and unit.kind in (UnitKind.COUNTY, UnitKind.TOWNSHIP)
    after, actor = pager.decode(request.args.get("after"), 2), current_actor()
    page = finding.list_posts(unit, actor=actor, show=show, below=below, search=search, after=after)
    kept: dict[str, Any] = {"code": unit.code, "below": "1" if below else None, "q": cover(search)}
    more = pager.encode(page.next_key) if page.next_key else None
    trail(_("People"))
    return render_template(
        "accounts/people.html", unit=unit, page=page, show=show, below=below, search=search, kept=kept,
        counts=finding.count_posts(unit, actor=actor, below=below), roles=grantable(actor, unit),
        next_url=url_for(".people", show=show.value, after=more, **kept) if more else None)  # fmt: skip


@bp.route("/units/<code>/people/new", methods=["GET", "POST"])
@requires(Permission.PEOPLE_GOVERN)
def invite(unit: Unit) -> str | Response | tuple[str, int]:
    actor, search = current_actor(), sought()
    roles, known = grantable(actor, unit), _chosen(unit)
    form = InviteForm(since=today(), last_day=grants.last_day_proposed(today()))
    form.fit(roles, is_known=known is not None)
    if roles and form.validate_on_submit() and (invited := _invited(form, unit, known)):
        return _after_invitation(unit, invited)
    _step(unit, _("Invite"))
    found = finding.search_people(unit, actor=actor, search=search, without=[actor.person_id])
    page = render_template("accounts/invite.html", unit=unit, form=form, roles=roles, known=known,
                           search=search, found=found, is_new="new" in request.args)  # fmt: skip
    return page, 400 if form.is_submitted() else 200


def _chosen(unit: Unit) -> Any:
    """The person chosen from the search, if the address names one."""
    asked = request.args.get("person", "")
    try:
        return finding.find_in_county(unit, uuid.UUID(asked), actor=current_actor()) if asked else None
    except ValueError:
        return None


def _invited(form: InviteForm, unit: Unit, known: Any) -> grants.Invited | None:
    whom = known or grants.NewPerson(form.name.data, form.phone.data, form.post.data or "")
    department = form.department.data if form.department else ""
    try:
        return grants.invite(
            unit,
            actor=current_actor(),
            role=Role(form.role.data),
            whom=whom,
            since=form.since.data,
            last_day=form.last_day.data,
            department=Department(department) if department else None,
            username=form.username.data or "",
        )
    except Refused as refused:
        form.refuse(refused)
        return None


def _after_invitation(unit: Unit, invited: grants.Invited) -> Response:
    if invited.membership.awaits_second:
        flash(_("Written down. The role begins when a second person has said yes."), "waits")
    if invited.code is None:
        flash(_("%(name)s has the role now and signs in as before.", name=invited.person.name), "ok")
        return redirect(url_for(".person", code=unit.code, person_id=invited.person.public_id))
    return _to_slip(unit, invited.person, invited.user.username, invited.code)


def _to_slip(unit: Unit, person: Any, username: str, code: codes.Code) -> Response:
    """Keep the code for the one time its slip is shown."""
    session[SLIP] = {
        "person": str(person.public_id),
        "username": username,
        "code": code.text,
        "until": code.valid_until.isoformat(),
    }
    return redirect(url_for(".slip", code=unit.code, person_id=person.public_id))


@bp.get("/units/<code>/people/<uuid:person_id>")
@requires(Permission.PEOPLE_READ)
def person(unit: Unit, person_id: uuid.UUID) -> str:
    file = finding.get_person(unit, person_id, actor=current_actor())
    _step(unit, file.person.name)
    may_give = file.person.id != current_actor().person_id and bool(grantable(current_actor(), unit))
    return render_template("accounts/person.html", unit=unit, file=file, may_give=may_give)


@bp.get("/units/<code>/people/<uuid:person_id>/slip")
@requires(Permission.PEOPLE_GOVERN)
def slip(unit: Unit, person_id: uuid.UUID) -> str:
    file = finding.get_person(unit, person_id, actor=current_actor())
    held = session.get(SLIP) or {}
    fresh = session.pop(SLIP) if held.get("person") == str(person_id) else None
    _step(unit, _("Slip"), person=file.person)
    address = url_for(".activate", _external=True)
    return render_template(
        "accounts/slip.html", unit=unit, file=file, slip=fresh, address=address,
        until=datetime.fromisoformat(fresh["until"]) if fresh else None,
        qr=qr(f"{address}#{fresh['code']}") if fresh else "")  # fmt: skip


@bp.route("/units/<code>/people/<uuid:person_id>/renew", methods=["GET", "POST"])
@requires(Permission.PEOPLE_GOVERN)
@fresh
def renew(unit: Unit, person_id: uuid.UUID) -> str | Response | tuple[str, int]:
    actor = current_actor()
    file = finding.get_person(unit, person_id, actor=actor)
    form = RenewForm()
    form.account.choices = options((one.username, one.username) for one in file.accounts)
    if form.validate_on_submit():
        user = next(one for one in file.accounts if one.username == form.account.data)
        lost, reason = form.lost_authenticator.data, form.reason.data
        try:
            code = renewal.renew_access(user, actor=actor, unit=unit, reason=reason, lost_authenticator=lost)
            return _to_slip(unit, file.person, user.username, code)
        except Refused as refused:
            form.refuse(refused)
    _step(unit, _("Renew access"), person=file.person)
    page = render_template("accounts/renew.html", unit=unit, file=file, form=form)
    return page, 400 if form.is_submitted() else 200


@bp.route("/units/<code>/people/<uuid:person_id>/handover", methods=["GET", "POST"])
@requires(Permission.PEOPLE_GOVERN)
def hand_over(unit: Unit, person_id: uuid.UUID) -> str | Response | tuple[str, int]:
    actor, search = current_actor(), sought()
    file = finding.get_person(unit, person_id, actor=actor)
    work = handover.open_work(file.person, unit=unit, actor=actor)
    form = HandOverForm(on=today())
    if form.validate_on_submit() and (moved := _moved(form, unit, file.person)):
        return _after_hand_over(unit, moved)
    _step(unit, _("Hand over"), person=file.person)
    found = finding.search_people(unit, actor=actor, search=search, without=[file.person.id, actor.person_id])
    page = render_template("accounts/handover.html", unit=unit, file=file, work=work, form=form,
                           search=search, found=found)  # fmt: skip
    return page, 400 if form.is_submitted() else 200


def _moved(form: HandOverForm, unit: Unit, leaving: Any) -> handover.HandedOver | None:
    try:
        heir = uuid.UUID(form.successor.data)
        return handover.hand_over(leaving, unit=unit, actor=current_actor(), successor=heir, on=form.on.data)
    except ValueError:
        form.refuse(Refused(_("Choose the successor from the list."), field="successor"))
    except Refused as refused:
        form.refuse(refused)
    return None


def _after_hand_over(unit: Unit, moved: handover.HandedOver) -> Response:
    said = _("Handed over: %(posts)s roles, %(pairings)s pairings, %(classes)s classes, %(jobs)s jobs.",
             posts=moved.posts, pairings=moved.pairings, classes=moved.classes, jobs=moved.jobs)  # fmt: skip
    flash(said, "ok")
    if moved.code is not None:
        return _to_slip(unit, moved.heir, moved.user.username, moved.code)
    return redirect(url_for(".person", code=unit.code, person_id=moved.heir.public_id))


@bp.route("/units/<code>/people/posts/<uuid:post_id>/end", methods=["GET", "POST"])
@requires(Permission.PEOPLE_GOVERN)
def end_post(unit: Unit, post_id: uuid.UUID) -> str | Response | tuple[str, int]:
    actor, form = current_actor(), EndPostForm()
    post = _mine(unit, post_id)
    if form.validate_on_submit():
        grants.end(post.membership, actor=actor, reason=form.reason.data)
        flash(_("The role has ended; the next page already says so."), "ok")
        return redirect(url_for(".person", code=unit.code, person_id=post.person.public_id))
    work = handover.open_work(post.person, unit=unit, actor=actor)
    _step(unit, _("End the role"), person=post.person)
    page = render_template("accounts/end_post.html", unit=unit, post=post, form=form, work=work)
    return page, 400 if form.is_submitted() else 200


def _mine(unit: Unit, post_id: uuid.UUID) -> finding.Post:
    """A post that is the actor's to decide about; any other is not there."""
    post = finding.get_post(unit, post_id, actor=current_actor())
    if not post.is_mine:
        raise NotFound("post")
    return post


@bp.route("/units/<code>/people/posts/<uuid:post_id>/extend", methods=["GET", "POST"])
@requires(Permission.PEOPLE_GOVERN)
def extend_post(unit: Unit, post_id: uuid.UUID) -> str | Response | tuple[str, int]:
    post = _mine(unit, post_id)
    form = ExtendForm(last_day=today() + grants.LONGEST - timedelta(days=1))
    if form.validate_on_submit():
        try:
            grants.extend(post.membership, actor=current_actor(), last_day=form.last_day.data)
            flash(_("The role runs on."), "ok")
            return redirect(url_for(".person", code=unit.code, person_id=post.person.public_id))
        except Refused as refused:
            form.refuse(refused)
    _step(unit, _("Extend"), person=post.person)
    page = render_template("accounts/extend_post.html", unit=unit, post=post, form=form)
    return page, 400 if form.is_submitted() else 200


@bp.route("/units/<code>/people/posts/<uuid:post_id>/classes", methods=["GET", "POST"])
@requires(Permission.PEOPLE_GOVERN)
def classes_of_post(unit: Unit, post_id: uuid.UUID) -> str | Response | tuple[str, int]:
    actor, post = current_actor(), _mine(unit, post_id)
    held = classes.posts_of([post.membership])
    form = ClassesForm(classes=[str(one.school_class.public_id) for one in held])
    known = classes.list_classes(unit, actor=actor)
    form.classes.choices = options((str(one.public_id), one.name) for one in known)
    if form.validate_on_submit():
        chosen = [uuid.UUID(one) for one in form.classes.data]
        classes.give_classes(post.membership, actor=actor, chosen=chosen)
        flash(_("From now on she sees the children of these classes."), "ok")
        return redirect(url_for(".person", code=unit.code, person_id=post.person.public_id))
    _step(unit, _("Classes"), person=post.person)
    page = render_template("accounts/classes.html", unit=unit, post=post, form=form)
    return page, 400 if form.is_submitted() else 200


@bp.post("/units/<code>/people/posts/<uuid:post_id>/confirm")
@requires(Permission.PEOPLE_CONFIRM)
def confirm_post(unit: Unit, post_id: uuid.UUID) -> Response:
    post = finding.get_post(unit, post_id, actor=current_actor())
    grants.confirm(post.membership, actor=current_actor())
    flash(_("You have said yes: the role is given."), "ok")
    return redirect(url_for(".person", code=unit.code, person_id=post.person.public_id))


@bp.route("/activate", methods=["GET", "POST"])
@public("a one-time code comes before being somebody")
def activate() -> str | Response | tuple[str, int]:
    form = ActivateForm()
    if form.validate_on_submit():
        try:
            username = codes.activate(form.code.data, form.password.data, address=request.remote_addr or "")
            flash(_("Your password is set. Sign in as %(username)s.", username=username), "ok")
            return redirect(url_for(".login"))
        except Refused as refused:
            form.refuse(refused)
    return render_template(
        "accounts/activate.html", form=form, rules=passwords.rules()
    ), 400 if form.is_submitted() else 200
