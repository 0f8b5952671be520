"""The one place where people's codes meet passwords and sessions (services.accounts)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import now
from portal.errors import Refused
from portal.models.accounts import LoginSession, User
from portal.services.accounts import hash_password


def choose(session: Session, user: User, password: str, *, resets_second: bool) -> None:
    """Set the password its owner chose and end every session opened before. Raises Refused."""
    if len(password) < 10:
        raise Refused("At least 10 characters, please.", field="password")
    user.password_hash = hash_password(password)
    for row in session.scalars(
        select(LoginSession).where(LoginSession.user_id == user.id, LoginSession.ended_at.is_(None))
    ):
        row.ended_at = now()
