"""Volunteers: the roster entry of a person who helps, with what allows her near a child.

Many never sign in: a person on the roster is not an account.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.config import now
from portal.extensions import Model
from portal.models.accounts import Person
from portal.tenancy.columns import public_id_column, term_column, terms_column
from portal.tenancy.scoped import CASCADING, UNIT_KEY, CountyScoped, Sight, UnitScoped
from portal.terms import (
    ApplicationState,
    AppraisalPoint,
    Grade,
    Skill,
    Slot,
    VettingKind,
    VettingResult,
    VolunteerCategory,
    VolunteerStatus,
    VolunteerTeam,
)


class Volunteer(CountyScoped, Model):
    """志愿者 on the roster of one unit. `vetted_until` is the end of the yearly check (未保法 art. 62)."""

    __tablename__ = "volunteer"
    __table_args__ = (
        ForeignKeyConstraint(["unit_id", "township_id", "county_id"], UNIT_KEY, **CASCADING),
        Index("ix_volunteer_unit", "unit_id", "status"),
        Index("ix_volunteer_town", "township_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    unit_id: Mapped[int] = mapped_column()
    township_id: Mapped[int] = mapped_column()
    category: Mapped[VolunteerCategory] = term_column(VolunteerCategory)
    team: Mapped[VolunteerTeam | None] = term_column(VolunteerTeam, nullable=True)
    skills: Mapped[tuple[Skill, ...]] = terms_column(Skill)
    slots: Mapped[tuple[Slot, ...]] = terms_column(Slot)
    status: Mapped[VolunteerStatus] = term_column(VolunteerStatus)
    status_since: Mapped[date | None]
    status_note: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """Why she is paused or has left."""
    promised_on: Mapped[date | None]
    """The day on which she signed the promise (承诺书)."""
    vetted_until: Mapped[date | None]
    """Exclusive; None = never checked. Follows the newest check of her record."""

    person: Mapped[Person] = relationship(Person)

    teacher_sees = Sight.NOTHING

    def may_meet_children_on(self, day: date) -> bool:
        """On the roster and checked: without both there is no access to any child."""
        vetted = self.vetted_until is not None and day < self.vetted_until
        return self.status is VolunteerStatus.ACTIVE and vetted

    @classmethod
    def volunteer_sees(cls, *, person_id: int, paired: Any) -> ColumnElement[bool]:
        return cls.person_id == person_id


class Vetting(UnitScoped, Model):
    """One check of a volunteer, with its result and how long it holds."""

    __tablename__ = "vetting"
    __extra_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_until > checked_on", name="holds_after_the_check"),
        Index("ix_vetting_unit_id", "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id", ondelete="CASCADE"), index=True)
    kind: Mapped[VettingKind] = term_column(VettingKind)
    result: Mapped[VettingResult] = term_column(VettingResult)
    checked_on: Mapped[date]
    valid_until: Mapped[date | None]
    """Exclusive; None where it does not lapse, or was not passed."""
    paper: Mapped[str] = mapped_column(String(60), default="")
    """Number of the certificate."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who wrote it down."""
    written_at: Mapped[datetime] = mapped_column(default=now)


class VolunteerTraining(UnitScoped, Model):
    """A training that a volunteer took part in (S78)."""

    __tablename__ = "volunteer_training"
    __extra_args__ = (Index("ix_volunteer_training_unit_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id", ondelete="CASCADE"), index=True)
    course: Mapped[str] = mapped_column(String(80))
    held_on: Mapped[date]
    hours: Mapped[int]
    certificate: Mapped[str] = mapped_column(String(60), default="")


class VolunteerAppraisal(UnitScoped, Model):
    """The yearly look at a volunteer's work, by checklist (S79). Nobody is ranked."""

    __tablename__ = "volunteer_appraisal"
    __extra_args__ = (
        UniqueConstraint("county_id", "volunteer_id", "year"),
        Index("ix_volunteer_appraisal_unit_id", "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id", ondelete="CASCADE"), index=True)
    year: Mapped[int]
    points: Mapped[tuple[AppraisalPoint, ...]] = terms_column(AppraisalPoint)
    grade: Mapped[Grade] = term_column(Grade)
    words: Mapped[str] = mapped_column(String(200), default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_on: Mapped[date]


class VolunteerApplication(UnitScoped, Model):
    """What somebody left in the public form (申请): it opens nothing, and goes half a year after its answer."""

    __tablename__ = "volunteer_application"
    __extra_args__ = (
        Index("ix_volunteer_application_unit_id", "unit_id", "state"),
        Index("ix_volunteer_application_origin", "origin", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    name: Mapped[str] = mapped_column(String(40))
    phone: Mapped[str] = mapped_column(String(24))
    birth_year: Mapped[int]
    category: Mapped[VolunteerCategory] = term_column(VolunteerCategory)
    post: Mapped[str] = mapped_column(String(80), default="")
    skills: Mapped[tuple[Skill, ...]] = terms_column(Skill)
    slots: Mapped[tuple[Slot, ...]] = terms_column(Slot)
    words: Mapped[str] = mapped_column(String(200), default="")
    origin: Mapped[str] = mapped_column(String(64))
    """A keyed hash of the network address: against floods, never shown."""
    state: Mapped[ApplicationState] = term_column(ApplicationState, default=ApplicationState.OPEN)
    created_at: Mapped[datetime] = mapped_column(default=now)
    answered_on: Mapped[date | None]
    answer: Mapped[str] = mapped_column(String(200), default="")
