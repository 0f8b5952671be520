"""A small county that all isolation tests share: two townships, each with two villages and a school."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import now
from portal.models.accounts import Credential, Person, User
from portal.models.children import (
    Absence,
    Child,
    ClassPost,
    Consent,
    Guardianship,
    Parent,
    Placement,
    SchoolClass,
)
from portal.models.pairings import Pairing
from portal.models.volunteers import Volunteer
from portal.services.accounts.demo import demo_seed
from portal.services.accounts.passwords import hash_password
from portal.services.accounts.second_factor import held_credential, seal
from portal.services.children.files import rewrite_standing
from portal.services.units import open_unit
from portal.tenancy.columns import FOREVER
from portal.tenancy.memberships import Membership
from portal.tenancy.names import person_name_key
from portal.tenancy.roles import AccountKind, Role, account_kind_of, sees_widely
from portal.tenancy.scope import unscoped
from portal.tenancy.units import Unit
from portal.terms import (
    ConsentChannel,
    GuardianKind,
    PairingKind,
    ParentRole,
    ProcessingBasis,
    Purpose,
    SchoolKind,
    Sex,
    Side,
    UnitKind,
    VolunteerCategory,
    VolunteerStatus,
    Witness,
)

PASSWORD = "Only-for-tests-1"
_HASH = hash_password(PASSWORD)
_numbers = itertools.count(1)
LONG_AGO = date(2000, 1, 1)


@dataclass
class County:
    """The named places of the small county."""

    county: Unit
    town_a: Unit
    town_b: Unit
    village_a1: Unit
    village_a2: Unit
    school_a: Unit
    village_b1: Unit
    village_b2: Unit
    school_b: Unit

    @property
    def leaves(self) -> list[Unit]:
        return [
            self.village_a1,
            self.village_a2,
            self.school_a,
            self.village_b1,
            self.village_b2,
            self.school_b,
        ]


@contextmanager
def writing() -> Iterator[Session]:
    """A session without walls that commits at the end: for building the world of a test."""
    with unscoped("test: building the world") as session:
        session.expire_on_commit = False
        yield session
        session.commit()


def build_county(session: Session, code: str = "990001", name: str = "试县") -> County:
    """The small county. Units are 990001, …001 (甲镇), …002 (乙镇), their villages and schools -S1, -S2."""
    county = open_unit(session, code=code, name=name, kind=UnitKind.COUNTY, parent=None, opened_on=LONG_AGO)
    made: dict[str, Unit] = {"county": county}
    for letter, number, town_name in (("a", "001", "甲镇"), ("b", "002", "乙镇")):
        town = open_unit(
            session,
            code=f"{code}{number}",
            name=town_name,
            kind=UnitKind.TOWNSHIP,
            parent=county,
            opened_on=LONG_AGO,
        )
        made[f"town_{letter}"] = town
        for n, village_name in enumerate(("东村", "西村"), start=1):
            made[f"village_{letter}{n}"] = open_unit(
                session,
                code=f"{code}{number}{n:03d}",
                name=town_name[0] + village_name,
                kind=UnitKind.VILLAGE,
                parent=town,
                opened_on=LONG_AGO,
            )
        made[f"school_{letter}"] = open_unit(
            session,
            code=f"{code}-S{number[-1]}",
            name=f"{town_name}小学",
            kind=UnitKind.SCHOOL,
            parent=town,
            opened_on=LONG_AGO,
            school_kind=SchoolKind.PRIMARY,
        )
    return County(**made)


def add_child(
    session: Session,
    *,
    village: Unit | None,
    school: Unit | None,
    name: str = "陈小禾",
    away: Sequence[ParentRole] = (ParentRole.FATHER, ParentRole.MOTHER),
    since: date = date(2023, 9, 1),
    guardian: GuardianKind = GuardianKind.GRANDPARENT,
    birth_date: date = date(2015, 5, 1),
    sex: Sex = Sex.FEMALE,
    inside_county: bool = False,
) -> Child:
    """A child with parents away since a day, living and enrolled since then."""
    number = next(_numbers)
    home = village or school
    assert home is not None, "a child has a side"
    child = Child(
        public_id=uuid.uuid4(),
        case_no=f"T{number:07d}",
        name=name,
        name_key=person_name_key(name),
        sex=sex,
        birth_date=birth_date,
        county_id=home.county_id,
        village=village,
        school=school,
        class_name="3年级1班",
        grade=3,
    )
    session.add(child)
    for side, unit in ((Side.VILLAGE, village), (Side.SCHOOL, school)):
        if unit is not None:
            child.placements.append(Placement(side=side, stat_unit=unit, since=birth_date, until=FOREVER))
    for role in ParentRole:
        child.parents.append(Parent(role=role, name="家长", phone="100-0000-0001", incapable=False))
    for role in away:
        child.absences.append(
            Absence(role=role, since=since, until=FOREVER, inside_county=inside_county, work_place="广东东莞")
        )
    child.guardianships.append(
        Guardianship(
            kind=guardian,
            group="祖父母",
            name="陈奶奶",
            relation="奶奶",
            phone="100-0000-0002",
            since=birth_date,
            until=FOREVER,
        )
    )
    rewrite_standing(child)
    session.flush()
    return child


def add_person(
    session: Session, unit: Unit, name: str = "李老师", *, account_kind: AccountKind = AccountKind.WORKING
) -> Person:
    """An adult of a unit."""
    person = Person(
        public_id=uuid.uuid4(),
        name=name,
        name_key=person_name_key(name),
        unit=unit,
        phone="100-0000-0003",
        account_kind=account_kind,
    )
    session.add(person)
    session.flush()
    return person


def add_account(
    session: Session,
    role: Role,
    unit: Unit,
    username: str,
    *,
    person: Person | None = None,
    valid_from: date = date(2024, 9, 1),
    valid_until: date = FOREVER,
) -> User:
    """An account with one membership; a volunteer also stands on the roster, vetted."""
    person = person or add_person(
        session, unit, name=f"试{username}"[:20], account_kind=account_kind_of(role)
    )
    user = User(username=username, person=person, account_kind=person.account_kind)
    session.add(Credential(user=user, password_hash=_HASH))
    session.flush()
    if sees_widely(role, unit.kind):
        add_second(session, user)
    session.add(
        Membership(
            public_id=uuid.uuid4(),
            user_id=user.id,
            role=role,
            unit=unit,
            valid_from=valid_from,
            valid_until=valid_until,
        )
    )
    if role is Role.VOLUNTEER:
        add_volunteer(session, unit, person=person)
    session.flush()
    return user


def add_class(session: Session, unit: Unit, name: str = "3年级1班") -> SchoolClass:
    """A class of forty of this school year; the grade is the first digit of its name."""
    made = SchoolClass(
        public_id=uuid.uuid4(), unit=unit, grade=int(name[0]), name=name, pupils=40, compulsory=True,
        since=date(2024, 9, 1), until=FOREVER,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def give_class(
    session: Session,
    user: User,
    school_class: SchoolClass,
    *,
    since: date = date(2024, 9, 1),
    until: date = FOREVER,
) -> ClassPost:
    """The class to a class teacher's account."""
    held = select(Membership).where(Membership.user_id == user.id, Membership.role == Role.CLASS_TEACHER)
    post = ClassPost(
        public_id=uuid.uuid4(), membership=session.scalars(held).one(), school_class=school_class,
        unit=session.get_one(Unit, school_class.unit_id), since=since, until=until,
    )  # fmt: skip
    session.add(post)
    session.flush()
    return post


