"""Views of the accounts room."""

from __future__ import annotations

import uuid
from urllib.parse import urlsplit

from flask import current_app, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from portal.blueprints.accounts import bp
from portal.blueprints.accounts.forms import LoginForm
from portal.config import LOCALES
from portal.errors import Refused
from portal.services.accounts import demo, sessions
from portal.services.accounts import sign_in as signing_in
from portal.tenancy.permissions import Permission
from portal.web.guards import public, requires
from portal.web.sign_in import enter_with


def _next() -> str:
    """Where the reader was going: a path of this site, or home."""
    wanted = request.values.get("next", "")
    parts = urlsplit(wanted)
    inside = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc
    return wanted if inside else url_for("home.index")


@bp.route("/login", methods=["GET", "POST"])
@public("signing in comes before being somebody")
def login() -> str | Response | tuple[str, int]:
    form = LoginForm()
    if form.validate_on_submit():
        try:
            agent = request.user_agent.string
            token = signing_in.sign_in(form.username.data, form.password.data, agent=agent)
        except Refused as refused:
            form.refuse(refused)
        else:
            enter_with(token)
            return redirect(_next())
    status = 400 if form.is_submitted() else 200
    return render_template("accounts/login.html", form=form, next=_next(), **_demonstration()), status


def _demonstration() -> dict[str, object]:
    """Some logins to try, where nothing real is kept."""
    if not current_app.config["SETTINGS"].PORTAL_DEMO:
        return {}
    return {"demo_logins": demo.list_demo_logins(), "demo_password": demo.DEMO_PASSWORD}


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
    return redirect(_next())
