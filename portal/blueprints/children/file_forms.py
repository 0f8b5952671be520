"""Forms of the file, one per group, each field with its help; opening a file; answering a proposal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.services.children.fields import Group
from portal.terms import (
    AidKind,
    CarerRelation,
    GuardianKind,
    Incapable,
    IncomeSource,
    ParentState,
    Schooling,
    Sex,
    Term,
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
DAY = _l("Choose the day, like 2025-09-01.")
YES_NO = options([NOT_SAID, ("yes", _l("it is so")), ("no", _l("it is not so"))])


def _or_nothing(terms: Iterable[Term]) -> list[Any]:
    return options([NOT_SAID]) + term_options(terms)


class GroupForm(PortalForm):
    """What every group carries: the values it began with, and for a proposal the reason."""

    begun = HiddenField()
    reason = TextField(
        _l("Why (for the other side)"),
        validators=[Length(max=200)],
        description=_l("Needed where the other side owns this part: it decides."),
    )


class WhoForm(GroupForm):
    name = TextField(
        _l("Name"),
        validators=[InputRequired(_l("Write the name.")), Length(max=40)],
        description=_l("As in the household register."),
    )
    sex = RadioField(_l("Sex"), choices=term_options(Sex), validators=[InputRequired(_l("Choose the sex."))])
    birth_date = DateField(
        _l("Born on"),
        validators=[InputRequired(DAY)],
        description=_l("Below sixteen the child counts, below eighteen a file is kept."),
    )
    ethnicity = TextField(
        _l("Ethnicity"), validators=[Length(max=20)], description=_l("As in the household register.")
    )
    hukou_registered = SelectField(
        _l("Registered in the household register"),
        choices=YES_NO,
        default="",
        description=_l("“No” makes a priority child."),
    )
    hukou_place = TextField(
        _l("Where registered"),
        validators=[Length(max=80)],
        description=_l("If not in the village where the child lives."),
    )
    phone = TextField(
        _l("The child’s own phone"), validators=[Length(max=24)], description=_l("If there is one.")
    )


class FamilyForm(GroupForm):
    address = TextField(
        _l("Address"),
        validators=[Length(max=120)],
        description=_l("Group and door. Shown covered to most readers."),
    )
    siblings = WholeNumberField(
        _l("Brothers and sisters under eighteen"),
        validators=[Optional(), NumberRange(0, 12, _l("Write a number from 0 to 12."))],
        description=_l("On file or not."),
    )
    lives_alone = BooleanField(
        _l("Lives alone"), description=_l("Raises an alarm for a child under sixteen.")
    )
    gets_on = SelectField(
        _l("Gets on with the carer"),
        choices=_or_nothing(CarerRelation),
        default="",
        description=_l("As the child tells it."),
    )
    income_list = ChipsField(
        _l("Income of the household"), choices=term_options(IncomeSource), description=_l("All that apply.")
    )
    aid_list = ChipsField(
        _l("Aid the household gets"), choices=term_options(AidKind), description=_l("All that apply.")
    )
    remark = NoteField(
        _l("Remark"),
        validators=[Length(max=500)],
        description=_l("Nothing sensitive: that is a sensitive note."),
    )


class ParentForm(GroupForm):
    name = TextField(_l("Name"), validators=[Length(max=40)], description=_l("As in the household register."))
    phone = TextField(
        _l("Phone"),
        validators=[Length(max=24)],
        description=_l("The number that is answered at the place of work."),
    )
    state = SelectField(
        _l("Living, and where"),
        choices=term_options(ParentState),
        default=ParentState.LIVING.value,
        description=_l("Who is gone cannot care; the other one away then counts on the official basis."),
    )
    work_unit = TextField(_l("Place of work"), validators=[Length(max=80)], description=_l("Firm or site."))
    work_unit_phone = TextField(
        _l("Phone of the place of work"), validators=[Length(max=24)], description=_l("For emergencies.")
    )
    incapable_reason = SelectField(
        _l("Not able to care because"),
        choices=_or_nothing(Incapable),
        default="",
        description=_l("Leave it open if able."),
    )


class ContactsForm(GroupForm):
    name_1 = TextField(
        _l("First person to call"),
        validators=[Length(max=40)],
        description=_l("If the guardian does not answer."),
    )
    relation_1 = TextField(_l("Relation to the child"), validators=[Length(max=20)])
    phone_1 = TextField(_l("Phone"), validators=[Length(max=24)])
    name_2 = TextField(_l("Second person to call"), validators=[Length(max=40)])
    relation_2 = TextField(_l("Relation to the child"), validators=[Length(max=20)])
    phone_2 = TextField(_l("Phone"), validators=[Length(max=24)])


class SchoolForm(GroupForm):
    schooling = SelectField(
        _l("Schooling"),
        choices=_or_nothing(Schooling),
        default="",
        description=_l("Dropping out is written as an event, with its day."),
    )
    grade = WholeNumberField(
        _l("Grade"),
        validators=[Optional(), NumberRange(1, 12, _l("Write a grade from 1 to 12."))],
        description=_l("Moves up by itself in September."),
    )
    class_name = TextField(
        _l("Class"), validators=[Length(max=40)], description=_l("As the school calls it.")
    )
    boarding = SelectField(
        _l("Boards at school"), choices=YES_NO, default="", description=_l("At least on school nights.")
    )


class NeedsForm(GroupForm):
    hobbies = TextField(
        _l("Likes and strengths"), validators=[Length(max=200)], description=_l("What to begin a talk with.")
    )
    character = NoteField(
        _l("Character and habits"), validators=[Length(max=300)], description=_l("What you see, no labels.")
    )
    study_note = NoteField(
        _l("Study"), validators=[Length(max=300)], description=_l("What goes well, what is hard, what helps.")
    )


FORMS: dict[Group, type[GroupForm]] = {
    Group.WHO: WhoForm,
    Group.FAMILY: FamilyForm,
    Group.FATHER: ParentForm,
    Group.MOTHER: ParentForm,
    Group.CONTACTS: ContactsForm,
    Group.SCHOOL: SchoolForm,
    Group.NEEDS: NeedsForm,
}
TITLES = {
    Group.WHO: _l("Who"),
    Group.FAMILY: _l("Family"),
    Group.FATHER: _l("Father"),
    Group.MOTHER: _l("Mother"),
    Group.CONTACTS: _l("Whom to call"),
    Group.SCHOOL: _l("School"),
    Group.NEEDS: _l("Needs"),
}


class SearchForm(PortalForm):
    """Is the child on file already?"""

    name = TextField(
        _l("Name"), validators=[Length(max=40)], description=_l("Or the beginning in pinyin, or initials.")
    )
    id_no = TextField(_l("ID number"), validators=[Length(max=40)])
    phone = TextField(_l("The guardian’s phone"), validators=[Length(max=24)])


class OpenForm(PortalForm):
    """A new file. The family can be that of a brother or sister who is on file."""

    name = TextField(_l("Name"), validators=[InputRequired(_l("Write the name.")), Length(min=2, max=40)])
    sex = RadioField(_l("Sex"), choices=term_options(Sex), validators=[InputRequired(_l("Choose the sex."))])
    birth_date = DateField(_l("Born on"), validators=[InputRequired(DAY)])
    id_no = TextField(_l("ID number"), validators=[Length(max=40)])
    village = SelectField(_l("Village"), choices=[], default="")
    school_class = SelectField(_l("Class"), choices=[], default="")
    address = TextField(_l("Address"), validators=[Length(max=120)])
    sibling = TextField(_l("Case number of a brother or sister"), validators=[Length(max=16)])
    father_away = DateField(_l("Father away since"), validators=[Optional()])
    mother_away = DateField(_l("Mother away since"), validators=[Optional()])
    guardian_kind = SelectField(_l("Who cares for the child"), choices=_or_nothing(GuardianKind), default="")
    guardian_name = TextField(_l("The guardian’s name"), validators=[Length(max=40)])
    guardian_relation = TextField(_l("Relation to the child"), validators=[Length(max=20)])
    guardian_phone = TextField(_l("The guardian’s phone"), validators=[Length(max=24)])
    contact_name = TextField(_l("Somebody else to call"), validators=[Length(max=40)])
    contact_phone = TextField(_l("Phone"), validators=[Length(max=24)])


class AnswerForm(PortalForm):
    words = TextField(_l("Why not"), validators=[Length(max=200)])
