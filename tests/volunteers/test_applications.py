"""Applying by the public form: an application and nothing else, however often and by whom it is sent."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from portal.config import today
from portal.errors import NotFound, PermissionDenied, Refused
from portal.extensions import db
from portal.models.accounts import Person, User
from portal.models.volunteers import Volunteer, VolunteerApplication
from portal.services.volunteers import applications
from portal.services.volunteers.entries import Entry
from portal.terms import ApplicationState, Skill, VolunteerCategory, VolunteerStatus
from tests.clients import sign_in
from tests.factories.county import writing
from tests.volunteers.conftest import COUNTY, OTHER_TOWN, SCHOOL, TOWN, Roster

FORM = {"name": "热心人", "phone": "100-2233-4455", "birth_year": "1990", "category": "citizen",
        "skills": ["study"], "words": "想教孩子画画", "website": ""}  # fmt: skip


def _count(roster: Roster, cls: type) -> int:
    with roster.app.app_context(), writing() as session:
        return session.scalar(select(func.count()).select_from(cls)) or 0


def test_a_stranger_leaves_an_application_and_nothing_opens(roster: Roster) -> None:
    before = {cls: _count(roster, cls) for cls in (Person, User, Volunteer)}
    client = roster.app.test_client()
    assert "甲镇" in client.get(f"/apply/{TOWN}").text
    answer = client.post(f"/apply/{TOWN}", data=FORM)
    assert answer.status_code == 302
    assert "申请已送达" in client.get(answer.location).text
    assert {cls: _count(roster, cls) for cls in before} == before
    assert client.get("/").status_code == 302
    with roster.at() as (unit, actor):
        (one,) = applications.list_applications(unit, actor=actor)
        assert (one.name, one.skills, one.state) == ("热心人", (Skill.STUDY,), ApplicationState.OPEN)
        assert len(one.origin) == 64
        assert "127.0.0.1" not in one.origin


@pytest.mark.parametrize("code", [SCHOOL, "000000", "990001001001"])
def test_only_a_township_or_the_county_has_a_form(roster: Roster, code: str) -> None:
    client = roster.app.test_client()
    assert client.get(f"/apply/{code}").status_code == 404
    assert client.post(f"/apply/{code}", data=FORM).status_code == 404
    assert client.get(f"/apply/{COUNTY}").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "field"), [({"name": "热"}, "name"), ({"phone": "12"}, "phone"), ({"birth_year": "2010"}, "birth_year"),
                         ({"birth_year": ""}, "birth_year"), ({"name": ""}, "name")])  # fmt: skip
def test_wrong_input_stays_on_the_page(roster: Roster, wrong: dict[str, str], field: str) -> None:
    answer = roster.app.test_client().post(f"/apply/{TOWN}", data=FORM | wrong)
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.text
    assert "想教孩子画画" in answer.text
    assert _count(roster, VolunteerApplication) == 0


def test_a_machine_and_a_flood_leave_nothing_more(roster: Roster) -> None:
    client = roster.app.test_client()
    assert client.post(f"/apply/{TOWN}", data=FORM | {"website": "http://spam"}).status_code == 302
    assert _count(roster, VolunteerApplication) == 0
    for _n in range(applications.PER_ADDRESS):
        assert client.post(f"/apply/{TOWN}", data=FORM).status_code == 302
    answer = client.post(f"/apply/{OTHER_TOWN}", data=FORM)
    assert answer.status_code == 400
    assert "申请过多" in answer.text
    assert _count(roster, VolunteerApplication) == applications.PER_ADDRESS


def _apply(roster: Roster, **changes: object) -> None:
    entry = Entry(category=VolunteerCategory.CITIZEN, birth_year=1990)
    with roster.app.app_context():
        applications.apply(TOWN, name="热心人", phone="100-2233-4455", entry=entry, words="",
                           address=str(changes.get("address", "198.51.100.7")))  # fmt: skip


def test_the_township_enters_her_and_she_waits_for_her_checks(roster: Roster) -> None:
    _apply(roster)
    _apply(roster)
    with roster.at() as (unit, actor):
        first, second = applications.list_applications(unit, actor=actor)
        volunteer = applications.take_on(first, actor=actor)
        assert (volunteer.status, volunteer.person.name) == (VolunteerStatus.PENDING, "热心人")
        with pytest.raises(Refused, match="名册"):
            applications.take_on(second, actor=actor)
    with roster.at() as (unit, actor):
        (left,) = applications.list_applications(unit, actor=actor)
        applications.decline(left, actor=actor, reason="重复申请")
        assert applications.count_applications(unit, actor=actor) == 0
        with pytest.raises(NotFound):
            applications.get_application(unit, left.public_id, actor=actor)


def test_another_township_and_a_school_do_not_see_it(roster: Roster) -> None:
    _apply(roster)
    with roster.at(OTHER_TOWN, "other") as (unit, actor):
        assert applications.list_applications(unit, actor=actor) == []
        assert db.session.scalars(select(VolunteerApplication)).all() == []
    with roster.at(SCHOOL, "school") as (unit, actor), pytest.raises(PermissionDenied):
        applications.list_applications(unit, actor=actor)


def test_an_answered_application_goes_after_half_a_year(roster: Roster) -> None:
    for address in ("198.51.100.7", "198.51.100.8", "198.51.100.9"):
        _apply(roster, address=address)
    with roster.app.app_context(), writing() as session:
        old, young, _open = session.scalars(
            select(VolunteerApplication).order_by(VolunteerApplication.id)
        ).all()
        for one, days in ((old, 181), (young, 180)):
            one.state, one.answered_on = ApplicationState.DECLINED, today() - timedelta(days=days)
        session.flush()
        assert applications.sweep(session) == 1
    assert _count(roster, VolunteerApplication) == 2


def test_the_poster_carries_the_address_of_the_form(roster: Roster) -> None:
    client = sign_in(roster.app, "town")
    answer = client.get(f"/units/{TOWN}/volunteers/poster.pdf")
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.get_data())).pages)
    assert f"/apply/{TOWN}" in words.replace("\n", "")
    assert "招募志愿者" in words


def test_the_township_answers_on_its_page(roster: Roster) -> None:
    _apply(roster)
    client = sign_in(roster.app, "town")
    page = client.get(f"/units/{TOWN}/volunteers/applications").text
    assert "热心人" in page
    take = page.split('action="')[-1].split('"')[0]
    decline = take.replace("/take", "/decline")
    assert client.post(decline, data={"reason": ""}).status_code == 400
    assert client.post(take).status_code == 302
    assert "没有待处理的申请" in client.get(f"/units/{TOWN}/volunteers/applications").text
