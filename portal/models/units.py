"""The tree over time: what a unit was called and where it stood before, and every act that changed it."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
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
from portal.tenancy.columns import public_id_column, term_column
from portal.tenancy.scoped import CASCADING, UNIT_KEY, CountyScoped
from portal.tenancy.units import Unit
from portal.terms import ChangeKind, ChangeState


class UnitSpell(CountyScoped, Model):
    """What a unit was from `since` until `until` (exclusive). `Unit` itself holds what it is since then.

    The spells of a unit follow each other without a gap from its opening to its last change; a time in
    which it was closed is a spell that is not open. `parent_id` is the unit above at that time, while
    `township_id` belongs to the key and follows the unit (docs/adr/0008).
    """

    __tablename__ = "unit_spell"
    __table_args__ = (
        ForeignKeyConstraint(["unit_id", "township_id", "county_id"], UNIT_KEY, **CASCADING),
        UniqueConstraint("county_id", "unit_id", "since"),
        CheckConstraint("until > since", name="ends_after_start"),
        Index("ix_unit_spell_until", "county_id", "until"),
        Index("ix_unit_spell_code", "county_id", "code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column()
    township_id: Mapped[int] = mapped_column()
    county_id: Mapped[int] = mapped_column()
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    code: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(80))
    name_key: Mapped[str] = mapped_column(String(160))
    is_open: Mapped[bool]
    since: Mapped[date]
    until: Mapped[date]

    unit: Mapped[Unit] = relationship(Unit, foreign_keys=[unit_id, township_id, county_id])


class UnitChange(CountyScoped, Model):
    """One act upon the tree (更名, 划转, 撤并 …), planned or done. Nothing personal is written here.

    `other` is the unit merged into, moved below, or split off. `arguments` is what was asked for, `moved`
    the rows that were changed with their values before and after, by which a merge is undone.
    """

    __tablename__ = "unit_change"
    __table_args__ = (
        ForeignKeyConstraint(["unit_id", "township_id", "county_id"], UNIT_KEY, **CASCADING),
        Index("ix_unit_change_unit", "county_id", "unit_id"),
        Index("ix_unit_change_state", "state", "effective_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = public_id_column()
    unit_id: Mapped[int] = mapped_column()
    township_id: Mapped[int] = mapped_column()
    county_id: Mapped[int] = mapped_column()
    other_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    kind: Mapped[ChangeKind] = term_column(ChangeKind)
    state: Mapped[ChangeState] = term_column(ChangeState)
    effective_on: Mapped[date]
    paper: Mapped[str] = mapped_column(String(120), default="")
    """批文: the number or title of the decision behind it."""
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What the history tells: old and new names and codes, and how much moved."""
    moved: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    message: Mapped[str] = mapped_column(String(300), default="")
    """Why a planned act could not be carried out."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    done_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    """When it was undone or cancelled."""

    unit: Mapped[Unit] = relationship(Unit, foreign_keys=[unit_id, township_id, county_id])
    other: Mapped[Unit | None] = relationship(Unit, foreign_keys=[other_id])
    person: Mapped[Person | None] = relationship(Person)
