"""Accounts: people, the accounts some of them have, their secrets, and sessions that can be revoked."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from portal.config import now
from portal.extensions import Model
from portal.tenancy.columns import public_id_column, term_column
from portal.tenancy.roles import AccountKind
from portal.tenancy.scoped import CASCADING, UNIT_KEY, CountyScoped, Secret
from portal.tenancy.units import Unit
from portal.terms import SessionEnd


def phone_key(phone: str) -> str:
    """A phone number as it is compared: digits alone, without the country's code."""
    return re.sub(r"\D", "", re.sub(r"^\s*(\+|00)86", "", phone))[:24]


class Person(CountyScoped, Model):
    """An adult who works or helps in the county. Many never sign in; children are never here."""

    __tablename__ = "person"
    __table_args__ = (
        ForeignKeyConstraint(["unit_id", "township_id", "county_id"], UNIT_KEY, **CASCADING),
        UniqueConstraint("id", "account_kind", name="uq_person_account_kind"),
        Index("ix_person_name", "county_id", "name_key", "id"),
        Index("ix_person_unit", "unit_id", "name_key", "id"),
        Index("ix_person_phone_key", "phone_key"),
        UniqueConstraint("id", "county_id", name="uq_person_scope"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    unit_id: Mapped[int] = mapped_column()
    township_id: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(String(40))
    name_key: Mapped[str] = mapped_column(String(160))
    post: Mapped[str] = mapped_column(String(80), default="")
    phone: Mapped[str] = mapped_column(String(24), default="")
    phone_key: Mapped[str] = mapped_column(String(24), default="")
    birth_year: Mapped[int | None]
    account_kind: Mapped[AccountKind] = term_column(AccountKind, default=AccountKind.WORKING)

    unit: Mapped[Unit] = relationship(Unit)

    @validates("phone")
    def _find_by_digits(self, _key: str, phone: str) -> str:
        self.phone_key = phone_key(phone)
        return phone

    @classmethod
    def volunteer_sees(cls, *, person_id: int, paired: Any) -> ColumnElement[bool]:
        return cls.id == person_id


class User(CountyScoped, Model):
    """An account of a person, in her county. What it may see comes from its memberships."""

    __tablename__ = "user_account"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "county_id"], ["person.id", "person.county_id"], **CASCADING),
        ForeignKeyConstraint(
            ["person_id", "account_kind"],
            ["person.id", "person.account_kind"],
            name="fk_user_account_account_kind",
        ),
        UniqueConstraint("id", "account_kind", name="uq_user_account_account_kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    """In small letters; unique in the installation, because signing in names no county."""
    person_id: Mapped[int] = mapped_column(index=True)
    account_kind: Mapped[AccountKind] = term_column(AccountKind, default=AccountKind.WORKING)
    is_active: Mapped[bool] = mapped_column(default=True)
    awaits_code: Mapped[bool] = mapped_column(default=False)
    """Invited or renewed: nobody gets in before the one-time code has been used, and no old sign-in holds."""
    signed_in_at: Mapped[datetime | None]
    locale: Mapped[str] = mapped_column(String(16), default="")
    theme: Mapped[str] = mapped_column(String(8), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)

    person: Mapped[Person] = relationship(Person, foreign_keys="User.person_id, User.county_id")

    @property
    def is_open(self) -> bool:
        """Not switched off, and not waiting for its owner to use a one-time code."""
        return self.is_active and not self.awaits_code

    @validates("username")
    def _in_small_letters(self, _key: str, username: str) -> str:
        return username.strip().lower()


class Credential(Secret, Model):
    """What an account proves itself with. Without `password_hash` nobody has chosen a password yet."""

    __tablename__ = "credential"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(160))
    changed_at: Mapped[datetime] = mapped_column(default=now)
    must_change: Mapped[bool] = mapped_column(default=False)
    """Somebody else knew this password: its owner chooses a new one before anything else."""
    former_hashes: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """The hashes of earlier passwords, the newest first, as many as the rules look back."""
    totp_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The seed of the second factor, sealed under the county's key."""
    totp_since: Mapped[datetime | None]
    totp_last_step: Mapped[int] = mapped_column(default=0)
    """The last thirty-second step whose code was accepted: a code counts once."""

    user: Mapped[User] = relationship(User)


class RecoveryCode(Secret, Model):
    """One way in without the authenticator, good for a single use."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class LoginSession(Secret, Model):
    """One sign-in on one device. The cookie holds a random token, the row only its hash."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    agent: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    """Written at most once a minute."""
    confirmed_at: Mapped[datetime] = mapped_column(default=now)
    """When the reader last proved who she is: sensitive acts ask again after a few minutes."""
    second_at: Mapped[datetime | None]
    """When the second factor was given, if it was: wide roles are not to be had without."""
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[SessionEnd | None] = term_column(SessionEnd, nullable=True)


class HalfSession(Secret, Model):
    """The right password was given, the second factor is still to come. Opens nothing by itself."""

    __tablename__ = "half_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    agent: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    tries: Mapped[int] = mapped_column(default=0)
    seed_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The seed offered to somebody who sets up her second factor."""


class SignInFailure(Secret, Model):
    """One sign-in that failed (or has not succeeded yet), under keyed hashes only; swept after a day."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (
        Index("ix_sign_in_failure_account", "account_key", "at"),
        Index("ix_sign_in_failure_address", "address_key", "at"),
        Index("ix_sign_in_failure_password", "password_key", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_key: Mapped[str] = mapped_column(String(64))
    address_key: Mapped[str] = mapped_column(String(64))
    password_key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(default=now)


class Throttle(Secret, Model):
    """How often an account (or a name nobody has) was tried in a row, and until when it is locked."""

    __tablename__ = "throttle"

    account_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    tries: Mapped[int] = mapped_column(default=0)
    since: Mapped[datetime] = mapped_column(default=now)
    locks: Mapped[int] = mapped_column(default=0)
    """How often it was locked in a row: each lock is twice as long."""
    locked_until: Mapped[datetime | None]


class HeldForm(Secret, Model):
    """What somebody had typed when her session ended, sealed, until she is back. One per account."""

    __tablename__ = "held_form"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    held_at: Mapped[datetime] = mapped_column(default=now)
