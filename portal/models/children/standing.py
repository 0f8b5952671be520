"""Where a child lives and learns over time, and how she counts there, derived from the facts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Index, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import Model
from portal.tenancy.columns import term_column, until_column
from portal.tenancy.scoped import AboutChild, Counted
from portal.terms import GuardianKind, Side

if TYPE_CHECKING:
    from portal.models.children.file import Child


class Placement(AboutChild, Counted, Model):
    """Where the child lived or was enrolled, from `since` until `until` (exclusive)."""

    __tablename__ = "placement"
    teacher_writes = True
    __extra_args__ = (Counted.stat_key(), CheckConstraint("until > since", name="ends_after_start"))

    id: Mapped[int] = mapped_column(primary_key=True)
    side: Mapped[Side] = term_column(Side)
    since: Mapped[date]
    until: Mapped[date] = until_column()
    carried: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It goes on where the one before ended because the unit was merged or split: the child went nowhere,
    so nobody left and nobody joined."""

    child: Mapped[Child] = relationship(back_populates="placements")


class Standing(AboutChild, Counted, Model):
    """How a child counts at one unit between two days: derived from the facts, never typed.

    One row per stretch in which nothing that counts changes; only stretches in which a parent is away
    and the child is under sixteen (wide basis) are kept. `services.children.standing` writes them.
    """

    __tablename__ = "standing"
    teacher_writes = teacher_removes = True
    __extra_args__ = (
        Counted.stat_key(),
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        Index("ix_standing_starts", "stat_unit_id", "starts_on"),
        Index("ix_standing_county_starts", "stat_county_id", "starts_on"),
        Index("ix_standing_county_ends", "stat_county_id", "ends_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    side: Mapped[Side] = term_column(Side)
    starts_on: Mapped[date]
    ends_on: Mapped[date] = until_column()
    official: Mapped[bool]
    both_away: Mapped[bool]
    female: Mapped[bool]
    compulsory: Mapped[bool]
    """School side: enrolled in a compulsory school. Village side: always true."""
    guardian: Mapped[GuardianKind | None] = term_column(GuardianKind, nullable=True)
    priority: Mapped[bool] = mapped_column(default=False, server_default=false())
    """重点对象 on these days, by the review that holds."""
    placed: Mapped[bool]
    """This stretch ends a time without a guardian."""
    joins_wide: Mapped[bool]
    leaves_wide: Mapped[bool]
    joins_official: Mapped[bool]
    leaves_official: Mapped[bool]

    child: Mapped[Child] = relationship(back_populates="standings")
