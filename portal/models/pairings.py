"""Pairings (结对帮扶): which adult helps which child, of what kind, from when to when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.config import now
from portal.extensions import Model
from portal.models.accounts import Person
from portal.tenancy.columns import public_id_column, term_column, until_column
from portal.tenancy.scoped import AboutChild, Counted
from portal.terms import PairingEnd, PairingKind


class Pairing(AboutChild, Counted, Model):
    """One helper and one child. `stat_unit` is the unit that arranged it: her visits count there.

    A volunteer sees the child exactly while `starts_on` ≤ today < `ends_on`.
    """

    __tablename__ = "pairing"
    __extra_args__ = (
        Counted.stat_key(),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        Index("ix_pairing_helper", "helper_id", "county_id", "starts_on"),
        Index("ix_pairing_stat_unit", "stat_unit_id", "ends_on"),
        Index("ix_pairing_sides", "county_id", "v_unit_id", "s_unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    helper_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[PairingKind] = term_column(PairingKind)
    starts_on: Mapped[date]
    ends_on: Mapped[date] = until_column()
    end_reason: Mapped[PairingEnd | None] = term_column(PairingEnd, nullable=True)
    end_note: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)

    helper: Mapped[Person] = relationship(Person)

    def is_live_on(self, day: date) -> bool:
        return self.starts_on <= day < self.ends_on

    volunteer_columns = ("helper_id", "kind", "starts_on", "ends_on", "end_reason")

    @classmethod
    def volunteer_sees(cls, *, person_id: int, paired: Any) -> ColumnElement[bool]:
        return cls.helper_id == person_id
