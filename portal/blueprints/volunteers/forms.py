"""Forms of the volunteers room."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, RadioField, SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.services.volunteers.entries import Entry
from portal.terms import (
    AppraisalPoint,
    Grade,
    Skill,
    Slot,
    VettingKind,
    VettingResult,
    VolunteerCategory,
    VolunteerTeam,
)
from portal.web.forms import ChipsField, PortalForm, TextField, WholeNumberField, options, term_options

_DAY = _l("Choose the day, like 2025-09-01.")


class EntryForm(PortalForm):
    """What a roster says of a volunteer."""

    category = SelectField(
        _l("Category"), choices=term_options(VolunteerCategory), default=VolunteerCategory.CITIZEN.value
    )
    team = SelectField(
        _l("Team"), choices=options([("", _l("none")), *((t.value, t.label) for t in VolunteerTeam)])
    )
    post = TextField(_l("Post at work"), validators=[Length(max=80)])
    birth_year = WholeNumberField(
        _l("Born in the year"),
        validators=[Optional(), NumberRange(1900, 2020, _l("Write a year of four digits."))],
    )
    skills = ChipsField(_l("Good at"), choices=term_options(Skill))
    slots = ChipsField(_l("Has time"), choices=term_options(Slot))

    @property
    def entry(self) -> Entry:
        return Entry(
            category=VolunteerCategory(self.category.data),
            post=self.post.data or "",
            birth_year=self.birth_year.data,
            team=VolunteerTeam(self.team.data) if self.team and self.team.data else None,
            skills=tuple(Skill(one) for one in self.skills.data or ()),
            slots=tuple(Slot(one) for one in self.slots.data or ()),
        )


class NewForm(EntryForm):
    name = TextField(
        _l("Name"), validators=[InputRequired(_l("Write the person's full name.")), Length(max=40)]
    )
    phone = TextField(
        _l("Phone"), validators=[InputRequired(_l("Write the phone number in digits.")), Length(max=24)]
    )


class ApplyForm(EntryForm):
    """What somebody leaves who wants to help. `website` is seen by machines alone."""

    name = TextField(
        _l("Your name"), validators=[InputRequired(_l("Write the person's full name.")), Length(max=40)]
    )
    phone = TextField(
        _l("Your phone"), validators=[InputRequired(_l("Write the phone number in digits.")), Length(max=24)]
    )
    birth_year = WholeNumberField(
        _l("Born in the year"),
        validators=[
            InputRequired(_l("Write a year of four digits.")),
            NumberRange(1900, 2020, _l("Write a year of four digits.")),
        ],
    )
    words = TextField(_l("What you would like to do"), validators=[Length(max=200)])
    website = TextField("website", validators=[Length(max=200)])
    team = None


class DeclineForm(PortalForm):
    reason = TextField(
        _l("Reason"), validators=[InputRequired(_l("Write in a few words why.")), Length(max=200)]
    )


class ConfirmForm(PortalForm):
    entries = ChipsField(
        _l("Services"), choices=[], validators=[InputRequired(_l("Choose what you confirm."))]
    )

    @property
    def chosen(self) -> list[uuid.UUID]:
        return [uuid.UUID(one) for one in self.entries.data or ()]


class WorkbookForm(PortalForm):
    file = FileField(
        _l("Workbook"),
        validators=[FileRequired(_l("Choose the workbook on your computer."))],
        render_kw={"accept": ".xlsx,.xls,.ods"},
    )
    leave_others = BooleanField(_l("Enter the good lines, leave the others out"))


class VettingForm(PortalForm):
    kind = SelectField(
        _l("What was checked"), choices=term_options(VettingKind), default=VettingKind.RECORD.value
    )
    result = RadioField(
        _l("Result"),
        choices=term_options(VettingResult),
        validators=[InputRequired(_l("Choose the result."))],
    )
    checked_on = DateField(_l("Checked on"), validators=[InputRequired(_DAY)])
    valid_until = DateField(_l("Holds until"), validators=[Optional()])
    paper = TextField(_l("Number of the certificate"), validators=[Length(max=60)])


class PromiseForm(PortalForm):
    on = DateField(_l("Signed on"), validators=[InputRequired(_DAY)])


class StatusForm(PortalForm):
    act = RadioField(
        _l("What happens"),
        choices=options([("pause", _l("she pauses")), ("leave", _l("she leaves for good"))]),
        validators=[InputRequired(_l("Choose what happens."))],
    )
    reason = TextField(
        _l("Reason"), validators=[InputRequired(_l("Write in a few words why.")), Length(max=200)]
    )


class TrainingForm(PortalForm):
    course = TextField(
        _l("Course"), validators=[InputRequired(_l("Write what it was about.")), Length(max=80)]
    )
    held_on = DateField(_l("Held on"), validators=[InputRequired(_DAY)])
    hours = WholeNumberField(
        _l("Hours"),
        validators=[
            InputRequired(_l("Write a whole number.")),
            NumberRange(1, 80, _l("Write the hours, from 1 to 80.")),
        ],
    )
    certificate = TextField(_l("Number of the certificate"), validators=[Length(max=60)])


class AppraisalForm(PortalForm):
    year = SelectField(_l("Year"), choices=[])
    points = ChipsField(_l("Checklist"), choices=term_options(AppraisalPoint))
    grade = RadioField(
        _l("Grade"), choices=term_options(Grade), validators=[InputRequired(_l("Choose the grade."))]
    )
    words = TextField(_l("In a few words"), validators=[Length(max=200)])
