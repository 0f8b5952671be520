"""Forms of the visits room."""

from __future__ import annotations

import uuid
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, RadioField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange

from portal.terms import Met, Topic, VisitKind
from portal.web.forms import ChipsField, NoteField, PortalForm, WholeNumberField, term_options


class VisitForm(PortalForm):
    """怎么见的, 见了谁, 哪天, 多长时间, 聊了什么. `entry` makes sending twice harmless."""

    entry = HiddenField()
    kind = RadioField(
        _l("How did you meet?"),
        choices=term_options(VisitKind),
        validators=[InputRequired(_l("Choose how you met."))],
    )
    children = ChipsField(_l("Which child?"), choices=[])
    happened_on = DateField(
        _l("Which day?"), validators=[InputRequired(_l("Choose the day, for example 2025-06-26."))]
    )
    minutes = WholeNumberField(
        _l("How long?"),
        validators=[
            InputRequired(_l("Write the minutes as a number.")),
            NumberRange(1, 720, _l("A visit takes between 1 and 720 minutes.")),
        ],
        render_kw={"inputmode": "numeric", "min": "1", "max": "720"},
    )
    met = ChipsField(_l("Who was there?"), choices=term_options(Met))
    topics = ChipsField(_l("What did you talk about?"), choices=term_options(Topic))
    note = NoteField(
        _l("What you would like to say"),
        validators=[Length(max=2000, message=_l("Please keep it under 2,000 characters."))],
        render_kw={"rows": 3},
    )
    worry = BooleanField(_l("I am a little worried about this child"))

    def validate_entry(self, field: Any) -> None:
        try:
            uuid.UUID(field.data or "")
        except ValueError:
            field.data = str(uuid.uuid4())

    def validate_children(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_l("Say which child you met."))
