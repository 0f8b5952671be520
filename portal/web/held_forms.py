"""Held forms: what was sent over an ended session waits for its writer, and goes on once and only once."""

from __future__ import annotations

from typing import Any

from flask import Flask, flash, g, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.extensions import login
from portal.services.accounts import held, sessions
from portal.web.sign_in import SAFE

HELD = "_held"
"""The field by which a form says that it was held, and which one it is."""
CONFIRM = "confirm_with"
"""A password: it is never held, whatever form it came with."""
NOT_HELD = ("csrf_token", HELD, CONFIRM)
_NEVER = ("home.search", "children.compare")
"""Not worth holding (a search), or not to be seen again (an ID number)."""
_OWN_ACCOUNT = "/account"
"""Forms of one's own account are nothing but passwords and codes."""


def init_app(app: Flask) -> None:
    """Take a held form out as it is sent, after the reader is known; put it back if we failed over it."""
    login.unauthorized_handler(to_login)
    app.before_request(_take)
    app.after_request(_put_back)


def hold(token: str) -> bool:
    """Keep the form at hand for the reader whose session ended; whether it is kept. Files cannot be."""
    if request.endpoint in _NEVER or request.path.startswith(_OWN_ACCOUNT) or request.files:
        return False
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_HELD]
    return bool(fields) and held.hold(token, path=request.path, fields=fields)


def _take() -> Response | None:
    g.held_form = None
    if request.method in SAFE or g.actor is None or HELD not in request.form:
        return None
    g.held_form = held.take(g.actor.user_id, request.form[HELD])
    if g.held_form is None:
        flash(_("This was sent on already, or thrown away; it is not sent twice."), "info")
        return redirect(url_for("home.index"))
    return None


def _put_back(response: Any) -> Any:
    taken = g.get("held_form")
    if taken is not None and response.status_code >= 500:
        held.put_back(g.actor.user_id, taken)
    return response


def to_login() -> Response:
    """Send the reader to the login page and back here afterwards.

    Where her session has ended by itself she is told why, and a form she sent is kept for her return.
    """
    here = request.full_path.rstrip("?") if request.method in SAFE else None
    token = session.pop("_user_id", None)
    if token is not None:
        if why := sessions.why_over(token):
            flash(str(why), "warn")
        if here is None and hold(token):
            flash(_("What you typed is kept: sign in, and send it on."), "info")
    return redirect(url_for("accounts.login", next=here))
