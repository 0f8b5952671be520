"""The actor: who acts, in which role, at which unit. Plain values, so jobs and commands have one too."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Protocol

from portal.config import today
from portal.errors import PermissionDenied
from portal.tenancy.permissions import DEPARTMENTS, GRANTS, Permission
from portal.tenancy.roles import Department, Role
from portal.tenancy.scope import Level, Scope
from portal.terms import SchoolKind, UnitKind


class Place(Protocol):
    """What the actor must know of a unit: `Unit` and `UnitRef` both are one."""

    @property
    def id(self) -> int: ...
    @property
    def township_id(self) -> int: ...
    @property
    def county_id(self) -> int: ...


@dataclass(frozen=True)
class UnitRef:
    """A unit as plain values."""

    id: int
    code: str
    name: str
    kind: UnitKind
    township_id: int
    county_id: int
    parent_id: int | None = None
    parent_name: str = ""
    school_kind: SchoolKind | None = None


@dataclass(frozen=True)
class Actor:
    """One membership at work. `switchable` names the person's other live memberships."""

    user_id: int
    person_id: int
    name: str
    username: str
    role: Role
    unit: UnitRef
    membership_id: uuid.UUID
    membership_row: int = 0
    department: Department | None = None
    switchable: tuple[tuple[uuid.UUID, Role, UnitRef], ...] = field(default=(), compare=False)

    @property
    def is_volunteer(self) -> bool:
        return self.role is Role.VOLUNTEER

    @property
    def scope(self) -> Scope:
        """The one equality this actor's session is cut to."""
        unit = self.unit
        if self.is_volunteer:
            return Scope(Level.VOLUNTEER, self.person_id, unit.county_id, day=today())
        if unit.kind is UnitKind.COUNTY:
            return Scope(Level.COUNTY, unit.id, unit.county_id)
        if unit.kind is UnitKind.TOWNSHIP:
            return Scope(Level.TOWNSHIP, unit.id, unit.county_id)
        if self.role is Role.CLASS_TEACHER:
            return Scope(Level.CLASS, unit.id, unit.county_id, day=today(), membership_id=self.membership_row)
        return Scope(Level.UNIT, unit.id, unit.county_id)

    def reaches(self, place: Place) -> bool:
        """Whether `place` is the actor's unit or lies below it."""
        if self.unit.kind is UnitKind.COUNTY:
            return place.county_id == self.unit.id
        if self.unit.kind is UnitKind.TOWNSHIP:
            return place.township_id == self.unit.id
        return place.id == self.unit.id

    def can(self, permission: Permission, at: Place | None = None) -> bool:
        """Whether the role allows the act at `at` (her own unit if not given)."""
        if permission not in GRANTS[self.role]:
            return False
        of_some = permission in DEPARTMENTS and self.role is Role.COUNTY_DEPARTMENT
        if of_some and self.department not in DEPARTMENTS[permission]:
            return False
        if at is None or at.id == self.unit.id:
            return True
        return permission.reaches_down and self.reaches(at)

    def require(self, permission: Permission, *, at: Place | None = None) -> None:
        """Raise PermissionDenied unless `can`. Every service verb begins with it."""
        if not self.can(permission, at):
            raise PermissionDenied(f"{self.role.value} may not {permission.value} here")
