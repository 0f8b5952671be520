"""Forms of the leadership room."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import DateField, DecimalField, RadioField, SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.services.leadership.posts import Seat
from portal.terms import DutyArea, GroupEnd, GroupKind, Position, TaskState
from portal.web.forms import (
    ChipsField,
    NoteField,
    PortalForm,
    TextField,
    WholeNumberField,
    options,
    term_options,
)

_DAY = _l("Choose the day, like 2025-09-01.")


class SeatForm(PortalForm):
    """Who takes a post: the fields that every form about a post has."""

    name = TextField(
        _l("Name"), validators=[InputRequired(_l("Write the person's full name.")), Length(max=40)]
    )
    title = TextField(_l("Post at work"), validators=[Length(max=80)])
    phone = TextField(_l("Phone"), validators=[Length(max=30)])
    member_unit = SelectField(_l("Member unit"), choices=[], default="")
    duty_areas = ChipsField(_l("Answers for"), choices=term_options(DutyArea))

    def offer(self, members: Iterable[tuple[uuid.UUID, str]]) -> None:
        """The member units of the group as choices."""
        named = ((str(key), name) for key, name in members)
        self.member_unit.choices = options([("", _l("none")), *named])

    @property
    def seat(self) -> Seat:
        unit = self.member_unit.data
        return Seat(
            name=self.name.data or "",
            title=self.title.data or "",
            phone=self.phone.data or "",
            member_unit=uuid.UUID(unit) if unit else None,
            duty_areas=tuple(DutyArea(one) for one in self.duty_areas.data or ()),
        )


class GroupForm(SeatForm):
    """Founding a group, with its head."""

    kind = SelectField(_l("Kind"), choices=term_options(GroupKind), default=GroupKind.LEADING.value)
    group_name = TextField(
        _l("Name of the group"),
        validators=[InputRequired(_l("Write the name of the group.")), Length(max=80)],
    )
    document_no = TextField(_l("Number of the founding document"), validators=[Length(max=40)])
    founded_on = DateField(_l("Founded on"), validators=[InputRequired(_DAY)])


class PostForm(SeatForm):
    """Somebody more in a group."""

    position = SelectField(
        _l("Post in the group"),
        choices=term_options(one for one in Position if one is not Position.HEAD),
        default=Position.MEMBER.value,
    )
    since = DateField(_l("First day"), validators=[InputRequired(_DAY)])


class ChangeForm(SeatForm):
    """What happens to a post: somebody follows, nobody does, or it was typed wrongly."""

    act = RadioField(
        _l("What happens"),
        choices=options([
            ("follows", _l("somebody else takes the post")),
            ("leaves", _l("she leaves, and nobody follows")),
            ("mend", _l("only the entry is corrected")),
        ]),
        validators=[InputRequired(_l("Choose what happens."))],
    )  # fmt: skip
    on = DateField(_l("From the day"), validators=[Optional()])
    name = TextField(_l("Name"), validators=[Length(max=40)])


class EndGroupForm(PortalForm):
    on = DateField(_l("Last day"), validators=[InputRequired(_DAY)])
    reason = RadioField(
        _l("Reason"), choices=term_options(GroupEnd), validators=[InputRequired(_l("Choose the reason."))]
    )


class MemberForm(PortalForm):
    name = TextField(
        _l("Name of the unit"), validators=[InputRequired(_l("Write the name of the unit.")), Length(max=60)]
    )
    since = DateField(_l("Member since"), validators=[InputRequired(_DAY)])


class MeetingForm(PortalForm):
    held_on = DateField(_l("Held on"), validators=[InputRequired(_DAY)])
    topic = TextField(
        _l("Topic"), validators=[InputRequired(_l("Write what it was about.")), Length(max=120)]
    )
    place = TextField(_l("Place"), validators=[Length(max=60)])
    chair = TextField(_l("Chaired by"), validators=[Length(max=40)])
    present = WholeNumberField(
        _l("How many came"), validators=[Optional(), NumberRange(1, 9999, _l("Write a whole number."))]
    )
    minutes = NoteField(_l("Minutes of the meeting"), validators=[Length(max=4000)])


class TaskForm(PortalForm):
    """A decision or an item of a plan."""

    what = TextField(
        _l("What is to be done"), validators=[InputRequired(_l("Write what is to be done.")), Length(max=200)]
    )
    owner = TextField(
        _l("Who sees to it"), validators=[InputRequired(_l("Write who sees to it.")), Length(max=40)]
    )
    due_on = DateField(_l("Until"), validators=[InputRequired(_DAY)])


class TargetForm(TaskForm):
    """A target; with an indicator, its own name will do."""

    what = TextField(_l("Target"), validators=[Length(max=200)])
    indicator = SelectField(_l("Counted by"), choices=[], default="")
    value = DecimalField(
        _l("To reach"), validators=[Optional(), NumberRange(0, 9_999_999, _l("Write a number."))], places=1
    )

    @property
    def number(self) -> float | None:
        return None if self.value.data is None else float(self.value.data)

    def offer(self, indicators: Iterable[tuple[str, str]]) -> None:
        """The indicators as choices."""
        self.indicator.choices = options([("", _l("no indicator: written down by hand")), *indicators])


class SettleForm(PortalForm):
    state = RadioField(
        _l("How far"), choices=term_options(TaskState), validators=[InputRequired(_l("Choose one."))]
    )
    result = TextField(_l("What came of it"), validators=[Length(max=200)])


class PlanForm(PortalForm):
    period = SelectField(_l("Period"), choices=[])
    title = TextField(_l("Title"), validators=[InputRequired(_l("Write a title.")), Length(max=80)])
    goals = NoteField(_l("Goals"), validators=[Length(max=4000)])
