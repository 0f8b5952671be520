"""Accounts of the demo county: the named logins, every school's coordinator, every child director."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.cli.seed import tables
from portal.cli.seed.book import Book, Place
from portal.cli.seed.figures import NURSERY, ClassPlan, CountyPlan, SchoolPlan
from portal.cli.seed.grants import signers
from portal.cli.seed.people import Someone, Staff
from portal.models.accounts import Credential, User
from portal.models.children import ClassPost
from portal.services.accounts.demo import DEMO_PASSWORD, demo_seed
from portal.services.accounts.passwords import hash_password
from portal.services.accounts.second_factor import seal
from portal.tenancy.columns import FOREVER
from portal.tenancy.memberships import Membership
from portal.tenancy.roles import AccountKind, Department, Role, account_kind_of, sees_widely

SINCE, UNTIL = date(2024, 9, 1), date(2025, 9, 1)
OPENED = datetime(2024, 9, 1, 1)
LAST_SEEN = datetime(2025, 6, 30, 1)
_TEACHER = Role.CLASS_TEACHER
NEVER_OLD = datetime(9999, 12, 31)
"""The demo password is for trying: it does not expire."""


@dataclass(frozen=True)
class Accounts:
    """User ids by login, and by the person who holds the account."""

    by_login: dict[str, int]
    by_person: dict[int, int]


def hash_demo_password() -> str:
    """The hash all demo accounts share: one slow hash instead of a hundred."""
    return hash_password(DEMO_PASSWORD)


class _Desk:
    def __init__(self, book: Book, password_hash: str) -> None:
        self.book, self.password_hash = book, password_hash
        self.accounts = Accounts({}, {})
        self.memberships: dict[tuple[str, Role], int] = {}
        self.appointed: dict[tuple[str, Role], Place] = {}
        self.wide: set[str] = set()
        """Logins that need a second factor."""

    def open(self, login: str, person: Someone, account_kind: AccountKind = AccountKind.WORKING) -> None:
        number = self.book.next_id(User)
        self.book.add(
            User,
            username=login,
            person_id=person.id,
            account_kind=account_kind,
            county_id=person.place.county_id,
            is_active=True,
            awaits_code=False,
            signed_in_at=LAST_SEEN - timedelta(days=number % 19) if number % 15 else None,
            created_at=OPENED,
        )
        self.accounts.by_login[login] = number
        self.accounts.by_person.setdefault(person.id, number)

    def appoint(self, login: str, role: Role, place: Place, department: Department | None = None) -> None:
        self.appointed[login, role] = place
        self.memberships[login, role] = self.book.add(
            Membership,
            f"{login}/{role.value}",
            **place.scope,
            user_id=self.accounts.by_login[login],
            role=role,
            department=department,
            valid_from=SINCE,
            valid_until=UNTIL,
            granted_by_id=None,
            granted_at=OPENED,
            approved_by_id=None,
            ended_by_id=None,
            end_reason="",
        )
        if sees_widely(role, place.kind):
            self.wide.add(login)

    def hand_out(self, county_id: int) -> None:
        """The one password to all, and a fixed second factor to those who need one."""
        for login, number in self.accounts.by_login.items():
            wide = login in self.wide
            self.book.add(
                Credential,
                user_id=number,
                password_hash=self.password_hash,
                changed_at=NEVER_OLD,
                must_change=False,
                totp_sealed=seal(demo_seed(login), user_id=number, county_id=county_id) if wide else None,
                totp_since=OPENED if wide else None,
                totp_last_step=0,
            )


def add_accounts(
    book: Book, plan: CountyPlan, places: Mapping[str, Place], staff: Staff, *, password_hash: str
) -> Accounts:
    """Add the accounts that exist in the profile."""
    desk = _Desk(book, password_hash)
    for row in tables.logins():
        if row.unit in places:
            desk.open(row.login, staff.named[row.unit, row.name], account_kind_of(row.role))
            desk.appoint(row.login, row.role, places[row.unit], row.department)
    for login, role, unit in tables.further_memberships():
        if unit in places:
            desk.appoint(login, role, places[unit])
    for key in (town.row.key for town in plan.towns):
        _open(desk, f"town_{key.lower()}", Role.TOWNSHIP_COORDINATOR, staff.coordinators[key])
    for key in (school.row.key for school in plan.schools):
        _open(desk, f"coord_{key.lower()}", Role.SCHOOL_COORDINATOR, staff.coordinators[key])
    for town in plan.towns:
        for village, code in town.row.village_codes.items():
            _open(desk, f"vd_{code}", Role.CHILD_DIRECTOR, staff.directors[village])
    for school in plan.schools:
        for planned in school.classes:
            _give_class(desk, school, planned, staff.class_teachers[school.row.key, planned.name])
    _add_a_past_and_a_future(desk, plan, staff)
    for held, place in desk.appointed.items():
        signed = signers(held[1], place, places, desk.accounts.by_login)
        book.amend(Membership, desk.memberships[held], **signed)
    desk.hand_out(places[tables.COUNTY].county_id)
    return desk.accounts


def _add_a_past_and_a_future(desk: _Desk, plan: CountyPlan, staff: Staff) -> None:
    """In each township's first school: somebody invited whose slip lies unused, and last year's coordinator."""
    seen = set()
    for school in plan.schools:
        key, town = school.row.key, school.row.town
        if town in seen or len(staff.teachers.get(key, ())) < 2:
            continue
        seen.add(town)
        invited, former = staff.teachers[key][-2:]
        _open(desk, f"psy_{key.lower()}_new", Role.COUNSELLOR, invited)
        desk.book.amend(
            User, desk.accounts.by_login[f"psy_{key.lower()}_new"], awaits_code=True, signed_in_at=None
        )
        _open(desk, f"coord_{key.lower()}_2023", Role.SCHOOL_COORDINATOR, former)
        desk.book.amend(
            Membership,
            desk.memberships[f"coord_{key.lower()}_2023", Role.SCHOOL_COORDINATOR],
            valid_from=date(2023, 9, 1),
            valid_until=SINCE,
            end_reason="岗位调整",
        )


def _give_class(desk: _Desk, school: SchoolPlan, planned: ClassPlan, teacher: Someone) -> None:
    """Her class to the class teacher: ct_s09_401 holds 4年级1班 unless the tables gave her a login."""
    key, place = school.row.key, teacher.place
    known = {row.name: row.login for row in tables.logins() if (row.unit, row.role) == (key, _TEACHER)}
    year = planned.grade or 1 + NURSERY.index(planned.name[:2])
    number = int("".join(sign for sign in planned.name[2:] if sign.isdigit()))
    login = known.get(teacher.name, f"ct_{key.lower()}_{year}{number:02}")
    _open(desk, login, _TEACHER, teacher)
    desk.book.add(
        ClassPost,
        f"{school.code}/{planned.name}",
        **place.scope,
        membership_id=desk.memberships[login, _TEACHER],
        class_id=desk.book.classes[key, planned.name],
        since=SINCE,
        until=FOREVER,
    )


def _open(desk: _Desk, login: str, role: Role, person: Someone) -> None:
    """Open an account for the holder of a post, unless the tables already gave her that very login."""
    if login not in desk.accounts.by_login:
        desk.open(login, person)
        desk.appoint(login, role, person.place)
