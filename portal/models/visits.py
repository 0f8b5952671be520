"""Visits: every contact with a child (谈心, 家访, 通话, 视频, 书信, 监护人沟通, 到校), one row per child."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    and_,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.config import now
from portal.extensions import Model
from portal.models.accounts import Person
from portal.models.pairings import Pairing
from portal.tenancy.columns import public_id_column, term_column
from portal.tenancy.roles import Role
from portal.tenancy.scoped import AboutChild, Counted
from portal.terms import Met, Topic, VisitKind


class Visit(AboutChild, Counted, Model):
    """One contact with one child. Several children met at once share `entry_id`.

    `stat_unit` is where it counts, fixed when logged: a staff member's own unit, for a helper the unit
    that arranged the pairing. A row is never deleted; a mistake is voided with a reason.
    """

    __tablename__ = "visit"
    __extra_args__ = (
        Counted.stat_key(),
        CheckConstraint("minutes BETWEEN 0 AND 720", name="minutes_of_a_day"),
        UniqueConstraint("county_id", "entry_id", "child_id"),
        Index("ix_visit_child", "child_id", "happened_on"),
        Index("ix_visit_stat_unit", "stat_unit_id", "happened_on"),
        Index("ix_visit_person", "person_id", "happened_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    entry_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    kind: Mapped[VisitKind] = term_column(VisitKind)
    happened_on: Mapped[date]
    minutes: Mapped[int]
    met_list: Mapped[str] = mapped_column(String(120), default="")
    topic_list: Mapped[str] = mapped_column(String(160), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    worry: Mapped[bool] = mapped_column(default=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role] = term_column(Role)
    """The role in which it was done: the class teacher's duties count her own visits only."""
    pairing_id: Mapped[int | None] = mapped_column(ForeignKey("pairing.id"))
    logged_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    logged_at: Mapped[datetime] = mapped_column(default=now)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_at: Mapped[datetime | None]
    """When a second person confirmed a volunteer's service; nobody else's contacts need it."""
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(String(200), default="")

    person: Mapped[Person] = relationship(Person)
    pairing: Mapped[Pairing | None] = relationship(Pairing)

    volunteer_writes = True
    teacher_writes = True

    @property
    def met(self) -> list[Met]:
        return [Met(word) for word in self.met_list.split(",") if word]

    @property
    def topics(self) -> list[Topic]:
        return [Topic(word) for word in self.topic_list.split(",") if word]

    @classmethod
    def volunteer_sees(cls, *, person_id: int, paired: Any) -> ColumnElement[bool]:
        return and_(cls.person_id == person_id, cls.child_id.in_(paired))
