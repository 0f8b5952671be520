"""Forms about classes, what happens to a child, and transfers."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, RadioField, SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.terms import EventKind, ParentRole, TransferReason
from portal.web.forms import NoteField, PortalForm, TextField, WholeNumberField, options, term_options

DAY = _l("Choose the day, like 2025-09-01.")


class ClassForm(PortalForm):
    """A new class. Grade 0 is a kindergarten's."""

    grade = WholeNumberField(
        _l("Grade"),
        validators=[
            InputRequired(_l("Write the grade.")),
            NumberRange(0, 9, _l("Write a grade from 0 to 9.")),
        ],
    )
    name = TextField(
        _l("Name"), validators=[InputRequired(_l("Write the name of the class.")), Length(max=40)]
    )
    pupils = WholeNumberField(
        _l("Pupils"),
        validators=[
            InputRequired(_l("Write how many pupils sit in the class.")),
            NumberRange(0, 200, _l("Write a number from 0 to 200.")),
        ],
    )
    on = DateField(_l("First day"), validators=[InputRequired(DAY)])


class ClassChangeForm(PortalForm):
    name = TextField(
        _l("Name"), validators=[InputRequired(_l("Write the name of the class.")), Length(max=40)]
    )
    pupils = WholeNumberField(
        _l("Pupils"),
        validators=[
            InputRequired(_l("Write how many pupils sit in the class.")),
            NumberRange(0, 200, _l("Write a number from 0 to 200.")),
        ],
    )
    on = DateField(_l("From"), validators=[InputRequired(DAY)])


class PromotionForm(PortalForm):
    """The day, and for each class that goes on (`class-<id>`) the teacher who takes it over, if another does."""

    on = DateField(_l("On"), validators=[InputRequired(DAY)])

    @property
    def asks_for_teachers(self) -> bool:
        return any(name.startswith("class-") for name in self._fields)

    @property
    def heirs(self) -> dict[uuid.UUID, uuid.UUID]:
        """Class → grant of the teacher who takes it over."""
        picked = {name[6:]: value for name, value in self.data.items() if name.startswith("class-") and value}
        return {uuid.UUID(room): uuid.UUID(grant) for room, grant in picked.items()}


def promotion_form(
    rooms: Iterable[tuple[uuid.UUID, str]], teachers: Sequence[tuple[uuid.UUID, str]], on: date
) -> PromotionForm:
    """The form for these classes (id, name); without teachers to choose from it asks for the day alone."""

    class Handing(PromotionForm):
        pass

    choices = options([("", _l("as before")), *((str(grant), name) for grant, name in teachers)])
    for room, name in rooms if teachers else ():
        taker = SelectField(_l("Class teacher of %(name)s", name=name), choices=choices, default="")
        setattr(Handing, f"class-{room}", taker)
    return Handing(on=on)


class EventForm(PortalForm):
    """What happened. Father or mother and the place are asked for absences only."""

    kind = RadioField(
        _l("What happened"), choices=[], validators=[InputRequired(_l("Choose what happened."))]
    )
    on = DateField(_l("On"), validators=[InputRequired(DAY)])
    role = SelectField(
        _l("Father or mother"),
        choices=options([("", _l("not asked"))]) + term_options(ParentRole),
        default="",
    )
    place = TextField(_l("Where to"), validators=[Length(max=80)])
    inside_county = BooleanField(_l("Inside the county"))
    note = NoteField(_l("Remark"), validators=[Length(max=200)])

    def offer(self, kinds: list[EventKind]) -> None:
        """Show only what the reader's unit may write down."""
        self.kind.choices = term_options(kinds)


class OfferForm(PortalForm):
    to = SelectField(_l("Goes to"), choices=[])
    reason = RadioField(
        _l("Reason"),
        choices=term_options(TransferReason),
        validators=[InputRequired(_l("Choose the reason."))],
    )
    on = DateField(_l("On"), validators=[InputRequired(DAY)])
    note = NoteField(_l("For the other side"), validators=[Length(max=200)])


class AcceptForm(PortalForm):
    into = SelectField(_l("Class"), choices=[], validators=[Optional()], default="")


class RefuseForm(PortalForm):
    why = TextField(
        _l("Why not"),
        validators=[InputRequired(_l("Write the reason; the other side reads it.")), Length(max=200)],
    )
