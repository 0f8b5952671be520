"""Forms of the units room: one per act upon the tree."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField
from wtforms.validators import InputRequired, Length

from portal.terms import SchoolKind
from portal.web.forms import ChipsField, PortalForm, TextField, options, term_options


class ActForm(PortalForm):
    """Every act has its day, and mostly a decision (批文) behind it."""

    on = DateField(_l("Takes effect on"), validators=[InputRequired(_l("Choose the day, like 2025-09-01."))])
    paper = TextField(_l("Decision behind it"), validators=[Length(max=120)])


class NamedForm(ActForm):
    """An act that gives a unit its name and code."""

    name = TextField(_l("Name of the unit"), validators=[Length(max=80)])
    code = TextField(
        _l("Division code"),
        validators=[Length(max=32)],
        render_kw={"autocapitalize": "characters", "spellcheck": "false"},
    )
    """What both must be like the service says, all at once."""


class OpenForm(NamedForm):
    kind = RadioField(
        _l("What is it?"), choices=[], validators=[InputRequired(_l("Choose what kind of unit it is."))]
    )
    school_kind = SelectField(
        _l("Kind of school"), choices=options([("", "—")]) + term_options(SchoolKind), default=""
    )


class RenameForm(NamedForm):
    pass


class SplitForm(NamedForm):
    pick = ChipsField(_l("What goes to the new unit"), choices=[])


class TargetForm(ActForm):
    """An act that names another unit."""

    to = SelectField(_l("Which unit?"), choices=[], validators=[InputRequired(_l("Choose the unit."))])
