"""Letting people in: by the level that may, with an approver and an end, by a code that works once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.config import now
from portal.errors import PermissionDenied, Refused
from portal.extensions import db
from portal.models.accounts import Person, User
from portal.models.people import Activation
from portal.models.volunteers import Volunteer
from portal.services.accounts import guesses
from portal.services.people import codes, grants
from portal.tenancy.invites import INVITES, SECONDS
from portal.tenancy.memberships import Membership
from portal.tenancy.roles import PLACES, Department, Role, account_kind_of
from portal.tenancy.scope import unscoped
from portal.tenancy.units import Unit
from portal.terms import UnitKind, VolunteerStatus
from tests.accounts.people import (
    DAY,
    GOOD,
    LAST,
    Bureau,
    build_bureau,
    let_in,
    person_of,
    post_of,
    user_named,
)
from tests.acting import acting
from tests.clients import sign_in

AT = {
    UnitKind.COUNTY: "county",
    UnitKind.TOWNSHIP: "town_a",
    UnitKind.VILLAGE: "village_a1",
    UnitKind.SCHOOL: "school_a",
}


@pytest.fixture
def bureau(sqlite_app: Flask) -> Bureau:
    return build_bureau(sqlite_app)


@pytest.fixture
def both(app: Flask) -> Bureau:
    """The same on both engines."""
    return build_bureau(app)


def test_an_invitation_says_who_answers_for_it_and_until_when(both: Bureau) -> None:
    with acting(both.app, "township_coordinator") as actor:
        invited = let_in(actor, both.near.village_a2, Role.CHILD_DIRECTOR)
        post = invited.membership
        assert (post.granted_by_id, post.approved_by_id) == (actor.user_id, actor.user_id)
        assert (post.valid_from, post.valid_until) == (DAY, date(2025, 9, 1))
        assert invited.user.awaits_code
        assert invited.code is not None


def test_the_code_opens_the_account_once_and_the_account_signs_in(both: Bureau) -> None:
    with acting(both.app, "township_coordinator") as actor:
        invited = let_in(actor, both.near.village_a2, Role.CHILD_DIRECTOR)
        username, code = invited.user.username, invited.code.text
        db.session.commit()
    client = both.app.test_client()
    typed = {"code": code.lower().replace("-", " "), "password": GOOD, "again": GOOD}
    assert client.post("/login", data={"username": username, "password": GOOD}).status_code == 400
    assert client.post("/activate", data=typed).status_code == 302
    assert client.post("/activate", data=typed).status_code == 400
    village = sign_in(both.app, username, GOOD)
    assert village.get(f"/units/{both.near.village_a2.code}/people/").status_code == 200


@pytest.mark.parametrize("role", list(Role))
def test_each_role_is_given_by_those_of_the_table_and_by_nobody_else(bureau: Bureau, role: Role) -> None:
    wrong = []
    for giver in Role:
        if giver not in (Role.COUNTY_DEPARTMENT, Role.AUDITOR, Role.TOWNSHIP_LEADER, Role.COUNSELLOR,
                         Role.CENTER_KEEPER, Role.VOLUNTEER):  # fmt: skip
            for kind in PLACES[role]:
                if _gives(bureau, giver, role, kind) != _should_give(bureau, giver, role, kind):
                    wrong.append((giver, role, kind))
    assert wrong == []


def _should_give(bureau: Bureau, giver: Role, role: Role, kind: UnitKind) -> bool:
    place = getattr(bureau.near, AT[kind])
    home = {Role.TOWNSHIP_COORDINATOR: bureau.near.town_a, Role.CHILD_DIRECTOR: bureau.near.village_a1}.get(
        giver, bureau.near.school_a if PLACES[giver] == {UnitKind.SCHOOL} else bureau.near.county
    )
    return role in INVITES[giver] and home.id in (place.id, place.parent_id)


def _gives(bureau: Bureau, giver: Role, role: Role, kind: UnitKind) -> bool:
    department = Department.WOMEN if role is Role.COUNTY_DEPARTMENT else None
    with acting(bureau.app, giver.value) as actor:
        try:
            invited = let_in(actor, getattr(bureau.near, AT[kind]), role, department=department)
        except PermissionDenied:
            return False
        assert invited.membership.awaits_second is (role in SECONDS)
        assert invited.person.account_kind is account_kind_of(role)
        return True


def test_a_county_run_school_has_its_heads_from_the_county(bureau: Bureau) -> None:
    with bureau.app.app_context(), unscoped("test: a school of the county") as session:
        from portal.services.units import open_unit
        from portal.terms import SchoolKind

        county = session.get_one(Unit, bureau.near.county.id)
        school = open_unit(session, code="990001-S9", name="县实验小学", kind=UnitKind.SCHOOL, parent=county,
                           opened_on=date(2020, 9, 1), school_kind=SchoolKind.PRIMARY)  # fmt: skip
        session.commit()
        session.refresh(school)
        session.expunge_all()
    with acting(bureau.app, "committee_office") as actor:
        assert let_in(actor, school, Role.PRINCIPAL).membership.unit_id == school.id
        with pytest.raises(PermissionDenied):
            let_in(actor, bureau.near.school_a, Role.PRINCIPAL)


@pytest.mark.parametrize(
    ("since", "last_day", "field"),
    [
        (DAY - timedelta(days=1), LAST, "since"),
        (DAY + timedelta(days=91), DAY + timedelta(days=120), "since"),
        (DAY, DAY - timedelta(days=1), "last_day"),
        (DAY, DAY + timedelta(days=366), "last_day"),
    ],
)
def test_a_grant_has_reasonable_days(bureau: Bureau, since: date, last_day: date, field: str) -> None:
    with acting(bureau.app, "principal") as actor:
        unit = db.session.get_one(Unit, actor.unit.id)
        new = grants.NewPerson("苏晚晴", "100-0000-7788")
        with pytest.raises(Refused) as refused:
            grants.invite(
                unit, actor=actor, role=Role.CLASS_TEACHER, whom=new, since=since, last_day=last_day
            )
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2025, 6, 30), date(2025, 8, 31)),
        (date(2025, 7, 20), date(2026, 7, 20)),
        (date(2025, 9, 1), date(2026, 8, 31)),
        (date(2026, 1, 5), date(2026, 8, 31)),
    ],
)
def test_the_proposed_end_is_that_of_the_school_year(today: date, last: date) -> None:
    assert grants.last_day_proposed(today) == last


def test_the_same_person_is_not_entered_twice(bureau: Bureau) -> None:
    with acting(bureau.app, "principal") as actor:
        let_in(actor, bureau.near.school_a, Role.CLASS_TEACHER)
        with pytest.raises(Refused) as refused:
            let_in(actor, bureau.near.school_a, Role.COUNSELLOR)
        assert refused.value.field == "name"


def test_a_second_role_needs_no_second_account(bureau: Bureau) -> None:
    with acting(bureau.app, "principal") as actor:
        teacher = person_of("class_teacher")
        invited = let_in(actor, bureau.near.school_a, Role.COUNSELLOR, whom=teacher)
        assert invited.code is None
        assert invited.user.username == "class_teacher"
        with pytest.raises(Refused):
            let_in(actor, bureau.near.school_a, Role.COUNSELLOR, whom=teacher)


def test_who_works_does_not_become_an_administrator(bureau: Bureau) -> None:
    with acting(bureau.app, "security_admin") as actor, pytest.raises(Refused):
        let_in(actor, bureau.near.county, Role.AUDIT_ADMIN, whom=person_of("county_leader"))


def test_a_new_volunteer_waits_for_her_check(bureau: Bureau) -> None:
    with acting(bureau.app, "child_director") as actor:
        invited = let_in(actor, bureau.near.village_a1, Role.VOLUNTEER)
        query = select(Volunteer).where(Volunteer.person_id == invited.person.id)
        roster = db.session.scalars(query).one()
        assert (roster.status, roster.vetted_until) == (VolunteerStatus.PENDING, None)


def test_a_department_is_named_and_only_where_one_speaks(bureau: Bureau) -> None:
    with acting(bureau.app, "committee_office") as actor:
        with pytest.raises(Refused) as refused:
            let_in(actor, bureau.near.county, Role.COUNTY_DEPARTMENT)
        assert refused.value.field == "department"
        with pytest.raises(Refused):
            let_in(actor, bureau.near.county, Role.AUDITOR, department=Department.WOMEN)


def test_the_committee_office_begins_with_a_second_persons_yes(both: Bureau) -> None:
    with acting(both.app, "security_admin") as actor:
        post = let_in(actor, both.near.county, Role.COMMITTEE_OFFICE).membership
        public_id = post.public_id
        assert (post.awaits_second, post.approved_by_id) == (True, None)
        with pytest.raises(PermissionDenied):
            grants.confirm(post, actor=actor)
        db.session.commit()
    for nobody in ("audit_admin", "committee_office", "township_coordinator"):
        with acting(both.app, nobody) as actor, pytest.raises(PermissionDenied):
            grants.confirm(_again(public_id), actor=actor)
    with acting(both.app, "system_admin") as actor:
        grants.confirm(_again(public_id), actor=actor)
        post = _again(public_id)
        assert (post.awaits_second, post.approved_by_id) == (False, actor.user_id)
        with pytest.raises(Refused):
            grants.confirm(post, actor=actor)


def _again(public_id: object) -> Membership:
    with db.session.no_autoflush:
        found = db.session.scalars(select(Membership).where(Membership.public_id == public_id)).one_or_none()
    if found is None:
        raise PermissionDenied("out of sight")
    return found


def test_only_the_newest_code_counts_and_for_seven_days(both: Bureau) -> None:
    with acting(both.app, "township_coordinator") as actor:
        invited = let_in(actor, both.near.village_a2, Role.CHILD_DIRECTOR)
        first, username, user_id = invited.code.text, invited.user.username, invited.user.id
        second = codes.issue(actor, invited.user)
        db.session.commit()
    with both.app.app_context():
        for old in (first, "", "AAA-AAA-AAA-AAA-AAA-AAA", "x" * 64):
            with pytest.raises(Refused) as refused:
                codes.activate(old, GOOD)
            assert refused.value.field == "code"
        with unscoped("test: a week goes by") as session:
            row = session.scalars(
                select(Activation).where(Activation.user_id == user_id).order_by(Activation.id.desc())
            ).first()
            kept, row.expires_at = row.expires_at, now()
            session.commit()
            with pytest.raises(Refused):
                codes.activate(second.text, GOOD)
            row.expires_at = kept
            session.commit()
        assert codes.activate(second.text, GOOD) == username


def test_guessing_codes_from_one_address_comes_to_an_end(bureau: Bureau) -> None:
    with acting(bureau.app, "principal") as actor:
        code = let_in(actor, bureau.near.school_a, Role.CLASS_TEACHER).code.text
        db.session.commit()
    client = bureau.app.test_client()
    for n in range(guesses.WRONG_CODES):
        client.post("/activate", data={"code": f"AAA-{n}", "password": GOOD, "again": GOOD})
    right = {"code": code, "password": GOOD, "again": GOOD}
    assert "一刻钟" in client.post("/activate", data=right).text
    elsewhere = client.post("/activate", data=right, environ_base={"REMOTE_ADDR": "10.0.0.7"})
    assert elsewhere.status_code == 302


def test_a_code_is_long_random_and_easily_read() -> None:
    assert len(codes.SIGNS) ** codes.LENGTH >= 2**80
    assert not set(codes.SIGNS) & set("0O1IL2Z5S8B")
    assert codes.grouped("A" * codes.LENGTH).count("-") == 5


def test_no_code_stands_in_the_database(both: Bureau) -> None:
    with acting(both.app, "township_coordinator") as actor:
        code = let_in(actor, both.near.village_a2, Role.CHILD_DIRECTOR).code.text
        db.session.commit()
    with both.app.app_context(), unscoped("test: every column") as session:
        row = session.scalars(select(Activation).order_by(Activation.id.desc())).first()
        text = " ".join(str(getattr(row, column.key)) for column in row.__table__.columns)
        assert code not in text
        assert code.replace("-", "") not in text


def test_staff_read_no_codes(both: Bureau) -> None:
    with acting(both.app, "township_coordinator") as actor:
        let_in(actor, both.near.village_a2, Role.CHILD_DIRECTOR)
        db.session.flush()
        db.session.expunge_all()
        assert db.session.scalars(select(Activation)).all() == []


def test_a_password_that_does_not_do_leaves_the_code_good(bureau: Bureau) -> None:
    with acting(bureau.app, "principal") as actor:
        code = let_in(actor, bureau.near.school_a, Role.CLASS_TEACHER).code.text
        db.session.commit()
    client = bureau.app.test_client()
    for typed in ("short", ""):
        answer = client.post("/activate", data={"code": code, "password": typed, "again": typed})
        assert answer.status_code == 400
        assert code in answer.text
    assert client.post("/activate", data={"code": code, "password": GOOD, "again": "x"}).status_code == 400
    assert client.post("/activate", data={"code": code, "password": GOOD, "again": GOOD}).status_code == 302


def test_a_user_name_is_proposed_checked_and_unique(bureau: Bureau) -> None:
    with acting(bureau.app, "principal") as actor:
        proposed = let_in(actor, bureau.near.school_a, Role.CLASS_TEACHER).user.username
        assert proposed.startswith("suwanqing")
        for sign, wrong in zip("一二三四", ("principal", "Fan!", "13800000000", "abc"), strict=True):
            with pytest.raises(Refused) as refused:
                let_in(actor, bureau.near.school_a, Role.COUNSELLOR, name=f"范小{sign}", username=wrong)
            assert refused.value.field == "username"


def test_another_countys_people_are_not_there(bureau: Bureau) -> None:
    with acting(bureau.app, "far_office"):
        stranger = person_of("far_director").public_id
    with acting(bureau.app, "township_coordinator") as actor:
        from portal.services.people import finding

        unit = db.session.get_one(Unit, bureau.near.village_a1.id)
        assert finding.find_in_county(unit, stranger, actor=actor) is None
        assert all(p.county_id == bureau.near.county.id for p in db.session.scalars(select(Person)))
        assert user_named("child_director")
        assert post_of("far_director") is None
        assert db.session.scalars(select(User).where(User.username == "nobody")).all() == []
