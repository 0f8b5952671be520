"""The census: opened by the county, worked through by classes and villages, watched in numbers."""

from __future__ import annotations

import html
import re
import uuid
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.models.children import Census, CensusLine, CensusList, Child
from portal.models.jobs import Job
from portal.tenancy.scope import unscoped
from portal.terms import JobState, LineVerdict, Side, UnitKind
from tests.children.censuses import (
    OPEN,
    actions_of,
    at,
    fill,
    line_of,
    list_of,
    mark,
    sign,
    url_of,
    work_jobs,
)
from tests.clients import sign_in
from tests.demo_clients import statements
from tests.factories.county import add_child, writing
from tests.factories.world import World

BUDGET = 10


def test_a_county_opens_a_census_and_every_class_and_village_gets_its_list(app: Flask, opened: World) -> None:
    with app.app_context(), unscoped("test: the lists") as session:
        census = session.scalars(select(Census)).one()
        assert (census.period, census.as_of, census.due_on) == (
            "2024-2025-2",
            date(2025, 6, 1),
            date(2025, 7, 1),
        )
        lists = session.scalars(select(CensusList)).all()
        assert {one.county_id for one in lists} == {opened.near.county.id}
        villages = [one for one in lists if one.class_id is None and one.unit.kind is UnitKind.VILLAGE]
        assert len(villages) == 4
        for village in villages:
            held = session.scalars(select(CensusLine.child_id).where(CensusLine.list_id == village.id)).all()
            wanted = session.scalars(select(Child.id).where(Child.v_unit_id == village.unit_id)).all()
            assert sorted(held) == sorted(wanted)
    assert len(actions_of(app, "children:census:open")) == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"due_on": "2025-05-01"}, "due_on"), ({"due_on": "2026-05-01"}, "due_on"),
        ({"as_of": "2024-06-01"}, "as_of"), ({"as_of": "gestern"}, "as_of"), ({"basis": ""}, "basis"),
        ({"period": "2025"}, "period"),
    ],
)  # fmt: skip
def test_days_that_do_not_fit_are_refused_beside_the_field(
    app: Flask, census_world: World, changed: dict[str, str], field: str
) -> None:
    answer = sign_in(app, "office").post(at(census_world, "county", "open"), data=OPEN | changed)
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.text
    with app.app_context(), unscoped("test: nothing written") as session:
        assert session.scalars(select(Census)).all() == []


def test_a_term_has_one_census(app: Flask, opened: World) -> None:
    answer = sign_in(app, "office").post(at(opened, "county", "open"), data=OPEN)
    assert answer.status_code == 400
    assert 'id="period-error"' in answer.text


@pytest.mark.parametrize(
    ("login", "place", "status"),
    [
        ("auditor", "county", 403),
        ("town", "town_a", 403),
        ("coord", "school_a", 403),
        ("director", "village_a2", 404),
    ],
)
def test_only_the_county_opens_one(
    app: Flask, census_world: World, login: str, place: str, status: int
) -> None:
    assert sign_in(app, login).post(at(census_world, place, "open"), data=OPEN).status_code == status


def test_unchanged_is_one_click(app: Flask, opened: World) -> None:
    assert mark(app, opened, "director", "village_a1", "a1") == 302
    line = line_of(app, opened, "village_a1", "a1")
    assert line.verdict is LineVerdict.CONFIRMED
    assert line.person_id is not None
    log = actions_of(app, "children:census:mark")[-1].details
    assert log == {"case": opened.canaries["a1"].case_no, "verdict": "confirmed"}
    assert mark(app, opened, "director", "village_a1", "a1", verdict="open") == 302
    assert line_of(app, opened, "village_a1", "a1").verdict is LineVerdict.OPEN


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"verdict": "removed", "note": "外婆说的"}, "reason-error"),
        ({"verdict": "removed", "reason": "gone"}, "reason-error"),
        ({"verdict": "corrected", "reason": ""}, "note-error"),
    ],
)
def test_what_is_missing_is_said_beside_its_line_and_nothing_is_lost(
    app: Flask, opened: World, said: dict[str, str], wrong: str
) -> None:
    data = {"child": str(opened.children["a1"].public_id)} | said
    answer = sign_in(app, "director").post(url_of(app, opened, "village_a1", "mark"), data=data)
    assert answer.status_code == 400
    assert f'id="{wrong}"' in answer.text
    assert said.get("note", "") in answer.text
    assert line_of(app, opened, "village_a1", "a1").verdict is LineVerdict.OPEN


