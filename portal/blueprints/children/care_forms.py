"""Forms about the care of a child: guardian, assessment, agreement, contact, alarms, priority, plans."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.terms import (
    AlarmAct,
    Assessment,
    ContactRhythm,
    Education,
    GuardianHealth,
    GuardianKind,
    PlanKind,
    PlanOutcome,
    PriorityLevel,
    PriorityReason,
)
from portal.web.forms import (
    ChipsField,
    NoteField,
    PortalForm,
    TextField,
    WholeNumberField,
    options,
    term_options,
)

NOT_SAID = ("", _l("not filled in"))


class GuardianForm(PortalForm):
    """Who cares for the child from a day on. Without a guardian only kind and day count."""

    kind = RadioField(
        _l("Who cares for the child"),
        choices=term_options(GuardianKind),
        validators=[InputRequired(_l("Choose who cares for the child."))],
    )
    since = DateField(_l("Cares since"), validators=[InputRequired(_l("Choose the day, like 2025-09-01."))])
    name = TextField(_l("Name"), validators=[Length(max=40)])
    relation = TextField(_l("Relation to the child"), validators=[Length(max=20)])
    phone = TextField(_l("Phone"), validators=[Length(max=24)])
    birth_year = WholeNumberField(
        _l("Born in the year"),
        validators=[Optional(), NumberRange(1900, 2020, _l("Write a year of four digits."))],
    )
    occupation = TextField(_l("Occupation"), validators=[Length(max=40)])
    health = SelectField(_l("Health"), choices=options([NOT_SAID]) + term_options(GuardianHealth), default="")
    education = SelectField(
        _l("Education"), choices=options([NOT_SAID]) + term_options(Education), default=""
    )
    address = TextField(_l("Where she lives, if not with the child"), validators=[Length(max=120)])


class AssessForm(PortalForm):
    level = RadioField(
        _l("How the guardian copes"),
        choices=term_options(Assessment),
        validators=[InputRequired(_l("Choose one of the three levels."))],
    )
    on = DateField(_l("Assessed on"), validators=[InputRequired(_l("Choose the day, like 2025-09-01."))])
    grounds = NoteField(_l("What you saw"), validators=[Length(max=300)])


class ContactForm(PortalForm):
    rhythm = RadioField(
        _l("How often are the parents in touch?"),
        choices=term_options(ContactRhythm),
        validators=[InputRequired(_l("Choose how often."))],
    )
    on = DateField(_l("Asked on"), validators=[InputRequired(_l("Choose the day, like 2025-09-01."))])
    home_on = DateField(_l("A parent was last at home on"), validators=[Optional()])


class AgreementForm(PortalForm):
    signed_on = DateField(_l("Signed on"), validators=[InputRequired(_l("Choose the day, like 2025-09-01."))])
    valid_until = DateField(_l("Last day"), validators=[Optional()])
    told_school_on = DateField(_l("The school was told in writing on"), validators=[Optional()])
    told_village_on = DateField(_l("The village was told in writing on"), validators=[Optional()])


class EndAgreementForm(PortalForm):
    reason = TextField(
        _l("Why it ends"), validators=[InputRequired(_l("Write why it ends.")), Length(max=200)]
    )


class AlarmForm(PortalForm):
    act = RadioField(
        _l("What was done"),
        choices=term_options(AlarmAct),
        validators=[InputRequired(_l("Choose what was done."))],
    )
    note = NoteField(_l("In a few words"), validators=[Length(max=300)])
    due_on = DateField(
        _l("Somebody looks again on"), validators=[InputRequired(_l("Choose the day, like 2025-09-01."))]
    )


class ReviewForm(PortalForm):
    reasons = ChipsField(_l("Reasons"), choices=term_options(PriorityReason))
    level = RadioField(
        _l("How closely"),
        choices=term_options(PriorityLevel),
        validators=[InputRequired(_l("Choose a level."))],
    )
    note = NoteField(_l("Why so"), validators=[Length(max=300)])
    review_on = DateField(_l("Looked at again on"), validators=[Optional()])


class PlanForm(PortalForm):
    kind = RadioField(
        _l("What the plan is for"),
        choices=term_options(PlanKind),
        validators=[InputRequired(_l("Choose what the plan is for."))],
    )
    goals = NoteField(
        _l("Goals"), validators=[InputRequired(_l("Write what should be different.")), Length(max=1000)]
    )
    first_step = TextField(
        _l("First step"), validators=[InputRequired(_l("Write what is done first.")), Length(max=200)]
    )
    review_on = DateField(
        _l("Looked at again on"), validators=[InputRequired(_l("Choose the day, like 2025-09-01."))]
    )


class StepForm(PortalForm):
    words = TextField(_l("Next step"), validators=[InputRequired(_l("Write the step.")), Length(max=200)])
    due_on = DateField(_l("Until"), validators=[Optional()])


class PutOffForm(PortalForm):
    review_on = DateField(
        _l("Looked at again on"), validators=[InputRequired(_l("Choose the day, like 2025-09-01."))]
    )


class CloseForm(PortalForm):
    outcome = RadioField(
        _l("What came of it"),
        choices=term_options(PlanOutcome),
        validators=[InputRequired(_l("Choose what came of it."))],
    )
    note = NoteField(_l("In a few words"), validators=[Length(max=1000)])
