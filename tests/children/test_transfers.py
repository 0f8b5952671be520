"""Transfers between two units, and the classes of a school moving up: offered, answered, carried out by a job."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.jobs import runner
from portal.models.children import (
    Child,
    ChildEvent,
    ClassPost,
    IdentityClaim,
    Placement,
    SchoolClass,
    Transfer,
)
from portal.models.jobs import Job
from portal.models.visits import Visit
from portal.services.children.promotion import name_after
from portal.tenancy.memberships import Membership
from portal.tenancy.roles import Role
from portal.tenancy.scope import unscoped
from portal.tenancy.units import Unit
from portal.terms import EventKind, JobState, TransferState
from tests.children.seated import actions, of_child, rows, seat_the_world, text_of
from tests.clients import sign_in
from tests.factories.county import add_account, writing
from tests.factories.world import World

OFFER = {"reason": "school", "on": "2025-06-25", "note": "随姑姑到乙镇上学"}


@pytest.fixture
def world(app: Flask, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr("portal.jobs.board.ring", lambda job_id: None)  # the test rings itself
    return seat_the_world(app)


def _work(app: Flask) -> None:
    for job_id in rows(app, select(Job.id).where(Job.state == JobState.WAITING).order_by(Job.id)):
        with app.app_context():
            runner.run(job_id)


def _child(app: Flask, world: World, label: str = "a1") -> Child:
    return rows(app, select(Child).where(Child.id == world.children[label].id))[0]


def _offer(app: Flask, world: World, label: str = "a1", **changed: str) -> Transfer:
    sent = OFFER | {"to": world.near.school_b.code} | changed
    answer = sign_in(app, "coord").post(of_child(world, "transfers/new", label), data=sent)
    assert answer.status_code == 302, answer.text
    return rows(app, select(Transfer).order_by(Transfer.id.desc()))[0]


def test_a_child_moves_with_one_file_once_the_other_side_has_accepted(app: Flask, world: World) -> None:
    made = _offer(app, world)
    visits = len(rows(app, select(Visit.id).where(Visit.child_id == made.child_id)))
    receiver = sign_in(app, "other_coord")
    assert "有 1 名儿童待接收" in text_of(receiver, "/")
    page = text_of(receiver, f"/transfers/{made.public_id}/")
    assert world.canaries["a1"].name in page
    hidden = {world.canaries["a1"].phone, world.canaries["a1"].address, world.canaries["a1"].guardian}
    assert not any(word in page for word in hidden), "the offer shows no more than it says"
    assert receiver.get(of_child(world)).status_code == 404, "nor does it open the file"
    into = str(world.classes[world.near.school_b.code].public_id)
    assert receiver.post(f"/transfers/{made.public_id}/", data={"into": into}).status_code == 302
    assert _child(app, world).school_id == world.near.school_a.id, "not before the job"
    _work(app)
    child = _child(app, world)
    assert (child.school_id, child.class_name) == (world.near.school_b.id, "3年级1班")
    assert receiver.get(of_child(world)).status_code == 200
    assert sign_in(app, "coord").get(of_child(world)).status_code == 404
    assert sign_in(app, "director").get(of_child(world)).status_code == 200, "the village keeps her"
    places = rows(app, select(Placement).where(Placement.child_id == child.id, Placement.side == "school"))
    assert [(one.stat_unit_id, one.since.isoformat(), one.until.year) for one in places][-1] == (
        world.near.school_b.id, "2025-06-25", 9999,
    )  # fmt: skip
    assert {one.until for one in places[:-1]} == {date(2025, 6, 25)}
    told = rows(app, select(ChildEvent).where(ChildEvent.child_id == child.id).order_by(ChildEvent.id))
    assert [(one.kind, one.stat_unit_id) for one in told] == [
        (EventKind.TRANSFERRED_OUT, world.near.school_a.id), (EventKind.TRANSFERRED_IN, world.near.school_b.id),
    ]  # fmt: skip
    assert len(rows(app, select(Child.id).where(Child.case_no == made.case_no))) == 1, "never a copy"
    assert len(rows(app, select(Visit.id).where(Visit.child_id == child.id))) == visits
    claims = rows(app, select(IdentityClaim).where(IdentityClaim.id_no_index == child.id_no_index))
    assert {one.unit_id for one in claims} <= {world.near.school_b.id, world.near.village_a1.id}
    table = f"/units/{world.near.school_a.code}/children/changes?ym=202506&basis=wide"
    assert world.canaries["a1"].name in text_of(sign_in(app, "coord"), table), "gone, in the giver’s table"
    assert [one for one in actions(app) if "transfer" in one] == [
        "children:transfer:offer", "children:transfer:accept", "children:transfer:done",
    ]  # fmt: skip


def test_refused_with_a_reason_the_child_stays(app: Flask, world: World) -> None:
    made = _offer(app, world)
    receiver = sign_in(app, "other_coord")
    assert receiver.post(f"/transfers/{made.public_id}/refuse", data={"why": ""}).status_code == 400
    said = {"why": "本校没有学位"}
    assert receiver.post(f"/transfers/{made.public_id}/refuse", data=said).status_code == 302
    _work(app)
    assert _child(app, world).school_id == world.near.school_a.id
    page = text_of(sign_in(app, "coord"), f"/units/{world.near.school_a.code}/children/transfers")
    assert "本校没有学位" in page
    assert receiver.post(f"/transfers/{made.public_id}/").status_code == 404, "it is answered"


def test_an_offer_is_answered_by_the_receiver_and_withdrawn_by_the_giver(app: Flask, world: World) -> None:
    made = _offer(app, world)
    address = f"/transfers/{made.public_id}/"
    for who, status in (
        ("coord", 404),
        ("other_director", 404),
        ("teacher", 403),
        ("town", 403),
        ("vol", 403),
    ):
        assert sign_in(app, who).post(address).status_code == status, who
    assert sign_in(app, "other_coord").post(address + "withdraw").status_code == 404
    assert sign_in(app, "coord").post(address + "withdraw").status_code == 302
    assert sign_in(app, "other_coord").get(address).status_code == 404
    assert rows(app, select(Transfer.state)) == [TransferState.WITHDRAWN]


def test_a_child_who_has_left_meanwhile_is_not_moved(app: Flask, world: World) -> None:
    made = _offer(app, world)
    sign_in(app, "other_coord").post(f"/transfers/{made.public_id}/", data={"into": ""})
    gone = {"kind": "joined_parents", "on": "2025-06-20"}
    assert sign_in(app, "director").post(of_child(world, "events/new"), data=gone).status_code == 302
    _work(app)
    assert rows(app, select(Transfer.state)) == [TransferState.FAILED]
    assert _child(app, world).school_id == world.near.school_a.id


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"to": ""}, "sw-field-error"),
        ({"to": "990002-S1"}, "sw-field-error"),
        ({"on": "2026-06-25"}, "日期须在今天前后三个月内"),
        ({"reason": ""}, "sw-field-error"),
    ],
)
def test_a_wrong_offer_writes_nothing(sqlite_app: Flask, wrong: dict[str, str], sentence: str) -> None:
    world = seat_the_world(sqlite_app)
    sent = OFFER | {"to": world.near.school_b.code} | wrong
    answer = sign_in(sqlite_app, "coord").post(of_child(world, "transfers/new"), data=sent)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert sent["note"] in answer.text
    assert rows(sqlite_app, select(Transfer)) == []


def test_one_offer_at_a_time(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    world = seat_the_world(sqlite_app)
    _offer(sqlite_app, world)
    sent = OFFER | {"to": world.near.school_b.code}
    answer = sign_in(sqlite_app, "coord").post(of_child(world, "transfers/new"), data=sent)
    assert answer.status_code == 400
    assert "已有一份待答复的转出" in answer.text


# ---- classes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "grade", "after"),
    [
        ("3年级1班", 3, "4年级1班"),
        ("三（2）班", 3, "四（2）班"),
        ("七年级一班", 7, "八年级一班"),
        ("小一班", 0, "中一班"),
        ("中班", 0, "大班"),
        ("晨星班", 2, "晨星班"),
        ("2019级3班", 5, "2019级3班"),
    ],
)
def test_names_move_up(name: str, grade: int, after: str) -> None:
    assert name_after(name, grade) == after


def test_a_school_keeps_its_classes_and_their_enrolment(app: Flask, world: World) -> None:
    client, code = sign_in(app, "coord"), world.near.school_a.code
    here = f"/units/{code}/children/classes"
    new = {"grade": "1", "name": "1年级1班", "pupils": "38", "on": "2025-02-17"}
    assert client.post(here, data=new).status_code == 302
    assert client.post(here, data=new).status_code == 400, "the name is taken"
    assert client.post(here, data=new | {"name": "1年级2班", "pupils": "9999"}).status_code == 400
    (made,) = rows(app, select(SchoolClass).where(SchoolClass.name == "1年级1班"))
    change = {"name": "1年级1班", "pupils": "40", "on": "2025-05-01"}
    assert client.post(f"{here}/{made.public_id}", data=change).status_code == 302
    held = rows(app, select(SchoolClass).where(SchoolClass.name == "1年级1班").order_by(SchoolClass.since))
    assert [(one.pupils, one.since, one.until.year) for one in held] == [
        (38, date(2025, 2, 17), 2025), (40, date(2025, 5, 1), 9999),
    ]  # fmt: skip
    assert sign_in(app, "teacher").get(here).status_code == 403
    assert sign_in(app, "other_coord").get(here).status_code == 404
    assert actions(app).count("children:class:change") == 1


def test_in_september_classes_move_up_and_the_last_one_leaves(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """a1 sits in 3年级1班 with her teacher; a2 in a class that becomes the last grade and leaves."""
    with app.app_context(), unscoped("test: the last grade") as session:
        other = session.get_one(SchoolClass, world.classes["other"].id)
        other.grade, other.name = 6, "6年级1班"
        session.commit()
    monkeypatch.setenv("PORTAL_TODAY", "2025-09-01")
    client, code = sign_in(app, "coord"), world.near.school_a.code
    here = f"/units/{code}/children/promotion"
    page = text_of(client, here)
    assert "4年级1班" in page
    assert "1 名在册儿童升级，1 名离校" in page
    assert client.post(here, data={"on": "2025-03-01"}).status_code == 400
    assert client.post(here, data={"on": "2025-09-01"}).status_code == 302
    assert _child(app, world).class_name == "3年级1班", "not before the job"
    _work(app)
    pupil, leaver = _child(app, world), _child(app, world, "a2")
    assert (pupil.class_name, pupil.grade, pupil.school_id) == ("4年级1班", 4, world.near.school_a.id)
    assert (leaver.school_id, leaver.village_id, leaver.class_id) == (None, world.near.village_a2.id, None)
    old = rows(app, select(SchoolClass).where(SchoolClass.id == world.classes[code].id))[0]
    assert (old.until, old.name) == (date(2025, 9, 1), "3年级1班"), "last year stays"
    posts = rows(
        app, select(ClassPost).where(ClassPost.class_id == pupil.class_id, ClassPost.until.is_not(None))
    )
    assert posts, "her teacher goes with the class"
    assert sign_in(app, "teacher").get(of_child(world)).status_code == 200
    kinds = rows(app, select(ChildEvent.kind).where(ChildEvent.child_id == leaver.id))
    assert kinds == [EventKind.GRADUATED]
    assert client.post(here, data={"on": "2025-09-01"}).status_code == 400, "they have moved up"
    assert client.get(of_child(world, label="a2")).status_code == 404
    assert rows(app, select(Job.state)) == [JobState.DONE]


def test_a_school_moves_up_once_a_year_and_new_classes_stay(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first grade opened for the new year is not moved up; a class counted anew in August is, once."""
    client, code = sign_in(app, "coord"), world.near.school_a.code
    classes, here = f"/units/{code}/children/classes", f"/units/{code}/children/promotion"
    monkeypatch.setenv("PORTAL_TODAY", "2025-08-28")
    client = sign_in(app, "coord")
    new = {"grade": "1", "name": "1年级1班", "pupils": "38", "on": "2025-08-25"}
    assert client.post(classes, data=new).status_code == 302
    old = world.classes[code]
    again = {"name": old.name, "pupils": "41", "on": "2025-08-20"}
    assert client.post(f"{classes}/{old.public_id}", data=again).status_code == 302
    assert client.post(here, data={"on": "2025-09-01"}).status_code == 400, "the day has not come"
    monkeypatch.setenv("PORTAL_TODAY", "2025-09-03")
    client = sign_in(app, "coord")
    assert client.post(here, data={"on": "2025-09-01"}).status_code == 302
    assert client.post(here, data={"on": "2025-09-02"}).status_code == 400, "the work is on its way"
    _work(app)
    assert _child(app, world).class_name == "4年级1班"
    answer = client.post(here, data={"on": "2025-09-02"})
    assert answer.status_code == 400
    assert "所有班级都已升级" in answer.text
    live = rows(
        app,
        select(SchoolClass).where(SchoolClass.unit_id == old.unit_id, SchoolClass.until > date(2025, 9, 3)),
    )
    assert ("1年级1班", 38) in {(one.name, one.pupils) for one in live}, "not 2年级1班"
    assert ("4年级1班", 41) in {(one.name, one.pupils) for one in live}
    assert _child(app, world).grade == 4


