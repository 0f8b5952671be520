"""Accounts: signing in and out, and turning a session token into the actor who holds it.

These functions run before a scope exists, so they read through `unscoped` sessions of their own.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from portal.config import LOCALES, now, today
from portal.errors import Refused
from portal.models.accounts import LoginSession, Person, User
from portal.models.volunteers import Volunteer
from portal.services.units import ref
from portal.tenancy.actor import Actor
from portal.tenancy.memberships import Membership
from portal.tenancy.roles import Role
from portal.tenancy.scope import unscoped
from portal.tenancy.units import Unit

ABSOLUTE_LIFE = timedelta(hours=12)
"""After this a session is over, however busy it was."""

THEMES = ("", "light", "dark")

DEMO_PASSWORD = "Qinghe-2025"
"""The one password of all demo accounts; there is nothing real behind it."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_DUMMY = "$argon2id$v=19$m=19456,t=2,p=1$DdCD0OYC6kIMcLxYiScyNA$b2LCxz4pJDejt6sfCNy+VOj19YpsKBn0iXUpoCQ1eq4"
"""Checked for unknown accounts, so that an unknown and a known account take the same time."""


@dataclass(frozen=True)
class SignedIn:
    """A live session: the actor, and what the reader chose for herself."""

    token: str
    actor: Actor
    locale: str
    theme: str


def hash_password(password: str) -> str:
    """argon2id with m = 19 MiB, t = 2, p = 1 (measured: 26 ms, 31 sign-ins a second)."""
    return _hasher.hash(password)


def sign_in(username: str, password: str, *, agent: str = "") -> SignedIn:
    """Open a session.

    Raises Refused: one sentence for a wrong password, an unknown and a closed account; another for an
    account without a duty, which only the right password brings to light.
    """
    wrong = Refused(_l("User name or password is wrong."), field="password")
    with unscoped("login: the account is looked up before anybody has a scope") as session:
        user = session.scalars(
            select(User).where(func.lower(User.username) == username.strip().lower())
        ).one_or_none()
        if not _password_fits(user, password) or user is None or not _is_open(user):
            raise wrong
        live = _live_memberships(session, user.id)
        if not live:
            no_duty = _l("This account has no duty at present. Ask the office of your unit.")
            raise Refused(no_duty, field="username")
        token = secrets.token_urlsafe(32)
        user.signed_in_at = now()
        session.add(LoginSession(token_hash=_digest(token), user_id=user.id, agent=agent[:200]))
        session.commit()
        return SignedIn(token, _actor(user, live[0], live[1:]), user.locale, user.theme)


def _is_open(user: User) -> bool:
    """Not switched off, and not waiting for its owner to use a one-time code."""
    return user.is_active and not user.awaits_code


def _password_fits(user: User | None, password: str) -> bool:
    try:
        return _hasher.verify(user.password_hash if user else _DUMMY, password) and user is not None
    except (VerificationError, InvalidHashError):
        return False


def sign_out(token: str) -> None:
    """End the session; a copied cookie is worth nothing from the next request on."""
    with unscoped("login: ending a session") as session:
        row = _session_row(session, token)
        if row is not None:
            row.ended_at = now()
            session.commit()


def find_signed_in(token: str) -> SignedIn | None:
    """The actor behind a token, or None if the session, the account or her duty has ended."""
    with unscoped("login: from session token to actor") as session:
        found = session.execute(
            _live_session(token).add_columns(User).join(User, User.id == LoginSession.user_id)
        ).one_or_none()
        if found is None:
            return None
        row, user = found
        live = _live_memberships(session, user.id) if _is_open(user) else []
        if not live:
            return None
        acting = next((m for m in live if m[0].id == row.membership_id), live[0])
        actor = _actor(user, acting, [m for m in live if m is not acting])
        return SignedIn(token, actor, user.locale, user.theme)


def switch_membership(token: str, membership_id: uuid.UUID) -> None:
    """Act in another of one's own live memberships from the next request on. Raises Refused."""
    with unscoped("login: switching the acting role") as session:
        row = _session_row(session, token)
        live = _live_memberships(session, row.user_id) if row else []
        chosen = next((m[0] for m in live if m[0].public_id == membership_id), None)
        if row is None or chosen is None:
            raise Refused(_l("This role is not yours, or it has ended."))
        row.membership_id = chosen.id
        session.commit()


