"""Guesses at one-time codes: counted by address in the database, under keyed hashes like failed sign-ins."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.config import now
from portal.errors import Refused
from portal.models.accounts import SignInFailure
from portal.services.accounts.lockout import key_of, one_at_a_time

WRONG_CODES, WINDOW = 20, timedelta(minutes=15)
"""Wrong codes from one address before it has to wait."""


def refuse_guessing(session: Session, address: str) -> None:
    """Raise Refused where too many wrong codes came from this address lately.

    Until the caller's transaction ends nobody else is counted there: tries at one moment are not one.
    """
    one_at_a_time(session, key_of("address", address))
    recent = select(func.count()).where(
        SignInFailure.account_key == key_of("activation", ""),
        SignInFailure.address_key == key_of("address", address),
        SignInFailure.at > now() - WINDOW,
    )
    if (session.scalar(recent) or 0) >= WRONG_CODES:
        raise Refused(_l("Too many wrong codes from here. Wait a quarter of an hour."), field="code")


def count_wrong(session: Session, code: str, address: str) -> None:
    """Keep a wrong code's try; swept after a day. Commits, since the answer is a refusal."""
    row = SignInFailure(
        account_key=key_of("activation", ""),
        address_key=key_of("address", address),
        password_key=key_of("activation", code),
    )
    session.add(row)
    session.commit()
