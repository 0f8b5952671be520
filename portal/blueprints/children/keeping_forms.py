"""Forms of what the family has a say in: card, consents, papers, requests; and of the county’s rules."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, RadioField, SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.services.children.keeping.consents import WORDS
from portal.terms import ConsentChannel, LimitKind, PaperKind, Purpose, RequestKind, RevealReason, Witness
from portal.web.forms import (
    NoteField,
    PortalForm,
    TextField,
    WholeNumberField,
    options,
    term_options,
)

NOT_ASKED = ("", _l("not asked (under eight)"))


class CardConfirmForm(PortalForm):
    confirmed_with = RadioField(
        _l("With whom you went through the card"),
        choices=term_options(Witness),
        validators=[InputRequired(_l("Choose with whom."))],
    )
    on = DateField(_l("On"), validators=[InputRequired(_l("Choose the day, like 2025-09-01."))])


class ConsentForm(PortalForm):
    """One consent for one purpose."""

    purpose = RadioField(
        _l("What the family agrees to"),
        choices=term_options([one for one in Purpose if one in WORDS]),
        validators=[InputRequired(_l("Choose one purpose; each is asked by itself."))],
    )
    given_by = RadioField(
        _l("Who agreed"), choices=term_options(Witness), validators=[InputRequired(_l("Choose who agreed."))]
    )
    giver_name = TextField(_l("Name"), validators=[InputRequired(_l("Write the name.")), Length(max=40)])
    channel = RadioField(
        _l("How"), choices=term_options(ConsentChannel), validators=[InputRequired(_l("Choose how."))]
    )
    verified = TextField(
        _l("How you knew who it was"),
        validators=[InputRequired(_l("Write how you made sure who agreed.")), Length(max=120)],
    )
    child_agrees = RadioField(
        _l("What the child says"),
        choices=options([NOT_ASKED, ("yes", _l("agrees")), ("no", _l("does not agree"))]),
        default="",
    )
    for_whom = TextField(_l("To whom, or where it appears"), validators=[Length(max=80)])
    given_on = DateField(_l("Agreed on"), validators=[InputRequired(_l("Choose the day, like 2025-09-01."))])
    expires_on = DateField(_l("Holds until"), validators=[Optional()])


class PaperForm(PortalForm):
    kind = SelectField(
        _l("What it is"),
        choices=options([("", _l("please choose"))]) + term_options(PaperKind),
        default="",
        validators=[InputRequired(_l("Choose what it is."))],
    )
    title = TextField(_l("Title"), validators=[Length(max=80)])
    belongs_to = SelectField(_l("What it proves"), choices=[], validators=[Optional()])
    file = FileField(
        _l("Picture"),
        validators=[FileRequired(_l("Choose a picture on your computer or phone."))],
        render_kw={"accept": "image/*"},
    )


class VoidForm(PortalForm):
    reason = TextField(
        _l("Why it is taken out of use"),
        validators=[InputRequired(_l("Write why it is taken out of use.")), Length(max=200)],
    )


class RequestForm(PortalForm):
    """What a guardian, or a child of fourteen, asks for."""

    kind = RadioField(
        _l("What they ask for"),
        choices=term_options(RequestKind),
        validators=[InputRequired(_l("Choose what they ask for."))],
    )
    asked_by = TextField(_l("Who asks"), validators=[InputRequired(_l("Write the name.")), Length(max=40)])
    relation = TextField(_l("Relation to the child"), validators=[Length(max=20)])
    verified = TextField(
        _l("How you knew who it was"),
        validators=[
            InputRequired(_l("Write how you made sure who asks, for example by the ID card.")),
            Length(max=120),
        ],
    )
    words = NoteField(_l("In their words"), validators=[Length(max=300)])
    asked_on = DateField(
        _l("Day of the request"), validators=[InputRequired(_l("Choose the day, like 2025-09-01."))]
    )


class AnswerForm(PortalForm):
    granted = RadioField(
        _l("The answer"),
        choices=options([("yes", _l("it is done")), ("no", _l("it is refused"))]),
        validators=[InputRequired(_l("Choose the answer."))],
    )
    words = NoteField(_l("What was done, or why not"), validators=[Length(max=300)])


class ArchiveForm(PortalForm):
    """For what an archived file is opened."""

    reason = SelectField(
        _l("What you need it for"),
        choices=term_options(RevealReason),
        validators=[InputRequired(_l("Choose what you need it for."))],
    )
    words = TextField(
        _l("In a few words"),
        validators=[InputRequired(_l("Write in a few words what you need it for.")), Length(min=4, max=200)],
    )


def _limit(kind: LimitKind) -> WholeNumberField:
    return WholeNumberField(
        _l("Children that %(who)s helps at most", who=kind.label),
        validators=[
            InputRequired(_l("Write a number of children.")), NumberRange(1, 30, _l("Write 1 to 30 children."))
        ],
    )  # fmt: skip


class RulesForm(PortalForm):
    """What a county decides for itself."""

    keep_years = WholeNumberField(
        _l("Years a file is kept after a child has left"),
        validators=[
            InputRequired(_l("Write a number of years.")), NumberRange(1, 30, _l("Write 1 to 30 years."))
        ],
    )  # fmt: skip
    months_away = WholeNumberField(
        _l("Months away before a child counts officially"),
        validators=[
            InputRequired(_l("Write a number of months.")), NumberRange(0, 24, _l("Write 0 to 24 months."))
        ],
    )  # fmt: skip
    across_county = BooleanField(_l("Only away across the county border counts officially"))
    pairs_teacher = _limit(LimitKind.TEACHER)
    pairs_tutor = _limit(LimitKind.TUTOR)
    pairs_cadre = _limit(LimitKind.CADRE)
    pairs_other = _limit(LimitKind.OTHER)

    @property
    def limits(self) -> dict[LimitKind, int]:
        return {one: self[f"pairs_{one.value}"].data for one in LimitKind}
