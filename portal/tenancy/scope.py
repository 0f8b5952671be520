"""The acting scope: what one session may see. It is set once and holds for the session's life."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from portal.errors import ScopeError
from portal.extensions import WRITES, db

_KEY = "portal.scope"


class Level(StrEnum):
    COUNTY = "county"
    TOWNSHIP = "township"
    UNIT = "unit"
    CLASS = "class"
    VOLUNTEER = "volunteer"
    SYSTEM = "system"


@dataclass(frozen=True)
class Scope:
    """One equality: `id` is the county, township, leaf unit (class teacher: her school), or (volunteer)
    the person."""

    level: Level
    id: int
    county_id: int
    day: date | None = None
    """The application's day, by which a volunteer's pairings and a teacher's class posts are live."""
    membership_id: int = 0
    """CLASS only: the row of the membership whose class posts open the children of those classes."""
    reason: str = ""
    """Why a SYSTEM scope was taken."""
    role: str = ""
    """SYSTEM only: the narrower database role that is enough for the work (`recompute`, `backup`)."""


def enter(session: Session | Any, scope: Scope) -> None:
    """Give the session its scope, before its first statement.

    The same value again is harmless; another one, or one given too late, raises ScopeError.
    """
    info = session.info
    if info.get(_KEY, scope) != scope:
        raise ScopeError("this session already has a scope; one session has one scope for its life")
    if _KEY not in info and session.in_transaction():
        raise ScopeError("this session has begun its transaction without a scope: give it one first")
    info[_KEY] = scope


def current(session: Session | Any) -> Scope | None:
    """The session's scope, or None: then the wall shows nothing."""
    scope: Scope | None = session.info.get(_KEY)
    return scope


def system_scope(reason: str, *, role: str = "") -> Scope:
    """The scope that sees everything, for commands that run without an actor. Say why."""
    return Scope(Level.SYSTEM, 0, 0, reason=reason, role=role)


@contextmanager
def county_wide(county_id: int) -> Iterator[Session]:
    """A reading session of its own with the scope of a county, for what a unit may know of its neighbours:
    that a child is on file, who is on duty there, which unit keeps an archived file. The caller has asked for
    the permission, and hands on no more than its sentence needs."""
    session = db.session.session_factory()
    reading = WRITES.set(False)  # beside the transaction of the request, which may hold the pen
    try:
        enter(session, Scope(Level.COUNTY, county_id, county_id))
        yield session
    finally:
        session.close()
        WRITES.reset(reading)


@contextmanager
def unscoped(reason: str, *, role: str = "") -> Iterator[Session]:
    """A session of its own without walls, for login, CLI administration and recompute only.

    A test lists every call site. `role` names a narrower database role than `system` where one is enough.
    The caller commits; leaving the block closes the session.
    """
    session = db.session.session_factory()
    try:
        enter(session, system_scope(reason, role=role))
        yield session
    finally:
        session.rollback()  # close() alone leaves SQLite inside the transaction of a refused COMMIT
        session.close()