def add_second(session: Session, user: User) -> None:
    """An authenticator with the account's fixed seed; tests/clients.py reads its codes."""
    credential = held_credential(session, user.id)
    credential.totp_sealed = seal(demo_seed(user.username), user_id=user.id, county_id=user.county_id)
    credential.totp_since = now()


def add_volunteer(
    session: Session,
    unit: Unit,
    *,
    person: Person | None = None,
    name: str = "张志愿",
    vetted_until: date | None = date(2026, 3, 1),
    status: VolunteerStatus = VolunteerStatus.ACTIVE,
) -> Volunteer:
    """A volunteer on the roster of a unit."""
    person = person or add_person(session, unit, name)
    volunteer = Volunteer(
        public_id=uuid.uuid4(),
        person=person,
        unit_id=unit.id,
        township_id=unit.township_id,
        county_id=unit.county_id,
        category=VolunteerCategory.STUDENT,
        status=status,
        vetted_until=vetted_until,
    )
    session.add(volunteer)
    session.flush()
    return volunteer


def add_consent(
    session: Session, child: Child, person: Person, purpose: Purpose = Purpose.PAIRING, **changes: Any
) -> Consent:
    """The guardian's consent on paper since last autumn, written down by `person`."""
    values: dict[str, Any] = {
        "basis": ProcessingBasis.CONSENT, "given_by": Witness.GUARDIAN, "giver_name": "",
        "channel": ConsentChannel.PAPER, "child_agrees": True, "given_on": date(2024, 9, 1),
    }  # fmt: skip
    consent = Consent(child=child, purpose=purpose, person_id=person.id, **(values | changes))
    session.add(consent)
    session.flush()
    return consent


def add_pairing(
    session: Session,
    child: Child,
    helper: Person,
    unit: Unit,
    *,
    starts_on: date = date(2025, 1, 10),
    ends_on: date = FOREVER,
    kind: PairingKind = PairingKind.VOLUNTEER,
) -> Pairing:
    """A pairing arranged by `unit`."""
    pairing = Pairing(
        public_id=uuid.uuid4(),
        child=child,
        helper=helper,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        stat_unit=unit,
    )
    session.add(pairing)
    session.flush()
    return pairing
