"""For what and how long a file is kept: consents, cards, papers, requests, the county’s rules."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.config import now
from portal.extensions import Model
from portal.models.accounts import Person
from portal.tenancy.columns import public_id_column, term_column
from portal.tenancy.scoped import CASCADING, UNIT_KEY, AboutChild, CountyScoped, Sight
from portal.tenancy.sealed import SealedBytes
from portal.tenancy.units import Unit
from portal.terms import (
    ConsentChannel,
    PaperKind,
    ProcessingBasis,
    Purpose,
    RequestKind,
    RequestState,
    Witness,
)


class Consent(AboutChild, Model):
    """On which ground the data of a child is used for one purpose (个人信息保护法 art. 13, 28-31).

    Withdrawing sets `withdrawn_on`; nothing is overwritten, a new consent is a new row.
    """

    __tablename__ = "consent"
    __extra_args__ = (Index("ix_consent_live", "child_id", "purpose"),)
    teacher_writes = True

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    purpose: Mapped[Purpose] = term_column(Purpose)
    basis: Mapped[ProcessingBasis] = term_column(ProcessingBasis)
    given_by: Mapped[Witness | None] = term_column(Witness, nullable=True)
    giver_name: Mapped[str] = mapped_column(String(40), default="")
    channel: Mapped[ConsentChannel | None] = term_column(ConsentChannel, nullable=True)
    verified: Mapped[str] = mapped_column(String(120), default="")
    """How the giver was known: 本人到场并出示身份证 …"""
    child_agrees: Mapped[bool | None]
    """The child’s own view, asked from eight years up; needed from fourteen."""
    for_whom: Mapped[str] = mapped_column(String(80), default="")
    """SHARING and PUBLICITY: to whom, where."""
    text_version: Mapped[str] = mapped_column(String(40), default="")
    given_on: Mapped[date]
    expires_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(default=now)

    person: Mapped[Person] = relationship(Person)
    child: Mapped[Any] = relationship("Child")

    def is_live_on(self, day: date) -> bool:
        ends = [one for one in (self.expires_on, self.withdrawn_on) if one is not None]
        return self.given_on <= day and all(day < one for one in ends)


class ContactCard(AboutChild, Model):
    """联系卡: one confirmed version of what the card says; the card itself is printed from the file."""

    __tablename__ = "contact_card"
    __extra_args__ = (UniqueConstraint("county_id", "child_id", "version"),)
    teacher_writes = True

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    version: Mapped[int]
    period: Mapped[str] = mapped_column(String(16))
    """The term for which it was confirmed."""
    confirmed_on: Mapped[date]
    confirmed_with: Mapped[Witness] = term_column(Witness)
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what the card said: tells whether the file has changed since."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(Person)
    child: Mapped[Any] = relationship("Child")


class Paper(AboutChild, Model):
    """An attached scan or photo: re-encoded, typed by its content, sealed. Never deleted, but voided."""

    __tablename__ = "paper"
    teacher_writes = True

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    kind: Mapped[PaperKind] = term_column(PaperKind)
    title: Mapped[str] = mapped_column(String(80), default="")
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    """Bytes, after re-encoding."""
    digest: Mapped[str] = mapped_column(String(64))
    content_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    content = SealedBytes("content_sealed")
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("care_agreement.id"))
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("child_event.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(default=now)
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(String(200), default="")

    person: Mapped[Person] = relationship(Person)
    child: Mapped[Any] = relationship("Child")


class DataRequest(AboutChild, Model):
    """A guardian, or a child of fourteen, asks for her data (个人信息保护法 art. 45-50); the clock runs."""

    __tablename__ = "data_request"
    __extra_args__ = (Index("ix_data_request_state", "county_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    kind: Mapped[RequestKind] = term_column(RequestKind)
    asked_by: Mapped[str] = mapped_column(String(40))
    relation: Mapped[str] = mapped_column(String(20), default="")
    verified: Mapped[str] = mapped_column(String(120), default="")
    words: Mapped[str] = mapped_column(String(300), default="")
    asked_on: Mapped[date]
    due_on: Mapped[date]
    state: Mapped[RequestState] = term_column(RequestState, default=RequestState.OPEN)
    answer: Mapped[str] = mapped_column(String(300), default="")
    answered_on: Mapped[date | None]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(default=now)

    person: Mapped[Person] = relationship(Person)
    child: Mapped[Any] = relationship("Child")


class ChildCopy(AboutChild, Model):
    """Everything on file about a child, as one file for the family: sealed, and gone after a day."""

    __tablename__ = "child_copy"
    __extra_args__ = (Index("ix_child_copy_expires", "expires_at"),)
    teacher_sees = Sight.NOTHING

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    size: Mapped[int]
    """Bytes."""
    rows: Mapped[int]
    """How many rows about the child it holds."""
    digest: Mapped[str] = mapped_column(String(64))
    content_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    content = SealedBytes("content_sealed")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]

    person: Mapped[Person] = relationship(Person)


class CountyRules(CountyScoped, Model):
    """What a county has decided for itself; a county without a row keeps the defaults."""

    __tablename__ = "county_rules"
    __table_args__ = (
        ForeignKeyConstraint(["unit_id", "township_id", "county_id"], UNIT_KEY, **CASCADING),
        CheckConstraint("keep_years BETWEEN 1 AND 30", name="keep_years_plausible"),
        CheckConstraint("months_away BETWEEN 0 AND 24", name="months_away_plausible"),
    )

    county_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[int] = mapped_column(index=True)
    township_id: Mapped[int] = mapped_column()
    keep_years: Mapped[int] = mapped_column(default=3)
    """Years a file is kept in the restricted archive after the child has left (档案 schedule)."""
    months_away: Mapped[int] = mapped_column(default=6)
    across_county: Mapped[bool] = mapped_column(default=True)
    """Official basis: whether away counts only across the county border."""
    pairs_teacher: Mapped[int] = mapped_column(default=3, server_default="3")
    pairs_tutor: Mapped[int] = mapped_column(default=5, server_default="5")
    pairs_cadre: Mapped[int] = mapped_column(default=2, server_default="2")
    pairs_other: Mapped[int] = mapped_column(default=3, server_default="3")
    """Children one person helps at the same time, by LimitKind (D2-2: 2–3, D0-3: 5, D4-18: 2)."""

    unit: Mapped[Unit] = relationship(Unit, foreign_keys=[unit_id, township_id])
