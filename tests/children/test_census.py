"""The census: opened by the county, worked by classes and villages, three names, frozen as it was."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.extensions import db
from portal.jobs import board, runner
from portal.models.audit import AuditEntry
from portal.models.children import Census, CensusLine, CensusList, Child, FrozenRoster
from portal.models.jobs import Job
from portal.tenancy.names import person_name_key
from portal.tenancy.roles import Role
from portal.tenancy.scope import unscoped
from portal.terms import CensusState, JobState, LineVerdict, UnitKind
from tests.clients import sign_in
from tests.factories.county import add_account, add_child, give_class, writing
from tests.factories.world import World, build_world

STAFF = {
    "office": (Role.COMMITTEE_OFFICE, "county"),
    "auditor": (Role.AUDITOR, "county"),
    "town": (Role.TOWNSHIP_COORDINATOR, "town_a"),
    "townleader": (Role.TOWNSHIP_LEADER, "town_a"),
    "townb": (Role.TOWNSHIP_COORDINATOR, "town_b"),
    "teacher": (Role.CLASS_TEACHER, "school_a"),
    "coord": (Role.SCHOOL_COORDINATOR, "school_a"),
    "head": (Role.PRINCIPAL, "school_a"),
    "director": (Role.CHILD_DIRECTOR, "village_a1"),
    "director2": (Role.CHILD_DIRECTOR, "village_a2"),
    "vol": (Role.VOLUNTEER, "school_a"),
}
OPEN = {"period": "2024-2025-2", "basis": "wide", "as_of": "2025-06-01", "due_on": "2025-07-01"}


@pytest.fixture(autouse=True)
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bell does not ring: the tests carry jobs out themselves."""
    monkeypatch.setattr(board, "ring", lambda job_id: None)


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    with app.app_context():
        with writing() as session:
            built = build_world(session)
            for login, (role, place) in STAFF.items():
                user = add_account(session, role, getattr(built.near, place), login)
                if role is Role.CLASS_TEACHER:
                    give_class(session, user, built.classes[built.near.school_a.code])
        db.session.remove()
    return built


def work_jobs(app: Flask) -> list[JobState]:
    """Carry every waiting job out, as a worker does."""
    with app.app_context():
        with unscoped("test: the waiting jobs") as session:
            waiting = session.scalars(
                select(Job.id).where(Job.state == JobState.WAITING).order_by(Job.id)
            ).all()
        for job_id in waiting:
            runner.run(job_id)
        with unscoped("test: how they went") as session:
            done = session.execute(select(Job.state, Job.message).where(Job.id.in_(waiting))).all()
        db.session.remove()
        assert all(state is JobState.DONE for state, _m in done), done
        return [state for state, _m in done]


@pytest.fixture
def opened(app: Flask, world: World) -> World:
    """The census of the spring term, with its lists."""
    answer = sign_in(app, "office").post(_at(world, "county", "open"), data=OPEN)
    assert answer.status_code == 302, answer.text
    work_jobs(app)
    return world


def _at(world: World, place: str, act: str = "") -> str:
    return f"/units/{getattr(world.near, place).code}/children/census/{act}"


def _list_of(app: Flask, world: World, place: str, room: str = "") -> CensusList:
    """The list of a village, or of the class of a school."""
    unit = getattr(world.near, place)
    key = world.classes[room or unit.code].id if unit.kind is UnitKind.SCHOOL else None
    with app.app_context(), unscoped("test: a list") as session:
        found = session.scalars(
            select(CensusList).where(
                CensusList.unit_id == unit.id, CensusList.class_id.is_not_distinct_from(key)
            )
        ).one()
        session.expunge_all()
        return found


def _url(app: Flask, world: World, place: str, act: str = "", room: str = "") -> str:
    return _at(world, place, f"lists/{_list_of(app, world, place, room).public_id}/{act}")


def _line(app: Flask, world: World, place: str, label: str) -> CensusLine:
    held = _list_of(app, world, place)
    with app.app_context(), unscoped("test: a line") as session:
        found = session.scalars(
            select(CensusLine).where(
                CensusLine.list_id == held.id, CensusLine.child_id == world.children[label].id
            )
        ).one()
        session.expunge_all()
        return found


def _mark(app: Flask, world: World, login: str, place: str, label: str, **said: str) -> int:
    data = {"child": str(world.children[label].public_id), "verdict": "confirmed"} | said
    return sign_in(app, login).post(_url(app, world, place, "mark"), data=data).status_code


