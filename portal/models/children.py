"""Children: the file (一人一档), the dated facts about a child, and the standing derived from them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Computed,
    ForeignKey,
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
from portal.tenancy.columns import public_id_column, term_column, until_column
from portal.tenancy.memberships import Membership
from portal.tenancy.roles import Role
from portal.tenancy.scoped import (
    CASCADING,
    UNIT_KEY,
    AboutChild,
    ChildScoped,
    Counted,
    CountyScoped,
    Sight,
    UnitScoped,
    side_relationship,
)
from portal.tenancy.sealed import SealedText
from portal.tenancy.units import Unit
from portal.terms import Assessment, GuardianKind, NoteKind, ParentRole, Schooling, Sex, Side

OWNED = "all, delete-orphan"
CLASS_KEY = (
    "school_class.id",
    "school_class.unit_id",
    "school_class.township_id",
    "school_class.county_id",
)


def _stamp(fact: str) -> Any:
    return mapped_column(Computed(f"COALESCE({fact}, 0)", persisted=True))


class Child(ChildScoped, Model):
    """留守儿童档案: one row per child. She hangs on two trees, the village she lives in and her school.

    The four stamps are generated from the sides (0 = no such side) and carried by every row about her.
    """

    __tablename__ = "child"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "village_township_id", "county_id"], UNIT_KEY, **CASCADING),
        ForeignKeyConstraint(["school_id", "school_township_id", "county_id"], UNIT_KEY, **CASCADING),
        CheckConstraint("(village_id IS NULL) = (village_township_id IS NULL)", name="whole_village_side"),
        CheckConstraint("(school_id IS NULL) = (school_township_id IS NULL)", name="whole_school_side"),
        CheckConstraint("village_id IS NOT NULL OR school_id IS NOT NULL", name="has_a_side"),
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
    schooling: Mapped[Schooling | None] = term_column(Schooling, nullable=True)
    grade: Mapped[int | None]
    class_name: Mapped[str] = mapped_column(String(40), default="")
    """As the roster has it; `class_id` is the class of her school, where it stands on the school's list."""
    class_id: Mapped[int | None]
    boarding: Mapped[bool | None]
    income_source: Mapped[str] = mapped_column(String(60), default="")
    aid: Mapped[str] = mapped_column(String(60), default="")
    remark: Mapped[str] = mapped_column(Text, default="")
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
    guardianships: Mapped[list[Guardianship]] = relationship(
        back_populates="child", cascade="all, delete-orphan"
    )
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


