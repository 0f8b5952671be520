"""One-time codes: printed for somebody who is let in or has lost her password, used once at /activate.

The code is random (83 bits), typed in groups of signs that cannot be mistaken, and kept as a hash. Only
the newest code of an account counts; using it ends every earlier sign-in.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import now
from portal.errors import Refused
from portal.extensions import db
from portal.models.accounts import Person, User
from portal.models.people import Activation
from portal.services import audit
from portal.services.accounts import guesses
from portal.services.people import passwords
from portal.tenancy.actor import Actor
from portal.tenancy.scope import unscoped
from portal.tenancy.units import Unit

SIGNS = "ACDEFGHJKMNPQRTUVWXY34679"
"""No 0 and O, 1 I and L, 2 and Z, 5 and S, 8 and B."""
LENGTH, GROUP = 18, 3
LIFE = timedelta(days=7)


@dataclass(frozen=True)
class Code:
    """What goes on the slip. It is shown once: the database keeps only its hash."""

    text: str
    valid_until: datetime


def issue(actor: Actor, user: User, *, resets_second: bool = False) -> Code:
    """A new code for an account, in the transaction of the act; an older one is worth nothing from now on."""
    code = new_code(db.session(), user.id, issued_by_id=actor.user_id, resets_second=resets_second)
    user.awaits_code = True
    db.session.flush()
    return code


def new_code(
    session: Session, user_id: int, *, issued_by_id: int | None, resets_second: bool = False
) -> Code:
    """Add a code's row and return the code."""
    signs = "".join(secrets.choice(SIGNS) for _ in range(LENGTH))
    valid_until = now() + LIFE
    session.add(
        Activation(
            user_id=user_id,
            code_hash=_hash(signs),
            issued_by_id=issued_by_id,
            issued_at=now(),
            expires_at=valid_until,
            resets_second=resets_second,
        )
    )
    return Code(grouped(signs), valid_until)


def grouped(signs: str) -> str:
    """ACD-EFG-…: as it is printed and typed."""
    return "-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))


def activate(code: str, password: str, *, address: str = "") -> str:
    """Choose a password by a one-time code; the user name to sign in with.

    Raises Refused: one sentence for a code that is wrong, used, replaced or too old; the password's own
    for one that does not do (the code stays good); another after too many wrong codes from one address.
    """
    with unscoped("activation: a one-time code comes before anybody is somebody") as session:
        guesses.refuse_guessing(session, address)
        row = _find(session, code)
        if row is None:
            guesses.count_wrong(session, code, address)
            raise Refused(
                _l("This code is not valid: it is mistyped, used, replaced by a newer one, or over seven "
                   "days old. Ask your unit for a new slip."),
                field="code",
            )  # fmt: skip
        user = session.get_one(User, row.user_id)
        passwords.choose(session, user, password, resets_second=row.resets_second)
        row.used_at = now()
        user.awaits_code = False
        person = session.get_one(Person, user.person_id)
        audit.record_system(
            session,
            "accounts:people:activate",
            at=session.get_one(Unit, person.unit_id),
            person_id=person.id,
            user_id=user.id,
            subject=f"person:{person.public_id}",
        )
        session.commit()
        return user.username


def _find(session: Session, code: str) -> Activation | None:
    """The row of a code that still counts."""
    signs = re.sub(r"[\s\-—－]", "", code).upper()
    row = session.scalars(
        select(Activation).where(Activation.code_hash == _hash(signs)).with_for_update()
    ).one_or_none()
    if row is None or row.used_at is not None or row.expires_at <= now():
        return None
    newest = session.scalars(
        select(Activation.id).where(Activation.user_id == row.user_id).order_by(Activation.id.desc()).limit(1)
    ).one()
    user = session.get_one(User, row.user_id)
    return row if row.id == newest and user.is_active and user.awaits_code else None


def _hash(signs: str) -> str:
    return hashlib.sha256(signs.encode()).hexdigest()