def choose(token: str, *, locale: str | None = None, theme: str | None = None) -> None:
    """Keep the reader's language or theme. Unknown values are ignored."""
    with unscoped("login: the reader's own preferences") as session:
        row = _session_row(session, token)
        if row is None:
            return
        user = session.get_one(User, row.user_id)
        if locale in LOCALES:
            user.locale = str(locale)
        if theme in THEMES:
            user.theme = str(theme)
        session.commit()


def actor_of_login(username: str, *, role: Role | None = None) -> Actor:
    """The actor of an account for a command or a job. Raises Refused if there is none with a duty."""
    with unscoped("CLI: acting as a named account") as session:
        user = session.scalars(select(User).where(User.username == username)).one_or_none()
        live = _live_memberships(session, user.id) if user and user.is_active else []
        fitting = [m for m in live if role is None or m[0].role is role]
        if user is None or not fitting:
            raise Refused(f"no account {username} with a duty today")
        return _actor(user, fitting[0], [])


def list_demo_logins() -> list[tuple[str, Role, str]]:
    """One account per role with its unit's name, for the login page of a demonstration."""
    with unscoped("login: the accounts of a demonstration") as session:
        rows = session.execute(
            select(User.username, Membership.role, Unit.name)
            .join(Membership, Membership.user_id == User.id)
            .join(Unit, Unit.id == Membership.unit_id)
            .order_by(User.id, Membership.id)
        ).all()
    shown: dict[Role, tuple[str, Role, str]] = {}
    for username, role, unit in rows:
        if role in DEMO_ROLES:
            shown.setdefault(role, (username, role, unit))
    return [shown[role] for role in DEMO_ROLES if role in shown]


DEMO_ROLES = (
    Role.COMMITTEE_OFFICE,
    Role.TOWNSHIP_COORDINATOR,
    Role.SCHOOL_COORDINATOR,
    Role.CHILD_DIRECTOR,
    Role.VOLUNTEER,
)


def find_actor_of_membership(membership_id: int) -> Actor | None:
    """The actor a queued job runs as; None if the membership has ended since."""
    with unscoped("job: from membership to actor") as session:
        membership = session.get(Membership, membership_id)
        if membership is None:
            return None
        user = session.get_one(User, membership.user_id)
        live = _live_memberships(session, user.id) if user.is_active else []
        acting = next((m for m in live if m[0].id == membership_id), None)
        return _actor(user, acting, []) if acting else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _live_session(token: str) -> Select[LoginSession]:
    return select(LoginSession).where(
        LoginSession.token_hash == _digest(token),
        LoginSession.ended_at.is_(None),
        LoginSession.created_at > now() - ABSOLUTE_LIFE,
    )


def _session_row(session: Session, token: str) -> LoginSession | None:
    return session.scalars(_live_session(token)).one_or_none()


LiveMembership = tuple[Membership, Unit, str, Person]


def _live_memberships(session: Session, user_id: int) -> list[LiveMembership]:
    """What the user may act as today. A volunteer who is not on the roster or not vetted has no duty."""
    above = aliased(Unit)
    day = today()
    rows = session.execute(
        select(Membership, Unit, above.name, Person, Volunteer)
        .join(Unit, Unit.id == Membership.unit_id)
        .join(User, User.id == Membership.user_id)
        .join(Person, Person.id == User.person_id)
        .outerjoin(above, above.id == Unit.parent_id)
        .outerjoin(Volunteer, Volunteer.person_id == User.person_id)
        .where(Membership.user_id == user_id, Membership.valid_from <= day, Membership.valid_until > day)
        .where(Membership.awaits_second.is_(False))
        .order_by(Membership.id)
    )
    return [
        (membership, unit, parent_name or "", person)
        for membership, unit, parent_name, person, volunteer in rows
        if membership.role is not Role.VOLUNTEER or (volunteer and volunteer.may_meet_children_on(day))
    ]


def _actor(user: User, acting: LiveMembership, others: list[LiveMembership]) -> Actor:
    membership, unit, parent_name, person = acting
    return Actor(
        user_id=user.id,
        person_id=person.id,
        name=person.name,
        username=user.username,
        role=membership.role,
        department=membership.department,
        unit=ref(unit, parent_name),
        membership_id=membership.public_id,
        membership_row=membership.id,
        switchable=tuple((m.public_id, m.role, ref(u, name)) for m, u, name, _person in others),
    )