def test_in_september_a_class_is_handed_over_in_the_same_act(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another class teacher takes a1's class over: she sees the child from then on, the former one no more."""
    school, room = world.near.school_a, world.classes[world.near.school_a.code]
    with app.app_context(), writing() as session:
        heir = add_account(session, Role.CLASS_TEACHER, session.get_one(Unit, school.id), "heir")
        stranger = add_account(
            session, Role.CLASS_TEACHER, session.get_one(Unit, world.near.school_b.id), "far"
        )
        grant = session.scalars(select(Membership.public_id).where(Membership.user_id == heir.id)).one()
        far = session.scalars(select(Membership.public_id).where(Membership.user_id == stranger.id)).one()
    monkeypatch.setenv("PORTAL_TODAY", "2025-09-01")
    client, here = sign_in(app, "coord"), f"/units/{school.code}/children/promotion"
    field = f"class-{room.public_id}"
    assert f'name="{field}"' in text_of(client, here)
    assert client.post(here, data={"on": "2025-09-01", field: str(far)}).status_code == 400, "no teacher here"
    assert sign_in(app, "heir").get(of_child(world)).status_code == 404
    assert client.post(here, data={"on": "2025-09-01", field: str(grant)}).status_code == 302
    _work(app)
    assert _child(app, world).class_name == "4年级1班"
    assert sign_in(app, "heir").get(of_child(world)).status_code == 200
    assert sign_in(app, "teacher").get(of_child(world)).status_code == 404
