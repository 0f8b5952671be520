"""Classes of a school with their enrolment, and which teacher holds them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship, remote

from portal.extensions import Model
from portal.tenancy.columns import public_id_column, until_column
from portal.tenancy.memberships import Membership
from portal.tenancy.scoped import CASCADING, Sight, UnitScoped

CLASS_KEY = (
    "school_class.id",
    "school_class.unit_id",
    "school_class.township_id",
    "school_class.county_id",
)


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