def _actions(app: Flask, action: str) -> list[AuditEntry]:
    with app.app_context(), unscoped("test: the log") as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.action == action)).all()
        session.expunge_all()
        return list(found)


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
    assert len(_actions(app, "children:census:open")) == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"due_on": "2025-05-01"}, "due_on"), ({"due_on": "2026-05-01"}, "due_on"),
        ({"as_of": "2024-06-01"}, "as_of"), ({"as_of": "gestern"}, "as_of"), ({"basis": ""}, "basis"),
        ({"period": "2025"}, "period"),
    ],
)  # fmt: skip
def test_days_that_do_not_fit_are_refused_beside_the_field(
    app: Flask, world: World, changed: dict[str, str], field: str
) -> None:
    answer = sign_in(app, "office").post(_at(world, "county", "open"), data=OPEN | changed)
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.text
    with app.app_context(), unscoped("test: nothing written") as session:
        assert session.scalars(select(Census)).all() == []


def test_a_term_has_one_census(app: Flask, opened: World) -> None:
    answer = sign_in(app, "office").post(_at(opened, "county", "open"), data=OPEN)
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
def test_only_the_county_opens_one(app: Flask, world: World, login: str, place: str, status: int) -> None:
    assert sign_in(app, login).post(_at(world, place, "open"), data=OPEN).status_code == status


def test_unchanged_is_one_click(app: Flask, opened: World) -> None:
    assert _mark(app, opened, "director", "village_a1", "a1") == 302
    line = _line(app, opened, "village_a1", "a1")
    assert line.verdict is LineVerdict.CONFIRMED
    assert line.person_id is not None
    log = _actions(app, "children:census:mark")[-1].details
    assert log == {"case": opened.canaries["a1"].case_no, "verdict": "confirmed"}
    assert _mark(app, opened, "director", "village_a1", "a1", verdict="open") == 302
    assert _line(app, opened, "village_a1", "a1").verdict is LineVerdict.OPEN


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
    answer = sign_in(app, "director").post(_url(app, opened, "village_a1", "mark"), data=data)
    assert answer.status_code == 400
    assert f'id="{wrong}"' in answer.text
    assert said.get("note", "") in answer.text
    assert _line(app, opened, "village_a1", "a1").verdict is LineVerdict.OPEN


def test_a_child_is_corrected_and_another_taken_off_with_a_reason(app: Flask, opened: World) -> None:
    assert (
        _mark(app, opened, "director", "village_a1", "a1", verdict="corrected", note="监护人换成外婆") == 302
    )
    assert (
        _mark(app, opened, "director", "village_a1", "home", verdict="removed", reason="parents_back") == 302
    )
    assert _line(app, opened, "village_a1", "a1").note == "监护人换成外婆"
    assert _line(app, opened, "village_a1", "home").reason == "parents_back"
    page = html.unescape(sign_in(app, "director").get(_url(app, opened, "village_a1")).text)
    assert "监护人换成外婆" in page
    assert "父母已返乡" in page or "返乡" in page


def test_a_child_filed_since_is_taken_onto_the_list(app: Flask, opened: World) -> None:
    with app.app_context(), writing() as session:
        late = add_child(session, village=opened.near.village_a1, school=None, name="后来")
    opened.children["late"] = late
    client = sign_in(app, "director")
    assert "后来" in client.get(_url(app, opened, "village_a1")).text
    assert _mark(app, opened, "director", "village_a1", "late") == 404, "no line to confirm yet"
    assert _mark(app, opened, "director", "village_a1", "late", verdict="added") == 302
    assert _line(app, opened, "village_a1", "late").verdict is LineVerdict.ADDED


FOUND = {"name": "谭小燕", "sex": "female", "birth_date": "2016-03-08", "note": "住在外婆家"}


def test_a_child_without_a_file_is_named_on_the_list_until_she_is_filed(app: Flask, opened: World) -> None:
    client, url = sign_in(app, "teacher"), _url(app, opened, "school_a")
    assert client.post(url + "found", data=FOUND).status_code == 302
    page = client.get(url).text
    assert "谭小燕" in page
    assert (
        f"/units/{opened.near.school_a.code}/children/new?census={_list_of(app, opened, 'school_a').public_id}"
        in page
    )
    assert client.post(url + "found", data=FOUND).status_code == 400, "twice"
    held = _list_of(app, opened, "school_a")
    assert held.found_count == 1
    with app.app_context(), unscoped("test: sealed") as session:
        assert "谭小燕".encode() not in session.get_one(CensusList, held.id).found_sealed
    key = re.search(r"found/([0-9a-f-]{36})/strike", page)[1]
    assert client.post(f"{url}found/{key}/strike").status_code == 302
    assert client.post(f"{url}found/{key}/strike").status_code == 404
    assert _list_of(app, opened, "school_a").found_count == 0


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"name": ""}, "name"), ({"birth_date": "2001-01-01"}, "birth_date"), ({"birth_date": "2026-01-01"}, "birth_date"),
     ({"sex": "x"}, "sex"), ({"name": "长" * 41}, "name")],
)  # fmt: skip
def test_a_found_child_is_refused_beside_the_field(
    app: Flask, opened: World, changed: dict[str, str], field: str
) -> None:
    answer = sign_in(app, "director").post(_url(app, opened, "village_a1", "found"), data=FOUND | changed)
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.text
    assert _list_of(app, opened, "village_a1").found_count == 0


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
    assert _mark(app, opened, login, place, "a1") == status
    assert _line(app, opened, place, "a1").verdict is LineVerdict.OPEN


