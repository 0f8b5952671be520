"""Registers: one batch per workbook that somebody brought, kept sealed until its work is done."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.config import now
from portal.extensions import Model
from portal.tenancy.columns import public_id_column, term_column
from portal.tenancy.scoped import UnitScoped
from portal.tenancy.sealed import SealedBytes
from portal.terms import ImportState


class ImportBatch(UnitScoped, Model):
    """A roster on its way in: read, shown as a preview, then taken in once by the person who confirms."""

    __tablename__ = "import_batch"
    __extra_args__ = (Index("ix_import_batch_unit_id", "unit_id", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    state: Mapped[ImportState] = term_column(ImportState)
    file_name: Mapped[str] = mapped_column(String(200))
    file_hash: Mapped[str] = mapped_column(String(64))
    content_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    content = SealedBytes("content_sealed")
    """The workbook under the county's key; wiped when nothing is left to correct."""
    as_of: Mapped[date]
    summary: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Counts and status totals. No personal data."""
    preview_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    preview = SealedBytes("preview_sealed")
    """What each row would do, with names, under the county's key; wiped with the content."""
    refused_code: Mapped[str] = mapped_column(String(40), default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    committed_at: Mapped[datetime | None]
