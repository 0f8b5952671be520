"""Held forms: what somebody had typed when her session ended waits, sealed, until she is back.

Only a form that came with a known session and a valid token is held, one per account, for twelve hours.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.config import now
from portal.errors import SealBroken
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
    mark: str = ""

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
        except SealBroken:
            return None
        path, fields = json.loads(opened)
        return Held(path, [(name, value) for name, value in fields], mark_of(row.sealed))


def take(user_id: int, mark: str) -> bytes | None:
    """Take the form of this mark out to send it on, for one taker only: None where it is not there.

    What comes back is sealed still, for `put_back`.
    """
    with unscoped("login: sending on what was typed before") as session:
        row = session.get(HeldForm, user_id, with_for_update=True)
        if row is None or mark_of(row.sealed) != mark:
            return None
        sealed = row.sealed
        session.delete(row)
        session.commit()
        return sealed


def put_back(user_id: int, sealed: bytes) -> None:
    """The portal failed over it: it waits again, unless another form waits by now."""
    with unscoped("login: keeping what could not be sent on") as session:
        if session.get(HeldForm, user_id) is None:
            session.add(HeldForm(user_id=user_id, sealed=sealed))
            session.commit()


def drop(user_id: int) -> None:
    """She does not want it any more."""
    with unscoped("login: forgetting what was typed before") as session:
        session.execute(delete(HeldForm).where(HeldForm.user_id == user_id))
        session.commit()


def mark_of(sealed: bytes) -> str:
    """By which a form sent on says which one it is: another one held since is not taken for it."""
    return hashlib.sha256(sealed).hexdigest()[:32]


def sweep(session: Session) -> None:
    """Forget what nobody came back for, and sign-ins that were never finished. The caller commits."""
    session.execute(delete(HalfSession).where(HalfSession.created_at < now() - LIFE))
    session.execute(delete(HeldForm).where(HeldForm.held_at < now() - LIFE))
