"""Forms of the census."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired, Length, Optional

from portal.terms import Basis, LineVerdict, RemovalReason, Sex
from portal.web.forms import NoteField, PortalForm, TextField, options, term_options


class OpenCensusForm(PortalForm):
    """The term, what counts, of which day, and by when."""

    period = SelectField(_l("Term"))
    basis = RadioField(_l("Basis"), choices=term_options(Basis),
                       validators=[InputRequired(_l("Choose the basis."))])  # fmt: skip
    as_of = DateField(_l("As of"), validators=[InputRequired(_l("Choose the day, like 2025-09-01."))])
    due_on = DateField(_l("Due on"), validators=[InputRequired(_l("Choose the day, like 2025-09-01."))])
    note = NoteField(_l("Word to the schools and villages"), validators=[Optional(), Length(max=300)])


class LineForm(PortalForm):
    """What was found of one child."""

    child = HiddenField(validators=[InputRequired()])
    verdict = HiddenField(validators=[InputRequired()])
    reason = SelectField(
        _l("Why"), choices=[*options([("", _l("choose …"))]), *term_options(RemovalReason)],
        validators=[Optional()],
    )  # fmt: skip
    note = TextField(_l("In a few words"), validators=[Length(max=200)])

    def said(self) -> tuple[LineVerdict | None, RemovalReason | None]:
        """Verdict and reason, where they are ones."""
        verdict, reason = self.verdict.data, self.reason.data
        return (
            LineVerdict(verdict) if verdict in set(LineVerdict) else None,
            RemovalReason(reason) if reason in set(RemovalReason) else None,
        )


class FoundForm(PortalForm):
    """A child who was found and has no file here."""

    name = TextField(_l("Name"), validators=[InputRequired(_l("Write the name.")), Length(max=40)])
    sex = RadioField(_l("Sex"), choices=term_options(Sex), validators=[InputRequired(_l("Choose one."))])
    birth_date = DateField(
        _l("Born on"), validators=[InputRequired(_l("Write the day of birth, like 2015-05-01."))]
    )
    note = TextField(_l("In a few words"), validators=[Length(max=100)])


class SendBackForm(PortalForm):
    """What is to be looked at again."""

    reason = NoteField(
        _l("What is to be looked at again"),
        validators=[InputRequired(_l("Write what is to be looked at again.")), Length(max=300)],
    )
