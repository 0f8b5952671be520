"""The family of a child: parents and their absences, guardians and how they do, whom to call."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.config import now
from portal.extensions import Model
from portal.models.accounts import Person
from portal.tenancy.columns import public_id_column, term_column, until_column
from portal.tenancy.scoped import AboutChild, Counted
from portal.tenancy.sealed import SealedText
from portal.terms import (
    AlarmAct,
    AlarmKind,
    Assessment,
    Education,
    GuardianHealth,
    GuardianKind,
    Incapable,
    ParentRole,
    ParentState,
)

if TYPE_CHECKING:
    from portal.models.children.file import Child


class Parent(AboutChild, Model):
    """父 / 母: who she is, and whether she could care for the child if she stayed."""

    __tablename__ = "parent"
    teacher_writes = True
    __extra_args__ = (UniqueConstraint("county_id", "child_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    role: Mapped[ParentRole] = term_column(ParentRole)
    name: Mapped[str] = mapped_column(String(40), default="")
    phone: Mapped[str] = mapped_column(String(24), default="")
    id_no_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    id_no = SealedText("id_no_sealed")
    state: Mapped[ParentState] = term_column(
        ParentState, default=ParentState.LIVING, server_default=ParentState.LIVING.value
    )
    work_unit: Mapped[str] = mapped_column(String(80), default="", server_default="")
    work_unit_phone: Mapped[str] = mapped_column(String(24), default="", server_default="")
    incapable_reason: Mapped[Incapable | None] = term_column(Incapable, nullable=True)
    incapable: Mapped[bool] = mapped_column(default=False)
    """无监护能力, dead, missing …: the other parent's absence then leaves the child without a carer."""

    child: Mapped[Child] = relationship(back_populates="parents")


