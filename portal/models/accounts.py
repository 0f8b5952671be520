"""Accounts: people, the accounts some of them have, and the session rows that can be revoked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.config import now
from portal.extensions import Model
from portal.tenancy.columns import public_id_column, term_column
from portal.tenancy.roles import Duty
from portal.tenancy.scoped import CASCADING, UNIT_KEY, CountyScoped
from portal.tenancy.units import Unit


class Person(CountyScoped, Model):
    """An adult who works or helps in the county. Many never sign in; children are never here."""

    __tablename__ = "person"
    __table_args__ = (
        ForeignKeyConstraint(["unit_id", "township_id", "county_id"], UNIT_KEY, **CASCADING),
        UniqueConstraint("id", "duty", name="uq_person_duty"),
        Index("ix_person_name", "county_id", "name_key", "id"),
        Index("ix_person_unit", "unit_id", "name_key", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    unit_id: Mapped[int] = mapped_column()
    township_id: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(String(40))
    name_key: Mapped[str] = mapped_column(String(160))
    post: Mapped[str] = mapped_column(String(80), default="")
    phone: Mapped[str] = mapped_column(String(24), default="")
    birth_year: Mapped[int | None]
    duty: Mapped[Duty] = term_column(Duty, default=Duty.WORKING)

    unit: Mapped[Unit] = relationship(Unit)

    @classmethod
    def volunteer_sees(cls, *, person_id: int, paired: Any) -> ColumnElement[bool]:
        return cls.id == person_id


class User(Model):
    """An account. It has no scope of its own: what it may see comes from its memberships."""

    __tablename__ = "user_account"
    __table_args__ = (
        ForeignKeyConstraint(
            ["person_id", "duty"], ["person.id", "person.duty"], name="fk_user_account_duty"
        ),
        UniqueConstraint("id", "duty", name="uq_user_account_duty"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    password_hash: Mapped[str] = mapped_column(String(160))
    duty: Mapped[Duty] = term_column(Duty, default=Duty.WORKING)
    is_active: Mapped[bool] = mapped_column(default=True)
    awaits_code: Mapped[bool] = mapped_column(default=False)
    """Invited or renewed: nobody gets in before the one-time code has been used, and no old sign-in holds."""
    signed_in_at: Mapped[datetime | None]
    locale: Mapped[str] = mapped_column(String(16), default="")
    theme: Mapped[str] = mapped_column(String(8), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)


class LoginSession(Model):
    """One sign-in on one device. The cookie holds a random token, the row only its hash."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    agent: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
