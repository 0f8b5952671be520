"""Signing in: user name or phone, the password, and where it is required or wanted the second factor.

Three steps may lie between the form and a session: `sign_in` looks at the password, `second_step` at the
code, `enrol` sets up an authenticator first. What is half done is a row (HalfSession) that opens nothing.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import now
from portal.errors import Refused
from portal.models.accounts import HalfSession, Person, User, phone_key
from portal.services.accounts import actors, lockout, passwords, second_factor, sessions, trace
from portal.tenancy.scope import unscoped

HALF_LIFE = timedelta(minutes=10)
HALF_TRIES = 5


class Next(StrEnum):
    """What follows a step."""

    IN = "in"
    CODE = "code"
    ENROL = "enrol"


@dataclass(frozen=True)
class Step:
    """The token of the session (IN) or of the half session, and what comes next."""

    next: Next
    token: str


class Lapsed(Refused):
    """The half session is over: sign in from the beginning."""

    def __init__(self) -> None:
        super().__init__(_l("That took too long, or too many codes were wrong. Please sign in again."))


def sign_in(username: str, password: str, *, code: str = "", agent: str = "", address: str = "") -> Step:
    """Take a user name (or phone) and a password, and a code if one was typed along with them.

    Raises Refused: one sentence for a wrong password, an unknown and a closed account; another for an
    account without a role, which only the right password brings to light. Raises Locked after too many
    tries; then password and code together still open the account (nobody is locked out by an attack).
    """
    with unscoped("login: the account is looked up before anybody has a scope") as session:
        user = find_user(session, username)
        credential = passwords.credential_of(session, user.id) if user else None
        user_id, is_open = (user.id, user.is_open) if user else (None, False)
        hashed = credential.password_hash if credential else None
        one = lockout.charge(session, user_id=user_id, typed=username, address=address, password=password)
        session.commit()
    right = passwords.fits(hashed, password) and is_open  # between two transactions: this takes its time
    with unscoped("login: opening a session") as session:
        user = session.get_one(User, user_id) if user_id else None
        if user is None or not right or (one.locked and not (code and one.may_go_round)):
            _write_refusal(session, user, one)
            session.commit()
            raise one.locked or Refused(_l("User name or password is wrong."), field="password")
        return _with_the_right_password(session, user, one, code, agent)


def _with_the_right_password(session: Session, user: User, one: lockout.Try, code: str, agent: str) -> Step:
    live = actors.list_live(session, user.id)
    credential = second_factor.held_credential(session, user.id)
    has_second, needs_second = credential.totp_sealed is not None, any(map(actors.is_wide, live))
    if one.locked and not has_second:
        session.commit()
        raise one.locked
    if has_second and code:
        try:
            _accept_code(session, user, code)
        except Refused as refused:
            session.commit()
            raise one.locked or refused from None
    lockout.give_back(session, one)
    if not live:
        session.commit()
        no_role = _l("This account has no role at present. Ask the office of your unit.")
        raise Refused(no_role, field="username")
    if has_second and not code:
        return _half(session, user, agent, Next.CODE)
    if needs_second and not has_second:
        return _half(session, user, agent, Next.ENROL)
    return _open(session, user, agent, second=has_second)


def offer_half(session: Session, user: User, agent: str) -> Step:
    """A half session with a seed to set up, committed."""
    return _half(session, user, agent, Next.ENROL)


def _half(session: Session, user: User, agent: str, following: Next) -> Step:
    token = secrets.token_urlsafe(32)
    half = HalfSession(token_hash=sessions.digest(token), user_id=user.id, agent=agent[:200])
    if following is Next.ENROL:
        seed = second_factor.new_seed()
        half.seed_sealed = second_factor.seal(seed, user_id=user.id, county_id=user.county_id)
    session.add(half)
    session.commit()
    return Step(following, token)


def _open(session: Session, user: User, agent: str, *, second: bool) -> Step:
    user.signed_in_at = now()
    token = sessions.open_session(session, user, agent=agent, second=second)
    trace.write(session, user, "accounts:session:open", second=second)
    session.commit()
    return Step(Next.IN, token)


def _accept_code(session: Session, user: User, typed: str) -> None:
    if second_factor.accept(session, user, typed) == "recovery":
        left = second_factor.count_recovery_codes(session, user.id)
        trace.write(session, user, "accounts:recovery:use", left=left)


def second_step(token: str, typed: str) -> Step:
    """Take the code of a half session. Raises Refused beside the field, Lapsed where it is over."""
    with unscoped("login: the second factor of a half session") as session:
        half, user = _find_half(session, token)
        half.tries += 1
        try:
            _accept_code(session, user, typed)
        except Refused:
            session.commit()
            raise
        session.delete(half)
        return _open(session, user, half.agent, second=True)


def find_offer(token: str) -> second_factor.Offer:
    """The seed a half session offers for setting up. Raises Lapsed."""
    with unscoped("login: the seed offered to a half session") as session:
        half, user = _find_half(session, token, locked=False)
        if half.seed_sealed is None:
            raise Lapsed
        seed = second_factor.unseal(half.seed_sealed, user_id=user.id, county_id=user.county_id)
        return second_factor.offer(seed, user)


def enrol(token: str, typed: str) -> tuple[Step, list[str]]:
    """Set the authenticator up by its first code; the session and the recovery codes.

    Raises Refused beside the field, Lapsed where the half session is over.
    """
    with unscoped("login: setting up the second factor") as session:
        half, user = _find_half(session, token)
        codes = take_offer(session, token, typed, of=user)
        return _open(session, user, half.agent, second=True), codes


def take_offer(session: Session, token: str, typed: str, *, of: User) -> list[str]:
    """Take the offered seed into use; the recovery codes. A refusal is counted, and committed here.

    Raises Refused beside the field, Lapsed where the half session is over or somebody else's.
    """
    half, user = _find_half(session, token)
    if half.seed_sealed is None or user.id != of.id:
        raise Lapsed
    half.tries += 1
    seed = second_factor.unseal(half.seed_sealed, user_id=user.id, county_id=user.county_id)
    try:
        codes = second_factor.set_seed(session, user, seed, typed)
    except Refused:
        session.commit()
        raise
    session.delete(half)
    trace.write(session, user, "accounts:second:set")
    return codes


def find_half(token: str) -> str:
    """The user name of a half session that waits for a code. Raises Lapsed."""
    with unscoped("login: whose half session it is") as session:
        return _find_half(session, token, locked=False)[1].username


def _find_half(session: Session, token: str, *, locked: bool = True) -> tuple[HalfSession, User]:
    query = select(HalfSession).where(
        HalfSession.token_hash == sessions.digest(token),
        HalfSession.created_at > now() - HALF_LIFE,
        HalfSession.tries < HALF_TRIES,
    )
    half = session.scalars(query.with_for_update() if locked else query).one_or_none()
    user = session.get_one(User, half.user_id) if half else None
    if half is None or user is None or not user.is_open:
        raise Lapsed
    return half, user


def _write_refusal(session: Session, user: User | None, one: lockout.Try) -> None:
    """Tries at a locked account leave no line: nobody fills the log by trying on."""
    if user is not None and one.locked is None:
        trace.write(session, user, "accounts:session:lock" if one.locks_now else "accounts:session:refuse")


_PHONE = re.compile(r"\+?[\d\s-]{7,20}")


def find_user(session: Session, typed: str) -> User | None:
    """The account of a user name or, if only one has it, of a phone number."""
    name = typed.strip().lower()
    user = session.scalars(select(User).where(User.username == name)).one_or_none()
    if user is not None or not _PHONE.fullmatch(name):
        return user
    query = select(User).join(Person, Person.id == User.person_id).where(Person.phone_key == phone_key(name))
    found = session.scalars(query.where(User.is_active).limit(2)).all()
    return found[0] if len(found) == 1 else None
