"""Jobs: the database is the queue of record; RQ only rings the doorbell."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.config import now
from portal.extensions import Model
from portal.tenancy.columns import public_id_column, term_column
from portal.tenancy.scoped import UnitScoped
from portal.terms import JobState


class Job(UnitScoped, Model):
    """One piece of heavy work, written in the same transaction as the act that asks for it.

    `arguments` holds ids and ISO dates only. `membership_id` says as whom the job acts: it gets exactly
    that actor's scope, and fails closed if the membership has ended meanwhile.
    """

    __tablename__ = "job"
    __extra_args__ = (Index("ix_job_state", "state", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    kind: Mapped[str] = mapped_column(String(64))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    state: Mapped[JobState] = term_column(JobState, default=JobState.WAITING)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    beat_at: Mapped[datetime | None]
    """Last sign of life; the reaper rings again for a running job that has been silent too long."""
    finished_at: Mapped[datetime | None]
