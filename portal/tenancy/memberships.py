"""Memberships: who acts where, in which role, from when to when."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import Model
from portal.tenancy.columns import public_id_column, term_column, until_column
from portal.tenancy.roles import Department, Role
from portal.tenancy.scoped import UnitScoped


class Membership(UnitScoped, Model):
    """A role at a unit for a time. A user may hold several and acts in one of them."""

    __tablename__ = "membership"
    __extra_args__ = (
        CheckConstraint("valid_until > valid_from", name="ends_after_start"),
        Index("ix_membership_user_id", "user_id"),
        Index("ix_membership_unit_id", "county_id", "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    role: Mapped[Role] = term_column(Role)
    department: Mapped[Department | None] = term_column(Department, nullable=True)
    valid_from: Mapped[date]
    valid_until: Mapped[date] = until_column()
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
