"""Forms of the children room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired, Length

from portal.terms import FileField, ListPurpose, NoteKind, RevealReason
from portal.web.forms import NoteField, PortalForm, TextField, term_options


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


class PurposeForm(PortalForm):
    """What the children behind a figure are needed for."""

    purpose = RadioField(
        _l("What do you need it for?"),
        choices=term_options(ListPurpose),
        validators=[InputRequired(_l("Choose what you need it for."))],
    )
    words = TextField(_l("In a few words"), validators=[Length(max=100)])


class SensitiveNoteForm(PortalForm):
    """A note of health, mind or family. The words are sealed."""

    kind = RadioField(
        _l("What it is about"),
        choices=term_options(NoteKind),
        validators=[InputRequired(_l("Choose what it is about."))],
    )
    summary = TextField(
        _l("In one sentence"),
        validators=[InputRequired(_l("Write in one sentence what those around the child should know.")),
                    Length(max=100)],
    )  # fmt: skip
    how_to_help = NoteField(_l("How to help"), validators=[Length(max=300)])
    text = NoteField(_l("The whole of it"), validators=[Length(max=2000)])
