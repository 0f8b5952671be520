"""The census (摸底): lists that schools and villages work through, three names, the frozen roster."""

from __future__ import annotations

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
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship, remote

from portal.config import now
from portal.extensions import Model
from portal.models.accounts import Person
from portal.models.children.classes import CLASS_KEY, SchoolClass
from portal.tenancy.columns import public_id_column, term_column
from portal.tenancy.scoped import (
    CASCADING,
    UNIT_KEY,
    AboutChild,
    BetweenUnits,
    CountyScoped,
    Sight,
    UnitScoped,
)
from portal.tenancy.sealed import SealedText
from portal.tenancy.units import Unit
from portal.terms import (
    Basis,
    CensusState,
    LineVerdict,
    MatchState,
    RemovalReason,
    Side,
)


class Census(CountyScoped, Model):
    """One census of the county: for a term, on a basis, as of a day, due on another."""

    __tablename__ = "census"
    __table_args__ = (
        ForeignKeyConstraint(["unit_id", "township_id", "county_id"], UNIT_KEY, **CASCADING),
        UniqueConstraint("county_id", "period"),
        CheckConstraint("due_on >= as_of", name="due_after_as_of"),
        Index("ix_census_unit_id", "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    unit_id: Mapped[int] = mapped_column()
    township_id: Mapped[int] = mapped_column()
    period: Mapped[str] = mapped_column(String(16))
    """The term, as `2024-2025-2`."""
    basis: Mapped[Basis] = term_column(Basis)
    as_of: Mapped[date]
    due_on: Mapped[date]
    note: Mapped[str] = mapped_column(String(300), default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime] = mapped_column(default=now)
    closed_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship(Unit, foreign_keys=[unit_id, township_id])
    person: Mapped[Person] = relationship(Person)


class CensusList(UnitScoped, Model):
    """What one class or one village has to work through, and the three names under it.

    `entered_for`: a township wrote it for a village without staff or computer (代报).
    """

    __tablename__ = "census_list"
    __extra_args__ = (
        ForeignKeyConstraint(["class_id", "unit_id", "township_id", "county_id"], CLASS_KEY, **CASCADING),
        UniqueConstraint("county_id", "census_id", "unit_id", "class_id"),
        Index("ix_census_list_unit_id", "unit_id", "census_id"),
        Index("ix_census_list_town", "township_id", "census_id"),
        Index("ix_census_list_class_id", "class_id"),
    )
    teacher_sees = Sight.PUPILS
    teacher_writes = True

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    census_id: Mapped[int] = mapped_column(ForeignKey("census.id", ondelete="CASCADE"))
    class_id: Mapped[int | None]
    state: Mapped[CensusState] = term_column(CensusState, default=CensusState.TO_DO)
    entered_for: Mapped[bool] = mapped_column(default=False)
    filled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    filled_at: Mapped[datetime | None]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[datetime | None]
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[datetime | None]
    sent_back: Mapped[str] = mapped_column(String(300), default="")
    """Why it was sent back, while it is open again."""
    found_count: Mapped[int] = mapped_column(default=0, server_default="0")
    """Children found for whom no file exists yet."""
    found_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    found = SealedText("found_sealed")
    """Who they are, as JSON: key, name, sex, birth, note, on. Sealed, since no file guards them yet."""

    census: Mapped[Census] = relationship(Census)
    school_class: Mapped[SchoolClass | None] = relationship(
        primaryjoin=lambda: foreign(CensusList.class_id) == remote(SchoolClass.id)
    )
    filled_by: Mapped[Person | None] = relationship(Person, foreign_keys=[filled_by_id])
    checked_by: Mapped[Person | None] = relationship(Person, foreign_keys=[checked_by_id])
    signed_by: Mapped[Person | None] = relationship(Person, foreign_keys=[signed_by_id])


class CensusLine(AboutChild, Model):
    """What one list says of one child."""

    __tablename__ = "census_line"
    __extra_args__ = (
        UniqueConstraint("county_id", "list_id", "child_id"),
        Index("ix_census_line_list", "list_id", "verdict"),
        Index("ix_census_line_census", "census_id", "side", "child_id"),
    )
    teacher_writes = True

    id: Mapped[int] = mapped_column(primary_key=True)
    census_id: Mapped[int] = mapped_column(ForeignKey("census.id", ondelete="CASCADE"))
    """Of the list; here too because the other side sees the line and not the list."""
    list_id: Mapped[int] = mapped_column(ForeignKey("census_list.id", ondelete="CASCADE"))
    side: Mapped[Side] = term_column(Side)
    verdict: Mapped[LineVerdict] = term_column(LineVerdict, default=LineVerdict.OPEN)
    reason: Mapped[RemovalReason | None] = term_column(RemovalReason, nullable=True)
    note: Mapped[str] = mapped_column(String(200), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime | None]

    census_list: Mapped[CensusList] = relationship(CensusList)
    child: Mapped[Any] = relationship("Child")


class FrozenRoster(UnitScoped, Model):
    """花名册 of the day a list was signed: printed the same years later. `rows` is JSON, sealed."""

    __tablename__ = "frozen_roster"
    __extra_args__ = (
        UniqueConstraint("county_id", "list_id"),
        Index("ix_frozen_roster_unit_id", "unit_id", "as_of"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    list_id: Mapped[int] = mapped_column(ForeignKey("census_list.id"))
    side: Mapped[Side] = term_column(Side)
    basis: Mapped[Basis] = term_column(Basis)
    as_of: Mapped[date]
    title: Mapped[str] = mapped_column(String(120))
    """School and class, or village, as they were called that day."""
    signers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """filled, checked, signed → name and day."""
    count: Mapped[int]
    rows_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    rows = SealedText("rows_sealed")
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the rows as they were."""
    frozen_at: Mapped[datetime] = mapped_column(default=now)


class FileMatch(BetweenUnits, Model):
    """Two files that may be of one child, each kept by one of two units; both must say so before they are
    joined. What was changed is written down, by which it is taken back."""

    __tablename__ = "file_match"
    __extra_args__ = (
        UniqueConstraint("county_id", "from_child_id", "to_child_id"),
        CheckConstraint("from_child_id <> to_child_id", name="two_files"),
        Index("ix_file_match_state", "county_id", "state"),
        Index("ix_file_match_from_child", "from_child_id"),
        Index("ix_file_match_to_child", "to_child_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    from_child_id: Mapped[int] = mapped_column(ForeignKey("child.id", ondelete="CASCADE"))
    to_child_id: Mapped[int] = mapped_column(ForeignKey("child.id", ondelete="CASCADE"))
    same_name: Mapped[bool] = mapped_column(default=False)
    same_birth: Mapped[bool] = mapped_column(default=False)
    same_phone: Mapped[bool] = mapped_column(default=False)
    state: Mapped[MatchState] = term_column(MatchState, default=MatchState.OPEN)
    from_says: Mapped[bool | None]
    """What the unit that keeps the first file says: one child (true) or two."""
    to_says: Mapped[bool | None]
    keeps_from: Mapped[bool] = mapped_column(default=True)
    """Which of the two files stays."""
    moved: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    found_at: Mapped[datetime] = mapped_column(default=now)
    answered_at: Mapped[datetime | None]
    joined_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
