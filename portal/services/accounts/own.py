"""One's own account: its page, changing the password and the second factor, proving who one is."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import now
from portal.errors import NotFound, Refused
from portal.models.accounts import LoginSession, User
from portal.services.accounts import (
    actors,
    agents,
    lockout,
    passwords,
    second_factor,
    sessions,
    sign_in,
    trace,
)
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.scope import unscoped
from portal.terms import SessionEnd


@dataclass(frozen=True)
class Device:
    """One sign-in as its owner recognises it."""

    id: uuid.UUID
    words: str
    """Browser and system."""
    is_phone: bool
    since: datetime
    seen_at: datetime
    ended_at: datetime | None
    why: Any
    """Why it ended, in words; empty while it is open."""
    is_this: bool


@dataclass(frozen=True)
class Account:
    """What the account page shows."""

    username: str
    posts: list[str]
    changed_at: datetime | None
    expires_at: datetime | None
    second_since: datetime | None
    second_required: bool
    recovery_left: int
    devices: list[Device]
    """Open ones."""
    past: list[Device]
    """The last ten sign-ins, the newest first."""


def account_of(actor: Actor, token: str) -> Account:
    """The page of one's own account."""
    actor.require(Permission.ACCOUNT_OWN_EDIT)
    with unscoped("account: one's own page") as session:
        row, user = _me(session, token)
        credential = passwords.credential_of(session, user.id)
        live = actors.list_live(session, user.id)
        lifetime = passwords.policy.profile.lifetime
        changed = credential.changed_at if credential else None
        has_end = changed is not None and changed.year < 9000
        every = session.scalars(
            select(LoginSession)
            .where(LoginSession.user_id == user.id)
            .order_by(LoginSession.id.desc())
            .limit(10)
        ).all()
        devices = [_device(one, row) for one in every]
        return Account(
            username=user.username,
            posts=[f"{unit.name} {membership.role.label}" for membership, unit, _above, _person in live],
            changed_at=changed if has_end else None,
            expires_at=changed + lifetime if changed and has_end and lifetime else None,
            second_since=credential.totp_since if credential else None,
            second_required=any(map(actors.is_wide, live)),
            recovery_left=second_factor.count_recovery_codes(session, user.id),
            devices=[one for one in devices if one.ended_at is None],
            past=devices,
        )


def _device(row: LoginSession, this: LoginSession) -> Device:
    last = min(row.seen_at + sessions.IDLE, row.created_at + sessions.ABSOLUTE_LIFE)
    ended = row.ended_at or (last if last < now() else None)
    return Device(
        id=row.public_id,
        words=agents.words_of(row.agent) or str(_l("a device the portal does not know")),
        is_phone=agents.is_phone(row.agent),
        since=row.created_at,
        seen_at=row.seen_at,
        ended_at=ended,
        why=row.ended_by.label if row.ended_by else (_l("left alone") if ended else ""),
        is_this=row.id == this.id,
    )


def _me(session: Session, token: str) -> tuple[LoginSession, User]:
    row = sessions.find_row(session, token)
    if row is None:
        raise NotFound("the session ended meanwhile")
    return row, session.get_one(User, row.user_id)


def end_device(actor: Actor, token: str, session_id: uuid.UUID) -> None:
    """End one of one's own sessions. Raises NotFound."""
    actor.require(Permission.ACCOUNT_OWN_EDIT)
    with unscoped("account: ending one's own session") as session:
        row, user = _me(session, token)
        found = sessions.open_rows(session, user.id)
        other = next((one for one in found if one.public_id == session_id and one.id != row.id), None)
        if other is None:
            raise NotFound(f"session {session_id}")
        sessions.end(other, SessionEnd.ENDED)
        trace.write(session, user, "accounts:session:end", sessions=1)
        session.commit()


