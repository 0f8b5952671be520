"""What happens to a file: events, proposals of the other side, transfers, the closed change table."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.config import now
from portal.extensions import Model
from portal.models.accounts import Person
from portal.tenancy.columns import public_id_column, term_column
from portal.tenancy.scoped import AboutChild, BetweenUnits, Counted, UnitScoped
from portal.tenancy.sealed import SealedText
from portal.terms import (
    Basis,
    EventKind,
    ProposalState,
    Sex,
    Side,
    TransferReason,
    TransferState,
)


class ChildEvent(AboutChild, Counted, Model):
    """动态变动: what happened to a child, on which day, at which unit, as somebody wrote it down."""

    __tablename__ = "child_event"
    __extra_args__ = (Counted.stat_key(), Index("ix_child_event_day", "stat_unit_id", "happened_on"))
    teacher_writes = True

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    kind: Mapped[EventKind] = term_column(EventKind)
    side: Mapped[Side | None] = term_column(Side, nullable=True)
    happened_on: Mapped[date]
    note: Mapped[str] = mapped_column(String(200), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(default=now)

    person: Mapped[Person | None] = relationship(Person)
    child: Mapped[Any] = relationship("Child")


class Proposal(AboutChild, Model):
    """One side asks the side that owns a field to change it; the owner takes it over or not.

    `values` is JSON, field → proposed value, sealed; `group` is the part of the file it belongs to.
    """

    __tablename__ = "proposal"
    __extra_args__ = (Index("ix_proposal_state", "county_id", "state"),)
    teacher_writes = True

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    owner_side: Mapped[Side] = term_column(Side)
    group: Mapped[str] = mapped_column("file_group", String(20))
    values_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    values = SealedText("values_sealed")
    reason: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[ProposalState] = term_column(ProposalState, default=ProposalState.OPEN)
    by_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    """The unit that proposes."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(default=now)
    answer: Mapped[str] = mapped_column(String(200), default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(Person, foreign_keys=[person_id])
    answered_by: Mapped[Person | None] = relationship(Person, foreign_keys=[answered_by_id])
    child: Mapped[Any] = relationship("Child")


class Transfer(BetweenUnits, Model):
    """A child goes from one school or village to another: offered by one, accepted or refused by the other.

    The receiver reads what stands in this row and no more, until the child has moved; then the file is hers.
    """

    __tablename__ = "transfer"
    __extra_args__ = (
        Index("ix_transfer_child", "child_id"),
        Index("ix_transfer_state", "county_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id", ondelete="CASCADE"))
    side: Mapped[Side] = term_column(Side)
    case_no: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(40))
    sex: Mapped[Sex] = term_column(Sex)
    birth_year: Mapped[int]
    grade: Mapped[int | None]
    class_name: Mapped[str] = mapped_column(String(40), default="")
    reason: Mapped[TransferReason] = term_column(TransferReason)
    note: Mapped[str] = mapped_column(String(200), default="")
    effective_on: Mapped[date]
    state: Mapped[TransferState] = term_column(TransferState, default=TransferState.OFFERED)
    to_class_id: Mapped[int | None] = mapped_column(ForeignKey("school_class.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    offered_at: Mapped[datetime] = mapped_column(default=now)
    answer: Mapped[str] = mapped_column(String(200), default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(Person, foreign_keys=[person_id])
    answered_by: Mapped[Person | None] = relationship(Person, foreign_keys=[answered_by_id])


class ChangeSheet(UnitScoped, Model):
    """动态变动表, closed: 上期 + 新增 − 减少 ± 更正 = 本期 for one unit, side, basis and month.

    `opening` is the closing of the sheet before; what was written late for earlier months stands in
    `corrected`, so a closed figure never changes. `lines` is the sealed list of who joined and left, and why.
    """

    __tablename__ = "change_sheet"
    __extra_args__ = (
        UniqueConstraint("county_id", "unit_id", "side", "basis", "ym"),
        CheckConstraint("closing = opening + joined - gone + corrected", name="adds_up"),
        Index("ix_change_sheet_unit_id", "unit_id", "ym"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    side: Mapped[Side] = term_column(Side)
    basis: Mapped[Basis] = term_column(Basis)
    ym: Mapped[int]
    """Year × 100 + month."""
    opening: Mapped[int]
    joined: Mapped[int]
    gone: Mapped[int]
    corrected: Mapped[int]
    closing: Mapped[int]
    lines_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    lines = SealedText("lines_sealed")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime] = mapped_column(default=now)

    person: Mapped[Person] = relationship(Person)
