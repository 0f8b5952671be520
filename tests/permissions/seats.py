"""Seats: an account for every role at every kind of unit where the role may be held."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models.accounts import Person, User
from portal.tenancy.masks import Mask, mask_of
from portal.tenancy.memberships import Membership
from portal.tenancy.roles import PLACES, Department, Role
from portal.tenancy.units import Unit
from portal.terms import FileField, UnitKind
from tests.factories.county import County, add_account

AT = {
    UnitKind.COUNTY: "county",
    UnitKind.TOWNSHIP: "town_a",
    UnitKind.VILLAGE: "village_a1",
    UnitKind.SCHOOL: "school_a",
}
"""The unit of the near county at which a seat of each kind stands."""

FIRST = {
    Role.COUNSELLOR: UnitKind.SCHOOL,
    Role.CENTER_KEEPER: UnitKind.TOWNSHIP,
    Role.VOLUNTEER: UnitKind.SCHOOL,
}
"""Where a role that may be held at several kinds of unit has its column of the matrix."""


@dataclass(frozen=True)
class Seat:
    """One role at one kind of unit."""

    role: Role
    kind: UnitKind

    @property
    def username(self) -> str:
        return f"{self.role.value}_{self.kind.value}"

    @property
    def place(self) -> str:
        """The unit's name in `County`."""
        return AT[self.kind]

    @property
    def is_first(self) -> bool:
        """Whether the matrix has a column for this seat; the others must answer like it."""
        return self.kind is FIRST.get(self.role, self.kind)

    def shows(self, field: FileField, *masks: Mask) -> bool:
        """Whether the table shows a field of a child's file to this seat in one of these ways."""
        return mask_of(self.role, field) in masks

    def unit(self, county: County) -> Unit:
        return getattr(county, self.place)


SEATS = [Seat(role, kind) for role in Role for kind in sorted(PLACES[role])]


def seat_accounts(session: Session, county: County) -> dict[str, Person]:
    """Create the accounts; the persons by user name."""
    people = {}
    for seat in SEATS:
        user = add_account(session, seat.role, seat.unit(county), seat.username)
        if seat.role is Role.COUNTY_DEPARTMENT:
            become(session, user, Department.EDUCATION)
        people[seat.username] = session.get_one(Person, user.person_id)
    return people


def become(session: Session, user: User, department: Department) -> None:
    """The department for which a COUNTY_DEPARTMENT account speaks."""
    held = session.scalars(select(Membership).where(Membership.user_id == user.id)).one()
    held.department = department
    session.flush()
