"""The child’s file (一人一档): one row per child, and which unit keeps the file of an ID number."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Computed,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship, remote, validates

from portal.config import now
from portal.extensions import Model
from portal.models.children.classes import CLASS_KEY, SchoolClass
from portal.models.children.family import Absence, Alarm, EmergencyContact, Guardianship, Parent
from portal.models.children.notes import ChildNote
from portal.models.children.priority import PriorityReview
from portal.models.children.standing import Placement, Standing
from portal.tenancy.columns import public_id_column, term_column, terms_column
from portal.tenancy.scoped import (
    CASCADING,
    UNIT_KEY,
    ChildScoped,
    CountyScoped,
    Sight,
    side_relationship,
)
from portal.tenancy.sealed import SealedText
from portal.tenancy.units import Unit
from portal.terms import (
    AidKind,
    CarerRelation,
    ContactRhythm,
    ExitKind,
    IncomeSource,
    Schooling,
    Sex,
)

OWNED = "all, delete-orphan"


def _stamp(fact: str) -> Any:
    return mapped_column(Computed(f"COALESCE({fact}, 0)", persisted=True))


class Child(ChildScoped, Model):
    """留守儿童档案: one row per child. She hangs on two trees, the village she lives in and her school.

    The four stamps are generated from the sides (0 = no such side) and carried by every row about her.
    """

    __tablename__ = "child"
    teacher_writes = True
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "village_township_id", "county_id"], UNIT_KEY, **CASCADING),
        ForeignKeyConstraint(["school_id", "school_township_id", "county_id"], UNIT_KEY, **CASCADING),
        CheckConstraint("(village_id IS NULL) = (village_township_id IS NULL)", name="whole_village_side"),
        CheckConstraint("(school_id IS NULL) = (school_township_id IS NULL)", name="whole_school_side"),
        CheckConstraint("village_id IS NOT NULL OR school_id IS NOT NULL OR archived_on IS NOT NULL",
                        name="has_a_side"),
        ForeignKeyConstraint(["class_id", "school_id", "school_township_id", "county_id"], CLASS_KEY,
                             **CASCADING),
        CheckConstraint("class_id IS NULL OR school_id IS NOT NULL", name="class_of_a_school"),
        UniqueConstraint("id", "v_unit_id", "v_town_id", "s_unit_id", "s_town_id", "county_id",
                         name="uq_child_scope"),
        UniqueConstraint("county_id", "case_no"),
        UniqueConstraint("county_id", "id_no_index"),
        Index("ix_child_village", "village_id"),
        Index("ix_child_school", "school_id"),
        Index("ix_child_class", "class_id", "name_key", "id"),
        Index("ix_child_v_unit", "v_unit_id", "name_key", "id"),
        Index("ix_child_s_unit", "s_unit_id", "name_key", "id"),
        Index("ix_child_v_town", "v_town_id", "name_key", "id", postgresql_include=["s_town_id"]),
        Index("ix_child_s_town", "s_town_id", "name_key", "id", postgresql_include=["v_town_id"]),
        Index("ix_child_county", "county_id", "name_key", "id"),
        Index("ix_child_household", "county_id", "household_no"),
        Index("ix_child_born", "county_id", "birth_date"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    case_no: Mapped[str] = mapped_column(String(16))
    """档案号: random inside the county, shown wherever others would show an ID number."""

    name: Mapped[str] = mapped_column(String(40))
    name_key: Mapped[str] = mapped_column(String(160))
    sex: Mapped[Sex] = term_column(Sex)
    birth_date: Mapped[date]
    id_no_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    id_no = SealedText("id_no_sealed")
    id_no_index: Mapped[str | None] = mapped_column(String(64))
    ethnicity: Mapped[str] = mapped_column(String(20), default="")
    hukou_registered: Mapped[bool | None]
    hukou_place: Mapped[str] = mapped_column(String(80), default="", server_default="")
    phone: Mapped[str] = mapped_column(String(24), default="", server_default="")
    health_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    health = SealedText("health_sealed")
    """A `Health` value, and after a colon kind and level of a disability: `disabled:limbs:2`."""

    village_id: Mapped[int | None]
    village_township_id: Mapped[int | None]
    school_id: Mapped[int | None]
    school_township_id: Mapped[int | None]
    county_id: Mapped[int] = mapped_column()
    v_unit_id: Mapped[int] = _stamp("village_id")
    v_town_id: Mapped[int] = _stamp("village_township_id")
    s_unit_id: Mapped[int] = _stamp("school_id")
    s_town_id: Mapped[int] = _stamp("school_township_id")

    address: Mapped[str] = mapped_column(String(120), default="")
    household_no: Mapped[str | None] = mapped_column(String(12))
    """Children of one household share it: brothers and sisters, one guardian entered once."""
    siblings: Mapped[int | None]
    """Brothers and sisters under eighteen, on file or not."""
    lives_alone: Mapped[bool] = mapped_column(default=False, server_default=false())
    gets_on: Mapped[CarerRelation | None] = term_column(CarerRelation, nullable=True)
    parent_contact: Mapped[ContactRhythm | None] = term_column(ContactRhythm, nullable=True)
    parent_contact_on: Mapped[date | None]
    """When somebody asked how often the parents are in touch."""
    parents_home_on: Mapped[date | None]
    """When a parent was last at home."""
    schooling: Mapped[Schooling | None] = term_column(Schooling, nullable=True)
    grade: Mapped[int | None]
    class_name: Mapped[str] = mapped_column(String(40), default="")
    """As the roster has it; `class_id` is the class of her school, where it stands on the school's list."""
    class_id: Mapped[int | None]
    boarding: Mapped[bool | None]
    income_list: Mapped[tuple[IncomeSource, ...]] = terms_column(IncomeSource)
    aid_list: Mapped[tuple[AidKind, ...]] = terms_column(AidKind)
    hobbies: Mapped[str] = mapped_column(String(200), default="", server_default="")
    character: Mapped[str] = mapped_column(String(300), default="", server_default="")
    study_note: Mapped[str] = mapped_column(String(300), default="", server_default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    is_complete: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Nothing of the minimum set is missing; kept by `services.children.filing` with every change."""
    verified_on: Mapped[date | None]
    exited_on: Mapped[date | None]
    exit_kind: Mapped[ExitKind | None] = term_column(ExitKind, nullable=True)
    archived_on: Mapped[date | None]
    """From this day on the file stands in no list and no search (security design §3.6). Once it hangs on no
    side any more, no unit and no township sees it or a row about it: the walls themselves keep the archive."""
    erased_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    village: Mapped[Unit | None] = side_relationship("village_id", "village_township_id")
    school: Mapped[Unit | None] = side_relationship("school_id", "school_township_id")
    school_class: Mapped[SchoolClass | None] = relationship(
        primaryjoin=lambda: foreign(Child.class_id) == remote(SchoolClass.id)
    )
    parents: Mapped[list[Parent]] = relationship(back_populates="child", cascade=OWNED)
    absences: Mapped[list[Absence]] = relationship(back_populates="child", cascade=OWNED)
    placements: Mapped[list[Placement]] = relationship(back_populates="child", cascade=OWNED)
    guardianships: Mapped[list[Guardianship]] = relationship(back_populates="child", cascade=OWNED)
    emergency_contacts: Mapped[list[EmergencyContact]] = relationship(
        back_populates="child", cascade=OWNED, order_by=EmergencyContact.rank
    )
    alarms: Mapped[list[Alarm]] = relationship(back_populates="child", cascade=OWNED)
    reviews: Mapped[list[PriorityReview]] = relationship(back_populates="child", cascade=OWNED)
    notes: Mapped[list[ChildNote]] = relationship(back_populates="child", cascade=OWNED)
    standings: Mapped[list[Standing]] = relationship(back_populates="child", cascade=OWNED)

    volunteer_columns = (
        "name", "name_key", "sex", "case_no", "schooling", "grade", "class_name",
        "village_id", "village_township_id", "school_id", "school_township_id", "version",
    )  # fmt: skip

    @classmethod
    def volunteer_sees(cls, *, person_id: int, paired: Any) -> ColumnElement[bool]:
        return cls.id.in_(paired)

    @validates("school")
    def _leave_the_class(self, key: str, school: Unit | None) -> Unit | None:
        """Who leaves a school leaves its class with it; set the class of the new school after the school."""
        if (school.id if school else None) != self.school_id:
            self.school_class = None
        return school

    def age_on(self, day: date) -> int:
        """Full years on `day`."""
        birthday_passed = (day.month, day.day) >= (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - (not birthday_passed)


class IdentityClaim(CountyScoped, Model):
    """Which unit of the county keeps the file of an ID number, by blind index alone.

    Everybody who may file a child may ask whether she is on file already; the answer names a unit and
    shows nothing of the file. The key also keeps a child from being filed twice in one county.
    """

    __tablename__ = "identity_claim"
    __table_args__ = (ForeignKeyConstraint(["unit_id", "township_id", "county_id"], UNIT_KEY, **CASCADING),)

    county_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id_no_index: Mapped[str] = mapped_column(String(64), primary_key=True)
    unit_id: Mapped[int] = mapped_column()
    township_id: Mapped[int] = mapped_column()

    unit: Mapped[Unit] = relationship(Unit)

    teacher_sees = Sight.COUNTY
    teacher_writes = True
