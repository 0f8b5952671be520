"""The one place where people's codes meet passwords and sessions (services.accounts)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.models.accounts import User
from portal.services.accounts import lockout, passwords, second_factor, sessions
from portal.terms import SessionEnd


def choose(session: Session, user: User, password: str, *, resets_second: bool) -> None:
    """Set the password its owner chose and end every session opened before. Raises Refused."""
    passwords.set_password(session, user, password, field="password")
    if resets_second:
        second_factor.forget(session, user.id)
    lockout.forgive(session, lockout.key_of("account", user.id))
    sessions.end_all(session, user.id, SessionEnd.SECRET_CHANGED)
