"""Forms of the accounts room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired, Length

from portal.web.forms import PortalForm, TextField

_CODE = {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}


class LoginForm(PortalForm):
    username = TextField(
        _l("User name or phone number"),
        validators=[InputRequired(_l("Write your user name.")), Length(max=64)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Password"),
        validators=[InputRequired(_l("Write your password.")), Length(max=256)],
        render_kw={"autocomplete": "current-password"},
    )
    code = TextField(_l("Code of your authenticator"), validators=[Length(max=40)], render_kw=_CODE)


class CodeForm(PortalForm):
    """The second step: six digits, or a recovery code."""

    code = TextField(
        _l("Code"),
        validators=[InputRequired(_l("Write the code.")), Length(max=40)],
        render_kw=_CODE,
    )


class PasswordForm(PortalForm):
    old_password = PasswordField(
        _l("Present password"),
        validators=[InputRequired(_l("Write your password.")), Length(max=256)],
        render_kw={"autocomplete": "current-password"},
    )
    new_password = PasswordField(
        _l("New password"),
        validators=[InputRequired(_l("Choose a password.")), Length(max=256)],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("New password once more"),
        validators=[
            InputRequired(_l("Type the password once more.")),
            EqualTo("new_password", _l("The two passwords differ.")),
        ],
        render_kw={"autocomplete": "new-password"},
    )