class Parent(AboutChild, Model):
    """父 / 母: who she is, and whether she could care for the child if she stayed."""

    __tablename__ = "parent"
    __extra_args__ = (UniqueConstraint("county_id", "child_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[ParentRole] = term_column(ParentRole)
    name: Mapped[str] = mapped_column(String(40), default="")
    phone: Mapped[str] = mapped_column(String(24), default="")
    incapable: Mapped[bool] = mapped_column(default=False)
    """无监护能力, dead, missing …: the other parent's absence then leaves the child without a carer."""

    child: Mapped[Child] = relationship(back_populates="parents")


class Absence(AboutChild, Model):
    """外出务工: one parent away from `since` until `until` (exclusive)."""

    __tablename__ = "absence"
    __extra_args__ = (CheckConstraint("until > since", name="ends_after_start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[ParentRole] = term_column(ParentRole)
    since: Mapped[date]
    until: Mapped[date] = until_column()
    inside_county: Mapped[bool] = mapped_column(default=False)
    work_place: Mapped[str] = mapped_column(String(80), default="")

    child: Mapped[Child] = relationship(back_populates="absences")


class Placement(AboutChild, Counted, Model):
    """Where the child lived or was enrolled, from `since` until `until` (exclusive)."""

    __tablename__ = "placement"
    __extra_args__ = (Counted.stat_key(), CheckConstraint("until > since", name="ends_after_start"))

    id: Mapped[int] = mapped_column(primary_key=True)
    side: Mapped[Side] = term_column(Side)
    since: Mapped[date]
    until: Mapped[date] = until_column()
    carried: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It goes on where the one before ended because the unit was merged or split: the child went nowhere,
    so nobody left and nobody joined."""

    child: Mapped[Child] = relationship(back_populates="placements")


class Guardianship(AboutChild, Model):
    """监护: who cares for the child, from `since` until `until` (exclusive)."""

    __tablename__ = "guardianship"
    __extra_args__ = (CheckConstraint("until > since", name="ends_after_start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[GuardianKind] = term_column(GuardianKind)
    group: Mapped[str] = mapped_column("guardian_group", String(20), default="")
    """The word of the roster: 祖父母, 外祖父母, 亲属, 父母, 无人监护."""
    name: Mapped[str] = mapped_column(String(40), default="")
    relation: Mapped[str] = mapped_column(String(20), default="")
    phone: Mapped[str] = mapped_column(String(24), default="")
    birth_year: Mapped[int | None]
    assessment: Mapped[Assessment | None] = term_column(Assessment, nullable=True)
    since: Mapped[date]
    until: Mapped[date] = until_column()

    child: Mapped[Child] = relationship(back_populates="guardianships")

    volunteer_columns = ("kind", "guardian_group", "name", "relation", "phone", "since", "until")

    @classmethod
    def volunteer_sees(cls, *, person_id: int, paired: Any) -> ColumnElement[bool]:
        return cls.child_id.in_(paired)


class Standing(AboutChild, Counted, Model):
    """How a child counts at one unit between two days: derived from the facts, never typed.

    One row per stretch in which nothing that counts changes; only stretches in which a parent is away
    and the child is under sixteen (wide basis) are kept. `services.children.standing` writes them.
    """

    __tablename__ = "standing"
    __extra_args__ = (
        Counted.stat_key(),
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        Index("ix_standing_starts", "stat_unit_id", "starts_on"),
        Index("ix_standing_county_starts", "stat_county_id", "starts_on"),
        Index("ix_standing_county_ends", "stat_county_id", "ends_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    side: Mapped[Side] = term_column(Side)
    starts_on: Mapped[date]
    ends_on: Mapped[date] = until_column()
    official: Mapped[bool]
    both_away: Mapped[bool]
    female: Mapped[bool]
    compulsory: Mapped[bool]
    """School side: enrolled in a compulsory school. Village side: always true."""
    guardian: Mapped[GuardianKind | None] = term_column(GuardianKind, nullable=True)
    placed: Mapped[bool]
    """This stretch ends a time without a guardian."""
    joins_wide: Mapped[bool]
    leaves_wide: Mapped[bool]
    joins_official: Mapped[bool]
    leaves_official: Mapped[bool]

    child: Mapped[Child] = relationship(back_populates="standings")


class ChildNote(AboutChild, Model):
    """健康、心理、家庭变故、残疾: what is most sensitive about a child, sealed word for word (S4).

    Nothing is overwritten: a note that no longer holds is ended, another one begins. `summary` and
    `how_to_help` are for those who are with the child every day, `text` for those who ask with a reason;
    volunteers and the county see none of it (portal/tenancy/masks.py).
    """

    __tablename__ = "child_note"
    __extra_args__ = (
        CheckConstraint("until >= since", name="ends_after_start"),
        Index("ix_child_note_author_id", "author_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    kind: Mapped[NoteKind] = term_column(NoteKind)
    from_roster: Mapped[bool] = mapped_column(default=False)
    """Taken from the 健康状况 column; the next roster may end it."""
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who wrote it; none where a roster says it. She may read her own words again."""
    author_role: Mapped[Role | None] = term_column(Role, nullable=True)
    written_at: Mapped[datetime] = mapped_column(default=now)
    summary_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    how_to_help_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    text_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    since: Mapped[date]
    until: Mapped[date] = until_column()

    child: Mapped[Child] = relationship(back_populates="notes")

    summary = SealedText("summary_sealed")
    how_to_help = SealedText("how_to_help_sealed")
    text = SealedText("text_sealed")

    teacher_writes = True


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

    teacher_sees = Sight.NOTHING


class SchoolClass(UnitScoped, Model):
    """班级 with its enrolment: all pupils, the source of the enrolled pupils of a school."""

    __tablename__ = "school_class"
    __extra_args__ = (
        CheckConstraint("pupils >= 0", name="pupils_not_negative"),
        CheckConstraint("until > since", name="ends_after_start"),
        UniqueConstraint("id", "unit_id", "township_id", "county_id", name="uq_school_class_scope"),
        Index("ix_school_class_unit_id", "unit_id", "grade"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    grade: Mapped[int]
    name: Mapped[str] = mapped_column(String(40))
    pupils: Mapped[int]
    compulsory: Mapped[bool]
    since: Mapped[date]
    until: Mapped[date] = until_column()

    teacher_sees = Sight.SCHOOL

    def is_live_on(self, day: date) -> bool:
        return self.since <= day < self.until


class ClassPost(UnitScoped, Model):
    """班主任: which class a class teacher's membership holds, from `since` until `until` (exclusive).

    While it is live its holder sees the files of the children of that class, and of no other. The key
    proves that the class is of the post's school; a post at a school that is not the membership's (any
    more, after a merge) opens nothing, since the acting scope asks for both.
    """

    __tablename__ = "class_post"
    __extra_args__ = (
        ForeignKeyConstraint(["class_id", "unit_id", "township_id", "county_id"], CLASS_KEY, **CASCADING),
        CheckConstraint("until >= since", name="ends_after_start"),
        Index("ix_class_post_membership_id", "membership_id", "since"),
        Index("ix_class_post_class_id", "class_id"),
        Index("ix_class_post_unit_id", "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    membership_id: Mapped[int] = mapped_column(
        ForeignKey("membership.id", deferrable=True, initially="DEFERRED")
    )
    class_id: Mapped[int] = mapped_column()
    since: Mapped[date]
    until: Mapped[date] = until_column()

    school_class: Mapped[SchoolClass] = relationship(
        primaryjoin=lambda: foreign(ClassPost.class_id) == remote(SchoolClass.id)
    )
    membership: Mapped[Membership] = relationship(Membership)

    teacher_sees = Sight.SCHOOL
