"""Signing in, in up to three steps, signing out, the acting role, language and theme."""

from __future__ import annotations

import uuid

from flask import current_app, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from portal.blueprints.accounts import bp
from portal.blueprints.accounts.forms import CodeForm, LoginForm
from portal.config import LOCALES
from portal.errors import Refused
from portal.services.accounts import demo, held, lockout, sessions
from portal.services.accounts import sign_in as signing_in
from portal.tenancy.permissions import Permission
from portal.web.guards import public, requires
from portal.web.held_forms import HELD
from portal.web.pictures import qr
from portal.web.searching import is_inside
from portal.web.sign_in import address_of_reader, enter_with

HALF = "half"
"""The cookie's word for the token of a half session."""
NEXT = "next"
_PAGES = {signing_in.Next.CODE: ".second", signing_in.Next.ENROL: ".enrol"}

Page = str | Response | tuple[str, int]


def wanted_next() -> str:
    """Where the reader was going: a path of this site, or home."""
    wanted = request.values.get(NEXT, "")
    return wanted if is_inside(wanted) else url_for("home.index")


@bp.route("/login", methods=["GET", "POST"])
@public("signing in comes before being somebody")
def login() -> Page:
    form, status = LoginForm(), 200
    if form.validate_on_submit():
        try:
            return _follow(_take(form))
        except Refused as refused:
            form.refuse(refused)
            status = 429 if isinstance(refused, lockout.Locked) else 400
    elif form.is_submitted():
        status = 400
    asks = bool(status == 429 or form.code.data or form.code.errors)
    page = render_template(
        "accounts/login.html", form=form, next=wanted_next(), asks_code=asks, **_demonstration()
    )
    return page, status


def _take(form: LoginForm) -> signing_in.Step:
    return signing_in.sign_in(
        form.username.data,
        form.password.data,
        code=form.code.data or "",
        agent=request.user_agent.string,
        address=address_of_reader(),
    )


def _follow(step: signing_in.Step) -> Response:
    """On to the next step; what the reader wanted to open is remembered on the way."""
    wanted = session.get(NEXT) or wanted_next()
    if step.next is signing_in.Next.IN:
        return redirect(enter(step.token, wanted))
    session[HALF], session[NEXT] = step.token, wanted
    return redirect(url_for(_PAGES[step.next]))


def enter(token: str, wanted: str) -> str:
    """Begin the session; where it begins: what was typed before the last one ended comes first."""
    enter_with(token)
    signed_in = sessions.find_signed_in(token)
    waits = signed_in is not None and held.find(signed_in.actor.user_id) is not None
    return url_for(".resume") if waits else wanted


def _demonstration() -> dict[str, object]:
    """Some logins to try, where nothing real is kept."""
    if not current_app.config["SETTINGS"].PORTAL_DEMO:
        return {}
    return {"demo_logins": demo.list_demo_logins(), "demo_password": demo.DEMO_PASSWORD}


@bp.route("/login/second", methods=["GET", "POST"])
@public("the second factor comes before being somebody")
def second() -> Page:
    form = CodeForm()
    try:
        username = signing_in.find_half(session.get(HALF, ""))
        if form.validate_on_submit():
            return _follow(signing_in.second_step(session.get(HALF, ""), form.code.data))
    except signing_in.Lapsed as lapsed:
        return _from_the_beginning(lapsed)
    except Refused as refused:
        form.refuse(refused)
    shown = demo.find_demo_code(username) if current_app.config["SETTINGS"].PORTAL_DEMO else ""
    page = render_template("accounts/second.html", form=form, demo_code=shown)
    return page, 400 if form.is_submitted() else 200


@bp.route("/login/enrol", methods=["GET", "POST"])
@public("a required second factor is set up before being somebody")
def enrol() -> Page:
    form, half = CodeForm(), session.get(HALF, "")
    try:
        offer = signing_in.find_offer(half)
        if form.validate_on_submit():
            step, codes = signing_in.enrol(half, form.code.data)
            onward = enter(step.token, session.get(NEXT) or url_for("home.index"))
            return render_template("accounts/recovery_first.html", codes=codes, onward=onward)
    except signing_in.Lapsed as lapsed:
        return _from_the_beginning(lapsed)
    except Refused as refused:
        form.refuse(refused)
    page = render_template("accounts/enrol.html", form=form, offer=offer, qr=qr(offer.address))
    return page, 400 if form.is_submitted() else 200


def _from_the_beginning(lapsed: signing_in.Lapsed) -> Response:
    if session.pop(HALF, None):
        flash(str(lapsed.message), "warn")
    return redirect(url_for(".login"))


@bp.get("/login/resume")
@requires(Permission.ACCOUNT_OWN_EDIT)
def resume() -> str | Response:
    waiting = held.find(g.actor.user_id)
    if waiting is None:
        return redirect(url_for("home.index"))
    return render_template("accounts/resume.html", held=waiting, mark=HELD)


@bp.post("/login/resume")
@requires(Permission.ACCOUNT_OWN_EDIT)
def forget() -> Response:
    held.drop(g.actor.user_id)
    return redirect(url_for("home.index"))


@bp.post("/logout")
@public("ending a session is always allowed")
def logout() -> Response:
    if current_user.is_authenticated:
        sessions.sign_out(current_user.signed_in.token)
    logout_user()
    session.clear()
    return redirect(url_for(".login"))


@bp.route("/acting", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_SESSION_SWITCH)
def acting() -> str | Response:
    if request.method == "POST":
        try:
            wanted = uuid.UUID(request.form.get("membership", ""))
        except ValueError:
            raise Refused(_("Choose one of your roles.")) from None
        enter_with(sessions.switch_membership(current_user.signed_in.token, wanted))
        flash(_("You now act in the chosen role."), "ok")
        return redirect(url_for("home.index"))
    return render_template("accounts/acting.html")


@bp.post("/preferences")
@public("language and theme may be chosen before signing in")
def preferences() -> Response:
    locale, theme = request.form.get("locale"), request.form.get("theme")
    if locale in LOCALES:
        session["locale"] = locale
    if theme in sessions.THEMES:
        session["theme"] = theme
    if g.actor is not None:
        sessions.choose(current_user.signed_in.token, locale=locale, theme=theme)
    return redirect(wanted_next())
