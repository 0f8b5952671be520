"""Forms about people: letting in, renewing, ending, extending, handing over, activating."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, PasswordField, SelectField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from portal.tenancy.roles import Department, Role
from portal.web.forms import ChipsField, NoteField, PortalForm, TextField, options, term_options


def _day(label: Any, missing: Any) -> DateField:
    return DateField(label, validators=[InputRequired(missing)])


class InviteForm(PortalForm):
    name = TextField(_l("Full name"), validators=[InputRequired(_l("Write the name.")), Length(max=40)])
    phone = TextField(_l("Phone"), validators=[InputRequired(_l("Write the phone number.")), Length(max=24)])
    post = TextField(_l("Position"), validators=[Length(max=80)])
    role = SelectField(_l("Role"), validators=[InputRequired(_l("Choose the role."))])
    department = SelectField(
        _l("Department"),
        choices=options([("", _l("for county departments only"))]) + term_options(Department),
    )
    since = _day(_l("First day"), _l("Choose the first day."))
    last_day = _day(_l("Last day"), _l("Choose the last day."))
    username = TextField(
        _l("User name"),
        validators=[Length(max=32)],
        render_kw={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"},
    )

    def fit(self, roles: list[Role], *, is_known: bool) -> None:
        """Ask only what is open: who she is for somebody new, the department where there is one to give."""
        self.role.choices = term_options(roles)
        if is_known:
            del self.name, self.phone, self.post
        if Role.COUNTY_DEPARTMENT not in roles:
            del self.department


class RenewForm(PortalForm):
    account = SelectField(_l("User name"))
    reason = NoteField(
        _l("Why"), validators=[InputRequired(_l("Write why the access is renewed.")), Length(max=200)]
    )
    lost_authenticator = BooleanField(_l("The phone with the authenticator is gone as well"))


class EndPostForm(PortalForm):
    reason = NoteField(
        _l("Reason"), validators=[InputRequired(_l("Write why the role ends.")), Length(max=200)]
    )


class ClassesForm(PortalForm):
    classes = ChipsField(_l("Classes"))


class ExtendForm(PortalForm):
    last_day = _day(_l("Last day"), _l("Choose the last day."))


class HandOverForm(PortalForm):
    successor = StringField(
        _l("Successor"),
        validators=[InputRequired(_l("Search for the successor and choose.")), Length(max=36)],
    )
    on = _day(_l("From"), _l("Choose the day of the hand-over."))


class ActivateForm(PortalForm):
    code = TextField(
        _l("One-time code"),
        validators=[InputRequired(_l("Type the code of your slip.")), Length(max=64)],
        render_kw={"autocapitalize": "characters", "autocomplete": "one-time-code", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("New password"),
        validators=[InputRequired(_l("Choose a password.")), Length(max=256)],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("The same once more"),
        validators=[
            InputRequired(_l("Type the password once more.")),
            EqualTo("password", _l("The two passwords differ.")),
        ],
        render_kw={"autocomplete": "new-password"},
    )
