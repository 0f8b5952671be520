"""Lockout: how many wrong passwords an account, an address and a password itself may see (T23).

A try is charged before the password is looked at, in a transaction of its own, and given back if it was
right: ten tries at the same moment are ten, not one, whether they share the account, the address or the
password. Names nobody has are counted like accounts, so that a lock tells nothing. Rows carry keyed hashes
only and are swept after a day.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.config import now
from portal.errors import Refused
from portal.models.accounts import SignInFailure, Throttle
from portal.tenancy.keys import keyring

ACCOUNT_TRIES = 5
ACCOUNT_WINDOW = timedelta(minutes=15)
FIRST_LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(hours=24)
ADDRESS_ACCOUNTS = 20
ADDRESS_WINDOW = timedelta(minutes=15)
PASSWORD_ACCOUNTS = 10
PASSWORD_WINDOW = timedelta(minutes=10)
WAY_ROUND_TRIES = 5
"""Tries with a code at a locked account, from one address in ADDRESS_WINDOW."""
CODE_TRIES = 10
CODE_WINDOW = timedelta(hours=1)
KEPT = timedelta(days=1)


class Locked(Refused):
    """Too many tries; `minutes` until the next one is worth making."""

    def __init__(self, minutes: int) -> None:
        self.minutes = minutes
        super().__init__(
            _l(
                "Too many wrong tries. Wait %(minutes)s minutes, or sign in with the code of your "
                "authenticator as well.",
                minutes=minutes,
            ),
            field="password",
        )


@dataclass(frozen=True)
class Try:
    """One charged try."""

    number: int
    account_key: str
    locked: Locked | None
    """Set where the password alone opens nothing now, however right it is."""
    locks_now: bool
    """This was the last try before a lock: if it is wrong, the account is locked."""
    may_go_round: bool
    """Whether the code of an authenticator is still listened to from this address."""


def key_of(kind: str, value: object) -> str:
    """The keyed hash under which tries are counted."""
    return keyring.mac(f"{kind}:{value}".encode(), county_id=0, purpose="throttle")[-64:]


def charge(session: Session, *, user_id: int | None, typed: str, address: str, password: str) -> Try:
    """Count a try before it is made. The caller commits at once."""
    account = key_of("account", user_id) if user_id else key_of("name", typed.strip().lower())
    keys = {"address_key": key_of("address", address), "password_key": key_of("password", password)}
    one_at_a_time(session, *keys.values())
    at, throttle = now(), _locked_throttle(session, account)
    was_locked = throttle.locked_until is not None and throttle.locked_until > at
    locks_now = False
    if not was_locked:
        locks_now = _count(throttle, at)
    row = SignInFailure(account_key=account, **keys, at=at)
    session.add(row)
    session.flush()
    until = throttle.locked_until if was_locked else None
    for spread, window in ((_address_is_spread, ADDRESS_WINDOW), (_password_is_spread, PASSWORD_WINDOW)):
        if until is None and spread(session, row):
            until = at + window
    return Try(
        row.id,
        account,
        Locked(_minutes(until - at)) if until else None,
        locks_now,
        _may_go_round(session, row),
    )


def one_at_a_time(session: Session, *keys: str) -> None:
    """Let nobody else count under these keys until this transaction ends.

    SQLite has one writer anyway; PostgreSQL would let two counts miss each other's row.
    """
    if session.get_bind().dialect.name == "postgresql":
        for key in sorted(keys):  # in one order, so that two never wait for each other
            session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


def _locked_throttle(session: Session, account: str) -> Throttle:
    """The account's row, held by this transaction."""
    query = select(Throttle).where(Throttle.account_key == account).with_for_update()
    while (row := session.scalars(query.execution_options(populate_existing=True)).one_or_none()) is None:
        try:
            with session.begin_nested():
                session.add(Throttle(account_key=account, tries=0, since=now(), locks=0))
        except IntegrityError:
            pass  # somebody else added it meanwhile, or has even forgiven it since: look again
    return row


