"""Volunteers: the roster entry of a person who helps, with what allows her near a child."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import Model
from portal.models.accounts import Person
from portal.tenancy.columns import public_id_column, term_column
from portal.tenancy.scoped import CASCADING, UNIT_KEY, CountyScoped, Sight
from portal.terms import VolunteerCategory, VolunteerStatus


class Volunteer(CountyScoped, Model):
    """志愿者 on the roster of one unit. `vetted_until` is the end of the yearly check (未保法 art. 62)."""

    __tablename__ = "volunteer"
    __table_args__ = (
        ForeignKeyConstraint(["unit_id", "township_id", "county_id"], UNIT_KEY, **CASCADING),
        Index("ix_volunteer_unit", "unit_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    unit_id: Mapped[int] = mapped_column()
    township_id: Mapped[int] = mapped_column()
    category: Mapped[VolunteerCategory] = term_column(VolunteerCategory)
    status: Mapped[VolunteerStatus] = term_column(VolunteerStatus)
    vetted_until: Mapped[date | None]
    """Exclusive; None = never checked."""

    person: Mapped[Person] = relationship(Person)

    teacher_sees = Sight.NOTHING

    def may_meet_children_on(self, day: date) -> bool:
        """On the roster and checked: without both there is no access to any child."""
        vetted = self.vetted_until is not None and day < self.vetted_until
        return self.status is VolunteerStatus.ACTIVE and vetted

    @classmethod
    def volunteer_sees(cls, *, person_id: int, paired: Any) -> ColumnElement[bool]:
        return cls.person_id == person_id