class Absence(AboutChild, Model):
    """外出务工: one parent away from `since` until `until` (exclusive)."""

    __tablename__ = "absence"
    teacher_writes = True
    __extra_args__ = (CheckConstraint("until > since", name="ends_after_start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[ParentRole] = term_column(ParentRole)
    since: Mapped[date]
    until: Mapped[date] = until_column()
    inside_county: Mapped[bool] = mapped_column(default=False)
    work_place: Mapped[str] = mapped_column(String(80), default="")
    """Province and city, as reports have it."""
    work_address: Mapped[str] = mapped_column(String(120), default="", server_default="")

    child: Mapped[Child] = relationship(back_populates="absences")


class Guardianship(AboutChild, Model):
    """监护: who cares for the child, from `since` until `until` (exclusive)."""

    __tablename__ = "guardianship"
    teacher_writes = True
    __extra_args__ = (CheckConstraint("until > since", name="ends_after_start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    kind: Mapped[GuardianKind] = term_column(GuardianKind)
    group: Mapped[str] = mapped_column("guardian_group", String(20), default="")
    """The word of the roster: 祖父母, 外祖父母, 亲属, 父母, 无人监护."""
    name: Mapped[str] = mapped_column(String(40), default="")
    relation: Mapped[str] = mapped_column(String(20), default="")
    phone: Mapped[str] = mapped_column(String(24), default="")
    birth_year: Mapped[int | None]
    id_no_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    id_no = SealedText("id_no_sealed")
    occupation: Mapped[str] = mapped_column(String(40), default="", server_default="")
    health: Mapped[GuardianHealth | None] = term_column(GuardianHealth, nullable=True)
    education: Mapped[Education | None] = term_column(Education, nullable=True)
    address: Mapped[str] = mapped_column(String(120), default="", server_default="")
    """Where she lives, if not with the child."""
    assessment: Mapped[Assessment | None] = term_column(Assessment, nullable=True)
    """The newest assessment; `GuardianAssessment` keeps them all with their grounds."""
    since: Mapped[date]
    until: Mapped[date] = until_column()

    child: Mapped[Child] = relationship(back_populates="guardianships")

    volunteer_columns = ("kind", "guardian_group", "name", "relation", "phone", "since", "until")

    @classmethod
    def volunteer_sees(cls, *, person_id: int, paired: Any) -> ColumnElement[bool]:
        return cls.child_id.in_(paired)


class EmergencyContact(AboutChild, Model):
    """紧急联系人: whom to call first and second if the guardian does not answer."""

    __tablename__ = "emergency_contact"
    __extra_args__ = (
        UniqueConstraint("county_id", "child_id", "rank"),
        CheckConstraint("rank BETWEEN 1 AND 2", name="first_or_second"),
    )
    teacher_writes = teacher_removes = True

    id: Mapped[int] = mapped_column(primary_key=True)
    rank: Mapped[int]
    name: Mapped[str] = mapped_column(String(40))
    relation: Mapped[str] = mapped_column(String(20), default="")
    phone: Mapped[str] = mapped_column(String(24))

    child: Mapped[Child] = relationship(back_populates="emergency_contacts")


class GuardianAssessment(AboutChild, Model):
    """监护状况评估: how the guardian of that day copes, on which grounds. Nothing is overwritten."""

    __tablename__ = "guardian_assessment"
    teacher_writes = True

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    guardianship_id: Mapped[int] = mapped_column(ForeignKey("guardianship.id", ondelete="CASCADE"))
    assessed_on: Mapped[date]
    level: Mapped[Assessment] = term_column(Assessment)
    grounds: Mapped[str] = mapped_column(String(300), default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(default=now)

    guardianship: Mapped[Guardianship] = relationship(Guardianship)
    person: Mapped[Person] = relationship(Person)


class CareAgreement(AboutChild, Model):
    """委托照护确认书 (未成年人保护法 art. 22-23): with whom, from when to when, and who was told in writing.

    `valid_until` is exclusive. Ending one early moves it forward and gives the reason.
    """

    __tablename__ = "care_agreement"
    __extra_args__ = (CheckConstraint("valid_until >= signed_on", name="ends_after_start"),)
    teacher_writes = True

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    guardianship_id: Mapped[int] = mapped_column(ForeignKey("guardianship.id", ondelete="CASCADE"))
    signed_on: Mapped[date]
    valid_until: Mapped[date] = until_column()
    told_school_on: Mapped[date | None]
    told_village_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(String(200), default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(default=now)

    guardianship: Mapped[Guardianship] = relationship(Guardianship)
    person: Mapped[Person] = relationship(Person)

    def is_live_on(self, day: date) -> bool:
        return self.signed_on <= day < self.valid_until


class Alarm(AboutChild, Counted, Model):
    """A child without an effective guardian or living alone. It is closed by the fact alone: when somebody
    cares for her again. Until then every act about it is written down beside it."""

    __tablename__ = "alarm"
    __extra_args__ = (Counted.stat_key(), Index("ix_alarm_stat_unit", "stat_unit_id", "closed_on"))
    teacher_writes = True

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    kind: Mapped[AlarmKind] = term_column(AlarmKind)
    raised_on: Mapped[date]
    closed_on: Mapped[date | None]

    steps: Mapped[list[AlarmStep]] = relationship(back_populates="alarm", order_by="AlarmStep.id")
    child: Mapped[Child] = relationship(back_populates="alarms")


class AlarmStep(AboutChild, Model):
    """What was done about an alarm, by whom and when."""

    __tablename__ = "alarm_step"
    teacher_writes = True

    id: Mapped[int] = mapped_column(primary_key=True)
    alarm_id: Mapped[int] = mapped_column(ForeignKey("alarm.id", ondelete="CASCADE"), index=True)
    act: Mapped[AlarmAct] = term_column(AlarmAct)
    note: Mapped[str] = mapped_column(String(300), default="")
    due_on: Mapped[date | None]
    """When it must be looked at again."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(default=now)

    alarm: Mapped[Alarm] = relationship(back_populates="steps")
    person: Mapped[Person] = relationship(Person)
