"""Submissions (上报): one unit's return for one period and the state it is in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import Model
from portal.tenancy.columns import public_id_column, term_column
from portal.tenancy.scoped import Sight, UnitScoped
from portal.terms import SubmissionState


class Submission(UnitScoped, Model):
    """草稿 → 已审签 → 已上报 → 退回 | 通过 → 归档. A unit without a row has not begun."""

    __tablename__ = "submission"
    __extra_args__ = (
        UniqueConstraint("county_id", "unit_id", "period"),
        Index("ix_submission_period", "county_id", "period", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    period: Mapped[str] = mapped_column(String(16))
    state: Mapped[SubmissionState] = term_column(SubmissionState, default=SubmissionState.DRAFT)
    state_note: Mapped[str] = mapped_column(String(300), default="")
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    teacher_sees = Sight.SCHOOL
