"""Forms of the audit room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.validators import Optional

from portal.services.audit.lines import Filter
from portal.terms import ActKind
from portal.web.forms import PortalForm, TextField, options, searched, term_options


class FilterForm(PortalForm):
    """What of the log is shown. It only reads, so it is a GET and carries no token."""

    class Meta:
        csrf = False

    day = DateField(_l("Day"), validators=[Optional()])
    name = TextField(_l("Name"))
    kind = SelectField(_l("What"), validators=[Optional()])

    def __init__(self, formdata: object) -> None:
        super().__init__(formdata)
        for field in self:
            field.flags.optional = False  # every part of a filter may be left out; no need to say so
        self.kind.choices = [*options([("", _l("Everything"))]), *term_options(ActKind)]

    def asked(self) -> Filter:
        """The filter; a part that cannot be read is left out and says so beside its field."""
        self.validate()
        kind = self.kind.data if self.kind.data in set(ActKind) else ""
        return Filter(self.day.data, searched(self.name.data), ActKind(kind) if kind else None)
