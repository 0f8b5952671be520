"""Forms of the registers room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField
from wtforms.validators import InputRequired

from portal.web.forms import PortalForm


class RosterForm(PortalForm):
    file = FileField(
        _l("Workbook"),
        validators=[FileRequired(_l("Choose the roster workbook on your computer."))],
        render_kw={"accept": ".xlsx,.xls,.ods"},
    )
    as_of = DateField(
        _l("The roster stands as of"), validators=[InputRequired(_l("Choose the day of the roster."))]
    )
