"""Renewing access: a new one-time code for who lost her password, by the unit that let her in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import today
from portal.errors import Refused
from portal.extensions import WRITES, db
from portal.models.accounts import Person, User
from portal.services import audit
from portal.services.people import codes
from portal.tenancy.actor import Actor
from portal.tenancy.invites import SECONDS, may_grant
from portal.tenancy.memberships import Membership
from portal.tenancy.permissions import Permission
from portal.tenancy.scope import unscoped
from portal.tenancy.units import Unit


def renew_access(
    user: User, *, actor: Actor, unit: Unit, reason: str, lost_authenticator: bool = False
) -> codes.Code:
    """A new one-time code for somebody of `unit` who lost her password: old password and sessions are void.

    Only for who may give every role the account has: otherwise a village could take over the account of
    a county official who also helps there. Roles that need a second person wait for one again.
    Raises Refused.
    """
    actor.require(Permission.PEOPLE_GOVERN, at=unit)
    if user.id == actor.user_id or user.person_id == actor.person_id:
        raise Refused(_l("Nobody renews her own access; the unit above does it for you."))
    if not may_renew(user, actor=actor):
        raise Refused(
            _l("This account has roles that are not yours to give. The unit that gave them renews it.")
        )
    for membership in db.session.scalars(
        select(Membership).where(Membership.user_id == user.id, Membership.valid_until > today())
    ):
        membership.awaits_second = membership.awaits_second or membership.role in SECONDS
        if membership.role in SECONDS:
            membership.granted_by_id = actor.user_id
    code = codes.issue(actor, user, resets_second=lost_authenticator)
    person = db.session.get_one(Person, user.person_id)
    details = {"reason": reason, "lost_authenticator": lost_authenticator}
    audit.record(
        actor, "accounts:people:renew", at=unit, subject=f"person:{person.public_id}", details=details
    )
    return code


def may_renew(user: User, *, actor: Actor) -> bool:
    """Whether every grant of the account, now and to come, is the actor's to give; she has one at least."""
    with _reading() as session:
        rows = session.execute(
            select(Membership.role, Unit)
            .join(Unit, Unit.id == Membership.unit_id)
            .where(Membership.user_id == user.id, Membership.valid_until > today())
        ).all()
        return bool(rows) and all(may_grant(actor, role, place) for role, place in rows)


@contextmanager
def _reading() -> Iterator[Session]:
    """A session without walls beside the request's own, which holds SQLite's one pen: it only reads."""
    writes = WRITES.set(False)
    try:
        with unscoped("people: every grant of an account decides who may renew it") as session:
            yield session
    finally:
        WRITES.reset(writes)
