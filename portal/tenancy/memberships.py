"""Memberships: who acts where, in which role, from when to when, and who let her."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Computed, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.config import now
from portal.extensions import Model
from portal.tenancy.columns import public_id_column, term_column, until_column
from portal.tenancy.roles import Department, Role
from portal.tenancy.scoped import UnitScoped

ACCOUNT_KIND_OF_ROLE = (
    "CASE WHEN role IN ('system_admin', 'security_admin', 'audit_admin') THEN role ELSE 'working' END"
)


class Membership(UnitScoped, Model):
    """A role at a unit for a time. A user may hold several and acts in one of them.

    A grant that is ended on its first day is empty: `valid_until` equals `valid_from`. `account_kind` follows
    from the role and is part of the key to the account, so that an administrator's account can hold no
    other role and a working account no administrator's.
    """

    __tablename__ = "membership"
    __extra_args__ = (
        CheckConstraint("valid_until >= valid_from", name="ends_after_start"),
        ForeignKeyConstraint(
            ["user_id", "account_kind"],
            ["user_account.id", "user_account.account_kind"],
            name="fk_membership_account_kind",
        ),
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
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    granted_at: Mapped[datetime] = mapped_column(default=now)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    """Who answers for the access (未网条例 art. 36): who granted it, or the second person."""
    awaits_second: Mapped[bool] = mapped_column(default=False)
    """The grant gives nothing until a second person has said yes."""
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    end_reason: Mapped[str] = mapped_column(String(200), default="")
    account_kind: Mapped[str] = mapped_column(String(32), Computed(ACCOUNT_KIND_OF_ROLE, persisted=True))

    def is_live_on(self, day: date) -> bool:
        return self.valid_from <= day < self.valid_until and not self.awaits_second
