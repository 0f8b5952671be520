"""Who is there: Flask-Login over our revocable session row, and the scope of this request's session."""

from __future__ import annotations

from flask import Flask, g, request, session
from flask_login import UserMixin, current_user

from portal.extensions import WRITES, db, login
from portal.services.accounts import sessions
from portal.tenancy.actor import Actor
from portal.tenancy.scope import enter

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
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
