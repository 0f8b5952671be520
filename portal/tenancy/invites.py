"""Who may let whom in: which role invites which, where, and which grants need a second person's yes.

The level above lets people in, or the head of one's own unit: never further down, never one's equals.
Reasons per line: domain B.3 (users), security §3.9 (three administrators), 未网条例 art. 36 (approval).
"""

from __future__ import annotations

from typing import Protocol

from portal.tenancy.actor import Actor, Place
from portal.tenancy.roles import PLACES, Role
from portal.terms import UnitKind

_R = Role
_ADMINISTRATORS = frozenset({_R.SYSTEM_ADMIN, _R.SECURITY_ADMIN, _R.AUDIT_ADMIN})
_AT_SCHOOL = frozenset({_R.CLASS_TEACHER, _R.COUNSELLOR, _R.CENTER_KEEPER, _R.VOLUNTEER})
_SCHOOL_HEADS = frozenset({_R.PRINCIPAL, _R.SCHOOL_COORDINATOR})

INVITES: dict[Role, frozenset[Role]] = {
    _R.COMMITTEE_OFFICE: _SCHOOL_HEADS  # of a county-run school, which stands directly below the county
    | {
        _R.COUNTY_LEADER,
        _R.COUNTY_DEPARTMENT,
        _R.AUDITOR,
        _R.TOWNSHIP_COORDINATOR,
        _R.TOWNSHIP_LEADER,
        _R.COUNSELLOR,
        _R.VOLUNTEER,
    },
    _R.COUNTY_LEADER: frozenset(),
    _R.COUNTY_DEPARTMENT: frozenset(),
    _R.AUDITOR: frozenset(),
    _R.TOWNSHIP_COORDINATOR: _SCHOOL_HEADS
    | {_R.CHILD_DIRECTOR, _R.CENTER_KEEPER, _R.COUNSELLOR, _R.VOLUNTEER},
    _R.TOWNSHIP_LEADER: frozenset(),
    _R.CHILD_DIRECTOR: frozenset({_R.CENTER_KEEPER, _R.VOLUNTEER}),
    _R.PRINCIPAL: _AT_SCHOOL | {_R.SCHOOL_COORDINATOR},
    _R.SCHOOL_COORDINATOR: _AT_SCHOOL,
    _R.CLASS_TEACHER: frozenset(),
    _R.COUNSELLOR: frozenset(),
    _R.CENTER_KEEPER: frozenset(),
    _R.VOLUNTEER: frozenset(),
    _R.SYSTEM_ADMIN: frozenset(),
    _R.SECURITY_ADMIN: _ADMINISTRATORS | {_R.COMMITTEE_OFFICE},
    _R.AUDIT_ADMIN: frozenset(),
}
"""Role → the roles it may give, take back and renew the access of, at its own unit and directly below."""

SECONDS: dict[Role, frozenset[Role]] = {
    _R.COMMITTEE_OFFICE: frozenset({_R.COUNTY_LEADER, _R.SYSTEM_ADMIN}),
    **dict.fromkeys(sorted(_ADMINISTRATORS), frozenset({_R.COUNTY_LEADER, _R.COMMITTEE_OFFICE})),
}
"""Roles whose grant waits for a second person, and who may be that person."""


class Situated(Place, Protocol):
    """A place with its kind and the unit above it."""

    @property
    def kind(self) -> UnitKind: ...
    @property
    def parent_id(self) -> int | None: ...


def grantable(actor: Actor, place: Situated) -> list[Role]:
    """The roles the actor may give at `place`: her own unit or one directly below; in the order of Role."""
    if place.id != actor.unit.id and place.parent_id != actor.unit.id:
        return []
    return [role for role in Role if role in INVITES[actor.role] and place.kind in PLACES[role]]


def may_grant(actor: Actor, role: Role, place: Situated) -> bool:
    """Whether `role` at `place` is the actor's to give, end, extend and hand over."""
    return role in grantable(actor, place)


def may_second(actor: Actor, role: Role) -> bool:
    """Whether the actor may be the second person for a grant of `role` in her county."""
    return actor.role in SECONDS.get(role, frozenset())
