"""Signing in: user name or phone, then the password."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import now
from portal.errors import Refused
from portal.models.accounts import Person, User, phone_key
from portal.services.accounts import actors, passwords, sessions
from portal.tenancy.scope import unscoped


def sign_in(username: str, password: str, *, agent: str = "") -> str:
    """Open a session and return its token.

    Raises Refused: one sentence for a wrong password, an unknown and a closed account; another for an
    account without a duty, which only the right password brings to light.
    """
    wrong = Refused(_l("User name or password is wrong."), field="password")
    with unscoped("login: the account is looked up before anybody has a scope") as session:
        user = find_user(session, username)
        credential = passwords.credential_of(session, user.id) if user else None
        if not passwords.fits(credential, password) or user is None or not user.is_open:
            raise wrong
        if not actors.list_live(session, user.id):
            no_duty = _l("This account has no duty at present. Ask the office of your unit.")
            raise Refused(no_duty, field="username")
        user.signed_in_at = now()
        token = sessions.open_session(session, user, agent=agent, second=True)
        session.commit()
        return token


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
