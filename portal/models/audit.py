"""Audit: what was done, by whom, where, in the same transaction as the act."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.config import now
from portal.extensions import Model
from portal.tenancy.columns import term_column
from portal.tenancy.roles import Role
from portal.tenancy.scoped import UnitScoped


class AuditEntry(UnitScoped, Model):
    """One act at one unit. `subject` names a row by kind and random id, never a child by name."""

    __tablename__ = "audit_entry"
    __extra_args__ = (Index("ix_audit_entry_unit_id", "unit_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    role: Mapped[Role | None] = term_column(Role, nullable=True)
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(80), default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    volunteer_writes = True
