"""Who is there: Flask-Login over our revocable session row, and the scope of this request's session."""

from __future__ import annotations

from flask import Flask, flash, g, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import UserMixin, current_user
from werkzeug.wrappers import Response

from portal.extensions import WRITES, db, login
from portal.services.accounts import held, sessions
from portal.tenancy.actor import Actor
from portal.tenancy.scope import enter

HELD = "_held"
"""Names a form that was kept while its writer signed in again: once it is sent it is forgotten."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
NOT_HELD = ("csrf_token", HELD)
KEPT = ("locale", "theme")
"""What a reader chose on this device outlives the session."""


class Reader(UserMixin):
    """What Flask-Login keeps in the cookie is the random token of a session row, not a user id."""

    def __init__(self, signed_in: sessions.SignedIn) -> None:
        self.signed_in = signed_in

    def get_id(self) -> str:
        return self.signed_in.token


def init_app(app: Flask) -> None:
    """Load the reader and give the request its actor and scope."""
    login.user_loader(_load)
    login.unauthorized_handler(to_login)
    app.before_request(_begin)


def _load(token: str) -> Reader | None:
    if g.get("unreadable"):
        return None  # the lookup failed once in this request: its error page does without the reader
    g.unreadable = True
    signed_in = sessions.find_signed_in(token)
    g.unreadable = False
    return Reader(signed_in) if signed_in else None


def _begin() -> None:
    WRITES.set(request.method not in SAFE)
    g.actor = None
    if request.endpoint in (None, "static"):
        return
    if current_user.is_authenticated:
        g.actor = current_user.signed_in.actor
        if request.method not in SAFE and HELD in request.form:
            held.drop(g.actor.user_id)
        enter(db.session(), g.actor.scope)


def address_of_reader() -> str:
    """Where the request comes from: the caller's address, as far as the trusted proxies tell it."""
    return request.remote_addr or ""


def current_actor() -> Actor:
    """The signed-in actor; a guarded view always has one."""
    actor: Actor = g.actor
    return actor


def enter_with(token: str) -> None:
    """From this answer on the cookie carries `token`; nothing else of the session before is kept."""
    kept = {name: session[name] for name in KEPT if name in session}
    session.clear()
    session.update(kept)
    session["_user_id"] = token
    session["_fresh"] = True


def to_login() -> Response:
    """Send the reader to the login page and back here afterwards.

    Where her session has ended by itself she is told why, and a form she sent is kept for her return.
    """
    here = request.full_path.rstrip("?") if request.method in SAFE else None
    token = session.pop("_user_id", None)
    if token is not None:
        if why := sessions.why_over(token):
            flash(str(why), "warn")
        if here is None and held.hold(token, path=request.path, fields=_typed()):
            flash(_("What you typed is kept: sign in, and send it on."), "info")
    return redirect(url_for("accounts.login", next=here))


def _typed() -> list[tuple[str, str]]:
    """The fields of the form at hand, without the token."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_HELD]