def test_a_class_teacher_has_her_own_class_alone(app: Flask, opened: World) -> None:
    client = sign_in(app, "teacher")
    assert client.get(_url(app, opened, "school_a")).status_code == 200
    assert client.get(_url(app, opened, "school_a", room="other")).status_code == 404
    overview = client.get(_at(opened, "school_a")).text
    assert "3年级1班" in overview
    assert "4年级1班" not in overview


def _sign(app: Flask, world: World, login: str, place: str, step: str) -> int:
    return sign_in(app, login).post(_url(app, world, place, "sign"), data={"step": step}).status_code


def _fill(app: Flask, world: World, login: str, place: str) -> int:
    """Confirm everybody of a list and sign as who filled it in."""
    held = _list_of(app, world, place)
    with app.app_context(), unscoped("test: the children of a list") as session:
        seen = session.scalars(
            select(Child.public_id).join(CensusLine, CensusLine.child_id == Child.id).where(
                CensusLine.list_id == held.id
            )
        ).all()  # fmt: skip
    client, url = sign_in(app, login), _at(world, place, f"lists/{held.public_id}/")
    assert client.post(url + "rest", data={"seen": [str(one) for one in seen]}).status_code == 302
    return client.post(url + "sign", data={"step": "filled"}).status_code


def test_three_names_of_three_people_stand_under_a_class(app: Flask, opened: World) -> None:
    assert _sign(app, opened, "teacher", "school_a", "filled") == 400, "nobody has been looked at"
    assert _fill(app, opened, "teacher", "school_a") == 302
    assert _mark(app, opened, "teacher", "school_a", "a1", verdict="open") == 400, "signed is signed"
    assert _sign(app, opened, "teacher", "school_a", "checked") == 403
    assert _sign(app, opened, "head", "school_a", "signed") == 400, "not checked yet"
    assert _sign(app, opened, "coord", "school_a", "checked") == 302
    assert _sign(app, opened, "coord", "school_a", "signed") == 403, "the head signs"
    assert _sign(app, opened, "head", "school_a", "signed") == 302
    held = _list_of(app, opened, "school_a")
    assert held.state is CensusState.SIGNED
    assert len({held.filled_by_id, held.checked_by_id, held.signed_by_id}) == 3
    assert [line.details["step"] for line in _actions(app, "children:census:sign")] == [
        "filled",
        "checked",
        "signed",
    ]


def test_nobody_checks_what_she_filled_in(app: Flask, opened: World) -> None:
    assert _fill(app, opened, "director", "village_a1") == 302
    assert _sign(app, opened, "director", "village_a1", "checked") == 400
    assert _sign(app, opened, "townb", "village_a1", "checked") == 404
    assert _sign(app, opened, "town", "village_a1", "checked") == 302
    assert _sign(app, opened, "town", "village_a1", "signed") == 302


def test_a_list_is_sent_back_until_its_third_name(app: Flask, opened: World) -> None:
    assert _fill(app, opened, "director", "village_a1") == 302
    url = _url(app, opened, "village_a1", "back")
    assert sign_in(app, "town").post(url, data={"reason": ""}).status_code == 400
    assert sign_in(app, "townb").post(url, data={"reason": "东头两户"}).status_code == 404
    assert sign_in(app, "town").post(url, data={"reason": "东头两户"}).status_code == 302
    held = _list_of(app, opened, "village_a1")
    assert (held.state, held.filled_by_id, held.sent_back) == (CensusState.TO_DO, None, "东头两户")
    assert "东头两户" in sign_in(app, "director").get(_url(app, opened, "village_a1")).text
    assert _sign(app, opened, "director", "village_a1", "filled") == 302
    for step in ("checked", "signed"):
        assert _sign(app, opened, "town", "village_a1", step) == 302
    assert sign_in(app, "town").post(url, data={"reason": "再看"}).status_code == 400


