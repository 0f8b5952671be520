"""The second factor: time-based codes (RFC 6238) and single-use recovery codes (T24).

The seed is sealed under the county's key. A code counts once: the step of the last accepted code is kept,
and an equal or earlier step is refused. Recovery codes are kept as keyed hashes.
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.config import now
from portal.errors import Refused
from portal.models.accounts import Credential, RecoveryCode, User
from portal.services.accounts.lockout import charge_code, forgive_codes, seconds
from portal.tenancy.keys import keyring

STEP = 30
"""Seconds."""
AROUND = 1
"""Steps a clock may be early or late."""
RECOVERY_CODES = 10
SIGNS = "ACDEFGHJKMNPQRTUVWXY34679"
"""No 0 and O, 1 I and L, 2 and Z, 5 and S, 8 and B."""
ISSUER = "守望"


@dataclass(frozen=True)
class Offer:
    """What somebody needs to set up her authenticator."""

    seed: str
    address: str
    """The otpauth:// address a QR code carries."""

    @property
    def groups(self) -> list[str]:
        """The seed in groups of four, for typing."""
        return [self.seed[start : start + 4] for start in range(0, len(self.seed), 4)]


def new_seed() -> str:
    """160 random bits in base32."""
    return pyotp.random_base32()


def offer(seed: str, user: User) -> Offer:
    """The seed as it is shown to its owner."""
    return Offer(seed, pyotp.TOTP(seed).provisioning_uri(name=user.username, issuer_name=ISSUER))


def step_of(at: datetime) -> int:
    """The thirty-second step of a moment."""
    return seconds(at) // STEP


def code_at(seed: str, step: int) -> str:
    """The code of one step."""
    return pyotp.TOTP(seed).generate_otp(step)


def seal(seed: str, *, user_id: int, county_id: int) -> bytes:
    """The seed as the database keeps it."""
    return keyring.seal(seed, county_id=county_id, place=f"credential.totp|{user_id}")


def unseal(sealed: bytes, *, user_id: int, county_id: int) -> str:
    """The seed again."""
    return keyring.unseal(sealed, county_id=county_id, place=f"credential.totp|{user_id}").decode()


def fitting_step(seed: str, typed: str, *, after: int = 0) -> int | None:
    """The step whose code was typed, near now and later than `after`; None if it fits none."""
    digits = re.sub(r"\s", "", typed)
    middle, found = step_of(now()), None
    for step in range(middle - AROUND, middle + AROUND + 1):
        if hmac.compare_digest(code_at(seed, step), digits) and step > after:
            found = step
    return found


def held_credential(session: Session, user_id: int) -> Credential:
    """The credential, locked until the transaction ends: one code is looked at at a time."""
    query = select(Credential).where(Credential.user_id == user_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def accept(session: Session, user: User, typed: str) -> str:
    """Take a code or a recovery code; "code" or "recovery". The caller commits, also after a refusal.

    Raises Refused: a wrong or used one, or too many of them within the hour.
    """
    credential = held_credential(session, user.id)
    if credential.totp_sealed is None:
        raise Refused(_l("This account has no second factor yet."), field="code")
    if not typed.isascii():
        typed = ""
    if not charge_code(session, user.id):
        raise Refused(_l("Too many codes were wrong. Wait an hour, or ask your unit."), field="code")
    seed = unseal(credential.totp_sealed, user_id=user.id, county_id=user.county_id)
    step = fitting_step(seed, typed, after=credential.totp_last_step)
    if step is not None:
        credential.totp_last_step = step
        forgive_codes(session, user.id)
        return "code"
    if _use_recovery_code(session, user, typed):
        forgive_codes(session, user.id)
        return "recovery"
    raise Refused(_l("This code does not fit, or it was used already. Wait for the next one."), field="code")


def _use_recovery_code(session: Session, user: User, typed: str) -> bool:
    signs = re.sub(r"[^A-Z0-9]", "", typed.upper())
    if len(signs) < 12:
        return False
    query = select(RecoveryCode).where(
        RecoveryCode.user_id == user.id,
        RecoveryCode.code_hash == _hash(user, signs),
        RecoveryCode.used_at.is_(None),
    )
    row = session.scalars(query).one_or_none()
    if row is None:
        return False
    row.used_at = now()
    return True


def _hash(user: User, signs: str) -> str:
    return keyring.mac(f"{user.id}:{signs}".encode(), county_id=user.county_id, purpose="recovery")[-64:]


def set_seed(session: Session, user: User, seed: str, typed: str) -> list[str]:
    """Take a seed into use once its owner has typed a code of it; the new recovery codes.

    Raises Refused for a code that does not fit. The caller commits.
    """
    step = fitting_step(seed, typed)
    if step is None:
        raise Refused(
            _l("This code does not fit. Look whether the clock of the phone is right, and try the next one."),
            field="code",
        )
    credential = held_credential(session, user.id)
    credential.totp_sealed = seal(seed, user_id=user.id, county_id=user.county_id)
    credential.totp_since, credential.totp_last_step = now(), step
    return renew_recovery_codes(session, user)


def renew_recovery_codes(session: Session, user: User) -> list[str]:
    """Ten new codes, shown once; those before are worth nothing from now on. The caller commits."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    made = ["".join(secrets.choice(SIGNS) for _ in range(12)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(user_id=user.id, code_hash=_hash(user, signs)) for signs in made)
    return ["-".join(signs[start : start + 4] for start in (0, 4, 8)) for signs in made]


def count_recovery_codes(session: Session, user_id: int) -> int:
    """How many are left."""
    query = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return session.scalar(query) or 0


def forget(session: Session, user_id: int) -> None:
    """Take the second factor away: it is set up anew at the next sign-in where it is required."""
    credential = held_credential(session, user_id)
    credential.totp_sealed, credential.totp_since, credential.totp_last_step = None, None, 0
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