def _count(throttle: Throttle, at: datetime) -> bool:
    """One more try; whether it is the last before the lock, which then stands already."""
    if at - throttle.since > ACCOUNT_WINDOW:
        throttle.tries, throttle.since = 0, at
    if throttle.locked_until is not None and at - throttle.locked_until > LONGEST_LOCK:
        throttle.locks = 0
    throttle.tries += 1
    if throttle.tries < ACCOUNT_TRIES:
        return False
    throttle.locked_until = at + min(FIRST_LOCK * 2 ** min(throttle.locks, 10), LONGEST_LOCK)
    throttle.locks, throttle.tries, throttle.since = throttle.locks + 1, 0, at
    return True


def _accounts(session: Session, row: SignInFailure, column: Any, window: timedelta) -> int:
    """How many other accounts met the same address or password lately."""
    mine = getattr(row, column.key)
    query = select(func.count(SignInFailure.account_key.distinct())).where(
        column == mine, SignInFailure.at > row.at - window, SignInFailure.account_key != row.account_key
    )
    return session.scalar(query) or 0


def _address_is_spread(session: Session, row: SignInFailure) -> bool:
    return _accounts(session, row, SignInFailure.address_key, ADDRESS_WINDOW) >= ADDRESS_ACCOUNTS


def _password_is_spread(session: Session, row: SignInFailure) -> bool:
    return _accounts(session, row, SignInFailure.password_key, PASSWORD_WINDOW) >= PASSWORD_ACCOUNTS


def _may_go_round(session: Session, row: SignInFailure) -> bool:
    query = select(func.count()).where(
        SignInFailure.account_key == row.account_key,
        SignInFailure.address_key == row.address_key,
        SignInFailure.at > row.at - ADDRESS_WINDOW,
    )
    return (session.scalar(query) or 0) <= ACCOUNT_TRIES + WAY_ROUND_TRIES


def _minutes(left: timedelta) -> int:
    return max(1, -(-int(left.total_seconds()) // 60))


def give_back(session: Session, one: Try) -> None:
    """The password was right: the try and those before it are forgotten. The caller commits.

    A lock that stood already stays: whoever set it off is still there.
    """
    session.execute(delete(SignInFailure).where(SignInFailure.id == one.number))
    if one.locked is None:
        forgive(session, one.account_key)


def forgive(session: Session, account_key: str) -> None:
    """Take the lock and the count off an account. The caller commits."""
    session.execute(delete(Throttle).where(Throttle.account_key == account_key))


def charge_code(session: Session, user_id: int) -> bool:
    """Count a code that did not fit; False where too many did not. Called under the credential's lock."""
    key, at = key_of("code", user_id), now()
    query = select(func.count()).where(SignInFailure.account_key == key, SignInFailure.at > at - CODE_WINDOW)
    if (session.scalar(query) or 0) >= CODE_TRIES:
        return False
    session.add(SignInFailure(account_key=key, address_key=key, password_key=key, at=at))
    session.flush()
    return True


def forgive_codes(session: Session, user_id: int) -> None:
    """A right code makes the wrong ones before it forgotten."""
    session.execute(delete(SignInFailure).where(SignInFailure.account_key == key_of("code", user_id)))


def sweep(session: Session) -> int:
    """Forget what no rule looks at any more; how many rows. The caller commits."""
    border = now() - KEPT
    gone = session.execute(delete(SignInFailure).where(SignInFailure.at < border))
    calm = Throttle.locked_until.is_(None) | (Throttle.locked_until < border)
    session.execute(delete(Throttle).where(Throttle.since < border, calm))
    return int(getattr(gone, "rowcount", 0))


def seconds(at: datetime) -> int:
    """The Unix time of a moment of ours (UTC without tzinfo)."""
    return calendar.timegm(at.timetuple())
