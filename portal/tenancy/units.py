"""The tree: county → township → village / school, of fixed depth, so that a scope is one equality."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import Model
from portal.tenancy.columns import term_column
from portal.tenancy.sight import KnownToAll
from portal.terms import SchoolKind, UnitKind


class Unit(KnownToAll, Model):
    """单位: one place of the tree.

    `county_id` and `township_id` hold the unit's own id at its own level and 0 above it (a county-run
    school has township 0). Division codes change in 撤并, so `code` is a name, not the key.
    """

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("id", "township_id", "county_id", name="uq_unit_scope"),
        UniqueConstraint("county_id", "code"),
        CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name="closes_after_opening"),
        Index("ix_unit_tree", "county_id", "township_id", "kind", "code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(80))
    name_key: Mapped[str] = mapped_column(String(160))
    kind: Mapped[UnitKind] = term_column(UnitKind)
    school_kind: Mapped[SchoolKind | None] = term_column(SchoolKind, nullable=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    township_id: Mapped[int] = mapped_column(default=0)
    county_id: Mapped[int] = mapped_column(default=0)
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))

    parent: Mapped[Unit | None] = relationship(
        remote_side="Unit.id", foreign_keys="Unit.parent_id", viewonly=True
    )

    @property
    def is_kindergarten(self) -> bool:
        return self.school_kind is SchoolKind.KINDERGARTEN

    def is_open_on(self, day: date) -> bool:
        """Whether the unit existed on `day` (it is gone on its closing day)."""
        return self.opened_on <= day and (self.closed_on is None or day < self.closed_on)
