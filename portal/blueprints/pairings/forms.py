"""Forms of the pairings room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField
from wtforms.validators import InputRequired, Length

from portal.terms import PairingEnd, PairingKind
from portal.web.forms import NoteField, PortalForm, term_options

VOLUNTEER_KINDS = (
    PairingKind.VOLUNTEER,
    PairingKind.PROXY_PARENT,
    PairingKind.CARING_MOTHER,
    PairingKind.FIVE_ELDERS,
)


class PairForm(PortalForm):
    helper = RadioField(
        _l("Volunteer"),
        choices=[],
        validators=[InputRequired(_l("Choose a volunteer."))],
    )
    kind = SelectField(
        _l("Kind"),
        choices=term_options(VOLUNTEER_KINDS),
        default=PairingKind.VOLUNTEER.value,
    )
    starts_on = DateField(_l("First day"), validators=[InputRequired(_l("Choose the first day."))])
    note = NoteField(_l("Why these two"), validators=[Length(max=200)])


class EndForm(PortalForm):
    reason = RadioField(
        _l("Reason"),
        choices=term_options(one for one in PairingEnd if one is not PairingEnd.HANDED_OVER),
        validators=[InputRequired(_l("Choose the reason."))],
    )
    note = NoteField(_l("Remark"), validators=[Length(max=200)])