def test_a_township_enters_for_a_village_and_the_list_says_so(app: Flask, opened: World) -> None:
    town, url = sign_in(app, "town"), _url(app, opened, "village_a1")
    assert sign_in(app, "director").post(url + "for").status_code == 403
    assert sign_in(app, "townb").post(url + "for").status_code == 404
    assert town.post(_url(app, opened, "school_a", "for")).status_code == 403, "not for a school"
    assert town.post(url + "for").status_code == 302
    assert _mark(app, opened, "town", "village_a1", "a1") == 302
    assert _fill(app, opened, "town", "village_a1") == 302
    assert _sign(app, opened, "town", "village_a1", "checked") == 400, "two people at least"
    for step in ("checked", "signed"):
        assert _sign(app, opened, "director", "village_a1", step) == 302
    town = sign_in(app, "town")
    assert "乡镇代报" in town.get(_at(opened, "town_a")).text
    assert "乡镇代报" in town.get(url + "roster").text


def test_the_roster_stays_as_frozen_whatever_changes_after(app: Flask, opened: World) -> None:
    assert _mark(app, opened, "director", "village_a1", "home", verdict="removed", reason="moved") == 302
    assert _fill(app, opened, "director", "village_a1") == 302
    for step in ("checked", "signed"):
        assert _sign(app, opened, "town", "village_a1", step) == 302
    url, canary = _url(app, opened, "village_a1", "roster"), opened.canaries["a1"]
    before = sign_in(app, "director").get(url)
    assert before.status_code == 200
    assert canary.name in before.text
    assert opened.canaries["home"].name not in before.text, "taken off"
    with app.app_context(), writing() as session:
        child = session.get_one(Child, opened.children["a1"].id)
        child.name, child.name_key = "改名了", person_name_key("改名了")
        child.village = opened.near.village_a2
        assert canary.name.encode() not in session.scalars(select(FrozenRoster)).one().rows_sealed
    after = sign_in(app, "director").get(url).text
    assert canary.name in after
    assert "改名了" not in after
    assert sign_in(app, "director2").get(url).status_code == 404
    for login in ("office", "auditor", "townleader"):
        assert sign_in(app, login).get(url).status_code == 403, "numbers only"
    assert _actions(app, "children:roster:read")[-1].details["children"] == 2


def test_a_roster_that_was_changed_outside_is_not_printed(app: Flask, opened: World) -> None:
    assert _fill(app, opened, "director", "village_a1") == 302
    for step in ("checked", "signed"):
        assert _sign(app, opened, "town", "village_a1", step) == 302
    with app.app_context(), writing() as session:
        session.scalars(select(FrozenRoster)).one().rows = "[]"
    assert sign_in(app, "director").get(_url(app, opened, "village_a1", "roster")).status_code == 400


def test_the_county_watches_numbers_and_no_names(app: Flask, opened: World) -> None:
    assert _fill(app, opened, "director", "village_a1") == 302
    for login, place in (
        ("office", "county"),
        ("auditor", "county"),
        ("townleader", "town_a"),
        ("office", "village_a1"),
    ):
        page = sign_in(app, login).get(_at(opened, place))
        assert page.status_code == 200
        assert [one.name for one in opened.canaries.values() if one.name in page.text] == []
    page = sign_in(app, "office").get(_at(opened, "county")).text
    assert re.findall(r"<th scope=\"row\"><a[^>]*>([^<]+)", page) == ["甲镇", "乙镇"]
    for login in ("office", "auditor", "townleader"):
        assert sign_in(app, login).get(_url(app, opened, "village_a1")).status_code == 403


def test_a_closed_census_takes_nothing_more(app: Flask, opened: World) -> None:
    with app.app_context(), unscoped("test: the census") as session:
        key = session.scalars(select(Census.public_id)).one()
    assert sign_in(app, "town").post(_at(opened, "town_a", f"{key}/close")).status_code == 403
    office = sign_in(app, "office")
    assert office.post(_at(opened, "county", f"{uuid.uuid4()}/close")).status_code == 404
    assert office.post(_at(opened, "county", f"{key}/close")).status_code == 302
    assert office.post(_at(opened, "county", f"{key}/close")).status_code == 400
    assert _mark(app, opened, "director", "village_a1", "a1") == 400
    assert _fill_status(app, opened) == 400


def _fill_status(app: Flask, world: World) -> int:
    return (
        sign_in(app, "director")
        .post(_url(app, world, "village_a1", "sign"), data={"step": "filled"})
        .status_code
    )


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
