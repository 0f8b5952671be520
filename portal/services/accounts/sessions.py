"""Sessions: rows that end at once wherever the reason lies, and the actor behind a session's token."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.config import LOCALES, now
from portal.errors import Refused
from portal.extensions import WRITES
from portal.models.accounts import Credential, LoginSession, User
from portal.services.accounts import actors, passwords, trace
from portal.tenancy.actor import Actor
from portal.tenancy.scope import unscoped
from portal.terms import SessionEnd

ABSOLUTE_LIFE = timedelta(hours=12)
"""After this a session is over, however busy it was."""
IDLE = timedelta(minutes=30)
IDLE_WIDE = timedelta(minutes=15)
"""The same for county, township and administrator memberships."""
PARALLEL = 2
"""Sessions an account may have at the same time; one more ends the oldest."""
SEEN_EVERY = timedelta(minutes=1)

THEMES = ("", "light", "dark")


@dataclass(frozen=True)
class SignedIn:
    """A live session: the actor, and what the reader chose for herself."""

    token: str
    actor: Actor
    locale: str
    theme: str
    confirmed_at: datetime
    """When she last proved who she is."""
    owes_password: bool = False
    """A new password comes before anything else."""


def digest(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(session: Session, user: User, *, agent: str, second: bool) -> str:
    """Add a session row and return its token; the oldest beyond two is ended. The caller commits."""
    session.get(User, user.id, with_for_update=True, populate_existing=True)  # one sign-in at a time
    at = now()
    others = [row for row in open_rows(session, user.id) if row.seen_at > at - IDLE]
    for row in others[PARALLEL - 1 :]:
        end(row, SessionEnd.REPLACED)
    token = secrets.token_urlsafe(32)
    session.add(
        LoginSession(
            token_hash=digest(token), user_id=user.id, agent=agent[:200], second_at=at if second else None
        )
    )
    return token


def open_rows(session: Session, user_id: int) -> list[LoginSession]:
    """The sessions of an account that have neither ended nor grown too old, the newest first."""
    query = select(LoginSession).where(
        LoginSession.user_id == user_id,
        LoginSession.ended_at.is_(None),
        LoginSession.created_at > now() - ABSOLUTE_LIFE,
    )
    return list(session.scalars(query.order_by(LoginSession.id.desc())))


def end(row: LoginSession, why: SessionEnd) -> None:
    """End one session; it opens nothing from the next request on. The caller commits."""
    row.ended_at, row.ended_by = now(), why


def find_row(session: Session, token: str) -> LoginSession | None:
    """The session's row while it has neither ended nor grown too old; idleness is not looked at."""
    return session.scalars(_live_row(token)).one_or_none()


def _live_row(token: str) -> Select[LoginSession]:
    return select(LoginSession).where(
        LoginSession.token_hash == digest(token),
        LoginSession.ended_at.is_(None),
        LoginSession.created_at > now() - ABSOLUTE_LIFE,
    )


def find_signed_in(token: str) -> SignedIn | None:
    """The actor behind a token, or None if the session, the account or her role has ended."""
    with unscoped("login: from session token to actor") as session:
        row_user_credential = session.execute(
            _live_row(token)
            .join(User, User.id == LoginSession.user_id)
            .join(Credential, Credential.user_id == LoginSession.user_id)
            .add_columns(User, Credential)
        ).one_or_none()
        if row_user_credential is None:
            return None
        row, user, credential = row_user_credential
        found = _signed_in(session, token, row, user, credential)
        seen_at = row.seen_at
    if found and now() - seen_at >= SEEN_EVERY:
        _see(token)
    return found


def _signed_in(
    session: Session, token: str, row: LoginSession, user: User, credential: Credential
) -> SignedIn | None:
    live = actors.list_live(session, user.id) if user.is_open else []
    allowed = [one for one in live if row.second_at or not actors.is_wide(one)]
    if not allowed:
        return None
    acting = next((one for one in allowed if one[0].id == row.membership_id), allowed[0])
    if now() - row.seen_at > (IDLE_WIDE if actors.is_wide(acting) else IDLE):
        return None
    return SignedIn(
        token=token,
        actor=actors.actor_of(user, acting, [one for one in allowed if one is not acting]),
        locale=user.locale,
        theme=user.theme,
        confirmed_at=row.confirmed_at,
        owes_password=passwords.has_expired(credential, on=row.created_at),
    )


def _see(token: str) -> None:
    """Note that the reader is there, in a short transaction of its own; a busy file may miss one minute."""
    writes = WRITES.set(True)
    try:
        with unscoped("login: when a session was last seen") as session:
            row = find_row(session, token)
            if row is not None:
                row.seen_at = now()
                session.commit()
    except OperationalError:
        pass
    finally:
        WRITES.reset(writes)


def sign_out(token: str) -> None:
    """End the session; a copied cookie is worth nothing from the next request on."""
    with unscoped("login: ending a session") as session:
        row = find_row(session, token)
        if row is not None:
            end(row, SessionEnd.SIGNED_OUT)
            trace.write(session, session.get_one(User, row.user_id), "accounts:session:close")
            session.commit()


def end_all(session: Session, user_id: int, why: SessionEnd, *, but: str = "") -> int:
    """End every session of an account, except the one of token `but`; how many. The caller commits."""
    rows = [row for row in open_rows(session, user_id) if row.token_hash != digest(but)]
    for row in rows:
        end(row, why)
    return len(rows)


def renew(row: LoginSession) -> str:
    """Give a session a new token; the one before opens nothing any more. The caller commits."""
    token = secrets.token_urlsafe(32)
    row.token_hash = digest(token)
    return token


def switch_membership(token: str, membership_id: uuid.UUID) -> str:
    """Act in another of one's own live memberships, under a new token. Raises Refused."""
    with unscoped("login: switching the acting role") as session:
        row = find_row(session, token)
        memberships = actors.list_live(session, row.user_id) if row else []
        chosen = next((one for one in memberships if one[0].public_id == membership_id), None)
        if row is None or chosen is None:
            raise Refused(_l("This role is not yours, or it has ended."))
        if actors.is_wide(chosen) and row.second_at is None:
            raise Refused(_l("This role needs your second factor: sign out, and in again with it."))
        row.membership_id = chosen[0].id
        renewed = renew(row)
        user = session.get_one(User, row.user_id)
        trace.write(session, user, "accounts:session:switch", role=chosen[0].role.value)
        session.commit()
        return renewed


def choose(token: str, *, locale: str | None = None, theme: str | None = None) -> None:
    """Keep the reader's language or theme. Unknown values are ignored."""
    with unscoped("login: the reader's own preferences") as session:
        row = find_row(session, token)
        if row is None:
            return
        user = session.get_one(User, row.user_id)
        if locale in LOCALES:
            user.locale = str(locale)
        if theme in THEMES:
            user.theme = str(theme)
        session.commit()


def why_over(token: str) -> Any:
    """What somebody whose session is over should know; empty where there is nothing to say."""
    with unscoped("login: why a session is over") as session:
        row = session.scalars(
            select(LoginSession).where(LoginSession.token_hash == digest(token))
        ).one_or_none()
        if row is None or row.ended_by is SessionEnd.SIGNED_OUT:
            return ""
        if row.ended_by is SessionEnd.REPLACED:
            return _l("You signed in on another device; at most two are open at the same time.")
        if row.ended_by is not None:
            return _l("This sign-in was ended: %(why)s. Please sign in again.", why=row.ended_by.label)
        return _l("You were signed out because the page was left alone, or the day was long.")
