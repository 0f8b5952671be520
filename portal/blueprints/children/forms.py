"""Forms of the children room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired, Length

from portal.terms import FileField, RevealReason
from portal.web.forms import PortalForm, TextField, term_options


class RevealForm(PortalForm):
    """Which cover, what for, and (for notes) a sentence why."""

    field = SelectField(_l("Field"), choices=term_options(FileField))
    purpose = SelectField(_l("What do you need it for?"), choices=term_options(RevealReason))
    words = TextField(_l("In a few words"), validators=[Length(max=100)])


class CompareForm(PortalForm):
    """A number as it stands on paper. It is never shown again, not even after a mistake."""

    number = TextField(
        _l("ID number on the paper"),
        validators=[InputRequired(_l("Write the number.")), Length(max=40)],
    )
