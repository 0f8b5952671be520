"""Asking once more who is there before a sensitive act, without losing what was typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import PasswordField

from portal.config import now
from portal.errors import Refused
from portal.extensions import db
from portal.services.accounts import own
from portal.web.forms import PortalForm
from portal.web.held_forms import NOT_HELD
from portal.web.sign_in import SAFE, address_of_reader

FRESH = timedelta(minutes=5)
"""How long a proof of who she is holds."""

View = Callable[..., Any]


class ConfirmForm(PortalForm):
    confirm_with = PasswordField(
        _l("Password, or the code of your authenticator"),
        render_kw={"autocomplete": "current-password", "maxlength": "256"},
    )


def is_fresh() -> bool:
    """Whether the reader proved who she is within the last minutes."""
    return bool(now() - current_user.signed_in.confirmed_at <= FRESH)


def prove(form: ConfirmForm) -> bool:
    """Take the proof of the form; False with a sentence beside the field."""
    db.session.rollback()  # the proof is written in a transaction of its own
    try:
        own.confirm(current_user.signed_in.token, form.confirm_with.data or "", address=address_of_reader())
    except Refused as refused:
        form.refuse(refused)
        return False
    return True


def _also_sends() -> bool:
    return request.url_rule is not None and "POST" in (request.url_rule.methods or ())


def fresh(view: View) -> View:
    """For sensitive acts, below @requires: asks for the password or a code if that is five minutes ago.

    A form that was sent goes on afterwards as it was typed: the page that asks carries its fields along
    and sends them here again together with the proof. (A file cannot be carried: take it in before.)
    The page with the empty form is not the act: where a view takes both, only sending asks.
    """

    @wraps(view)
    def asked(**arguments: Any) -> Any:
        if is_fresh() or (request.method in SAFE and _also_sends()):
            return view(**arguments)
        if request.method in SAFE:
            return redirect(url_for("accounts.confirm", next=request.full_path.rstrip("?")))
        form = ConfirmForm()
        if form.confirm_with.data and prove(form):
            return view(**arguments)
        carried = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_HELD]
        page = render_template("confirm.html", form=form, carried=carried, action=request.full_path)
        return page, 400

    return asked
