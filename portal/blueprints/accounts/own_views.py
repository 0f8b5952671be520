"""One's own account: the page, password, second factor, recovery codes, devices, and the proof of oneself."""

from __future__ import annotations

import uuid

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.blueprints.accounts import bp
from portal.blueprints.accounts.forms import CodeForm, PasswordForm
from portal.blueprints.accounts.views import HALF, Page, wanted_next
from portal.errors import Refused
from portal.services.accounts import demo, own, passwords, sign_in
from portal.tenancy.permissions import Permission
from portal.web.confirm import ConfirmForm, fresh, prove
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.pictures import qr
from portal.web.sign_in import address_of_reader, current_actor, enter_with


def _token() -> str:
    return str(current_user.signed_in.token)


def _step(label: str) -> None:
    trail(_("My account"), url_for(".account"))
    trail(label)


@bp.get("/account")
@requires(Permission.ACCOUNT_OWN_EDIT)
def account() -> str:
    trail(_("My account"))
    return render_template("accounts/account.html", account=own.account_of(current_actor(), _token()))


@bp.route("/account/password", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN_EDIT)
def password() -> Page:
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            return _changed(form)
        except Refused as refused:
            form.refuse(refused)
    _step(_("Password"))
    owes = current_user.signed_in.owes_password
    page = render_template("accounts/password.html", form=form, rules=passwords.rules(), owes=owes)
    return page, 400 if form.is_submitted() else 200


def _changed(form: PasswordForm) -> Response:
    token = own.change_password(
        current_actor(),
        _token(),
        old=form.old_password.data,
        new=form.new_password.data,
        address=address_of_reader(),
    )
    enter_with(token)
    flash(_("Your password is changed. You were signed out on your other devices."), "ok")
    return redirect(url_for(".account"))


@bp.post("/account/second/new")
@requires(Permission.ACCOUNT_OWN_EDIT)
@fresh
def offer_second() -> Response:
    session[HALF] = own.offer_second(current_actor(), _token())
    return redirect(url_for(".set_second"))


@bp.route("/account/second", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN_EDIT)
def set_second() -> Page:
    form, half = CodeForm(), session.get(HALF, "")
    _step(_("Authenticator"))
    try:
        offer = sign_in.find_offer(half)
        if form.validate_on_submit():
            renewed, codes = own.set_second(current_actor(), _token(), half, form.code.data)
            enter_with(renewed)
            return render_template("accounts/recovery.html", codes=codes)
    except sign_in.Lapsed:
        return redirect(url_for(".account"))
    except Refused as refused:
        form.refuse(refused)
    page = render_template("accounts/second_set.html", form=form, offer=offer, qr=qr(offer.address))
    return page, 400 if form.is_submitted() else 200


@bp.post("/account/recovery")
@requires(Permission.ACCOUNT_OWN_EDIT)
@fresh
def recovery() -> str:
    _step(_("Recovery codes"))
    codes = own.renew_recovery_codes(current_actor(), _token())
    return render_template("accounts/recovery.html", codes=codes)


@bp.get("/account/sessions")
@requires(Permission.ACCOUNT_OWN_EDIT)
def devices() -> str:
    _step(_("Devices"))
    return render_template("accounts/devices.html", account=own.account_of(current_actor(), _token()))


@bp.post("/account/sessions/<uuid:session_id>/end")
@requires(Permission.ACCOUNT_OWN_EDIT)
@fresh
def end_device(session_id: uuid.UUID) -> Response:
    own.end_device(current_actor(), _token(), session_id)
    flash(_("That device is signed out."), "ok")
    return redirect(url_for(".devices"))


@bp.post("/account/sessions/end")
@requires(Permission.ACCOUNT_OWN_EDIT)
@fresh
def end_devices() -> Response:
    own.end_other_devices(current_actor(), _token())
    flash(_("All other devices are signed out."), "ok")
    return redirect(url_for(".devices"))


@bp.route("/account/confirm", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN_EDIT)
def confirm() -> Page:
    form = ConfirmForm()
    if request.method == "POST" and prove(form):
        return redirect(wanted_next())
    action = url_for(".confirm", next=wanted_next())
    page = render_template("confirm.html", form=form, carried=[], action=action)
    return page, 400 if request.method == "POST" else 200


@bp.app_context_processor
def _demo_code() -> dict[str, object]:
    """Where nothing real is kept, pages that ask for a code tell the demo account's own."""

    def code_of_demo() -> str:
        is_demo = current_app.config["SETTINGS"].PORTAL_DEMO and current_user.is_authenticated
        return demo.find_demo_code(current_actor().username) if is_demo else ""

    return {"code_of_demo": code_of_demo}
