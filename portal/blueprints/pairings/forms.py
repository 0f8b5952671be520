"""Forms of the pairings room."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField
from wtforms.validators import InputRequired, Length, Optional

from portal.services.pairings.arranging import Arrangement
from portal.services.pairings.following import KNOWS, Plan
from portal.terms import (
    BuddyKind,
    DutyPackage,
    HelperRank,
    LocalLabel,
    PairingEnd,
    PairingKind,
    PairingReason,
    Term,
)
from portal.web.forms import ChipsField, NoteField, PortalForm, TextField, options, term_options

_DAY = _l("Choose the day, like 2025-09-01.")


def _maybe(term: type[Term], label: Any) -> SelectField:
    choices = options([("", _l("none")), *((t.value, t.label) for t in term)])
    return SelectField(label, choices=choices, default="", filters=[lambda data: data or ""])


def _chosen(term: type[Any], field: Any) -> Any:
    return term(field.data) if field.data else None


def helper_field() -> RadioField:
    """Who helps: a person's id out of the candidates."""
    return RadioField(_l("Helper"), choices=[], validators=[Optional()], validate_choice=False)


class PlanFields(PortalForm):
    """What is agreed about the help itself."""

    reason = _maybe(PairingReason, _l("Why this child"))
    local_label = _maybe(LocalLabel, _l("Called locally"))
    package = _maybe(DutyPackage, _l("Package of duties"))
    goals = NoteField(_l("Goals"), validators=[Length(max=300)])
    times = TextField(_l("When they meet"), validators=[Length(max=200)])
    content = NoteField(_l("What they do"), validators=[Length(max=300)])


class PairForm(PlanFields):
    helper = helper_field()
    name = TextField(_l("Name"), validators=[Length(max=40)])
    phone = TextField(_l("Phone"), validators=[Length(max=24)])
    post = TextField(_l("Post at work"), validators=[Length(max=80)])
    starts_on = DateField(_l("First day"), validators=[InputRequired(_l("Choose the first day."))])
    ends_on = DateField(_l("Agreed end"), validators=[Optional()])
    helper_rank = _maybe(HelperRank, _l("Rank"))
    beyond = TextField(_l("Why one more than the limit"), validators=[Length(max=200)])
    note = NoteField(_l("Why these two"), validators=[Length(max=200)])

    def arrangement(self, kind: PairingKind) -> Arrangement:
        return Arrangement(
            kind=kind, starts_on=self.starts_on.data, ends_on=self.ends_on.data,  # type: ignore[arg-type]
            reason=_chosen(PairingReason, self.reason), helper_rank=_chosen(HelperRank, self.helper_rank),
            local_label=_chosen(LocalLabel, self.local_label), package=_chosen(DutyPackage, self.package),
            goals=self.goals.data or "", times=self.times.data or "", content=self.content.data or "",
            beyond=self.beyond.data or "", note=self.note.data or "",
        )  # fmt: skip


def chosen_helper(form: Any) -> uuid.UUID | None:
    """The person's id that was chosen, if it is one."""
    try:
        return uuid.UUID(form.helper.data or "")
    except ValueError:
        return None


def offer(form: Any, candidates: Iterable[Any]) -> None:
    """Let the form choose among candidates."""
    form.helper.choices = options((str(one.person.public_id), one.person.name) for one in candidates)


class PlanForm(PlanFields):
    knows = ChipsField(
        _l("What the helper knows by now"),
        choices=options([
            (KNOWS[0], _l("the child")),
            (KNOWS[1], _l("the guardian")),
            (KNOWS[2], _l("parents’ whereabouts and phone")),
        ]),
    )  # fmt: skip

    @property
    def plan(self) -> Plan:
        return Plan(
            reason=_chosen(PairingReason, self.reason), local_label=_chosen(LocalLabel, self.local_label),
            package=_chosen(DutyPackage, self.package), goals=self.goals.data or "", times=self.times.data or "",
            content=self.content.data or "", knows=self.knows.data or (),
        )  # fmt: skip


class ReviewForm(PortalForm):
    made_on = DateField(_l("Day"), validators=[InputRequired(_DAY)])
    effect = NoteField(
        _l("What it has brought so far"),
        validators=[InputRequired(_l("Write in a few words what has changed.")), Length(max=300)],
    )


class HandOverForm(PortalForm):
    helper = helper_field()
    on = DateField(_l("From this day"), validators=[InputRequired(_DAY)])
    beyond = TextField(_l("Why one more than the limit"), validators=[Length(max=200)])


class EndForm(PortalForm):
    reason = RadioField(
        _l("Reason"),
        choices=term_options(one for one in PairingEnd if one is not PairingEnd.HANDED_OVER),
        validators=[InputRequired(_l("Choose the reason."))],
    )
    note = NoteField(_l("Remark"), validators=[Length(max=200)])


class RefuseForm(PortalForm):
    reason = TextField(
        _l("Reason"), validators=[InputRequired(_l("Write in a few words why.")), Length(max=200)]
    )


class BuddyForm(PortalForm):
    name = TextField(
        _l("Name of the pupil"),
        validators=[InputRequired(_l("Write the name of the other pupil.")), Length(max=40)],
    )
    kind = SelectField(_l("Kind"), choices=term_options(BuddyKind), default=BuddyKind.STUDY_HELPER.value)
    task = TextField(_l("Task"), validators=[Length(max=100)])
    starts_on = DateField(_l("First day"), validators=[InputRequired(_DAY)])


class TutorForm(PortalForm):
    helper = helper_field()
    starts_on = DateField(_l("First day"), validators=[InputRequired(_DAY)])
    content = TextField(_l("Subject and content"), validators=[Length(max=300)])
    times = TextField(_l("When they meet"), validators=[Length(max=200)])


class RepForm(PortalForm):
    pupil = TextField(
        _l("Name of the pupil"),
        validators=[InputRequired(_l("Write the name of the pupil.")), Length(max=40)],
    )
    duty = TextField(_l("Task"), validators=[Length(max=100)])
    since = DateField(_l("First day"), validators=[InputRequired(_DAY)])