def test_a_child_is_corrected_and_another_taken_off_with_a_reason(app: Flask, opened: World) -> None:
    assert (
        mark(app, opened, "director", "village_a1", "a1", verdict="corrected", note="监护人换成外婆") == 302
    )
    assert (
        mark(app, opened, "director", "village_a1", "home", verdict="removed", reason="parents_back") == 302
    )
    assert line_of(app, opened, "village_a1", "a1").note == "监护人换成外婆"
    assert line_of(app, opened, "village_a1", "home").reason == "parents_back"
    page = html.unescape(sign_in(app, "director").get(url_of(app, opened, "village_a1")).text)
    assert "监护人换成外婆" in page
    assert "父母已返乡" in page or "返乡" in page


def test_a_child_filed_since_is_taken_onto_the_list(app: Flask, opened: World) -> None:
    with app.app_context(), writing() as session:
        late = add_child(session, village=opened.near.village_a1, school=None, name="后来")
    opened.children["late"] = late
    client = sign_in(app, "director")
    assert "后来" in client.get(url_of(app, opened, "village_a1")).text
    assert mark(app, opened, "director", "village_a1", "late") == 404, "no line to confirm yet"
    assert mark(app, opened, "director", "village_a1", "late", verdict="added") == 302
    assert line_of(app, opened, "village_a1", "late").verdict is LineVerdict.ADDED


FOUND = {"name": "谭小燕", "sex": "female", "birth_date": "2016-03-08", "note": "住在外婆家"}


def test_a_child_without_a_file_is_named_on_the_list_until_she_is_filed(app: Flask, opened: World) -> None:
    client, url = sign_in(app, "teacher"), url_of(app, opened, "school_a")
    assert client.post(url + "found", data=FOUND).status_code == 302
    page = client.get(url).text
    assert "谭小燕" in page
    assert (
        f"/units/{opened.near.school_a.code}/children/new?census={list_of(app, opened, 'school_a').public_id}"
        in page
    )
    assert client.post(url + "found", data=FOUND).status_code == 400, "twice"
    held = list_of(app, opened, "school_a")
    assert held.found_count == 1
    with app.app_context(), unscoped("test: sealed") as session:
        assert "谭小燕".encode() not in session.get_one(CensusList, held.id).found_sealed
    key = re.search(r"found/([0-9a-f-]{36})/strike", page)[1]
    assert client.post(f"{url}found/{key}/strike").status_code == 302
    assert client.post(f"{url}found/{key}/strike").status_code == 404
    assert list_of(app, opened, "school_a").found_count == 0


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"name": ""}, "name"), ({"birth_date": "2001-01-01"}, "birth_date"), ({"birth_date": "2026-01-01"}, "birth_date"),
     ({"sex": "x"}, "sex"), ({"name": "长" * 41}, "name")],
)  # fmt: skip
def test_a_found_child_is_refused_beside_the_field(
    app: Flask, opened: World, changed: dict[str, str], field: str
) -> None:
    answer = sign_in(app, "director").post(url_of(app, opened, "village_a1", "found"), data=FOUND | changed)
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.text
    assert list_of(app, opened, "village_a1").found_count == 0


@pytest.mark.parametrize(
    ("login", "place", "status"),
    [
        ("head", "school_a", 403), ("town", "school_a", 403), ("town", "village_a1", 403),
        ("townb", "village_a1", 404), ("director2", "village_a1", 404), ("office", "village_a1", 403),
        ("townleader", "village_a1", 403), ("vol", "school_a", 403),
    ],
)  # fmt: skip
def test_a_list_is_worked_by_its_own_people(
    app: Flask, opened: World, login: str, place: str, status: int
) -> None:
    assert mark(app, opened, login, place, "a1") == status
    assert line_of(app, opened, place, "a1").verdict is LineVerdict.OPEN


