"""Every view says who may use it. A view that says nothing stops the boot."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, abort, g, redirect, request, url_for
from flask_login import current_user

from portal.services import units
from portal.tenancy.permissions import Permission
from portal.web.held_forms import to_login

View = Callable[..., Any]
GUARD = "guard"
OPEN_TO_DEBTORS = ("accounts.password",)
"""What opens to somebody who owes a new password; signing out and choosing a language are public."""


class BareView(RuntimeError):
    """A view has neither @requires nor @public."""


def requires(permission: Permission) -> Callable[[View], View]:
    """Only for a role with `permission`, at the unit whose `code` the URL names (or her own).

    The view gets that unit as `unit` in place of `code`. Outside the actor's reach: 404, the same as a
    unit that does not exist. Within it without the permission: 403.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> Any:
            if g.actor is None:
                return abort(401) if request.path.startswith("/api/") else to_login()
            if current_user.signed_in.owes_password and request.endpoint not in OPEN_TO_DEBTORS:
                return redirect(url_for("accounts.password"))
            if "code" in arguments:
                g.unit = arguments["unit"] = units.get_unit(g.actor, arguments.pop("code"))
            g.actor.require(permission, at=arguments.get("unit"))
            return view(**arguments)

        setattr(guarded, GUARD, permission)
        return guarded

    return guard


def public(why: str) -> Callable[[View], View]:
    """Open to everybody, signed in or not; `why` says so aloud."""

    def guard(view: View) -> View:
        setattr(view, GUARD, f"public: {why}")
        return view

    return guard


def guard_of(view: View) -> Permission | str | None:
    """What the view declares: a permission, "public: …", or nothing."""
    declared: Permission | str | None = getattr(view, GUARD, None)
    return declared


def check_every_view_is_guarded(app: Flask) -> None:
    """Raise BareView naming every endpoint that says nothing; Flask's static files are public by nature."""
    bare = [name for name, view in app.view_functions.items() if name != "static" and guard_of(view) is None]
    if bare:
        raise BareView(f"no @requires and no @public on: {', '.join(sorted(bare))}")
