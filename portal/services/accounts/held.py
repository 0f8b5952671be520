"""Held forms: what somebody had typed when her session ended waits, sealed, until she is back.

Only a form that came with a known session and a valid token is held, one per account, for twelve hours.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

from cryptography.exceptions import InvalidTag
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.config import now
from portal.models.accounts import HalfSession, HeldForm, LoginSession, User
from portal.services.accounts.sessions import digest
from portal.tenancy.keys import keyring
from portal.tenancy.scope import unscoped
from portal.terms import SessionEnd

LIFE = timedelta(hours=12)
LARGEST = 200_000
"""Characters."""


@dataclass(frozen=True)
class Held:
    """A form as it was sent."""

    path: str
    fields: list[tuple[str, str]]

    @property
    def quote(self) -> str:
        """The longest thing she wrote, by which she knows it again."""
        return max((value for _name, value in self.fields), key=len, default="")[:400]


def hold(token: str, *, path: str, fields: list[tuple[str, str]]) -> bool:
    """Keep a form of a session that has ended by itself; whether it is kept."""
    text = json.dumps([path, fields], ensure_ascii=False)
    with unscoped("login: keeping what was typed when the session ended") as session:
        row = session.scalars(
            select(LoginSession).where(LoginSession.token_hash == digest(token))
        ).one_or_none()
        if row is None or row.ended_by is SessionEnd.SIGNED_OUT or len(text) > LARGEST:
            return False
        user = session.get_one(User, row.user_id)
        session.execute(delete(HeldForm).where(HeldForm.user_id == user.id))
        sealed = keyring.seal(text, county_id=user.county_id, place=f"held_form|{user.id}")
        session.add(HeldForm(user_id=user.id, sealed=sealed))
        session.commit()
        return True


def find(user_id: int) -> Held | None:
    """The form that waits for this account."""
    with unscoped("login: what was typed before") as session:
        row = session.get(HeldForm, user_id)
        if row is None or row.held_at < now() - LIFE:
            return None
        user = session.get_one(User, user_id)
        try:
            opened = keyring.unseal(row.sealed, county_id=user.county_id, place=f"held_form|{user_id}")
        except InvalidTag:
            return None
        path, fields = json.loads(opened)
        return Held(path, [(name, value) for name, value in fields])


def drop(user_id: int) -> None:
    """It was sent, or she does not want it any more."""
    with unscoped("login: forgetting what was typed before") as session:
        session.execute(delete(HeldForm).where(HeldForm.user_id == user_id))
        session.commit()


def sweep(session: Session) -> None:
    """Forget what nobody came back for, and sign-ins that were never finished. The caller commits."""
    session.execute(delete(HalfSession).where(HalfSession.created_at < now() - LIFE))
    session.execute(delete(HeldForm).where(HeldForm.held_at < now() - LIFE))