def test_a_class_teacher_has_her_own_class_alone(app: Flask, opened: World) -> None:
    client = sign_in(app, "teacher")
    assert client.get(url_of(app, opened, "school_a")).status_code == 200
    assert client.get(url_of(app, opened, "school_a", room="other")).status_code == 404
    overview = client.get(at(opened, "school_a")).text
    assert "3年级1班" in overview
    assert "4年级1班" not in overview


def test_the_county_watches_numbers_and_no_names(app: Flask, opened: World) -> None:
    assert fill(app, opened, "director", "village_a1") == 302
    for login, place in (
        ("office", "county"),
        ("auditor", "county"),
        ("townleader", "town_a"),
        ("office", "village_a1"),
    ):
        page = sign_in(app, login).get(at(opened, place))
        assert page.status_code == 200
        assert [one.name for one in opened.canaries.values() if one.name in page.text] == []
    page = sign_in(app, "office").get(at(opened, "county")).text
    assert re.findall(r"<th scope=\"row\"><a[^>]*>([^<]+)", page) == ["甲镇", "乙镇"]
    for login in ("office", "auditor", "townleader"):
        assert sign_in(app, login).get(url_of(app, opened, "village_a1")).status_code == 403


def test_a_closed_census_takes_nothing_more(app: Flask, opened: World) -> None:
    with app.app_context(), unscoped("test: the census") as session:
        key = session.scalars(select(Census.public_id)).one()
    assert sign_in(app, "town").post(at(opened, "town_a", f"{key}/close")).status_code == 403
    office = sign_in(app, "office")
    assert office.post(at(opened, "county", f"{uuid.uuid4()}/close")).status_code == 404
    assert office.post(at(opened, "county", f"{key}/close")).status_code == 302
    assert office.post(at(opened, "county", f"{key}/close")).status_code == 400
    assert mark(app, opened, "director", "village_a1", "a1") == 400
    assert sign(app, opened, "director", "village_a1", "filled") == 400


def test_the_lists_are_made_once_however_often_the_job_runs(app: Flask, opened: World) -> None:
    with app.app_context(), unscoped("test: counting") as session:
        before = (
            len(session.scalars(select(CensusList)).all()),
            len(session.scalars(select(CensusLine)).all()),
        )
        for job in session.scalars(select(Job).where(Job.kind == "children.census")):
            job.state = JobState.WAITING
        session.commit()
    work_jobs(app)
    with app.app_context(), unscoped("test: counting") as session:
        after = (
            len(session.scalars(select(CensusList)).all()),
            len(session.scalars(select(CensusLine)).all()),
        )
    assert before == after


def test_a_page_costs_at_most_ten_statements_however_many_children(app: Flask, opened: World) -> None:
    client, url = sign_in(app, "director"), url_of(app, opened, "village_a1")
    pages = (url, at(opened, "village_a1"), f"/units/{opened.near.village_a1.code}/children/doubts/")
    costs = []
    for _round in range(2):
        for page in pages:
            client.get(page)
            with statements(app) as sent:
                assert client.get(page).status_code == 200
            costs.append(len(sent))
        _lengthen(app, opened)
    assert costs[:3] == costs[3:], "the cost does not grow with the list"
    assert max(costs) <= BUDGET, costs


def _lengthen(app: Flask, world: World) -> None:
    """Twenty children more on the list of the village."""
    held = list_of(app, world, "village_a1")
    with app.app_context(), writing() as session:
        for number in range(20):
            child = add_child(session, village=world.near.village_a1, school=None, name=f"众{number}")
            line = CensusLine(census_id=held.census_id, list_id=held.id, side=Side.VILLAGE)
            line.child = child
            session.add(line)