def end_other_devices(actor: Actor, token: str) -> int:
    """Sign out everywhere else; how many sessions ended."""
    actor.require(Permission.ACCOUNT_OWN_EDIT)
    with unscoped("account: signing out everywhere else") as session:
        _row, user = _me(session, token)
        ended = sessions.end_all(session, user.id, SessionEnd.ENDED, but=token)
        trace.write(session, user, "accounts:session:end", sessions=ended)
        session.commit()
        return ended


def confirm(token: str, typed: str, *, address: str = "") -> None:
    """Prove once more who is there, by password or code. Raises Refused, Locked after too many tries."""
    with unscoped("account: whose password is asked for again") as session:
        _row, user = _me(session, token)
        user_id, username = user.id, user.username
        credential = passwords.credential_of(session, user_id)
        hashed = credential.password_hash if credential else None
        has_second = credential is not None and credential.totp_sealed is not None
        one = lockout.charge(session, user_id=user_id, typed=username, address=address, password=typed)
        session.commit()
    is_code = has_second and bool(_CODE.fullmatch(typed)) and one.may_go_round
    right = not one.locked and not is_code and passwords.fits(hashed, typed)
    with unscoped("account: proving who one is") as session:
        row, user = _me(session, token)
        if is_code:
            right = _is_accepted(session, user, typed)
        if not right:
            session.commit()
            raise one.locked or Refused(_l("That was not right."), field=CONFIRM)
        lockout.give_back(session, one)
        row.confirmed_at = now()
        session.commit()


def _is_accepted(session: Session, user: User, typed: str) -> bool:
    try:
        return bool(second_factor.accept(session, user, typed))
    except Refused:
        return False


_CODE = re.compile(r"\s*[0-9]{3}\s?[0-9]{3}\s*")
CONFIRM = "confirm_with"
"""The field in which a sensitive act asks for the password again."""


def change_password(actor: Actor, token: str, *, old: str, new: str, address: str = "") -> str:
    """Change one's own password; the session's new token. Every other session ends. Raises Refused."""
    actor.require(Permission.ACCOUNT_OWN_EDIT)
    try:
        confirm(token, old, address=address)
    except Refused as refused:
        raise Refused(refused.message, field="old_password") from None
    with unscoped("account: changing one's own password") as session:
        row, user = _me(session, token)
        passwords.set_password(session, user, new)
        sessions.end_all(session, user.id, SessionEnd.SECRET_CHANGED, but=token)
        renewed = sessions.renew(row)
        trace.write(session, user, "accounts:password:change")
        session.commit()
        return renewed


def offer_second(actor: Actor, token: str) -> str:
    """Begin to set up an authenticator, or another one; the token of the half session that keeps the seed."""
    actor.require(Permission.ACCOUNT_OWN_EDIT)
    with unscoped("account: offering a new second factor") as session:
        row, user = _me(session, token)
        return sign_in.offer_half(session, user, row.agent).token


def set_second(actor: Actor, token: str, half: str, typed: str) -> tuple[str, list[str]]:
    """Take the offered authenticator into use; the session's new token and the recovery codes.

    Raises Refused beside the field, Lapsed. Every other session ends.
    """
    actor.require(Permission.ACCOUNT_OWN_EDIT)
    with unscoped("account: setting one's second factor") as session:
        row, user = _me(session, token)
        codes = sign_in.take_offer(session, half, typed, of=user)
        sessions.end_all(session, user.id, SessionEnd.SECRET_CHANGED, but=token)
        row.second_at = now()
        renewed = sessions.renew(row)
        session.commit()
        return renewed, codes


def renew_recovery_codes(actor: Actor, token: str) -> list[str]:
    """Ten new recovery codes in place of those before. Raises Refused without a second factor."""
    actor.require(Permission.ACCOUNT_OWN_EDIT)
    with unscoped("account: renewing one's recovery codes") as session:
        _row, user = _me(session, token)
        if second_factor.held_credential(session, user.id).totp_sealed is None:
            raise Refused(_l("This account has no second factor yet."))
        codes = second_factor.renew_recovery_codes(session, user)
        trace.write(session, user, "accounts:recovery:renew")
        session.commit()
        return codes
